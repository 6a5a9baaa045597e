# METADATA
# title: Pod Security admission
# description: >-
#   What the API server's Pod Security admission refuses in a pod, by level and version of the
#   Pod Security Standards.
# related_resources:
#   - description: Kubernetes documentation, Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
package dfpolicy.lib.pod_security

import data.dfpolicy.lib.message
import data.dfpolicy.lib.value

# METADATA
# title: Refusals
# description: >-
#   Why the level refuses the pod template, as sorted messages. Empty when it admits the template.
#   Any level other than baseline means restricted, as in the API server. The version is the
#   minor version of Kubernetes whose standards apply.
refusals(level, version, template) := sort(baseline | _restricted(level, version, template)) if {
	baseline := _baseline(version, template)
}

# METADATA
# title: Version of the standards
# description: The minor version in a string such as v1.31. 9999, later than any, for `latest` and all other strings.
version(text) := value.whole(match[0][1]) if {
	is_string(text)
	match := regex.find_all_string_submatch_n(`^v1\.(0|[1-9][0-9]{0,3})$`, text, 1)
	count(match) > 0
} else := 9999

_baseline(version, template) := union({
	{message.of("{field} is true", {"field": field}) |
		some field in ["hostNetwork", "hostPID", "hostIPC"]
		value.true_at(template, ["spec", field])
	},
	{message.text("a hostPath volume") |
		some volume in value.objects_at(template, ["spec", "volumes"])
		value.at(volume, "hostPath", null) != null
	},
	{message.of("{container} is privileged", {"container": context.name}) |
		some context in _contexts(template)
		value.true_at(context, ["securityContext", "privileged"])
	},
	{_adding(context.name, names) |
		some context in _contexts(template)
		names := _added(context) - _default_capabilities
		count(names) > 0
	},
	{message.of("{container} has a hostPort", {"container": container.name}) |
		some container in _containers(template)
		some port in value.objects_at(container, "ports")
		value.at(port, "hostPort", 0) != 0
	},
	{message.of("{container} sets procMount to {type}", {"container": context.name, "type": mount}) |
		some context in _containers(template)
		mount := value.string_at(context, ["securityContext", "procMount"])
		not mount in {"", "Default"}
	},
	{message.of("{container} sets windowsOptions.hostProcess", {"container": context.name}) |
		some context in _contexts(template)
		value.true_at(context, ["securityContext", "windowsOptions", "hostProcess"])
	},
	{message.of("the sysctl {name}", {"name": name}) |
		some sysctl in value.objects_at(template, ["spec", "securityContext", "sysctls"])
		name := value.string_at(sysctl, "name")
		not name in _sysctls(version)
	},
	_apparmor(template),
	_selinux(version, template),
	_unconfined(version, template),
	_probes(version, template),
})

_restricted("baseline", _, _) := set()

_restricted(level, version, template) := union({
	{message.of("the volume {name}", {"name": value.string_at(volume, "name")}) |
		some volume in value.objects_at(template, ["spec", "volumes"])
		some source, content in volume
		content != null
		not source in _sources
	},
	{message.of("{container} runs as user 0", {"container": context.name}) |
		version >= 23
		some context in _contexts(template)
		value.at(context, ["securityContext", "runAsUser"], null) == 0
	},
	_escalating(version, template),
	_rooted(template),
	_capable(version, template),
	_unprofiled(version, template),
}) if {
	level != "baseline"
}

_containers(template) := [object.union(container, {"name": value.string_at(container, "name")}) |
	some field in ["containers", "initContainers", "ephemeralContainers"]
	some container in value.objects_at(template, ["spec", field])
]

# The pod and its containers: each has a securityContext.
_contexts(template) := array.concat(
	[{"name": message.text("the pod"), "securityContext": value.object_at(template, ["spec", "securityContext"])}],
	_containers(template),
)

_apparmor(template) := {message.of("{container} uses the AppArmor profile {profile}", {"container": context.name, "profile": profile}) |
	some context in _contexts(template)
	profile := value.string_at(context, ["securityContext", "appArmorProfile", "type"])
	not profile in {"", "RuntimeDefault", "Localhost"}
} | {_annotation(key) |
	some key, profile in value.object_at(template, ["metadata", "annotations"])
	startswith(key, "container.apparmor.security.beta.kubernetes.io/")
	not regex.match(`^(runtime/default|localhost/.*)?$`, value.plain(profile))
}

_selinux(version, template) := {message.of("{container} sets the SELinux type {type}", {"container": context.name, "type": type}) |
	some context in _contexts(template)
	type := value.string_at(context, ["securityContext", "seLinuxOptions", "type"])
	not type in _types(version)
} | {message.of("{container} sets the SELinux {field}", {"container": context.name, "field": field}) |
	some context in _contexts(template)
	some field in ["user", "role"]
	value.string_at(context, ["securityContext", "seLinuxOptions", field]) != ""
}

_types(version) := {"", "container_t", "container_init_t", "container_kvm_t"} | {"container_engine_t" | version >= 31}

# Before 1.19 an annotation names the profile.
_unconfined(version, template) := {message.of("{container} uses the seccomp profile {profile}", {"container": context.name, "profile": profile}) |
	version >= 19
	some context in _contexts(template)
	profile := value.string_at(context, ["securityContext", "seccompProfile", "type"])
	not profile in {"", "RuntimeDefault", "Localhost"}
} | {_annotation(key) |
	version < 19
	some key in array.concat(["seccomp.security.alpha.kubernetes.io/pod"], [name |
		some container in _containers(template)
		name := $"container.seccomp.security.alpha.kubernetes.io/{container.name}"
	])
	profile := value.plain(value.at(template, ["metadata", "annotations", key], ""))
	not regex.match(`^(runtime/default|docker/default|localhost/.*)?$`, profile)
}

_probes(version, template) := {message.of("{container} sets a host in {field}", {"container": container.name, "field": path[0]}) |
	version >= 34
	some container in _containers(template)
	some path in [
		["livenessProbe"], ["readinessProbe"], ["startupProbe"],
		["lifecycle", "postStart"], ["lifecycle", "preStop"],
	]
	some action in ["httpGet", "tcpSocket"]
	value.string_at(container, array.concat(path, [action, "host"])) != ""
}

_escalating(version, template) := {message.of("{container} does not set allowPrivilegeEscalation to false", {"container": container.name}) |
	version >= 8
	not _windows(version, template)
	some container in _containers(template)
	value.at(container, ["securityContext", "allowPrivilegeEscalation"], true) != false
}

_rooted(template) := {_root(context.name) |
	some context in _contexts(template)
	value.at(context, ["securityContext", "runAsNonRoot"], null) == false
} | {_root(container.name) |
	not value.true_at(template, ["spec", "securityContext", "runAsNonRoot"])
	some container in _containers(template)
	not value.true_at(container, ["securityContext", "runAsNonRoot"])
}

_capable(version, template) := {message.of("{container} does not drop ALL capabilities", {"container": container.name}) |
	version >= 22
	not _windows(version, template)
	some container in _containers(template)
	not "ALL" in value.strings_at(container, ["securityContext", "capabilities", "drop"])
} | {_adding(container.name, names) |
	version >= 22
	not _windows(version, template)
	some container in _containers(template)
	names := _added(container) - {"NET_BIND_SERVICE"}
	count(names) > 0
}

_added(context) := {name | some name in value.strings_at(context, ["securityContext", "capabilities", "add"])}

_adding(container, names) := message.counted(
	"{container} adds the capability {names}",
	"{container} adds {count} capabilities ({names})",
	{"container": container, "count": count(names), "names": message.whole(first)},
) if {
	first := array.concat(array.slice(sort(names), 0, 3), ["..." | count(names) > 3])
}

_annotation(key) := message.of("the annotation {key}", {"key": key})

_root(container) := message.of("{container} does not set runAsNonRoot to true", {"container": container})

_unprofiled(version, template) := {message.of("{container} has no seccomp profile", {"container": container.name}) |
	version >= 19
	not _windows(version, template)
	not _profiled(template.spec)
	some container in _containers(template)
	not _profiled(container)
}

_profiled(holder) if {
	value.string_at(holder, ["securityContext", "seccompProfile", "type"]) in {"RuntimeDefault", "Localhost"}
}

_windows(version, template) if {
	version >= 25
	value.string_at(template, ["spec", "os", "name"]) == "windows"
}

_default_capabilities := {
	"AUDIT_WRITE",
	"CHOWN",
	"DAC_OVERRIDE",
	"FOWNER",
	"FSETID",
	"KILL",
	"MKNOD",
	"NET_BIND_SERVICE",
	"SETFCAP",
	"SETGID",
	"SETPCAP",
	"SETUID",
	"SYS_CHROOT",
}

_sysctls(version) := {name | some [name, since] in _safe_sysctls; version >= since}

_safe_sysctls := [
	["kernel.shm_rmid_forced", 0],
	["net.ipv4.ip_local_port_range", 0],
	["net.ipv4.ip_unprivileged_port_start", 0],
	["net.ipv4.ping_group_range", 0],
	["net.ipv4.tcp_syncookies", 0],
	["net.ipv4.ip_local_reserved_ports", 27],
	["net.ipv4.tcp_fin_timeout", 29],
	["net.ipv4.tcp_keepalive_intvl", 29],
	["net.ipv4.tcp_keepalive_probes", 29],
	["net.ipv4.tcp_keepalive_time", 29],
	["net.ipv4.tcp_rmem", 32],
	["net.ipv4.tcp_wmem", 32],
]

_sources := {
	"name",
	"configMap",
	"csi",
	"downwardAPI",
	"emptyDir",
	"ephemeral",
	"image",
	"persistentVolumeClaim",
	"projected",
	"secret",
}
