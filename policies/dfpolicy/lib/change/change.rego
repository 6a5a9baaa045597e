# METADATA
# title: Changes
# description: >-
#   What fixes a violation, for `dfpolicy fix`: operations on objects of the input, commands for the
#   operator, and questions. A requirement puts a change into its verdict with `result.fixed_by`.
#   Operations say what must be there, not how: they change nothing that is right already.
package dfpolicy.lib.change

import data.dfpolicy.lib.message
import data.dfpolicy.lib.value
import data.dfpolicy.lib.workload

# METADATA
# title: Change of manifests
# description: >-
#   Operations after which the changed manifests, evaluated again, have no such violation. The pods
#   or services restart.
manifests(cause, operations) := {
	"cause": cause,
	"alternatives": [{"risk": "restart", "operations": operations}],
	"proof": "manifests",
}

# METADATA
# title: Change of objects that restarts nothing
# description: The same for objects that no pod contains, such as roles, or labels of a namespace.
objects(cause, operations) := {
	"cause": cause,
	"alternatives": [{"risk": "none", "operations": operations}],
	"proof": "manifests",
}

# METADATA
# title: Change with alternatives
# description: Several named lists of operations. Each is enough; the first is preferred.
alternatives(cause, named) := {
	"cause": cause,
	"alternatives": [{"name": entry.name, "risk": "restart", "operations": entry.operations} | some entry in named],
	"proof": "manifests",
}

# METADATA
# title: Change on nodes
# description: A command {run, persist, undo} for each affected node. Facts that are collected again prove it.
node(cause, risk, command) := {
	"cause": cause,
	"alternatives": [{"risk": risk, "commands": [object.union(command, {"where": "node"})]}],
	"proof": "facts",
}

# METADATA
# title: Change beside the server
# description: A command where the operator uses deepflow-ctl. Nothing that dfpolicy reads proves it.
server(cause, run) := {
	"cause": cause,
	"alternatives": [{"risk": "none", "commands": [{"where": "server", "run": run}]}],
	"proof": "none",
}

# METADATA
# title: Sysctl
# description: After the change, the sysctl has this value on the nodes. `former` is what undoes it.
sysctl(name, to, former) := node($"sysctl-{replace(name, "_", "-")}", "none", {
	"run": $"sysctl -w {name}={to}",
	"persist": $"echo '{name} = {to}' > /etc/sysctl.d/99-deepflow-{name}.conf",
	"undo": concat("; ", array.concat(
		[$"rm -f /etc/sysctl.d/99-deepflow-{name}.conf"],
		[$"sysctl -w {name}={former}" | regex.match(`^-?[0-9]{1,9}$`, former)],
	)),
})

# METADATA
# title: Kernel argument
# description: After the change and a reboot, the kernel has this argument.
kernel_argument(cause, argument) := node($"kernel-{cause}", "reboot", {
	"run": _with_grub(
		$"grubby --update-kernel ALL --args {argument}",
		$"echo 'GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX {argument}\"' > {_grub_file(cause)}",
	),
	"undo": _with_grub($"grubby --update-kernel ALL --remove-args {argument}", $"rm -f {_grub_file(cause)}"),
})

# Red Hat and its derivatives have grubby, Debian and its derivatives update-grub.
_with_grub(grubby, other) := $"if command -v grubby >/dev/null; then {grubby}; else {other} && update-grub; fi"

_grub_file(cause) := $"/etc/default/grub.d/99-deepflow-{cause}.cfg"

# METADATA
# title: SELinux
# description: After the change, SELinux is permissive and refuses nothing.
selinux := node("selinux-permissive", "none", {
	"run": "setenforce 0",
	"persist": "sed -i 's/^SELINUX=enforcing/SELINUX=permissive/' /etc/selinux/config",
	"undo": "setenforce 1; sed -i 's/^SELINUX=permissive/SELINUX=enforcing/' /etc/selinux/config",
})

# METADATA
# title: debugfs
# description: After the change, debugfs is mounted on the node, now and after a restart.
debugfs := node("debugfs", "none", {
	"run": "mount -t debugfs debugfs /sys/kernel/debug",
	"persist": "systemctl unmask --now sys-kernel-debug.mount",
	"undo": "umount /sys/kernel/debug",
})

# METADATA
# title: Change with a question
# description: The change, with a question that its operations refer to as `answer`. Its type is text, address or addresses.
asking(question, change) := object.union(change, {"questions": [object.union(question, {"text": message.english(question.text)})]})

# METADATA
# title: Set a field
# description: The object at `target` has this value at the path.
set(target, path, to) := {"op": "set", "target": _target(target), "path": path, "value": to}

# METADATA
# title: Set a field to an answer
# description: The same for the answer to the question with this key.
answered(target, path, question) := {"op": "set", "target": _target(target), "path": path, "answer": question}

# METADATA
# title: Add a member
# description: The list at the path has this value.
add(target, path, member) := {"op": "add", "target": _target(target), "path": path, "value": member}

# METADATA
# title: Add a member by its key
# description: The list at the path has this object, and no other with the same value of the key.
put(target, path, key, member) := object.union(add(target, path, member), {"key": key})

# METADATA
# title: Remove a field
# description: The object has nothing at the path.
remove(target, path) := {"op": "remove", "target": _target(target), "path": path}

# METADATA
# title: Discard a value
# description: The list at the path does not have this value.
discard(target, path, member) := {"op": "discard", "target": _target(target), "path": path, "value": member}

# METADATA
# title: Create an object
# description: The object is in the deployment.
create(object_) := {
	"op": "create",
	"target": _target(object.union(
		{"apiVersion": object_.apiVersion, "kind": object_.kind},
		object_.metadata,
	)),
	"path": [],
	"value": object_,
}

# METADATA
# title: Change inside a file
# description: The operation on the YAML text that is at its path, at a path inside this text.
inside(path, operation) := object.union(operation, {"inside": path})

# METADATA
# title: Path of a field of the pod
# description: The path in the agent's workload of a field of its pod's `spec`.
pod(agent, rest) := array.flatten([workload.template_path(agent.subject.kind), "spec", rest])

# METADATA
# title: Path of a field of the container
# description: The path in the agent's workload of a field of its container.
container(agent, rest) := pod(agent, array.flatten([_list(agent), {"name": value.string_at(agent.container, "name")}, rest]))

# METADATA
# title: Path of a field of the service
# description: The path in the Compose file of a field of the agent's service.
service(agent, rest) := array.flatten(["spec", "services", value.string_at(agent.container, "name"), rest])

# METADATA
# title: Path of a setting of the unit
# description: The path in the systemd unit of a key of its section Service.
unit(key) := ["spec", "Service", key]

# A container that keeps running can be an init container.
_list(agent) := "containers" if {
	agent.container in value.objects_at(agent.pod, "containers")
} else := "initContainers"

_target(subject) := object.filter(subject, ["apiVersion", "kind", "namespace", "name"])
