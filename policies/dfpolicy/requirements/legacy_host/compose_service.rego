# METADATA
# title: The Compose service gives the container what the agent needs
# description: >-
#   DeepFlow's documentation gives the service seven capabilities, the host's network and
#   processes, and debugfs.
# custom:
#   id: DF-LH-007
#   met: >-
#     the service has the capabilities, network, processes and debugfs of DeepFlow's documentation
#   conditional: true
#   level: required
#   impact: [Agent start, AutoMetrics, AutoTracing, AutoProfiling]
#   remediation: >-
#     Set `network_mode: host`, `pid: host`, `cap_add` with `SYS_ADMIN`, `SYS_RESOURCE`,
#     `SYS_PTRACE`, `NET_ADMIN`, `NET_RAW`, `IPC_LOCK` and `SYSLOG`, and the volume
#     `/sys/kernel/debug:/sys/kernel/debug:ro`.
package dfpolicy.requirements.legacy_host.compose_service

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.host_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if {
	some workload in agent.hosted
	workload.form == "compose"
}

_verdict(workload) := host_changes.service(workload, result.violation(
	message.clauses(_service_flaws(workload)),
	"the service of DeepFlow's documentation",
)) if {
	count(_service_flaws(workload)) > 0
} else := result.pass("the service has everything the agent needs")

_service_flaws(workload) := array.flatten([
	[capability.why_missing(workload, name) |
		some name in ["SYS_ADMIN", "SYS_RESOURCE", "SYS_PTRACE", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "SYSLOG"]
		not capability.effective(workload, name)
	],
	[message.text("network_mode is not host") |
		not value.true_at(workload.pod, "hostNetwork")
		not _enters(workload)
	],
	[message.text("pid is not host") | not value.true_at(workload.pod, "hostPID")],
	[mount.why_missing(workload, "/sys/kernel/debug") | not mount.of_host(workload, "/sys/kernel/debug")],
])

# DF-NET-001 grades an agent that can enter the host's network by itself.
_enters(workload) if {
	not settings.strict
	value.true_at(workload.pod, "hostPID")
	capability.effective(workload, "SYS_ADMIN")
	capability.effective(workload, "SYS_PTRACE")
}
