# METADATA
# title: The systemd unit keeps the agent running
# description: >-
#   The unit starts the agent at boot when the network is there, starts it again when it ends, and
#   gives it enough open files. With `Delegate=true` the limits that the agent sets on itself
#   outlive a reload of systemd.
# custom:
#   id: DF-LH-006
#   level: required
#   impact: [Agent start, Agent configuration]
#   remediation: >-
#     Set `ExecStart=/usr/sbin/deepflow-agent`, `Restart=always`, `After=network-online.target`,
#     `LimitNOFILE=1024:4096`, `Delegate=true` and `WantedBy=multi-user.target`, and run
#     `systemctl enable deepflow-agent`.
package dfpolicy.requirements.legacy_host.systemd_unit

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.result
import data.dfpolicy.lib.systemd
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if {
	some workload in agent.hosted
	workload.form == "systemd"
}

_verdict(workload) := result.violation(concat("; ", _unit_flaws(workload)), "a unit as the documentation has it") if {
	count(_unit_flaws(workload)) > 0
} else := result.at("recommended", result.losing(["Agent configuration"], result.violation(
	"Delegate= is not set, so a reload of systemd takes the agent's limits back",
	"Delegate=true",
))) if {
	lower(systemd.setting(workload, "Service", "Delegate")) in {"", "0", "no", "n", "false", "f", "off"}
} else := result.pass("the unit starts the agent again, at boot too, and delegates its cgroup")

_unit_flaws(workload) := array.flatten([
	[$"ExecStart= starts {program}, which is no absolute path" |
		program := workload.container.args[0]
		not startswith(program, "/")
	],
	[$"Restart= is {value.shown(restart)}, not always" |
		restart := systemd.setting(workload, "Service", "Restart")
		restart != "always"
	],
	["After= does not name network-online.target" |
		not "network-online.target" in _words(workload, "Unit", ["After"])
	],
	["LimitNOFILE= is not set" | systemd.setting(workload, "Service", "LimitNOFILE") == ""],
	["[Install] names no target, so the unit is not started at boot" |
		count(_words(workload, "Install", ["WantedBy", "RequiredBy", "UpheldBy"])) == 0
	],
])

_words(workload, section, keys) := {word |
	some key in keys
	some line in systemd.settings(workload, section, key)
	some word in value.words(line)
}
