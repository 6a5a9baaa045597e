# METADATA
# title: The node has at least four CPUs
# description: On smaller nodes, the agent slows down Acme's payment service.
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
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := result.unknown("the number of CPUs", "nproc --all") if {
	not facts.known(node, ["cpus"])
} else := result.pass("at least 4 CPUs") if {
	node.spec.cpus >= 4
} else := result.violation(
	message.counted("{count} CPU", "{count} CPUs", {"count": node.spec.cpus}),
	"at least 4 CPUs",
)
