# METADATA
# title: Recognition of DeepFlow
# description: >-
#   Which resources run the DeepFlow agent or its server. The name of an object is not evidence:
#   the chart lets users change it, and mirrors change the image's registry and repository.
package dfpolicy.lib.recognition

import data.dfpolicy.lib.command
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
# title: Server resources
# description: The resources of the input that run the server, in input order.
servers := among(resources, "deepflow-server")

# METADATA
# title: Resources of a component
# description: >-
#   The documents that have the labels of the component (deepflow-agent, deepflow-server), on the
#   object or its pod template, or a container with its image or name. Hooks of Helm and Argo CD, and
#   objects that another of these documents controls, are skipped.
among(documents, component) := [found | some found in evident; not _owned(found.resource, owners)] if {
	evident := [{"resource": resource, "template": template} |
		some resource in documents
		template := workload.template(resource)
		_evident(resource, template, component)
		not _hook(resource)
	]
	owners := value.indexed([[_identity(resource, resource.kind, value.string_at(resource, ["metadata", "name"])), resource] |
		some found in evident
		resource := found.resource
	])
}

# A dump of a cluster contains a DaemonSet and its pods: one agent, not many. An owner that cannot
# create the object hides nothing. A lookup, because `in` scans the whole set in WebAssembly.
_owned(resource, owners) if {
	some reference in value.objects_at(resource, ["metadata", "ownerReferences"])
	value.true_at(reference, "controller")
	_creators[resource.kind][value.string_at(reference, "kind")]
	owner := owners[_identity(resource, value.string_at(reference, "kind"), value.string_at(reference, "name"))]
	_same_uid(value.string_at(reference, "uid"), value.string_at(owner, ["metadata", "uid"]))
}

_creators := {
	"Pod": {"CloneSet": true, "DaemonSet": true, "Job": true, "ReplicaSet": true, "ReplicationController": true, "StatefulSet": true},
	"Job": {"CronJob": true},
	"ReplicaSet": {"Deployment": true, "Rollout": true},
	"ReplicationController": {"DeploymentConfig": true},
}

# Rendered manifests have no uid.
_same_uid(_, "")

_same_uid(uid, uid) if uid != ""

_identity(resource, kind, name) := concat("\u0001", [value.string_at(resource, ["metadata", "namespace"]), kind, name])

# Workloads of a hook end. Hooks of other kinds are installed like other objects.
_hook(resource) if {
	resource.kind in {"Job", "Pod"}
	some tool in ["helm.sh/hook", "argocd.argoproj.io/hook"]
	value.string_at(resource, ["metadata", "annotations", tool]) != ""
}

# METADATA
# title: Containers of a component
# description: >-
#   The containers of a pod template that run the component. One with its name and its image decides
#   alone; else all with its name or image; else those that start its program; else the default
#   container of kubectl; else all. At least one: an empty one for a pod without containers.
components(template, component) := found if {
	found := [container |
		some container in workload.containers(template)
		_named(container, component)
		_imaged(container, component)
	]
	count(found) > 0
} else := found if {
	found := [container | some container in workload.containers(template); _runs(container, component)]
	count(found) > 0
} else := found if {
	found := [container | some container in workload.containers(template); command.starts(container, component)]
	count(found) > 0
} else := found if {
	found := [container | some container in workload.containers(template); _named(container, _default_container(template))]
	count(found) > 0
} else := workload.containers(template) if {
	count(workload.containers(template)) > 0
} else := [{}]

_named(container, name) if value.string_at(container, "name") == name

_imaged(container, component) if image.of_component(value.string_at(container, "image"), component)

_runs(container, component) if _named(container, component)

_runs(container, component) if _imaged(container, component)

_default_container(template) := value.at(
	template,
	["metadata", "annotations", "kubectl.kubernetes.io/default-container"],
	null,
)

_evident(resource, _, component) if _labelled(value.object_at(resource, ["metadata", "labels"]), component)

_evident(_, template, component) if _labelled(value.object_at(template, ["metadata", "labels"]), component)

_evident(_, template, component) if {
	some container in workload.containers(template)
	_runs(container, component)
}

_labelled(labels, component) if {
	value.at(labels, "app", "") == "deepflow"
	value.at(labels, "component", "") == component
}

_labelled(labels, component) if value.at(labels, "app", "") == component

_labelled(labels, component) if value.at(labels, "app.kubernetes.io/name", "") == component

# METADATA
# title: Service accounts of the agents
# description: The names of the service accounts that the agents' pods run as.
service_accounts := {workload.service_account(found.template) | some found in workloads}
