# METADATA
# title: The databases always run on the node that has their data
# description: >-
#   A directory on a node does not follow a pod. If there is a second node, a database pod can be
#   rescheduled there and start without its data.
# related_resources:
#   - description: DeepFlow chart, values of the server
#     ref: https://github.com/deepflowio/deepflow-charts/blob/main/charts/deepflow/values.yaml
# custom:
#   id: DF-AIO-004
#   met: each database can run on one node only, or no data is stored on nodes
#   related: [DF-SK-004]
#   level: recommended
#   reads: [manifests, nodes]
#   impact: [All features]
#   remediation: Use a one-node cluster, or install with a storage class (mode `single-k8s`).
package dfpolicy.requirements.all_in_one.single_node

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.schedule
import data.dfpolicy.lib.server_release as server

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload, facts.eligible)) if some workload in server.asked

_verdict(workload, nodes) := result.pass(message.of("{node} is the only node", {"node": nodes[0].name})) if {
	facts.number(nodes) == 1
} else := server.missing if {
	server.absent(workload)
} else := result.unknown("the nodes of the cluster", "kubectl get nodes -o yaml") if {
	count(nodes) == 0
} else := result.violation(_spread(_moving(workload), facts.number(nodes)), "only one possible node for each database") if {
	count(_moving(workload)) > 0
} else := server.unplaced(workload) if {
	server.unplaced(workload)
} else := result.pass("no data is stored on nodes") if {
	count(_local(workload)) == 0
} else := result.pass("MySQL and ClickHouse can each run on one node only")

_spread(parts, total) := message.of("{workloads} can run on more than one of {count} nodes", {"workloads": message.list(parts), "count": total})

_local(workload) := {place.part | some place in server.data_places(workload); place.source == "hostPath"}

_moving(workload) := sort({server.shown(part) | some part in _local(workload); facts.number([n | some n in facts.eligible; not schedule.refused(part, n)]) > 1})
