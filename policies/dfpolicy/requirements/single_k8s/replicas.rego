# METADATA
# title: Every replica of the server and ClickHouse has a node
# description: >-
#   Replicas of the server never share a node, and neither do replicas of ClickHouse. If there are
#   more replicas than nodes that can run them, the rest stay pending.
# related_resources:
#   - description: DeepFlow chart, values of the server
#     ref: https://github.com/deepflowio/deepflow-charts/blob/main/charts/deepflow/values.yaml
# custom:
#   id: DF-SK-004
#   met: there is a node for each replica, and at least one replica
#   level: required
#   reads: [manifests, nodes]
#   impact: [Server connection]
#   remediation: Set `global.replicas` to at most the number of nodes that can run the pods.
#   modes: [all-in-one, single-k8s]
package dfpolicy.requirements.single_k8s.replicas

import data.dfpolicy.lib.chart_changes
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.schedule
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload, _rooms[workload.subject])) if some workload in _replicated

_replicated := array.concat(server.asked, [part |
	some workload in server.workloads
	some part in server.parts(workload, "clickhouse")
])

_verdict(workload, room) := server.missing if {
	server.absent(workload)
} else := result.violation(message.of("replicas is {replicas}", {"replicas": value.shown(workload.replicas)}), "at least one replica") if {
	not _whole_number(workload.replicas)
} else := result.pass(message.of("replicas is {replicas}, and replicas can share a node", {"replicas": workload.replicas})) if {
	workload.replicas > 1
	not _exclusive(workload)
} else := result.unknown("the nodes of the cluster", "kubectl get nodes -o yaml") if {
	room.nodes == 0
} else := chart_changes.tolerating(_nodes, result.violation(_compared(workload, room), "a node for each replica")) if {
	room.possible == 0
} else := chart_changes.values(
	"deepflow",
	"replicas",
	[{"path": ["global", "replicas"], "value": room.possible}],
	result.violation(_compared(workload, room), "a node for each replica"),
) if {
	room.possible < workload.replicas
} else := result.unknown("the taints and labels of the nodes", "kubectl get nodes -o yaml") if {
	room.certain < workload.replicas
} else := result.pass(_compared(workload, room))

_compared(workload, room) := message.of(
	"replicas is {replicas}; {possible} of {nodes} nodes can run a replica",
	{"replicas": workload.replicas, "possible": room.possible, "nodes": room.nodes},
)

_whole_number(replicas) if {
	is_number(replicas)
	replicas == floor(replicas)
	replicas > 0
}

_nodes := [node | some node in facts.nodes; not schedule.foreign(node)]

# Counted once per workload, because a cluster can have thousands of nodes.
_rooms := value.indexed([[workload.subject, room] |
	some workload in _replicated
	possible := [node | not server.absent(workload); some node in _nodes; not schedule.refused(workload, node)]
	room := {
		"nodes": facts.number(_nodes),
		"possible": facts.number(possible),
		"certain": facts.number([node | some node in possible; schedule.decidable(workload, node)]),
	}
])

# A required anti-affinity by host, against pods of the same workload.
_exclusive(workload) if {
	required := ["affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]
	some term in value.objects_at(workload.pod, required)
	value.at(term, "topologyKey", "") == "kubernetes.io/hostname"
}

_exclusive(workload) if value.true_at(workload.pod, "hostNetwork")
