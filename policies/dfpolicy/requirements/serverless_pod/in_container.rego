# METADATA
# title: The agent detects that it runs in a container
# description: The agent lists and watches the API server only if the variable `IN_CONTAINER` exists. The
#   official image sets it; a custom image may not.
# related_resources:
#   - description: DeepFlow source code, environment of the agent
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/utils/environment.rs
# custom:
#   id: DF-SL-005
#   met: the agent's container has the variable `IN_CONTAINER`, which the official image sets
#   level: required
#   impact: [AutoTagging]
#   remediation: Add the variable `IN_CONTAINER` to `env` of the agent's container. Do not clear the
#     environment in its command.
package dfpolicy.requirements.serverless_pod.in_container

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.environment
import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.workloads

_verdict(workload) := result.pass("the agent does not watch the API server") if {
	not workload.watches
} else := agent_changes.without_command(workload, result.violation("the command removes IN_CONTAINER from the environment", "the variable IN_CONTAINER")) if {
	_cleared(agent.command_line(workload))
} else := result.pass("env contains IN_CONTAINER") if {
	environment.present(workload, "IN_CONTAINER")
} else := result.pass("the official image sets IN_CONTAINER") if {
	image.of_component(workload.image, "deepflow-agent")
} else := result.unknown(
	message.of("whether image {image} sets IN_CONTAINER", {"image": value.shown(workload.image)}),
	$"docker run --rm --entrypoint env {result.word(workload.image)}",
)

_cleared(line) if {
	regex.match(`\benv\s+(\w+=\S*\s+|-\S+\s+)*(-i|--ignore-environment|-|-u\s*IN_CONTAINER|--unset=IN_CONTAINER)\s`, line)
	not contains(line, "IN_CONTAINER=")
}

_cleared(line) if regex.match(`\bunset\s+([^;&|]*\s)?IN_CONTAINER\b`, line)
