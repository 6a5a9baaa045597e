# METADATA
# title: OpenShift
# description: >-
#   Whether the cluster is an OpenShift, and which of its security context constraints admit
#   the agent's pod. A pod is created only where one of those that its service account may use
#   admits it.
package dfpolicy.lib.openshift

import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

# METADATA
# title: Evidence
# description: What shows that the cluster is an OpenShift; undefined where nothing does.
evidence := $"the distribution is {value.string_at(settings.cluster, ["distribution"])}" if {
	lower(value.string_at(settings.cluster, ["distribution"])) == "openshift"
} else := $"the API group {_own_groups[0]} is served" if {
	count(_own_groups) > 0
} else := "the input has security context constraints" if {
	count(_constraints) > 0
} else := "the nodes carry labels of OpenShift" if {
	some resource in settings.resources
	resource.kind == "Node"
	value.string_at(resource, ["metadata", "labels", "node.openshift.io/os_id"]) != ""
}

# METADATA
# title: Evidence of another distribution
# description: What shows that the cluster is no OpenShift; undefined where nothing does.
other := $"the distribution is {distribution}" if {
	not evidence
	distribution := value.string_at(settings.cluster, ["distribution"])
	distribution != ""
} else := "no API group of OpenShift is served" if {
	not evidence
	count(value.strings_at(settings.cluster, ["apiGroups"])) > 0
}

_own_groups := sort([group |
	some group in value.strings_at(settings.cluster, ["apiGroups"])
	split(group, "/")[0] in {"config.openshift.io", "security.openshift.io"}
])

# METADATA
# title: Constraints that the account may use
# description: >-
#   The names, in order, of the security context constraints that the workload's service
#   account is granted: by a role, or by their own users and groups.
granted(workload) := sort(_by_role(rbac.account(workload)) | _by_listing(rbac.account(workload)))

_by_role(account) := {name |
	some name in ({"privileged"} | object.keys(_constraints))
	target := {"group": "security.openshift.io", "resource": "securitycontextconstraints", "name": name}
	rbac.on_object(account, target, {"use"}) != set()
} | {trim_prefix(role, _role_prefix) |
	some role in rbac.cluster_roles(account)
	startswith(role, _role_prefix)
}

# The roles that OpenShift itself makes, one for each of its constraints.
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
	some member in value.strings_at(document, [field])
	names[member]
}

# METADATA
# scope: document
# title: Constraints that are not known
# description: Holds for the name of constraints that are neither in the input nor OpenShift's own.
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
#   What constraints of this name refuse of the agent's pod, none where they admit it. Of
#   OpenShift's own only `privileged` admits the capabilities that the agent adds.
refusals(name, workload) := _refused(_constraints[name], workload) if {
	_constraints[name]
} else := [] if {
	name == "privileged"
} else := ["the agent's privileges"]

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
		value.true_at(workload.pod, [field])
		not value.true_at(document, [permission])
	],
	["hostPath volumes" | _mounts_host(workload); not _admits_host_paths(document)],
	["privileged containers" | _privileged(workload); not value.true_at(document, ["allowPrivilegedContainer"])],
	[$"the capability {name}" |
		some name in _added(workload)
		not _admits_capability(document, name)
	],
	["the user root" | not _admits_root(document)],
])

_mounts_host(workload) if {
	some volume in value.objects_at(workload.pod, ["volumes"])
	volume.hostPath
}

# As the defaults of the API have it: the flag adds hostPath to `volumes`, and only `*` stands
# without it.
_admits_host_paths(document) if value.true_at(document, ["allowHostDirVolumePlugin"])

_admits_host_paths(document) if "*" in value.strings_at(document, ["volumes"])

_containers(workload) := array.concat(
	value.objects_at(workload.pod, ["initContainers"]),
	value.objects_at(workload.pod, ["containers"]),
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
	some admitted in value.strings_at(document, [field])
	admitted in {"*", name}
}
