# METADATA
# title: OpenShift
# description: >-
#   Detects OpenShift, and which of its security context constraints (SCC) admit the agent's pod.
#   OpenShift creates a pod only when an SCC that its service account can use admits it.
package dfpolicy.lib.openshift

import data.dfpolicy.lib.message
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

# METADATA
# scope: document
# title: OpenShift is detected
# description: True when the distribution, an API group, an SCC or a label of a node shows it.
default detected := false

detected if lower(value.string_at(settings.cluster, "distribution")) == "openshift"

detected if {
	some group in value.strings_at(settings.cluster, "apiGroups")
	split(group, "/")[0] in {"config.openshift.io", "security.openshift.io"}
}

detected if count(_constraints) > 0

detected if {
	some resource in settings.resources
	resource.kind == "Node"
	value.string_at(resource, ["metadata", "labels", "node.openshift.io/os_id"]) != ""
}

# METADATA
# title: Evidence of another distribution
# description: What shows that the cluster is not OpenShift, as a message. Undefined when nothing does.
other := message.of("the distribution is {distribution}", {"distribution": distribution}) if {
	not detected
	distribution := value.string_at(settings.cluster, "distribution")
	distribution != ""
} else := message.text("the API server serves no API group of OpenShift") if {
	not detected
	count(value.strings_at(settings.cluster, "apiGroups")) > 0
}

# METADATA
# title: SCC of the account
# description: >-
#   The sorted names of the SCC that the workload's service account can use, through a role or
#   through the users and groups of the SCC.
granted(workload) := sort(_by_role(rbac.account(workload)) | _by_listing(rbac.account(workload)))

_by_role(account) := {name |
	some name in ({"privileged"} | object.keys(_constraints))
	target := {"group": "security.openshift.io", "resource": "securitycontextconstraints", "name": name}
	rbac.on_object(account, target, {"use"}) != set()
} | {trim_prefix(role, _role_prefix) |
	some role in rbac.cluster_roles(account)
	startswith(role, _role_prefix)
}

# OpenShift creates a role for each of its own SCC.
_role_prefix := "system:openshift:scc:"

_by_listing(account) := {name |
	names := {
		$"system:serviceaccount:{account.namespace}:{account.name}",
		$"system:serviceaccounts:{account.namespace}",
		"system:serviceaccounts",
		"system:authenticated",
	}
	some name, document in _constraints
	some field in ["users", "groups"]
	some member in value.strings_at(document, field)
	names[member]
}

# METADATA
# scope: document
# title: Unknown SCC
# description: True for the name of an SCC that is neither in the input nor one of OpenShift's own.
undefined_constraints(name) if {
	not _constraints[name]
	not _own[name]
}

_own := {
	"privileged", "restricted", "restricted-v2", "anyuid", "nonroot", "nonroot-v2", "hostaccess",
	"hostmount-anyuid", "hostnetwork", "hostnetwork-v2", "node-exporter",
}

# METADATA
# title: Refusals
# description: >-
#   What the SCC of this name refuses in the agent's pod, as messages and field names. Empty when
#   it admits the pod. Of OpenShift's own SCC only `privileged` admits the agent's capabilities.
refusals(name, workload) := _refused(_constraints[name], workload) if {
	_constraints[name]
} else := [] if {
	name == "privileged"
} else := [message.text("the agent's privileges")]

_constraints := value.indexed([[name, resource] |
	some resource in settings.resources
	resource.kind == "SecurityContextConstraints"
	name := value.string_at(resource, ["metadata", "name"])
	name != ""
])

_refused(document, workload) := array.flatten([
	[field |
		some [field, permission] in [
			["hostPID", "allowHostPID"],
			["hostNetwork", "allowHostNetwork"],
			["hostIPC", "allowHostIPC"],
		]
		value.true_at(workload.pod, field)
		not value.true_at(document, permission)
	],
	[message.text("hostPath volumes") | _mounts_host(workload); not _admits_host_paths(document)],
	[message.text("privileged containers") | _privileged(workload); not value.true_at(document, "allowPrivilegedContainer")],
	[message.of("the capability {capability}", {"capability": name}) |
		some name in _added(workload)
		not _admits_capability(document, name)
	],
	[message.text("the user root") | not _admits_root(document)],
])

_mounts_host(workload) if {
	some volume in value.objects_at(workload.pod, "volumes")
	volume.hostPath
}

# As the API defaults it: the flag adds hostPath to `volumes`. Without the flag only `*` admits it.
_admits_host_paths(document) if value.true_at(document, "allowHostDirVolumePlugin")

_admits_host_paths(document) if "*" in value.strings_at(document, "volumes")

_containers(workload) := array.concat(
	value.objects_at(workload.pod, "initContainers"),
	value.objects_at(workload.pod, "containers"),
)

_privileged(workload) if {
	some container in _containers(workload)
	value.true_at(container, ["securityContext", "privileged"])
}

_admits_root(document) if value.at(document, ["runAsUser", "type"], "") == "RunAsAny"

_added(workload) := sort({name |
	some container in _containers(workload)
	some name in value.strings_at(container, ["securityContext", "capabilities", "add"])
})

_admits_capability(document, name) if {
	some field in ["allowedCapabilities", "defaultAddCapabilities"]
	some admitted in value.strings_at(document, field)
	admitted in {"*", name}
}
