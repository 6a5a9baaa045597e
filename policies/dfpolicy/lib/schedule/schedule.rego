# METADATA
# title: Scheduling
# description: >-
#   Whether a workload's pod can run on a node, judged by the node's name, labels, taints and
#   operating system. A node is {name, spec}.
package dfpolicy.lib.schedule

import data.dfpolicy.lib.form
import data.dfpolicy.lib.value

# METADATA
# scope: document
# title: Foreign
# description: >-
#   True for a node that does not run Linux. No agent runs there. Without a label or field, the
#   name of the system and the release of the NT kernel show it.
foreign(node) if not _linux[lower(_system(node))]

foreign(node) if {
	some path in _shown
	shown := lower(value.string_at(node.spec, path))
	some name in _foreign_names
	startswith(shown, name)
}

# In WebAssembly a regex costs much more than a prefix, and this is asked for each node.
foreign(node) if {
	release := value.string_at(node.spec, "kernelRelease")
	startswith(release, "10.0.")
	regex.match(`^10\.0\.[0-9]{5}(\.|$)`, release)
}

# Constants of their own, because a rule that is asked for each agent and node would build them anew.
_linux := {"linux", ""}

_shown := ["osImage", ["os", "prettyName"], ["os", "id"]]

_foreign_names := ["windows", "darwin", "macos", "freebsd"]

_label_of_system := ["labels", "kubernetes.io/os"]

_system(node) := label if {
	label := value.string_at(node.spec, _label_of_system)
	label != ""
} else := value.string_at(node.spec, "operatingSystem")

# METADATA
# scope: document
# title: Virtual
# description: >-
#   True for a node that represents the serverless pods of a cloud: TKE, ACK, AKS and similar, and
#   EKS Fargate. No DaemonSet runs there, whatever it tolerates.
virtual(node) if startswith(node.name, "eklet-")

virtual(node) if startswith(node.name, "virtual-kubelet")

virtual(node) if {
	some [key, wanted] in [
		["type", "virtual-kubelet"],
		["node.kubernetes.io/instance-type", "eklet"],
		["eks.amazonaws.com/compute-type", "fargate"],
	]
	value.at(node.spec, ["labels", key], "") == wanted
}

virtual(node) if {
	some taint in value.objects_at(node.spec, "taints")
	value.string_at(taint, "key") in {"eks.tke.cloud.tencent.com/eklet", "virtual-kubelet.io/provider"}
}

# METADATA
# scope: document
# title: Decidable
# description: True when it is known whether the node gets a pod of the workload.
decidable(workload, node) if {
	_known(node, "taints")
	not _open(workload, node)
} else if {
	refused(workload, node)
}

_open(workload, node) if {
	not _known(node, "labels")
	_asks_labels(workload)
}

_asks_labels(workload) if count(_selector(workload)) > 0

_asks_labels(workload) if {
	some term in _terms(workload)
	count(value.objects_at(term, "matchExpressions")) > 0
}

_selector(workload) := value.object_at(workload.pod, "nodeSelector")

_affinity := ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"]

_terms(workload) := value.objects_at(workload.pod, _affinity)

_known(node, key) if value.at(node.spec, key, null) != null

# METADATA
# scope: document
# title: Refused
# description: True when the node certainly gets no pod of the workload.
refused(_, node) if foreign(node)

refused(workload, node) if not value.string_at(workload.pod, "nodeName") in {"", node.name}

refused(workload, node) if unselected(workload, node)

refused(workload, node) if {
	count(_terms(workload)) > 0
	every term in _terms(workload) {
		_excluded(term, node)
	}
}

refused(workload, node) if {
	workload.subject.kind != "DaemonSet"
	not form.host(workload)
	value.true_at(node.spec, "unschedulable")
}

refused(workload, node) if {
	not form.host(workload)
	some taint in value.objects_at(node.spec, "taints")
	value.string_at(taint, "effect") in {"NoSchedule", "NoExecute"}
	not _tolerated_by_controller(workload, value.string_at(taint, "key"))
	tolerations := [toleration |
		some toleration in value.objects_at(workload.pod, "tolerations")
		_tolerates(toleration, taint)
	]
	count(tolerations) == 0
}

# METADATA
# title: Unselected
# description: True when the workload's nodeSelector certainly excludes the node.
unselected(workload, node) if {
	_known(node, "labels")
	labels := value.object_at(node.spec, "labels")
	some key, wanted in _selector(workload)
	object.get(labels, key, null) != _label(wanted)
}

# The API server reads null as the empty string.
_label(wanted) := "" if {
	wanted == null
} else := wanted

# A node must match all requirements of a term. An empty term matches no node.
_excluded(term, node) if {
	some requirement in value.objects_at(term, "matchFields")
	value.string_at(requirement, "key") == "metadata.name"
	not _met(requirement, {"metadata.name": node.name})
}

_excluded(term, node) if {
	_known(node, "labels")
	some requirement in value.objects_at(term, "matchExpressions")
	not _met(requirement, value.object_at(node.spec, "labels"))
}

_excluded(term, _) if {
	count(value.objects_at(term, "matchFields")) == 0
	count(value.objects_at(term, "matchExpressions")) == 0
}

_met(requirement, labels) if {
	requirement.operator == "In"
	object.get(labels, requirement.key, null) in value.strings_at(requirement, "values")
}

_met(requirement, labels) if {
	requirement.operator == "NotIn"
	not object.get(labels, requirement.key, null) in value.strings_at(requirement, "values")
}

_met(requirement, labels) if {
	requirement.operator == "Exists"
	object.get(labels, requirement.key, null) != null
}

_met(requirement, labels) if {
	requirement.operator == "DoesNotExist"
	object.get(labels, requirement.key, null) == null
}

_met(requirement, labels) if {
	requirement.operator == "Gt"
	_number(labels[requirement.key]) > _number(requirement.values[0])
}

_met(requirement, labels) if {
	requirement.operator == "Lt"
	_number(labels[requirement.key]) < _number(requirement.values[0])
}

_number(text) := to_number(text) if regex.match(`^-?(0|[1-9][0-9]{0,17})$`, text)

# The DaemonSet controller adds these tolerations to each of its pods.
_tolerated_by_controller(workload, key) if {
	workload.subject.kind == "DaemonSet"
	key in {
		"node.kubernetes.io/not-ready",
		"node.kubernetes.io/unreachable",
		"node.kubernetes.io/disk-pressure",
		"node.kubernetes.io/memory-pressure",
		"node.kubernetes.io/pid-pressure",
		"node.kubernetes.io/unschedulable",
	}
}

_tolerated_by_controller(workload, "node.kubernetes.io/network-unavailable") if {
	workload.subject.kind == "DaemonSet"
	value.true_at(workload.pod, "hostNetwork")
}

_tolerates(toleration, taint) if {
	value.at(toleration, "effect", "") in {"", value.string_at(taint, "effect")}
	_matches(toleration, taint)
}

_matches(toleration, taint) if {
	value.at(toleration, "operator", "") == "Exists"
	value.at(toleration, "key", "") in {"", value.string_at(taint, "key")}
}

_matches(toleration, taint) if {
	value.at(toleration, "operator", "") in {"", "Equal"}
	value.string_at(toleration, "key") == value.string_at(taint, "key")
	value.string_at(toleration, "value") == value.string_at(taint, "value")
}
