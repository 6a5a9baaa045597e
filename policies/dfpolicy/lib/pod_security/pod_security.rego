# METADATA
# title: Pod Security admission
# description: >-
#   What the API server's Pod Security admission refuses in a pod, by level and version of the
#   Pod Security Standards.
# related_resources:
#   - description: Kubernetes documentation, Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
package dfpolicy.lib.pod_security

import data.dfpolicy.lib.value

# METADATA
# title: Refusals
# description: >-
#   Why the level (baseline; any other word means restricted, as an API server takes it)
#   refuses the pod template, in order; empty where it admits it. The version is the minor
#   version of Kubernetes whose standards count.
refusals(level, version, template) := sort(baseline | _restricted(level, version, template)) if {
	baseline := _baseline(version, template)
}

# METADATA
# title: Version of the standards
# description: The minor version of a text such as v1.31; a later one than any for `latest` and the rest.
version(text) := value.whole(match[0][1]) if {
	is_string(text)
	match := regex.find_all_string_submatch_n(`^v1\.(0|[1-9][0-9]{0,3})$`, text, 1)
	count(match) > 0
} else := 9999

_baseline(version, template) := union({
	{$"{field} is true" |
		some field in ["hostNetwork", "hostPID", "hostIPC"]
		value.true_at(template, ["spec", field])
	},
	{"a hostPath volume" |
		some volume in value.objects_at(template, ["spec", "volumes"])
		value.at(volume, ["hostPath"], null) != null
	},
	{$"{context.name}: privileged" |
		some context in _contexts(template)
		value.true_at(context, ["securityContext", "privileged"])
	},
	{$"{context.name}: capabilities.add holds {name}" |
		some context in _contexts(template)
		some name in value.strings_at(context, ["securityContext", "capabilities", "add"])
		not name in _default_capabilities
	},
	{$"{container.name}: a hostPort" |
		some container in _containers(template)
		some port in value.objects_at(container, ["ports"])
		value.at(port, ["hostPort"], 0) != 0
	},
	{$"{context.name}: procMount is {mount}" |
		some context in _containers(template)
		mount := value.string_at(context, ["securityContext", "procMount"])
		not mount in {"", "Default"}
	},
	{$"{context.name}: windowsOptions.hostProcess" |
		some context in _contexts(template)
		value.true_at(context, ["securityContext", "windowsOptions", "hostProcess"])
	},
	{$"the sysctl {name}" |
		some sysctl in value.objects_at(template, ["spec", "securityContext", "sysctls"])
		name := value.string_at(sysctl, ["name"])
		not name in _sysctls(version)
	},
	_apparmor(template),
	_selinux(version, template),
	_unconfined(version, template),
	_probes(version, template),
})

_restricted("baseline", _, _) := set()

_restricted(level, version, template) := union({
	{$"the volume {value.string_at(volume, ["name"])}" |
		some volume in value.objects_at(template, ["spec", "volumes"])
		some source, content in volume
		content != null
		not source in _sources
	},
	{$"{name} runs as user 0" |
		version >= 23
		some context in _contexts(template)
		name := context.name
		value.at(context, ["securityContext", "runAsUser"], null) == 0
	},
	_escalating(version, template),
	_rooted(template),
	_capable(version, template),
	_unprofiled(version, template),
}) if {
	level != "baseline"
}

_containers(template) := [object.union(container, {"name": value.string_at(container, ["name"])}) |
	some field in ["containers", "initContainers", "ephemeralContainers"]
	some container in value.objects_at(template, ["spec", field])
]

# Everything that has a securityContext.
_contexts(template) := array.concat(
	[{"name": "the pod", "securityContext": value.object_at(template, ["spec", "securityContext"])}],
	_containers(template),
)

_apparmor(template) := {$"{context.name}: AppArmor {profile}" |
	some context in _contexts(template)
	profile := value.string_at(context, ["securityContext", "appArmorProfile", "type"])
	not profile in {"", "RuntimeDefault", "Localhost"}
} | {$"the annotation {key}" |
	some key, profile in value.object_at(template, ["metadata", "annotations"])
	startswith(key, "container.apparmor.security.beta.kubernetes.io/")
	not regex.match(`^(runtime/default|localhost/.*)?$`, value.plain(profile))
}

_selinux(version, template) := {$"{context.name}: the SELinux type {type}" |
	some context in _contexts(template)
	type := value.string_at(context, ["securityContext", "seLinuxOptions", "type"])
	not type in _types(version)
} | {$"{context.name}: the SELinux {field}" |
	some context in _contexts(template)
	some field in ["user", "role"]
	value.string_at(context, ["securityContext", "seLinuxOptions", field]) != ""
}

_types(version) := {"", "container_t", "container_init_t", "container_kvm_t"} | {"container_engine_t" | version >= 31}

# Before 1.19 annotations told the profile.
_unconfined(version, template) := {$"{context.name}: seccomp {profile}" |
	version >= 19
	some context in _contexts(template)
	profile := value.string_at(context, ["securityContext", "seccompProfile", "type"])
	not profile in {"", "RuntimeDefault", "Localhost"}
} | {$"the annotation {key}" |
	version < 19
	some key in array.concat(["seccomp.security.alpha.kubernetes.io/pod"], [name |
		some container in _containers(template)
		name := $"container.seccomp.security.alpha.kubernetes.io/{container.name}"
	])
	profile := value.plain(value.at(template, ["metadata", "annotations", key], ""))
	not regex.match(`^(runtime/default|docker/default|localhost/.*)?$`, profile)
}

_probes(version, template) := {$"{container.name}: a host in {path[0]}" |
	version >= 34
	some container in _containers(template)
	some path in [
		["livenessProbe"], ["readinessProbe"], ["startupProbe"],
		["lifecycle", "postStart"], ["lifecycle", "preStop"],
	]
	some action in ["httpGet", "tcpSocket"]
	value.string_at(container, array.concat(path, [action, "host"])) != ""
}

_escalating(version, template) := {$"{container.name}: allowPrivilegeEscalation is not false" |
	version >= 8
	not _windows(version, template)
	some container in _containers(template)
	value.at(container, ["securityContext", "allowPrivilegeEscalation"], true) != false
}

_rooted(template) := {$"{context.name}: runAsNonRoot is not true" |
	some context in _contexts(template)
	value.at(context, ["securityContext", "runAsNonRoot"], null) == false
} | {$"{container.name}: runAsNonRoot is not true" |
	not value.true_at(template, ["spec", "securityContext", "runAsNonRoot"])
	some container in _containers(template)
	not value.true_at(container, ["securityContext", "runAsNonRoot"])
}

_capable(version, template) := {$"{container.name}: capabilities.drop does not hold ALL" |
	version >= 22
	not _windows(version, template)
	some container in _containers(template)
	not "ALL" in value.strings_at(container, ["securityContext", "capabilities", "drop"])
} | {$"{container.name}: capabilities.add holds {name}" |
	version >= 22
	not _windows(version, template)
	some container in _containers(template)
	some name in value.strings_at(container, ["securityContext", "capabilities", "add"])
	name != "NET_BIND_SERVICE"
}

_unprofiled(version, template) := {$"{container.name}: no seccomp profile" |
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
