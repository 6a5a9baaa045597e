# METADATA
# title: Acme
# description: What Acme asks of its own deployments.
# custom:
#   group: acme
#   order: 100
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
package dfpolicy.requirements.acme

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result

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
#   source: OWN
#   since: "1.0.0"
results contains result.of(rego.metadata.chain(), workload.container_subject, _registry(workload)) if {
	some workload in agent.workloads
}

_registry(workload) := result.pass($"the image is {workload.image}") if {
	startswith(workload.image, "registry.acme.example/")
} else := result.violation($"the image is {workload.image}", "an image of registry.acme.example")

# METADATA
# title: The node has four CPUs for the agent beside its own work
# description: On smaller nodes the agent took CPU from Acme's payment service.
# related_resources:
#   - description: Acme handbook, node sizes
#     ref: https://handbook.acme.example/nodes
# custom:
#   id: DF-ACME-002
#   level: recommended
#   reads: [nodes]
#   impact: [Agent performance]
#   remediation: Keep the agent off the node with `affinity`, or replace the node.
#   source: OWN
#   since: "1.0.0"
results contains result.of(rego.metadata.chain(), facts.subject(node), _cpus(node)) if some node in facts.asked

_cpus(node) := result.unknown("the number of CPUs", "nproc --all") if {
	not facts.known(node, ["cpus"])
} else := result.pass($"{node.spec.cpus} CPUs") if {
	node.spec.cpus >= 4
} else := result.violation($"{node.spec.cpus} CPUs", "at least 4 CPUs")
