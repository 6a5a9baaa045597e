# METADATA
# title: Linux capabilities
# description: >-
#   What the agent's container can do, as kubelet and runtime make it of the
#   manifest. Only the agent's own container counts.
package dfpolicy.lib.capability

import data.dfpolicy.lib.form
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

# METADATA
# scope: document
# title: Capability is effective
# description: Holds when the agent's container has the capability (its name without CAP_).
effective(agent, name) if {
	count(_void(agent)) == 0
	granted_by(agent.container, name)
}

# systemd gives ambient capabilities to a process of any user.
effective(agent, name) if {
	name in value.strings_at(agent.container, ["ambient"])
	_user_namespace_reason(agent) == ""
	granted_by(agent.container, name)
}

# METADATA
# title: Verdict on a capability
# description: Pass or violation, with the reason that a manifest's author can act on.
verdict(agent, name) := form.remedied(agent, host_remedies.capability[name], _verdict(agent, name))

_verdict(agent, name) := result.pass(held(agent, name)) if {
	effective(agent, name)
} else := result.unknown(
	$"whether the file of the program carries cap_{lower(name)}, since the unit's user is {value.plain(user(agent))}",
	$"getcap {value.strings_at(agent.container, ["args"])[0]}",
) if {
	_by_file(agent, name)
} else := result.violation(missing(agent, name), form.words(agent, {
	"kubernetes": $"{name} in `securityContext.capabilities.add` of the agent's container",
	"compose": $"{name} in `cap_add` of the agent's service",
	"systemd": $"a unit of root that keeps {name}",
}))

# A program file may carry capabilities of its own, which no unit tells.
_by_file(agent, name) if {
	agent.form == "systemd"
	_user_reason(agent) != ""
	_user_namespace_reason(agent) == ""
	granted_by(agent.container, name)
}

# METADATA
# title: How a capability is held
# description: What grants an effective capability.
held(agent, name) := "the unit's process is root and keeps every capability" if {
	agent.form == "systemd"
	_privileged(agent.container)
} else := $"the unit keeps {name}" if {
	agent.form == "systemd"
} else := $"the container is privileged, which includes {name}" if {
	_privileged(agent.container)
} else := $"{_list(agent, "add")} holds {name}" if {
	name in _added(agent.container)
} else := $"{_list(agent, "add")} holds ALL, which includes {name}"

_list(agent, verb) := form.words(agent, {
	"kubernetes": $"capabilities.{verb}",
	"compose": $"cap_{verb}",
	"systemd": "CapabilityBoundingSet=",
})

# METADATA
# title: Why a capability is missing
# description: The reason, the most surprising one first.
missing(agent, name) := reason if {
	reasons := sort(_void(agent))
	count(reasons) > 0
	reason := $"{name} is not effective: {concat("; ", reasons)}"
} else := $"{name} stands in both capabilities.add and capabilities.drop, on which runtimes differ" if {
	name in _added(agent.container)
	name in _dropped(agent.container)
} else := $"the unit's settings take {name} away" if {
	agent.form == "systemd"
} else := $"{name} is dropped" if {
	"ALL" in _added(agent.container)
} else := $"capabilities.add holds CAP_{name}; Kubernetes wants the name without the prefix CAP_" if {
	$"CAP_{name}" in _added(agent.container)
} else := $"{name} stands in the pod's securityContext, where Kubernetes ignores capabilities" if {
	_in_pod_context(agent.pod, name)
} else := $"only the container {value.string_at(others[0], ["name"])} has {name}, which does not help the agent's" if {
	others := _other_holders(agent, name)
	count(others) > 0
} else := $"{_list(agent, "add")} does not hold {name}"

# METADATA
# title: User of the agent's process
# description: The user id, from container or pod; null where the image decides.
user(agent) := value.at(
	agent.container,
	["securityContext", "runAsUser"],
	value.at(agent.pod, ["securityContext", "runAsUser"], null),
)

# METADATA
# scope: document
# title: Added and dropped by one container
# description: Holds when the container's own securityContext grants the capability.
granted_by(container, _) if _privileged(container)

granted_by(container, name) if {
	name in _added(container)
	not name in _dropped(container)
}

granted_by(container, name) if {
	"ALL" in _added(container)
	not name in _dropped(container)
}

# What makes every capability of the container void for the host.
_void(agent) := {reason | some reason in [_user_reason(agent), _user_namespace_reason(agent)]; reason != ""}

_user_reason(agent) := "" if {
	user(agent) in {null, 0}
} else := $"the process runs as user {value.shown(user(agent))}, not as root"

_user_namespace_reason(agent) := form.words(agent, {
	"kubernetes": "hostUsers is false, so it counts only inside the pod's user namespace",
	"compose": "the service has a user namespace of its own",
	"systemd": "PrivateUsers= is set, so it counts only inside the unit's user namespace",
}) if {
	value.at(agent.pod, ["hostUsers"], true) == false
} else := ""

_privileged(container) if value.true_at(container, ["securityContext", "privileged"])

_added(container) := _names(container, "add")

_dropped(container) := _names(container, "drop")

_names(container, verb) := {upper(name) |
	some name in value.strings_at(container, ["securityContext", "capabilities", verb])
}

_in_pod_context(pod, name) if {
	some spelt in value.strings_at(pod, ["securityContext", "capabilities", "add"])
	trim_prefix(upper(spelt), "CAP_") in {name, "ALL"}
}

_in_pod_context(pod, _) if value.true_at(pod, ["securityContext", "privileged"])

_other_holders(agent, name) := [container |
	some field in ["containers", "initContainers", "ephemeralContainers"]
	some container in value.objects_at(agent.pod, [field])
	container != agent.container
	granted_by(container, name)
]
