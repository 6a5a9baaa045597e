# METADATA
# title: The agent's image comes from Acme's registry
# description: Acme's nodes cannot reach other registries, so the agent would not start.
# related_resources:
#   - description: Acme handbook, container images
#     ref: https://handbook.acme.example/images
# custom:
#   id: DF-ACME-001
#   level: required
#   reads: [manifests]
#   impact: [Agent start]
#   remediation: Set `image.repository` of the chart to a repository in `registry.acme.example`.
package dfpolicy.requirements.acme.image_registry

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if {
	some workload in agent.workloads
}

_verdict(workload) := result.pass(_image(workload)) if {
	startswith(workload.image, "registry.acme.example/")
} else := result.violation(_image(workload), "an image from registry.acme.example")

_image(workload) := message.of("the image is {image}", {"image": workload.image})
