# METADATA
# title: The machine admits the pods of server and agent
# description: >-
#   A one-node cluster is often its own control plane, whose taint keeps ordinary pods away: they
#   stay pending.
# custom:
#   id: DF-AIO-003
#   level: required
#   reads: [manifests, nodes]
#   impact: [Agent start, All features]
#   remediation: >-
#     Remove the taint with `kubectl taint node NAME KEY-`, or add `tolerations` for it to every
#     workload of server and agent.
package dfpolicy.requirements.all_in_one.pod_admission

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.schedule
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in server.asked

_verdict(workload) := server.missing if {
	server.absent(workload)
} else := result.unknown("the taints and labels of the nodes", "kubectl get nodes -o yaml") if {
	count(facts.eligible) == 0
} else := result.violation(
	$"no node takes {result.abridged(_stuck(workload))}{_shown(_taints)}",
	"a node without such taints, or tolerations",
) if {
	count(_stuck(workload)) > 0
} else := result.unknown("the taints and labels of the nodes", "kubectl get nodes -o yaml") if {
	some part in _inhabitants(workload)
	not _placed(part)
} else := result.pass($"each of {count(_inhabitants(workload))} workloads has a node")

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

_shown(texts) := $" ({result.abridged(texts)})" if {
	count(texts) > 0
} else := ""

_taints := sort({$"{value.string_at(taint, ["key"])}:{effect} on {node.name}" |
	some node in facts.eligible
	some taint in value.objects_at(node.spec, ["taints"])
	effect := value.string_at(taint, ["effect"])
	effect in {"NoSchedule", "NoExecute"}
})
