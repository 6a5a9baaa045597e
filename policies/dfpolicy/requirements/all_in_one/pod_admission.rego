# METADATA
# title: The machine can run the pods of the server and the agent
# description: >-
#   The node of a one-node cluster is often its control plane too. Its taint keeps other pods away:
#   they stay pending.
# custom:
#   id: DF-AIO-003
#   met: the node has no taint that the pods do not tolerate
#   level: required
#   reads: [manifests, nodes]
#   impact: [Agent start, All features]
#   remediation: >-
#     Remove the taint with `kubectl taint node NAME KEY-`, or add matching `tolerations` to every
#     workload of the server and the agent.
package dfpolicy.requirements.all_in_one.pod_admission

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.chart_changes
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.schedule
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in server.asked

_verdict(workload) := server.missing if {
	server.absent(workload)
} else := result.unknown("the taints and labels of the nodes", "kubectl get nodes -o yaml") if {
	count(facts.eligible) == 0
} else := chart_changes.tolerating(facts.eligible, result.violation(
	_refusal(message.list(_stuck(workload))),
	"a node that admits these pods, or tolerations for its taints",
)) if {
	count(_stuck(workload)) > 0
} else := result.unknown("the taints and labels of the nodes", "kubectl get nodes -o yaml") if {
	some part in _inhabitants(workload)
	not _placed(part)
} else := result.pass(message.counted(
	"{count} workload has a node",
	"each of {count} workloads has a node",
	{"count": count(_inhabitants(workload))},
))

_inhabitants(workload) := array.concat(agent.collectors, [part |
	some role in ["deepflow-server", "deepflow-app", "mysql", "clickhouse", "byconity", "grafana"]
	some part in server.parts(workload, role)
])

_stuck(workload) := sort({server.shown(part) |
	some part in _inhabitants(workload)
	every node in facts.eligible {
		schedule.refused(part, node)
	}
})

_placed(part) if {
	some node in facts.eligible
	schedule.decidable(part, node)
	not schedule.refused(part, node)
}

_refusal(workloads) := message.of("no node can run {workloads}", {"workloads": workloads}) if {
	count(_tainted) == 0
} else := message.of(
	"no node can run {workloads}; taints: {taints}",
	{"workloads": workloads, "taints": _taints},
)

_taints := message.excerpt(
	[message.of("{taint} on {node}", {"taint": row[1], "node": row[0]}) | some row in array.slice(sort(rows), 0, 5)],
	facts.number([row[0] | some row in _tainted]),
) if {
	rows := [[name, taint] | some [node, taint] in _tainted; some name in facts.first(node)]
}

_tainted := [[node, taint] |
	some node in facts.eligible
	some taint in {concat(":", [value.string_at(taint, "key"), effect]) |
		some taint in value.objects_at(node.spec, "taints")
		effect := value.string_at(taint, "effect")
		effect in {"NoSchedule", "NoExecute"}
	}
]
