# METADATA
# title: Least privilege
# description: >-
#   What takes the privileges of the agents away, if the input asks for features with `want`. After the
#   reductions, an agent has no privilege that its features could need. The changes of the violations
#   that cost a wanted feature add back what these features need, so the requirements state the
#   minimum. Each reduction can be tried alone: where it costs nothing, two changes overlap.
#
#   The default capabilities of the container runtime stay. No requirement covers them, and
#   DAC_OVERRIDE lets the agent read programs of other users.
package dfpolicy.lib.privileges

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_file
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.change
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.rbac_resources

_want := {name | some name in value.strings_at(settings.parameters, "want")}

# METADATA
# scope: document
# title: Features are asked for
# description: True when the input says which features are wanted.
default asked := false

asked if count(_want) > 0

# METADATA
# title: Wanted
# description: Whether one of these lost features is wanted, or means every feature.
wanted(impact) if {
	some lost in impact
	_touched(lost)
} else := false

_touched(_) if "all" in _want

_touched(lost) if lost in {"Agent start", "All features", "Server connection"}

# A feature with two parts is lost with each of them, and its loss is that of both.
_touched(lost) if {
	some name in _want
	true in {name == lost, startswith(name, $"{lost} of "), startswith(lost, $"{name} of ")}
}

# METADATA
# title: Reductions
# description: >-
#   For each collector in a container, the operations that take its privileges away. `needed` are the
#   names of the requirements that a wanted feature needs.
reductions(needed) := [{"subject": workload.container_subject, "operations": operations} |
	some workload in agent.contained
	operations := array.concat(_of_form(workload, needed), _of_roles(workload, needed))
	count(operations) > 0
]

_of_form(workload, needed) := array.flatten([
	_of_pod(workload),
	_of_container(workload),
	[change.remove(workload.subject, change.container(workload, ["securityContext", "appArmorProfile"])) |
		not "apparmor" in needed
		value.at(workload.container, ["securityContext", "appArmorProfile"], null) != null
	],
	[change.remove(workload.subject, ["spec", "template", "metadata", "annotations", name]) |
		not "apparmor" in needed
		some name, _ in workload.annotations
		startswith(name, "container.apparmor.security.beta.kubernetes.io/")
	],
]) if {
	workload.form == "kubernetes"
}

_of_form(workload, needed) := array.flatten([
	[change.discard(workload.subject, change.service(workload, ["cap_add"]), name) |
		some name in value.strings_at(_service(workload), "cap_add")
	],
	[change.remove(workload.subject, change.service(workload, [field])) |
		some field in ["privileged", "network_mode", "pid", "ipc"]
		value.at(_service(workload), field, null) != null
	],
	[change.discard(workload.subject, change.service(workload, ["security_opt"]), option) |
		some option in value.strings_at(_service(workload), "security_opt")
		regex.match(`^(seccomp[:=]unconfined|apparmor[:=]unconfined)$`, option)
		not _kept(option, needed)
	],
	[change.discard(workload.subject, change.service(workload, ["volumes"]), given) |
		some given in value.strings_at(_service(workload), "volumes")
		some hidden in _host_mounts(workload)
		split(given, ":")[1] == hidden.mountPath
	],
]) if {
	workload.form == "compose"
}

_kept(option, needed) if {
	startswith(option, "apparmor")
	"apparmor" in needed
}

_service(workload) := value.object_at(workload.spec, ["services", value.string_at(workload.container, "name")])

_of_pod(workload) := array.concat(
	[change.remove(workload.subject, change.pod(workload, [field])) |
		some field in ["hostIPC", "hostNetwork", "hostPID"]
		value.true_at(workload.pod, field)
	],
	[change.remove(workload.subject, change.pod(workload, ["volumes", {"name": name}])) |
		some name in sort({mounted.name | some mounted in _host_mounts(workload)})
		not name in _used_elsewhere(workload)
	],
)

# Every feature needs capabilities, and these count for root only.
_of_container(workload) := array.flatten([
	[change.remove(workload.subject, change.container(workload, ["securityContext", "privileged"])) |
		value.true_at(workload.container, ["securityContext", "privileged"])
	],
	[change.discard(workload.subject, change.container(workload, ["securityContext", "capabilities", "add"]), name) |
		some name in value.strings_at(workload.container, ["securityContext", "capabilities", "add"])
	],
	[change.set(workload.subject, change.container(workload, ["securityContext", "runAsUser"]), 0) |
		not capability.user(workload) in {null, 0}
	],
	[change.set(workload.subject, change.container(workload, ["securityContext", "seccompProfile"]), {"type": "RuntimeDefault"}) |
		agent.profile(workload, "seccompProfile") == "Unconfined"
	],
	[change.remove(workload.subject, change.container(workload, ["volumeMounts", {"mountPath": mounted.mountPath}])) |
		some mounted in _host_mounts(workload)
	],
])

# The mounts of host paths, without that of the agent's file.
_host_mounts(workload) := [mounted |
	some mounted in value.objects_at(workload.container, "volumeMounts")
	is_string(mounted.mountPath)
	is_string(mounted.name)
	mount.volume(workload, mounted).hostPath
	not _of_file(workload, mounted)
]

_of_file(workload, mounted) if mount.over(workload, agent_file.path(workload)).mountPath == mounted.mountPath

_used_elsewhere(workload) := {value.string_at(mounted, "name") |
	some field in ["containers", "initContainers"]
	some container in value.objects_at(workload.pod, field)
	container != workload.container
	some mounted in value.objects_at(container, "volumeMounts")
}

# Roles that only name objects, such as the agent's own DaemonSet, stay.
_of_roles(workload, needed) := array.flatten([
	[change.set(_object(role), ["rules"], rules) |
		some role in rbac.roles(rbac.account(workload))
		rules := _needed_rules(role, needed)
		rules != value.at(role, "rules", [])
	],
	[change.discard(_object(binding), ["subjects"], subject) |
		some binding in rbac.powerful_bindings(rbac.account(workload))
		some subject in value.objects_at(binding, "subjects")
		value.string_at(subject, "kind") == "ServiceAccount"
		value.string_at(subject, "name") == workload.service_account
	],
])

_object(document) := object.union(object.filter(document, ["apiVersion", "kind"]), object.filter(document.metadata, ["name", "namespace"]))

_needed_rules(role, needed) := [rule |
	some given in value.objects_at(role, "rules")
	some rule in _narrowed(given, needed)
]

_narrowed(given, needed) := [given] if {
	count(value.strings_at(given, "resourceNames")) > 0
	not "*" in array.flatten([value.strings_at(given, field) | some field in ["apiGroups", "resources", "verbs"]])
} else := [{"nonResourceURLs": urls, "verbs": ["get"]} | count(urls) > 0] if {
	count(value.strings_at(given, "nonResourceURLs")) > 0
	urls := [url | some url in value.strings_at(given, "nonResourceURLs"); regex.match(`^/(version|apis?)(/\*)?$`, url)]
} else := [{"apiGroups": [group], "resources": resources, "verbs": verbs} |
	verbs := [verb | some verb in sort(rbac.reading); true in {verb in value.strings_at(given, "verbs"), "*" in value.strings_at(given, "verbs")}]
	count(verbs) > 0
	some group in sort({group | some group in rbac_resources.api_groups})
	_names(given, "apiGroups", group)
	resources := sort([resource |
		some resource, own in rbac_resources.api_groups
		own == group
		resource in needed
		_names(given, "resources", resource)
	])
	count(resources) > 0
]

_names(given, field, name) if name in value.strings_at(given, field)

_names(given, field, _) if "*" in value.strings_at(given, field)
