# METADATA
# title: Changes of pods that cannot start
# description: >-
#   Verdicts with the change after which the API server accepts the agent's pod, or the pod starts the
#   agent. A finding that leaves the choice to the author of the manifest has no change.
package dfpolicy.lib.pod_changes

import data.dfpolicy.lib.change
import data.dfpolicy.lib.command
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

# METADATA
# title: Accepted fields
# description: After the change, the pod has no field that contradicts what the agent needs.
accepted(agent, verdict) := _changed("refused-fields", _contradictions(agent), verdict) if {
	result.fixable(verdict)
} else := verdict

_contradictions(agent) := array.flatten([
	[change.remove(agent.subject, change.pod(agent, ["shareProcessNamespace"])) |
		value.true_at(agent.pod, "shareProcessNamespace")
		value.true_at(agent.pod, "hostPID")
	],
	[change.remove(agent.subject, change.pod(agent, ["hostUsers"])) |
		value.at(agent.pod, "hostUsers", true) == false
		true in {value.true_at(agent.pod, field) | some field in ["hostIPC", "hostNetwork", "hostPID"]}
	],
	[change.remove(agent.subject, change.container(agent, ["securityContext", "allowPrivilegeEscalation"])) |
		value.at(agent.container, ["securityContext", "allowPrivilegeEscalation"], true) == false
		_escalates(value.object_at(agent.container, "securityContext"))
	],
	[change.remove(agent.subject, change.container(agent, ["securityContext", field, "localhostProfile"])) |
		some field in ["seccompProfile", "appArmorProfile"]
		value.string_at(agent.container, ["securityContext", field, "type"]) in {"Unconfined", "RuntimeDefault"}
		value.at(agent.container, ["securityContext", field, "localhostProfile"], null) != null
	],
	[change.set(agent.subject, change.container(agent, ["volumeMounts", {"mountPath": mounted.mountPath}, "mountPropagation"]), "HostToContainer") |
		not value.true_at(agent.container, ["securityContext", "privileged"])
		some mounted in value.objects_at(agent.container, "volumeMounts")
		value.string_at(mounted, "mountPropagation") == "Bidirectional"
		is_string(mounted.mountPath)
	],
	_repeated_mounts(agent, value.objects_at(agent.container, "volumeMounts")),
])

# Of two mounts at one path, the first stays.
_repeated_mounts(agent, mounts) := [change.remove(agent.subject, change.container(agent, ["volumeMounts", {"name": second.name}])) |
	some i, second in mounts
	is_string(second.name)
	second.mountPath in {first.mountPath | some first in array.slice(mounts, 0, i)}
	count([other | some other in mounts; other.name == second.name]) == 1
]

_escalates(context) if value.true_at(context, "privileged")

_escalates(context) if "CAP_SYS_ADMIN" in value.strings_at(context, ["capabilities", "add"])

# METADATA
# title: Start of the agent
# description: After the change, no command, option or setting of the pod keeps the agent from its start.
started(agent, verdict) := _changed("agent-start", _obstacles(agent), verdict) if {
	result.fixable(verdict)
} else := verdict

_obstacles(agent) := array.flatten([
	[change.remove(agent.subject, change.container(agent, [field])) |
		command.idles(agent.container)
		not command.starts(agent.container, "deepflow-agent")
		some field in ["command", "args"]
		value.at(agent.container, field, null) != null
	],
	[change.discard(agent.subject, change.container(agent, [field]), option) |
		command.starts(agent.container, "deepflow-agent")
		some field in ["command", "args"]
		some option in value.strings_at(agent.container, field)
		command.idle_options[option]
	],
	[change.set(agent.subject, change.pod(agent, ["nodeSelector", label]), "linux") |
		some label in ["kubernetes.io/os", "beta.kubernetes.io/os"]
		not lower(value.string_at(agent.pod, ["nodeSelector", label])) in {"", "linux"}
	],
	[change.set(agent.subject, change.container(agent, ["securityContext", "runAsNonRoot"]), false) |
		_setting(agent, "runAsNonRoot") == true
		_setting(agent, "runAsUser") == 0
	],
])

_setting(agent, field) := value.at(
	agent.container,
	["securityContext", field],
	value.at(agent.pod, ["securityContext", field], null),
)

_changed(cause, operations, verdict) := result.fixed_by(change.manifests(cause, operations), verdict) if {
	count(operations) > 0
} else := verdict
