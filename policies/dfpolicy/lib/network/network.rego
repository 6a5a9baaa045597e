# METADATA
# title: CNI plug-ins of objects
# description: The CNI plug-in that an object of the cluster belongs to.
package dfpolicy.lib.network

import data.dfpolicy.lib.value
import data.dfpolicy.lib.workload
import data.dfpolicy.tables.cni_signatures

# METADATA
# title: Plug-ins of an object
# description: >-
#   The IDs in `tables/cni_signatures` of the plug-ins that a workload, a
#   CustomResourceDefinition or a NetworkAttachmentDefinition belongs to.
of_object(resource) := _of_workload(resource) if {
	resource.kind in {"DaemonSet", "Deployment"}
} else := object.get(cni_signatures.by_group, value.string_at(resource, ["spec", "group"]), set()) if {
	resource.kind == "CustomResourceDefinition"
} else := _of_attachment(resource) if {
	resource.kind == "NetworkAttachmentDefinition"
} else := set()

_of_workload(resource) := {id |
	some name in [_stem(resource), concat("/", [value.string_at(resource, ["metadata", "namespace"]), _stem(resource)])]
	some id in object.get(cni_signatures.by_workload, name, set())
} | {id |
	some container in workload.containers(workload.template(resource))
	some repository in _repositories(value.string_at(container, "image"))
	some id in object.get(cni_signatures.by_image, repository, set())
}

# Older manifests have one DaemonSet for each architecture.
_stem(resource) := match[0][1] if {
	match := regex.find_all_string_submatch_n(
		`^(.+?)-(?:amd64|arm64|arm|ppc64le|s390x)$`,
		value.string_at(resource, ["metadata", "name"]),
		1,
	)
	count(match) > 0
} else := value.string_at(resource, ["metadata", "name"])

# The last segment of an image's path, and the last two.
_repositories(reference) := [repository |
	path := split(reference, "@")[0]
	segments := split(path, "/")
	last := count(segments) - 1
	some parents in [[], array.slice(segments, last - 1, last)]
	repository := concat("/", array.concat(parents, [split(segments[last], ":")[0]]))
]

# Secondary networks of Multus: only the two types that need a setting count.
_of_attachment(resource) := {type |
	some plugin in array.concat([configuration], value.objects_at(configuration, "plugins"))
	type := value.string_at(plugin, "type")
	type in {"ipvlan", "macvlan"}
} if {
	configuration := json.unmarshal(value.string_at(resource, ["spec", "config"]))
} else := set()
