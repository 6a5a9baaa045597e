# METADATA
# title: Kinds of nodes
# description: >-
#   What the policies read of nodes. Nodes that are equal in it have equal results. A host may
#   therefore pass one of them for all, with the names of all in `kinds` of the input, and copy its
#   results to the others.
package dfpolicy.lib.node_kinds

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

# METADATA
# title: What is read
# description: >-
#   `objects` are places in Node objects, except the labels; `unread` are facts of NodeFacts that no
#   requirement of the mode reads; `labels` are the keys of labels, and `names` the names of nodes,
#   that a pod or a requirement refers to; `prefixes` are starts of names with a meaning.
read := {
	"objects": sort([path | some path in _objects]),
	"unread": sort([fact | some fact in _unread]),
	"labels": sort([key | some key in _labels]),
	"names": sort([name | some name in _names]),
	"prefixes": ["eklet-", "gk3-", "virtual-kubelet"],
}

_objects := {path | some key, path in facts.paths; key != "labels"; not key in _unread} | {
	["metadata", "labels", "node.openshift.io/os_id"],
	["spec", "taints"],
	["status", "nodeInfo", "containerRuntimeVersion"],
	["status", "nodeInfo", "kubeletVersion"],
}

_unread := {fact | some fact, modes in _read_in; count(settings.modes & modes) == 0}

# Facts that differ from node to node, with the modes that read them.
_read_in := {
	"addresses": {"legacy-host", "cloud-host"},
	"memoryBytes": {"all-in-one"},
}

_labels := ({
	"eks.amazonaws.com/compute-type", "kubernetes.io/os", "node.kubernetes.io/instance-type",
	"node.openshift.io/os_id", "type",
} | {key |
	some pod in _pods
	some key, _ in value.object_at(pod, ["nodeSelector"])
}) | {value.string_at(requirement, ["key"]) | some requirement in _required("matchExpressions")}

_names := {value.string_at(pod, ["nodeName"]) | some pod in _pods} | {name |
	some requirement in _required("matchFields")
	some name in value.strings_at(requirement, ["values"])
}

_required(kind) := [requirement |
	some pod in _pods
	path := ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"]
	some term in value.objects_at(pod, path)
	some requirement in value.objects_at(term, [kind])
]

_pods := [value.object_at(resource, path) |
	some resource in array.concat(settings.resources, value.objects_at(input, ["from", "resources"]))
	some path in [["spec"], ["spec", "template", "spec"], ["spec", "jobTemplate", "spec", "template", "spec"]]
]
