# METADATA
# title: The systemd unit keeps the agent running
# description: >-
#   The unit starts the agent at boot when the network is up, restarts it when it exits, and allows
#   enough open files. With `Delegate=true`, systemd keeps the limits that the agent sets on itself.
# custom:
#   id: DF-LH-006
#   met: the unit has the directives of DeepFlow's documentation, `Delegate=true` among them
#   conditional: true
#   level: required
#   impact: [Agent start, Agent configuration]
#   remediation: >-
#     Set `ExecStart=/usr/sbin/deepflow-agent`, `Restart=always`, `After=network-online.target`,
#     `LimitNOFILE=1024:4096`, `Delegate=true` and `WantedBy=multi-user.target`, and run
#     `systemctl enable deepflow-agent`.
package dfpolicy.requirements.legacy_host.systemd_unit

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.host_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.systemd
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if {
	some workload in agent.hosted
	workload.form == "systemd"
}

_verdict(workload) := host_changes.unit(workload, result.violation(message.clauses(_unit_flaws(workload)), "the unit of DeepFlow's documentation")) if {
	count(_unit_flaws(workload)) > 0
} else := result.at("recommended", host_changes.unit(workload, result.losing(["Agent configuration"], result.violation(
	"Delegate= is not enabled, so a reload of systemd resets the agent's limits",
	"Delegate=true",
)))) if {
	lower(systemd.setting(workload, "Service", "Delegate")) in {"", "0", "no", "n", "false", "f", "off"}
} else := result.pass("the unit starts the agent at boot, restarts it and delegates its cgroup")

_unit_flaws(workload) := array.flatten([
	[message.of("ExecStart= starts {program}, which is not an absolute path", {"program": program}) |
		program := workload.container.args[0]
		not startswith(program, "/")
	],
	[message.of("Restart= is {value}, not always", {"value": value.shown(restart)}) |
		restart := systemd.setting(workload, "Service", "Restart")
		restart != "always"
	],
	[message.text("After= does not list network-online.target") |
		not "network-online.target" in _words(workload, "Unit", ["After"])
	],
	[message.text("LimitNOFILE= is not set") | systemd.setting(workload, "Service", "LimitNOFILE") == ""],
	[message.text("[Install] has no target, so the unit does not start at boot") |
		count(_words(workload, "Install", ["WantedBy", "RequiredBy", "UpheldBy"])) == 0
	],
])

_words(workload, section, keys) := {word |
	some key in keys
	some line in systemd.settings(workload, section, key)
	some word in value.words(line)
}
