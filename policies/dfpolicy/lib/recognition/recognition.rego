# METADATA
# title: Recognising the agent
# description: >-
#   Which resources run the DeepFlow agent. A name alone is no evidence: the chart
#   lets users change it, and mirrors change the image's registry and repository.
package dfpolicy.lib.recognition

import data.dfpolicy.lib.image
import data.dfpolicy.lib.value
import data.dfpolicy.lib.workload

# METADATA
# title: Resources
# description: The Kubernetes objects of the input; what is no object is passed over.
resources := value.objects_at(input, ["resources"])

# METADATA
# title: Agent resources
# description: >-
#   The resources that, or whose pod template, carry the agent's labels, or that have
#   a container with the agent's image, in the order of the input. What another
#   resource of the input controls is left to that one.
workloads := [{"resource": resource, "template": template} |
	some resource in resources
	template := workload.template(resource)
	_evident(resource, template)
	not _owned(resource)
]

# A dump of a cluster holds the pods of a DaemonSet beside it: one agent, not many.
_owned(resource) if {
	some owner in value.objects_at(resource, ["metadata", "ownerReferences"])
	value.true_at(owner, ["controller"])
	_owners[_identity(resource, value.string_at(owner, ["kind"]), value.string_at(owner, ["name"]))]
}

# A lookup, since WebAssembly searches a set for `in` from end to end.
_owners contains _identity(resource, resource.kind, value.string_at(resource, ["metadata", "name"])) if {
	some resource in resources
	workload.template(resource)
}

_identity(resource, kind, name) := concat("\u0001", [value.string_at(resource, ["metadata", "namespace"]), kind, name])

_evident(resource, _) if _labelled(value.object_at(resource, ["metadata", "labels"]))

_evident(_, template) if _labelled(value.object_at(template, ["metadata", "labels"]))

_evident(_, template) if {
	some container in workload.containers(template)
	image.repository_name(value.string_at(container, ["image"])) == "deepflow-agent"
}

_labelled(labels) if {
	value.at(labels, ["app"], "") == "deepflow"
	value.at(labels, ["component"], "") == "deepflow-agent"
}

_labelled(labels) if value.at(labels, ["app"], "") == "deepflow-agent"

_labelled(labels) if value.at(labels, ["app.kubernetes.io/name"], "") == "deepflow-agent"

# METADATA
# title: Service accounts of the agents
# description: The names of the service accounts that the agents' pods run as.
service_accounts contains service_account(workload.template) if some workload in workloads

# METADATA
# title: Service account of a pod template
# description: The account's name; `default` where the pod names none, as the API server sets it.
service_account(template) := names[0] if {
	names := [name |
		some field in ["serviceAccountName", "serviceAccount"]
		name := value.string_at(template, ["spec", field])
		name != ""
	]
} else := "default"
