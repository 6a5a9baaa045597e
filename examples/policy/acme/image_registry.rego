# METADATA
# title: The agent's image comes from Acme's registry
# description: Nodes reach no other registry, so the agent would not start.
# related_resources:
#   - description: Acme handbook, container images
#     ref: https://handbook.acme.example/images
# custom:
#   id: DF-ACME-001
#   level: required
#   reads: [manifests]
#   impact: [Agent start]
#   remediation: Set `image.repository` of the chart to one below `registry.acme.example`.
package dfpolicy.requirements.acme.image_registry

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if {
	some workload in agent.workloads
}

_verdict(workload) := result.pass($"the image is {workload.image}") if {
	startswith(workload.image, "registry.acme.example/")
} else := result.violation($"the image is {workload.image}", "an image of registry.acme.example")
