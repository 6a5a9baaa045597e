# METADATA
# title: Workloads
# description: >-
#   Every kind that carries a pod template, normalised once: the rest of the
#   library sees one shape and no nulls.
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
}

# METADATA
# title: Pod template
# description: The pod template of a resource; undefined for a kind that has none.
template(resource) := resource if {
	resource.kind == "Pod"
} else := value.object_at(resource, _template_paths[resource.kind])

# METADATA
# title: Containers of a pod template
# description: The containers as objects; init containers are not among them.
containers(pod) := value.objects_at(pod, ["spec", "containers"])

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
