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
package dfpolicy.requirements.acme.node_cpus

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := result.unknown("the number of CPUs", "nproc --all") if {
	not facts.known(node, ["cpus"])
} else := result.pass($"{node.spec.cpus} CPUs") if {
	node.spec.cpus >= 4
} else := result.violation($"{node.spec.cpus} CPUs", "at least 4 CPUs")
