# METADATA
# title: Scope of the input
# description: >-
#   Which objects the requirements check. Most objects in a dump of a cluster do not belong to
#   DeepFlow; of those, only what some requirement reads is kept. A host can remove the rest from
#   the input beforehand: it evaluates `part` for each part of its objects, then `places`. The
#   decision is the same.
package dfpolicy.lib.scope

import data.dfpolicy.lib.network
import data.dfpolicy.lib.value
import data.dfpolicy.lib.workload
import data.dfpolicy.tables.installers

# METADATA
# title: Resources
# description: >-
#   The Kubernetes objects of the input in input order: those in scope whole, of others what is
#   kept. Values that are not objects are skipped.
resources := _objects if {
	_whole
} else := [_kept(resource, _held) | some resource in _objects]

_objects := value.objects_at(input, "resources")

# A user's own requirements can read anything, and a part is checked on its own.
_whole if value.true_at(input, "whole")

_whole if value.true_at(input, "partial")

_held := {place: true | some place in places([_sighting])}

_kept(resource, held) := resource if {
	held[value.string_at(resource, ["metadata", "namespace"])]
	not _unread[value.string_at(resource, "kind")]
} else := _elsewhere(resource)

# METADATA
# title: Part of an input
# description: >-
#   For the resources of the input: what `places` needs (`sighting`); what is kept of each one when
#   it is out of scope (`kept`), true for the whole object and false for nothing; and the positions
#   of those that are reduced in the same way in scope (`unread`).
part := {
	"sighting": _sighting,
	"kept": [_kept_elsewhere(resource) | some resource in _objects],
	"unread": [i | some i, resource in _objects; _unread[value.string_at(resource, "kind")]],
}

# METADATA
# title: Places
# description: >-
#   The namespaces whose objects are checked whole, from the sightings of all parts: the namespaces
#   of objects that name DeepFlow, the release's namespace, the possible namespaces of objects
#   without one (`lib/identity`), and the empty string for those objects.
places(sightings) := union({
	{"", value.string_at(input, ["release", "namespace"])},
	{place | some sighting in sightings; some place in sighting.places},
	{subject[0] | some subject in subjects; accounts[subject[1]]},
	{own[0] | some sighting in sightings; some own in sighting.owned; accounts[own[1]]},
	{min(subjects)[0] | count(subjects) > 0},
	{"default" | count(subjects) == 0},
}) if {
	accounts := {name: true | some sighting in sightings; some name in sighting.accounts}
	subjects := {subject | some sighting in sightings; some subject in sighting.subjects}
}

_sighting := {
	"places": {value.string_at(resource, path) |
		some resource in _named
		some path in [["metadata", "namespace"], ["metadata", "annotations", "meta.helm.sh/release-namespace"]]
	},
	"owned": (_accounts | {[value.string_at(resource, ["metadata", "namespace"]), value.string_at(subject, "name")] |
		some resource in _objects
		resource.kind == "RoleBinding"
		some subject in value.objects_at(resource, "subjects")
		value.string_at(subject, "kind") == "ServiceAccount"
		value.string_at(subject, "namespace") == ""
	}),
	"accounts": {workload.service_account(workload.template(resource)) | some resource in _named},
	"subjects": {[value.string_at(subject, "namespace"), value.string_at(subject, "name")] |
		some resource in _objects
		resource.kind in {"ClusterRoleBinding", "RoleBinding"}
		some subject in value.objects_at(resource, "subjects")
		value.string_at(subject, "kind") == "ServiceAccount"
		value.string_at(subject, "namespace") != ""
	},
}

_accounts := {[value.string_at(resource, ["metadata", "namespace"]), value.string_at(resource, ["metadata", "name"])] |
	some resource in _objects
	resource.kind == "ServiceAccount"
}

_named := [resource | some resource in _objects; _names_deepflow(resource)]

# This can match more than DeepFlow. Extra objects do no harm.
_names_deepflow(resource) if contains(value.string_at(resource, ["metadata", "name"]), _deepflow)

_names_deepflow(resource) if {
	some text in value.object_at(resource, ["spec", "selector"])
	is_string(text)
	contains(text, _deepflow)
}

_names_deepflow(resource) if _labelled(resource)

_names_deepflow(resource) if _labelled(workload.template(resource))

_names_deepflow(resource) if {
	some field in ["containers", "initContainers"]
	some container in value.objects_at(workload.template(resource), ["spec", field])
	some key in ["image", "name"]
	some name in [_deepflow, "grafana-ds-dh"]
	contains(value.string_at(container, key), name)
}

_names_deepflow(resource) if value.at(resource, ["data", "deepflow-agent.yaml"], null) != null

_names_deepflow(resource) if installers.of_deepflow(resource)

_deepflow := "deepflow"

_labelled(labelled) if {
	some text in value.object_at(labelled, ["metadata", "labels"])
	contains(text, _deepflow)
}

# In scope, these kinds are reduced too.
_unread := {kind: true | some kind in ["CustomResourceDefinition", "Event", "Node", "PersistentVolume", "Secret"]}

# The kinds that count in any namespace: those of the CNI plug-in, those that grant access, and
# cluster-scoped kinds to which charts give a namespace.
_read_anywhere := {kind: true |
	some kind in [
		"ClusterRole",
		"ClusterRoleBinding",
		"DaemonSet",
		"Namespace",
		"NetworkAttachmentDefinition",
		"Role",
		"RoleBinding",
		"SecurityContextConstraints",
		"StorageClass",
	]
}

_kept_elsewhere(resource) if {
	_elsewhere(resource) == resource
} else := _elsewhere(resource) if {
	_elsewhere(resource)
} else := false

# Undefined when nothing is kept.
_elsewhere(resource) := resource if {
	_anywhere(resource, value.string_at(resource, "kind"))
} else := _identity(resource) if {
	value.string_at(resource, "kind") in {"ServiceAccount", "StatefulSet"}
} else := object.union(_identity(resource), {"spec": object.filter(value.object_at(resource, "spec"), ["selector"])}) if {
	# The Service that an agent's configuration names can be in another namespace.
	value.string_at(resource, "kind") == "Service"
} else := _node(resource) if {
	value.string_at(resource, "kind") == "Node"
}

_anywhere(_, kind) if _read_anywhere[kind]

_anywhere(resource, _) if startswith(value.string_at(resource, "apiVersion"), "dfpolicy.dev/")

# The operator of the CNI plug-in, and its own kinds.
_anywhere(resource, kind) if {
	kind in {"CustomResourceDefinition", "Deployment"}
	count(network.of_object(resource)) > 0
}

_identity(resource) := object.union(
	object.filter(resource, ["apiVersion", "kind"]),
	{"metadata": object.filter(value.object_at(resource, "metadata"), ["name", "namespace"])},
)

# The images and conditions of a Node are most of its size.
_node(resource) := object.union(
	object.filter(resource, ["apiVersion", "kind"]),
	{
		"metadata": object.filter(value.object_at(resource, "metadata"), ["labels", "name"]),
		"spec": object.filter(value.object_at(resource, "spec"), ["taints", "unschedulable"]),
		"status": object.filter(value.object_at(resource, "status"), ["capacity", "nodeInfo"]),
	},
)
