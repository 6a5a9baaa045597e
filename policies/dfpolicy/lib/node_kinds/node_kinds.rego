# METADATA
# title: Kinds of nodes
# description: >-
#   What the policies read of nodes. Nodes that are equal in it have equal results. A host may
#   therefore pass one of them for all, with the names of all in `kinds` of the input, and copy its
#   results to the others.
package dfpolicy.lib.node_kinds

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.capture
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

# METADATA
# title: What is read
# description: >-
#   `objects` are places in Node objects and `facts` the facts of NodeFacts, both without labels and
#   taints. Of taints, the fields `taint` are read, and of labels the keys `labels`. `names` are
#   names of nodes that a pod or a requirement refers to, and `prefixes` starts of names with a
#   meaning. Of lists of ports, `ports` are read, and of interfaces those that `interface` matches.
read := {
	"objects": sort([path | some path in _objects]),
	"facts": sort([fact | some fact, _ in facts.read]),
	"taint": ["effect", "key", "value"],
	"labels": sort([key | some key in _labels]),
	"names": sort([name | some name in _names]),
	"prefixes": ["eklet-", "gk3-", "virtual-kubelet"],
	"ports": sort([port | some port in _ports]),
	"interface": $"(?:^| ){capture.link}",
}

_objects := {path | some key, path in facts.paths; facts.read[key]; key != "labels"} | {
	["status", "nodeInfo", "containerRuntimeVersion"],
	["status", "nodeInfo", "kubeletVersion"],
}

_ports := {agent_group.integration_port(workload) | some workload in agent.on_node}

_labels := ({
	"eks.amazonaws.com/compute-type", "kubernetes.io/os", "node.kubernetes.io/instance-type",
	"node.openshift.io/os_id", "type",
} | {key |
	some pod in _pods
	some key, _ in value.object_at(pod, "nodeSelector")
}) | {value.string_at(requirement, "key") | some requirement in _required("matchExpressions")}

_names := {value.string_at(pod, "nodeName") | some pod in _pods} | {name |
	some requirement in _required("matchFields")
	some name in value.strings_at(requirement, "values")
}

_required(kind) := [requirement |
	some pod in _pods
	path := ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"]
	some term in value.objects_at(pod, path)
	some requirement in value.objects_at(term, kind)
]

_pods := [value.object_at(resource, path) |
	some resource in array.concat(settings.resources, value.objects_at(input, ["from", "resources"]))
	some path in [["spec"], ["spec", "template", "spec"], ["spec", "jobTemplate", "spec", "template", "spec"]]
]
