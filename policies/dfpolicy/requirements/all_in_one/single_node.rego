# METADATA
# title: The data stays with the one node that has it
# description: >-
#   Local directories do not follow a pod. With a second node a pod of the databases can be
#   rescheduled there, and starts without its data.
# custom:
#   id: DF-AIO-004
#   level: recommended
#   reads: [manifests, nodes]
#   impact: [All features]
#   remediation: Use a cluster of one node, or install with a storage class (mode single-k8s).
#   source: SRV
package dfpolicy.requirements.all_in_one.single_node

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.schedule
import data.dfpolicy.lib.server_release as server

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload, facts.eligible)) if some workload in server.asked

_verdict(workload, nodes) := result.pass($"{nodes[0].name} is the only node") if {
	count(nodes) == 1
} else := server.missing if {
	server.absent(workload)
} else := result.unknown("the nodes of the cluster", "kubectl get nodes -o yaml") if {
	count(nodes) == 0
} else := result.pass("the data does not lie on nodes") if {
	count(_local_parts(workload)) == 0
} else := result.violation(
	$"{result.abridged(_movable(workload))} can run on any of {count(nodes)} nodes",
	"one node",
) if {
	count(_movable(workload)) > 0
} else := result.pass("mysql and clickhouse fit one node each")

_local_parts(workload) := {place.part | some place in server.data_places(workload); place.source == "hostPath"}

_movable(workload) := sort({server.shown(part) |
	some part in _local_parts(workload)
	count([1 | some node in facts.eligible; not schedule.refused(part, node)]) > 1
})
