# METADATA
# title: Changes of chart values
# description: >-
#   Verdicts with a change that only the values of DeepFlow's charts express, because it adds or
#   removes whole objects. The target is of the kind HelmValues, with the chart's name.
package dfpolicy.lib.chart_changes

import data.dfpolicy.lib.change
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

# METADATA
# title: Values of a chart
# description: After the change, each entry {path, value} is in the values of the chart.
values(name, cause, entries, verdict) := result.fixed_by(
	change.manifests(cause, [change.set({"kind": "HelmValues", "name": name}, entry.path, entry.value) | some entry in entries]),
	verdict,
) if {
	result.fixable(verdict)
	count(entries) > 0
} else := verdict

# METADATA
# title: Answer as a value of a chart
# description: After the change, the value at the path has the answer to the question {key, text, type}.
asked(name, path, question, verdict) := result.fixed_by(
	change.asking(question, change.manifests($"values-{question.key}", [change.answered({"kind": "HelmValues", "name": name}, path, question.key)])),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

# METADATA
# title: Storage class
# description: After the change, the databases claim volumes of the class of the answer. `places` are those of their data.
storage_class(places, verdict) := asked("deepflow", ["global", "storageClass"], _storage_class, verdict) if {
	every place in places {
		place.source == "persistentVolumeClaim"
	}
} else := verdict

_storage_class := {"key": "storage-class", "text": message.text("Storage class of the server's databases"), "type": "text"}

# METADATA
# title: Name of the DaemonSet
# description: >-
#   After the change, the chart names its DaemonSet deepflow-agent. It is a new DaemonSet, and Helm
#   deletes the old one.
agent_name(agent, verdict) := values("deepflow-agent", "agent-name", [{"path": ["agentFullnameOverride"], "value": "deepflow-agent"}], verdict) if {
	agent.subject.kind == "DaemonSet"
	agent.subject.name != "deepflow-agent"
	startswith(agent.origin.chart, "deepflow-agent ")
} else := verdict

# METADATA
# title: Parts of the agent's chart
# description: After the change, the chart renders the DaemonSet and the watcher, where one of them is absent.
components(absent, verdict) := values(
	"deepflow-agent",
	"deploy-component",
	[{"path": ["deployComponent"], "value": ["daemonset", "watcher"]} | count(absent) > 0],
	verdict,
)

# METADATA
# title: Tolerations of the server
# description: >-
#   After the change, the server's pods tolerate the taints of these nodes. Grafana's chart does not
#   read the values for all of them.
tolerating(nodes, verdict) := values(
	"deepflow",
	"server-tolerations",
	[{"path": path, "value": _tolerations(nodes)} |
		some path in [["global", "tolerations"], ["grafana", "tolerations"]]
		count(_tolerations(nodes)) > 0
	],
	verdict,
)

_tolerations(nodes) := sort({{"key": value.string_at(taint, "key"), "operator": "Exists", "effect": effect} |
	some node in nodes
	some taint in value.objects_at(node.spec, "taints")
	effect := value.string_at(taint, "effect")
	effect in {"NoSchedule", "NoExecute"}
})
