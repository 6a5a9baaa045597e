# METADATA
# title: Changes of placement
# description: Verdicts with the changes that decide on which nodes the agents run, and which pods a workload has.
package dfpolicy.lib.placement_changes

import data.dfpolicy.lib.change
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.schedule
import data.dfpolicy.lib.value

# METADATA
# title: Placement
# description: >-
#   After the change, the agent tolerates the taints of these nodes. What selects nodes by labels
#   stays, because the operator chose it, except a selector that excludes every node.
placed(agent, nodes, verdict) := result.fixed_by(change.manifests("placement", operations), verdict) if {
	result.fixable(verdict)
	operations := array.concat(_tolerating(agent, nodes), _unselecting(agent))
	count(operations) > 0
} else := verdict

_tolerating(agent, nodes) := [change.add(agent.subject, change.pod(agent, ["tolerations"]), toleration) |
	some toleration in sort({object.union({"operator": "Exists"}, object.filter(taint, ["key", "effect"])) |
		some node in nodes
		some taint in value.objects_at(node.spec, "taints")
		value.string_at(taint, "effect") in {"NoSchedule", "NoExecute"}
	})
]

_unselecting(agent) := [change.remove(agent.subject, change.pod(agent, ["nodeSelector"])) |
	every node in facts.eligible {
		schedule.unselected(agent, node)
	}
]

# METADATA
# title: Placement of another pod
# description: After the change, the agent's pod has the tolerations, selectors and pull secrets of the other pod.
placed_as(agent, other, verdict) := result.fixed_by(
	change.manifests("placement", array.flatten([
		[change.add(agent.subject, change.pod(agent, [field]), entry) |
			some field in ["tolerations", "imagePullSecrets"]
			some entry in value.objects_at(other, field)
		],
		[change.set(agent.subject, change.pod(agent, ["nodeSelector", label]), wanted) |
			some label, wanted in value.object_at(other, "nodeSelector")
		],
		[change.set(agent.subject, change.pod(agent, _node_affinity), wanted) |
			wanted := value.object_at(other, _node_affinity)
			count(wanted) > 0
		],
	])),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

_node_affinity := ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]

# METADATA
# title: Away from nodes
# description: After the change, the pods of these agents do not run on the nodes with these names.
kept_off(agents, names, verdict) := result.fixed_by(
	change.manifests("node-affinity", [change.set(agent.subject, change.pod(agent, _node_affinity), {"nodeSelectorTerms": terms}) |
		some agent in agents
		agent.form == "kubernetes"
		terms := [_excluding(term, names) | some term in _selector_terms(agent)]
	]),
	verdict,
) if {
	result.fixable(verdict)
	some agent in agents
	agent.form == "kubernetes"
} else := verdict

_selector_terms(agent) := terms if {
	terms := value.objects_at(agent.pod, array.concat(_node_affinity, ["nodeSelectorTerms"]))
	count(terms) > 0
} else := [{}]

_excluding(term, names) := object.union(term, {"matchFields": array.concat(
	value.objects_at(term, "matchFields"),
	[field |
		some name in names
		field := {"key": "metadata.name", "operator": "NotIn", "values": [name]}
		not field in value.objects_at(term, "matchFields")
	],
)})

# METADATA
# title: Admitting namespace
# description: After the change, the namespace enforces the level privileged, also one that is not `given` in the input.
admitting(namespace, given, verdict) := result.fixed_by(change.objects("pod-security", [_admitting(namespace, given)]), verdict) if {
	result.fixable(verdict)
} else := verdict

_level := {"pod-security.kubernetes.io/enforce": "privileged"}

_admitting(namespace, true) := change.set(
	namespace,
	["metadata", "labels", "pod-security.kubernetes.io/enforce"],
	_level["pod-security.kubernetes.io/enforce"],
)

_admitting(namespace, false) := change.create({
	"apiVersion": "v1",
	"kind": "Namespace",
	"metadata": {"name": namespace.name, "labels": _level},
})

# METADATA
# title: Selector
# description: >-
#   After the change, the workload has the selector labels of the running one; or the operator deletes
#   the running workload, and its pods stay until the new one replaces them.
selected_as(agent, labels, verdict) := result.fixed_by(
	{
		"cause": "selector",
		"alternatives": [
			{"name": "same-selector", "risk": "restart", "operations": array.concat(
				[change.set(agent.subject, ["spec", "selector", "matchLabels"], labels)],
				[change.set(agent.subject, ["spec", "template", "metadata", "labels", label], labels[label]) | some label in sort(object.keys(labels))],
			)},
			{"name": "new-workload", "risk": "restart", "commands": [{
				"where": "cluster",
				"run": $"kubectl delete {lower(agent.subject.kind)} -n {result.word(agent.subject.namespace)} {result.word(agent.subject.name)} --cascade=orphan",
			}]},
		],
		"proof": "manifests",
	},
	verdict,
) if {
	result.fixable(verdict)
} else := verdict
