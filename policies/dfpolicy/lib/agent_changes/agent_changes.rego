# METADATA
# title: Changes of an agent
# description: >-
#   Verdicts with the changes that give an agent a privilege, a mount or a setting, each for the three
#   forms of installation: a pod, a Compose service, a systemd unit. A verdict that is no violation
#   stays as it is, and costs nothing.
package dfpolicy.lib.agent_changes

import data.dfpolicy.lib.change
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.form
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

# METADATA
# title: Capability
# description: After the change, the agent's process has this capability.
capability(agent, name, verdict) := result.fixed_by(
	change.manifests($"capability-{replace(lower(name), "_", "-")}", capability_operations(agent, name)),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

# METADATA
# scope: document
# title: Operations for a capability
# description: What `capability` does, for changes that need several.
capability_operations(agent, name) := array.concat(
	[change.add(agent.subject, change.container(agent, _capabilities("add")), name)],
	[change.discard(agent.subject, change.container(agent, _capabilities(verb)), spelt) |
		some verb in ["add", "drop"]
		some spelt in value.strings_at(agent.container, _capabilities(verb))
		_wrong(verb, upper(spelt), name)
	],
) if {
	agent.form == "kubernetes"
}

capability_operations(agent, name) := array.concat(
	[change.add(agent.subject, change.service(agent, ["cap_add"]), name)],
	[change.discard(agent.subject, change.service(agent, ["cap_drop"]), spelt) |
		some spelt in value.strings_at(agent.container, _capabilities("drop"))
		upper(spelt) == name
	],
) if {
	agent.form == "compose"
}

capability_operations(agent, name) := array.concat(
	[change.remove(agent.subject, change.unit("CapabilityBoundingSet"))],
	[change.remove(agent.subject, change.unit("ProtectKernelLogs")) | name == "SYSLOG"],
) if {
	agent.form == "systemd"
}

_capabilities(verb) := ["securityContext", "capabilities", verb]

# Kubernetes expects the name without its prefix, and a runtime may drop what it adds.
_wrong("add", spelt, name) if spelt == $"CAP_{name}"

_wrong("drop", spelt, name) if spelt == name

# METADATA
# title: Root
# description: After the change, the agent's process runs as root.
root(agent, verdict) := result.fixed_by(_root(agent), verdict) if {
	result.fixable(verdict)
} else := verdict

_root(agent) := change.manifests("root-user", [
	change.set(agent.subject, change.container(agent, ["securityContext", "runAsUser"]), 0),
	change.set(agent.subject, change.container(agent, ["securityContext", "runAsNonRoot"]), false),
]) if {
	agent.form == "kubernetes"
}

_root(agent) := change.manifests("root-user", [change.remove(agent.subject, change.service(agent, ["user"]))]) if {
	agent.form == "compose"
}

_root(agent) := change.manifests("root-user", [change.remove(agent.subject, change.unit(key)) | some key in ["User", "DynamicUser"]]) if {
	agent.form == "systemd"
}

# METADATA
# title: User namespace
# description: After the change, the agent's capabilities count on the host.
user_namespace(agent, verdict) := result.fixed_by(_user_namespace(agent), verdict) if {
	result.fixable(verdict)
} else := verdict

_user_namespace(agent) := change.manifests("user-namespace", [change.remove(agent.subject, change.pod(agent, ["hostUsers"]))]) if {
	agent.form == "kubernetes"
}

_user_namespace(agent) := change.manifests("user-namespace", [change.set(agent.subject, change.service(agent, ["userns_mode"]), "host")]) if {
	agent.form == "compose"
}

_user_namespace(agent) := change.manifests("user-namespace", [change.remove(agent.subject, change.unit("PrivateUsers"))]) if {
	agent.form == "systemd"
}

# METADATA
# title: Host network
# description: After the change, the agent is in the host's network, and still resolves the names of services.
host_network(agent, verdict) := result.fixed_by(change.manifests("host-network", _host_network_operations(agent)), verdict) if {
	result.fixable(verdict)
} else := verdict

_host_network_operations(agent) := [
	change.set(agent.subject, change.pod(agent, ["hostNetwork"]), true),
	change.set(agent.subject, change.pod(agent, ["dnsPolicy"]), "ClusterFirstWithHostNet"),
] if {
	agent.form == "kubernetes"
}

_host_network_operations(agent) := [change.set(agent.subject, change.service(agent, ["network_mode"]), "host")] if {
	agent.form == "compose"
}

_host_network_operations(agent) := [change.remove(agent.subject, change.unit("PrivateNetwork"))] if agent.form == "systemd"

# METADATA
# title: Host processes
# description: After the change, the agent shares the process namespace of its host.
host_pid(agent, verdict) := result.fixed_by(_host_pid(agent), verdict) if {
	result.fixable(verdict)
} else := verdict

_host_pid(agent) := change.manifests("host-pid", [change.set(agent.subject, change.pod(agent, ["hostPID"]), true)]) if {
	agent.form == "kubernetes"
}

_host_pid(agent) := change.manifests("host-pid", [change.set(agent.subject, change.service(agent, ["pid"]), "host")]) if {
	agent.form == "compose"
}

# METADATA
# title: Host path
# description: >-
#   After the change, the agent sees a path of its host at the same path. `settings` are further
#   fields of the mount, such as `readOnly`. A name that another volume has is not used.
host_path(agent, mounted, verdict) := result.fixed_by(_host_path(agent, mounted.path, mounted.settings), verdict) if {
	result.fixable(verdict)
} else := verdict

_host_path(agent, path, settings) := change.manifests($"mount{replace(path, "/", ".")}", [
	change.put(agent.subject, change.pod(agent, ["volumes"]), "name", {"name": name, "hostPath": {"path": path}}),
	change.put(agent.subject, change.container(agent, ["volumeMounts"]), "mountPath", object.union({"name": name, "mountPath": path}, settings)),
]) if {
	agent.form == "kubernetes"
	name := _free_name(agent, path)
}

_host_path(agent, path, settings) := change.manifests($"mount{replace(path, "/", ".")}", [change.add(
	agent.subject,
	change.service(agent, ["volumes"]),
	concat(":", [path, path, _mode(settings)]),
)]) if {
	agent.form == "compose"
}

_mode(settings) := "ro" if {
	settings.readOnly
} else := "rw"

# The volume of this path, or a name that no volume has.
_free_name(agent, path) := names[0] if {
	names := [volume.name |
		some volume in value.objects_at(agent.pod, "volumes")
		value.string_at(volume, ["hostPath", "path"]) == path
	]
	count(names) > 0
} else := free[0] if {
	plain := replace(trim(path, "/"), "/", "-")
	taken := {value.string_at(volume, "name") | some volume in value.objects_at(agent.pod, "volumes")}
	free := [name | some name in [plain, $"host-{plain}", $"deepflow-host-{plain}"]; not taken[name]]
}

# METADATA
# title: Loading of eBPF programs
# description: >-
#   After the change, the agent can load eBPF programs: with SYS_ADMIN; or, where every node allows it,
#   with the pair BPF and PERFMON on the host network.
loading(agent, verdict) := result.fixed_by(
	change.alternatives("program-loading", array.concat(
		[{"name": "sys-admin", "operations": capability_operations(agent, "SYS_ADMIN")}],
		[{"name": "host-network", "operations": array.flatten([
			capability_operations(agent, "BPF"),
			capability_operations(agent, "PERFMON"),
			_host_network_operations(agent),
		])} |
			not _pair_refused(agent)
		],
	)),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

# Nodes on which the pair does not replace SYS_ADMIN, or an agent that already has it.
_pair_refused(agent) if count(facts.older(agent, [5, 8])) > 0

_pair_refused(agent) if {
	some node in facts.reached(agent)
	facts.paranoid(node) >= 3
}

_pair_refused(agent) if {
	every name in ["BPF", "PERFMON"] {
		name in value.strings_at(agent.container, _capabilities("add"))
	}
}

# METADATA
# title: Host network in reach
# description: After the change, the agent is in the host's network, or can enter it with SYS_ADMIN.
entering(agent, verdict) := result.fixed_by(
	change.alternatives("host-network-in-reach", [
		{"name": "host-network", "operations": _host_network_operations(agent)},
		{"name": "sys-admin", "operations": capability_operations(agent, "SYS_ADMIN")},
	]),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

# METADATA
# title: Confinement
# description: >-
#   After the change, the profile of this field, seccompProfile or appArmorProfile, confines the
#   agent's process no longer.
unconfined(agent, field, verdict) := result.fixed_by(change.manifests($"unconfined-{_profiles[field]}", [_unconfined(agent, field)]), verdict) if {
	result.fixable(verdict)
} else := verdict

_unconfined(agent, field) := change.set(agent.subject, change.container(agent, ["securityContext", field]), {"type": "Unconfined"}) if {
	agent.form == "kubernetes"
} else := change.add(agent.subject, change.service(agent, ["security_opt"]), $"{_profiles[field]}:unconfined")

_profiles := {"appArmorProfile": "apparmor", "seccompProfile": "seccomp"}

# METADATA
# title: Writable directories
# description: After the change, the agent can write to these directories. On a host, the remediation says how.
writable(agent, paths, verdict) := result.fixed_by(_writable(agent, paths), form.remedied(agent, host_remedies.writable, verdict)) if {
	result.fixable(verdict)
} else := form.remedied(agent, host_remedies.writable, verdict)

_writable(agent, paths) := change.alternatives("writable-directories", [
	{"name": "volumes", "operations": [operation |
		some path in paths
		some operation in [
			change.put(agent.subject, change.pod(agent, ["volumes"]), "name", {"name": _volume_of(path), "emptyDir": {}}),
			change.put(agent.subject, change.container(agent, ["volumeMounts"]), "mountPath", {"name": _volume_of(path), "mountPath": path}),
		]
	]},
	{"name": "root", "operations": [change.set(agent.subject, change.container(agent, ["securityContext", "readOnlyRootFilesystem"]), false)]},
]) if {
	agent.form == "kubernetes"
}

_writable(agent, paths) := change.manifests(
	"writable-directories",
	[change.add(agent.subject, change.service(agent, ["tmpfs"]), path) | some path in paths],
) if {
	agent.form == "compose"
}

_writable(agent, paths) := change.manifests("writable-directories", [change.add(agent.subject, change.unit("ReadWritePaths"), concat(" ", paths))]) if {
	agent.form == "systemd"
}

_volume_of(path) := concat("-", ["writable", replace(trim(path, "/"), "/", "-")])

# METADATA
# title: Variable
# description: After the change, the container's variable has this value, or comes from this source.
variable(agent, entry, verdict) := result.fixed_by(
	change.manifests(
		$"variable-{replace(lower(entry.name), "_", "-")}",
		[change.put(agent.subject, change.container(agent, ["env"]), "name", entry)],
	),
	verdict,
) if {
	result.fixable(verdict)
	not entry in value.objects_at(agent.container, "env")
} else := verdict

# METADATA
# title: Watching only
# description: After the change, a watcher watches by K8S_WATCH_POLICY, and ONLY_WATCH_K8S_RESOURCE is not set.
watching_only(agent, verdict) := result.fixed_by(
	change.manifests("watch-policy", array.concat(
		[change.remove(agent.subject, change.container(agent, ["env", {"name": "ONLY_WATCH_K8S_RESOURCE"}]))],
		[change.put(agent.subject, change.container(agent, ["env"]), "name", {"name": "K8S_WATCH_POLICY", "value": "watch-only"}) |
			agent.role == "watcher"
		],
	)),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

# METADATA
# title: No field of the pod
# description: After the change, the agent's pod does not have the field.
without_field(agent, field, verdict) := result.fixed_by(
	change.manifests(field.cause, [change.remove(agent.subject, change.pod(agent, field.path))]),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

# METADATA
# title: No field of the container
# description: After the change, the agent's container does not have the field.
without_container_field(agent, field, verdict) := result.fixed_by(
	change.manifests(field.cause, [change.remove(agent.subject, change.container(agent, field.path))]),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

# METADATA
# title: Field of the pod
# description: After the change, the agent's pod has this value in a field.
pod_field(agent, field, verdict) := result.fixed_by(
	change.manifests(field.cause, [change.set(agent.subject, change.pod(agent, field.path), field.value)]),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

# METADATA
# title: No mount
# description: After the change, nothing is mounted at this path of the agent's container.
unmounted(agent, path, verdict) := result.fixed_by(
	change.manifests($"no-mount{replace(path, "/", ".")}", _unmounting(agent, path)),
	verdict,
) if {
	result.fixable(verdict)
	count(_unmounting(agent, path)) > 0
} else := verdict

_unmounting(agent, path) := [change.remove(agent.subject, change.container(agent, ["volumeMounts", {"mountPath": path}]))] if {
	agent.form == "kubernetes"
} else := [change.discard(agent.subject, change.service(agent, ["volumes"]), given) |
	some given in value.strings_at(agent.spec, ["services", agent.container.name, "volumes"])
	split(given, ":")[1] == path
]

# METADATA
# title: Capability in place of others
# description: After the change, the container adds SYS_ADMIN in place of BPF and PERFMON.
sys_admin_only(agent, verdict) := result.fixed_by(
	change.manifests("capability-sys-admin", array.concat(
		[change.discard(agent.subject, change.container(agent, _capabilities("add")), spelt) |
			some spelt in value.strings_at(agent.container, _capabilities("add"))
			upper(spelt) in {"BPF", "PERFMON"}
		],
		capability_operations(agent, "SYS_ADMIN"),
	)),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

# METADATA
# title: Image
# description: After the change, the agent's container has the image of the answer.
image(agent, verdict) := result.fixed_by(
	change.asking(_image, change.manifests("agent-image", [change.answered(agent.subject, change.container(agent, ["image"]), _image.key)])),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

_image := {"key": "agent-image", "text": message.text("Image of the agent, in the server's version or an earlier one"), "type": "text"}

# METADATA
# title: No command
# description: After the change, the image decides what the agent's container runs.
without_command(agent, verdict) := result.fixed_by(
	change.manifests("command", [change.remove(agent.subject, change.container(agent, [field])) |
		some field in ["command", "args"]
		value.at(agent.container, field, null) != null
	]),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict
