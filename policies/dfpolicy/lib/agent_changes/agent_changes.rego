# METADATA
# title: Changes of an agent
# description: >-
#   Verdicts with the changes that give an agent a privilege, a mount or a setting, each for the three
#   forms of installation: a pod, a Compose service, a systemd unit. A verdict that is no violation
#   stays as it is, and costs nothing.
package dfpolicy.lib.agent_changes

import data.dfpolicy.lib.change
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
host_network(agent, verdict) := result.fixed_by(change.manifests("host-network", host_network_operations(agent)), verdict) if {
	result.fixable(verdict)
} else := verdict

# METADATA
# scope: document
# title: Operations for the host network
# description: What `host_network` does, for changes with alternatives.
host_network_operations(agent) := [
	change.set(agent.subject, change.pod(agent, ["hostNetwork"]), true),
	change.set(agent.subject, change.pod(agent, ["dnsPolicy"]), "ClusterFirstWithHostNet"),
] if {
	agent.form == "kubernetes"
}

host_network_operations(agent) := [change.set(agent.subject, change.service(agent, ["network_mode"]), "host")] if {
	agent.form == "compose"
}

host_network_operations(agent) := [change.remove(agent.subject, change.unit("PrivateNetwork"))] if agent.form == "systemd"

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
		some volume in value.objects_at(agent.pod, ["volumes"])
		value.string_at(volume, ["hostPath", "path"]) == path
	]
	count(names) > 0
} else := free[0] if {
	plain := replace(trim(path, "/"), "/", "-")
	taken := {value.string_at(volume, ["name"]) | some volume in value.objects_at(agent.pod, ["volumes"])}
	free := [name | some name in [plain, $"host-{plain}", $"deepflow-host-{plain}"]; not taken[name]]
}

# METADATA
# title: Loading of eBPF programs
# description: >-
#   After the change, the agent can load eBPF programs: with SYS_ADMIN, or with the pair BPF and
#   PERFMON on the host network.
loading(agent, verdict) := result.fixed_by(
	change.alternatives("program-loading", [
		{"name": "sys-admin", "operations": capability_operations(agent, "SYS_ADMIN")},
		{"name": "host-network", "operations": array.flatten([
			capability_operations(agent, "BPF"),
			capability_operations(agent, "PERFMON"),
			host_network_operations(agent),
		])},
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
	not entry in value.objects_at(agent.container, ["env"])
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
# title: Placement
# description: >-
#   After the change, the agent tolerates the taints of these nodes. What selects nodes by labels
#   stays, because the operator chose it.
placed(agent, nodes, verdict) := result.fixed_by(
	change.manifests("tolerations", [change.add(agent.subject, change.pod(agent, ["tolerations"]), toleration) | some toleration in tolerations]),
	verdict,
) if {
	result.fixable(verdict)
	tolerations := sort({object.union({"operator": "Exists"}, object.filter(taint, ["key", "effect"])) |
		some node in nodes
		some taint in value.objects_at(node.spec, ["taints"])
		value.string_at(taint, ["effect"]) in {"NoSchedule", "NoExecute"}
	})
	count(tolerations) > 0
} else := verdict

# METADATA
# title: Placement of another pod
# description: After the change, the agent's pod has the tolerations, selectors and pull secrets of the other pod.
placed_as(agent, other, verdict) := result.fixed_by(
	change.manifests("placement", array.flatten([
		[change.add(agent.subject, change.pod(agent, [field]), entry) |
			some field in ["tolerations", "imagePullSecrets"]
			some entry in value.objects_at(other, [field])
		],
		[change.set(agent.subject, change.pod(agent, ["nodeSelector", label]), wanted) |
			some label, wanted in value.object_at(other, ["nodeSelector"])
		],
		[change.set(agent.subject, change.pod(agent, _node_affinity), wanted) |
			wanted := value.object_at(other, _node_affinity)
			count(wanted) > 0
		],
	])),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

_node_affinity := ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]

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
# title: Away from nodes
# description: After the change, the pods of these agents do not run on the nodes with these names.
kept_off(agents, names, verdict) := result.fixed_by(
	change.manifests("node-affinity", [change.set(agent.subject, change.pod(agent, _node_affinity), {"nodeSelectorTerms": terms}) |
		some agent in agents
		agent.form == "kubernetes"
		terms := [_excluding(term, names) | some term in _selector_terms(agent)]
	]),
	verdict,
) if {
	result.fixable(verdict)
	some agent in agents
	agent.form == "kubernetes"
} else := verdict

_selector_terms(agent) := terms if {
	terms := value.objects_at(agent.pod, array.concat(_node_affinity, ["nodeSelectorTerms"]))
	count(terms) > 0
} else := [{}]

_excluding(term, names) := object.union(term, {"matchFields": array.concat(
	value.objects_at(term, ["matchFields"]),
	[field |
		some name in names
		field := {"key": "metadata.name", "operator": "NotIn", "values": [name]}
		not field in value.objects_at(term, ["matchFields"])
	],
)})

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
# title: Selector
# description: >-
#   After the change, the workload has the selector labels of the running one; or the operator deletes
#   the running workload, and its pods stay until the new one replaces them.
selected_as(agent, labels, verdict) := result.fixed_by(
	{
		"cause": "selector",
		"alternatives": [
			{"name": "same-selector", "risk": "restart", "operations": array.concat(
				[change.set(agent.subject, ["spec", "selector", "matchLabels"], labels)],
				[change.set(agent.subject, ["spec", "template", "metadata", "labels", label], labels[label]) | some label in sort(object.keys(labels))],
			)},
			{"name": "new-workload", "risk": "restart", "commands": [{
				"where": "cluster",
				"run": $"kubectl delete {lower(agent.subject.kind)} -n {agent.subject.namespace} {agent.subject.name} --cascade=orphan",
			}]},
		],
		"proof": "manifests",
	},
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

# METADATA
# title: No command
# description: After the change, the image decides what the agent's container runs.
without_command(agent, verdict) := result.fixed_by(
	change.manifests("command", [change.remove(agent.subject, change.container(agent, [field])) |
		some field in ["command", "args"]
		value.at(agent.container, [field], null) != null
	]),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict
