# METADATA
# title: Recognising DeepFlow
# description: >-
#   Which resources run the DeepFlow agent or its server. A name alone is no evidence: the chart
#   lets users change it, and mirrors change the image's registry and repository.
package dfpolicy.lib.recognition

import data.dfpolicy.lib.image
import data.dfpolicy.lib.scope
import data.dfpolicy.lib.value
import data.dfpolicy.lib.workload

# METADATA
# title: Resources
# description: The Kubernetes objects of the input, those out of scope slim; see `lib/scope`.
resources := scope.resources

# METADATA
# title: Agent resources
# description: The resources of the input that run the agent, in its order.
workloads := among(resources, "deepflow-agent")

# METADATA
# title: Resources of a component
# description: >-
#   Those of the documents that, or whose pod template, carry the labels of the component
#   (deepflow-agent, deepflow-server), or that have a container with its image, in their
#   order. What another of the documents controls is left to that one.
among(documents, component) := [{"resource": resource, "template": template} |
	some resource in documents
	template := workload.template(resource)
	_evident(resource, template, component)
	not _owned(resource, owners)
] if {
	owners := {_identity(resource, resource.kind, value.string_at(resource, ["metadata", "name"])) |
		some resource in documents
		workload.template(resource)
	}
}

# A dump of a cluster holds the pods of a DaemonSet beside it: one agent, not many.
# A lookup, since WebAssembly searches a set for `in` from end to end.
_owned(resource, owners) if {
	some owner in value.objects_at(resource, ["metadata", "ownerReferences"])
	value.true_at(owner, ["controller"])
	owners[_identity(resource, value.string_at(owner, ["kind"]), value.string_at(owner, ["name"]))]
}

_identity(resource, kind, name) := concat("\u0001", [value.string_at(resource, ["metadata", "namespace"]), kind, name])

_evident(resource, _, component) if _labelled(value.object_at(resource, ["metadata", "labels"]), component)

_evident(_, template, component) if _labelled(value.object_at(template, ["metadata", "labels"]), component)

_evident(_, template, component) if {
	some container in workload.containers(template)
	image.repository_name(value.string_at(container, ["image"])) == component
}

_labelled(labels, component) if {
	value.at(labels, ["app"], "") == "deepflow"
	value.at(labels, ["component"], "") == component
}

_labelled(labels, component) if value.at(labels, ["app"], "") == component

_labelled(labels, component) if value.at(labels, ["app.kubernetes.io/name"], "") == component

# METADATA
# title: Service accounts of the agents
# description: The names of the service accounts that the agents' pods run as.
service_accounts contains workload.service_account(found.template) if some found in workloads
