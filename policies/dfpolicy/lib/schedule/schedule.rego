# METADATA
# title: Scheduling
# description: >-
#   On which nodes a DaemonSet's pod lands, as far as nodeSelector, taints and
#   tolerations tell. A required node affinity is not judged yet and stays unknown.
package dfpolicy.lib.schedule

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.value

# METADATA
# title: Nodes without a pod
# description: The names of the nodes that certainly get no pod of the workload.
left_out(workload) := [node.name | some node in facts.nodes; refused(workload, node)]

# METADATA
# scope: document
# title: Decidable
# description: Holds when it is known whether the node gets a pod of the workload.
decidable(workload, node) if refused(workload, node)

decidable(workload, node) if {
	facts.known(node, ["taints"])
	not _affine(workload)
	not _selector_open(workload, node)
}

_affine(workload) if {
	value.object_at(workload.pod, ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]) != {}
}

_selector_open(workload, node) if {
	count(_selector(workload)) > 0
	not facts.known(node, ["labels"])
}

_selector(workload) := value.object_at(workload.pod, ["nodeSelector"])

# METADATA
# scope: document
# title: Refused
# description: Holds when the node certainly gets no pod of the workload.
refused(workload, node) if {
	facts.known(node, ["labels"])
	labels := value.object_at(node.spec, ["labels"])
	some key, wanted in _selector(workload)
	object.get(labels, key, null) != wanted
}

refused(workload, node) if {
	some taint in value.objects_at(node.spec, ["taints"])
	value.string_at(taint, ["effect"]) in {"NoSchedule", "NoExecute"}
	not _tolerated_by_controller(workload, value.string_at(taint, ["key"]))
	tolerations := [toleration |
		some toleration in value.objects_at(workload.pod, ["tolerations"])
		_tolerates(toleration, taint)
	]
	count(tolerations) == 0
}

# The DaemonSet controller adds these tolerations to every pod of its own.
_tolerated_by_controller(_, key) if key in {
	"node.kubernetes.io/not-ready",
	"node.kubernetes.io/unreachable",
	"node.kubernetes.io/disk-pressure",
	"node.kubernetes.io/memory-pressure",
	"node.kubernetes.io/pid-pressure",
	"node.kubernetes.io/unschedulable",
}

_tolerated_by_controller(workload, "node.kubernetes.io/network-unavailable") if {
	value.true_at(workload.pod, ["hostNetwork"])
}

_tolerates(toleration, taint) if {
	value.at(toleration, ["effect"], "") in {"", value.string_at(taint, ["effect"])}
	_matches(toleration, taint)
}

_matches(toleration, taint) if {
	value.at(toleration, ["operator"], "") == "Exists"
	value.at(toleration, ["key"], "") in {"", value.string_at(taint, ["key"])}
}

_matches(toleration, taint) if {
	value.at(toleration, ["operator"], "") in {"", "Equal"}
	value.string_at(toleration, ["key"]) == value.string_at(taint, ["key"])
	value.string_at(toleration, ["value"]) == value.string_at(taint, ["value"])
}
