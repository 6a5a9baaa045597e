# METADATA
# title: Changes of an agent
# description: >-
#   Verdicts with the changes that give an agent a privilege, a mount or a setting, each for the three
#   forms of installation: a pod, a Compose service, a systemd unit. A verdict that is no violation
#   stays as it is, and costs nothing.
package dfpolicy.lib.agent_changes

import data.dfpolicy.lib.change
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

# METADATA
# title: Capability
# description: After the change, the agent's process has this capability.
capability(agent, name, verdict) := result.fixed_by(
	change.manifests($"capability-{replace(lower(name), "_", "-")}", capability_operations(agent, name)),
	verdict,
) if {
	verdict.outcome == "violation"
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
	verdict.outcome == "violation"
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
	verdict.outcome == "violation"
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
	verdict.outcome == "violation"
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
	verdict.outcome == "violation"
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
	verdict.outcome == "violation"
} else := verdict

_host_path(agent, path, settings) := change.manifests($"mount{replace(path, "/", ".")}", [
	change.put(agent.subject, change.pod(agent, ["volumes"]), "name", {"name": name, "hostPath": {"path": path}}),
	change.put(agent.subject, change.container(agent, ["volumeMounts"]), "mountPath", object.union({"name": name, "mountPath": path}, settings)),
]) if {
	agent.form == "kubernetes"
	name := _free_name(agent, path)
}

_host_path(agent, path, settings) := change.manifests($"mount{replace(path, "/", ".")}", [change.add(agent.subject, change.service(agent, ["volumes"]), concat(":", [path, path, _mode(settings)]))]) if {
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
# title: Field of the pod
# description: After the change, the agent's pod has this value in a field.
pod_field(agent, field, verdict) := result.fixed_by(
	change.manifests(field.cause, [change.set(agent.subject, change.pod(agent, field.path), field.value)]),
	verdict,
) if {
	verdict.outcome == "violation"
} else := verdict

# METADATA
# title: Field of the container
# description: After the change, the agent's container has this value in a field.
container_field(agent, field, verdict) := result.fixed_by(
	change.manifests(field.cause, [change.set(agent.subject, change.container(agent, field.path), field.value)]),
	verdict,
) if {
	verdict.outcome == "violation"
} else := verdict
