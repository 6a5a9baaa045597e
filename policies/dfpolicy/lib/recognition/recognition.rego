# METADATA
# title: Recognition of DeepFlow
# description: >-
#   Which resources run the DeepFlow agent or its server. The name of an object is not evidence:
#   the chart lets users change it, and mirrors change the image's registry and repository.
package dfpolicy.lib.recognition

import data.dfpolicy.lib.image
import data.dfpolicy.lib.scope
import data.dfpolicy.lib.value
import data.dfpolicy.lib.workload

# METADATA
# title: Resources
# description: The Kubernetes objects of the input. Objects out of scope are reduced; see `lib/scope`.
resources := scope.resources

# METADATA
# title: Agent resources
# description: The resources of the input that run the agent, in input order.
workloads := among(resources, "deepflow-agent")

# METADATA
# title: Resources of a component
# description: >-
#   The documents that have the labels of the component (deepflow-agent, deepflow-server), on the
#   object or its pod template, or a container with its image. Objects that another of the
#   documents controls are skipped.
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

# A dump of a cluster contains a DaemonSet and its pods: one agent, not many. A lookup, because
# `in` scans the whole set in WebAssembly.
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
