# METADATA
# title: Docker lets the agent's image make its system calls
# description: >-
#   The default seccomp profile of Docker before 20.10.10 blocks system calls of the agent's image.
# custom:
#   id: DF-LH-012
#   met: Docker is 20.10.10 or later, or the container is privileged or seccomp is unconfined
#   related: [DF-EBPF-010]
#   conditional: true
#   level: required
#   reads: [manifests, nodes]
#   impact: [Agent start]
#   remediation: "Use Docker 20.10.10 or later, or set `privileged: true`."
package dfpolicy.requirements.legacy_host.docker_version

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if {
	some workload in agent.hosted
	workload.form == "compose"
}

_verdict(workload) := result.pass("the container is privileged, which works with every Docker version") if {
	value.true_at(workload.container, ["securityContext", "privileged"])
} else := result.pass("seccomp is unconfined, which works with every Docker version") if {
	value.string_at(workload.container, ["securityContext", "seccompProfile", "type"]) == "Unconfined"
} else := agent_changes.unconfined(workload, "seccompProfile", result.violation(
	message.of("Docker is older than 20.10.10 on {nodes}", {"nodes": facts.names(_old)}),
	"Docker 20.10.10 or later, or `privileged: true`",
)) if {
	count(_old) > 0
} else := result.unknown("the Docker version", "docker version --format '{{.Server.Version}}'") if {
	count([node | some node in facts.asked; _docker(node) == null]) > 0
} else := result.pass("Docker is 20.10.10 or later")

_old := [node | some node in facts.asked; _docker(node) != null; _docker(node) < [20, 10, 10]]

_docker(node) := image.version_of_tag(value.string_at(node.spec, "dockerVersion"))
