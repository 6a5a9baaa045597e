# METADATA
# title: The Compose service gives the container what the agent needs
# description: >-
#   DeepFlow's documentation gives the service seven capabilities, the host's network and
#   processes, and debugfs. The default seccomp profile of Docker before 20.10.10 blocks system
#   calls of the agent's image.
# custom:
#   id: DF-LH-007
#   conditional: true
#   level: required
#   reads: [manifests, nodes]
#   impact: [Agent start, AutoMetrics, AutoTracing, AutoProfiling]
#   remediation: >-
#     Set `network_mode: host`, `pid: host`, `cap_add` with `SYS_ADMIN`, `SYS_RESOURCE`,
#     `SYS_PTRACE`, `NET_ADMIN`, `NET_RAW`, `IPC_LOCK` and `SYSLOG`, and the volume
#     `/sys/kernel/debug:/sys/kernel/debug:ro`. With Docker before 20.10.10, also set
#     `privileged: true`.
package dfpolicy.requirements.legacy_host.compose_service

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if {
	some workload in agent.hosted
	workload.form == "compose"
}

_verdict(workload) := result.violation(message.clauses(_service_flaws(workload)), "the service of DeepFlow's documentation") if {
	count(_service_flaws(workload)) > 0
} else := result.pass("the container is privileged, and the service has pid: host and debugfs") if {
	value.true_at(workload.container, ["securityContext", "privileged"])
} else := result.pass("seccomp is unconfined, which works with every Docker version") if {
	_without_seccomp(workload)
} else := result.unknown("the Docker version", "docker version --format '{{.Server.Version}}'") if {
	some node in facts.asked
	_docker(node) == null
} else := result.pass("the service has everything the agent needs, and Docker is 20.10.10 or later")

_service_flaws(workload) := array.flatten([
	[capability.why_missing(workload, name) |
		some name in ["SYS_ADMIN", "SYS_RESOURCE", "SYS_PTRACE", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "SYSLOG"]
		not capability.effective(workload, name)
	],
	[message.text("network_mode is not host") |
		not value.true_at(workload.pod, ["hostNetwork"])
		not _enters(workload)
	],
	[message.text("pid is not host") | not value.true_at(workload.pod, ["hostPID"])],
	[mount.why_missing(workload, "/sys/kernel/debug") | not mount.of_host(workload, "/sys/kernel/debug")],
	[message.of(
		"Docker on {node} is {version}, and the container is not privileged",
		{"node": name, "version": version},
	) |
		not value.true_at(workload.container, ["securityContext", "privileged"])
		not _without_seccomp(workload)
		some [name, version] in _old_docker
	],
])

_old_docker := sort([[name, node.spec.dockerVersion] |
	some node in facts.asked
	_docker(node) != null
	_docker(node) < [20, 10, 10]
	some name in facts.members(node)
])

# DF-NET-001 grades an agent that can enter the host's network by itself.
_enters(workload) if {
	not settings.strict
	value.true_at(workload.pod, ["hostPID"])
	capability.effective(workload, "SYS_ADMIN")
	capability.effective(workload, "SYS_PTRACE")
}

_without_seccomp(workload) if {
	value.string_at(workload.container, ["securityContext", "seccompProfile", "type"]) == "Unconfined"
}

_docker(node) := image.version_of_tag(value.string_at(node.spec, ["dockerVersion"]))
