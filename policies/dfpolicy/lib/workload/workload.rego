# METADATA
# title: Workloads
# description: >-
#   All kinds that have a pod template, in one shape and without nulls.
package dfpolicy.lib.workload

import data.dfpolicy.lib.value

_template_paths := {
	"DaemonSet": ["spec", "template"],
	"Deployment": ["spec", "template"],
	"Job": ["spec", "template"],
	"ReplicaSet": ["spec", "template"],
	"ReplicationController": ["spec", "template"],
	"StatefulSet": ["spec", "template"],
	"CronJob": ["spec", "jobTemplate", "spec", "template"],
	# Of Argo Rollouts, OpenKruise and OpenShift.
	"CloneSet": ["spec", "template"],
	"DeploymentConfig": ["spec", "template"],
	"Rollout": ["spec", "template"],
}

# METADATA
# title: Pod template
# description: The pod template of a resource. Undefined for a kind without one.
template(resource) := resource if {
	resource.kind == "Pod"
} else := value.object_at(resource, _template_paths[resource.kind])

# METADATA
# title: Path of the pod template
# description: The path of the pod template in a resource of this kind; empty for a pod.
template_path(kind) := object.get(_template_paths, kind, [])

# METADATA
# title: Containers of a pod template
# description: The containers, with the init containers that keep running, without the others.
containers(pod) := array.concat(
	value.objects_at(pod, ["spec", "containers"]),
	[container |
		some container in value.objects_at(pod, ["spec", "initContainers"])
		value.string_at(container, "restartPolicy") == "Always"
	],
)

# METADATA
# title: Service account of a pod template
# description: The account's name, or `default` when the pod names none, as in the API server.
service_account(template) := names[0] if {
	names := [name |
		some field in ["serviceAccountName", "serviceAccount"]
		name := value.string_at(template, ["spec", field])
		name != ""
	]
} else := "default"
