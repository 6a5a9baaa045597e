# METADATA
# title: Linux capabilities
# description: >-
#   What the agent's container can do, as kubelet and the container runtime read the manifest.
#   Only the agent's own container counts.
package dfpolicy.lib.capability

import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.form
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

# METADATA
# scope: document
# title: Capability is effective
# description: True when the agent's container has the capability (its name without CAP_).
effective(agent, name) if {
	granted_by(agent.container, name)
	_counts(agent, name)
}

_counts(agent, name) if {
	_user_reason(agent) == ""
	_user_namespace_reason(agent) == ""
} else if {
	ambient(agent, name)
}

# METADATA
# title: Pair in place of SYS_ADMIN
# description: True when the container has BPF and PERFMON, but not SYS_ADMIN.
paired(agent) if {
	not effective(agent, "SYS_ADMIN")
	effective(agent, "BPF")
	effective(agent, "PERFMON")
}

# METADATA
# title: Ambient capability
# description: >-
#   True when systemd gives the process the capability on the host, whatever its user. In a
#   container, capabilities are effective for root only.
ambient(agent, name) if {
	name in value.strings_at(agent.container, "ambient")
	_user_namespace_reason(agent) == ""
}

# METADATA
# title: Reads the files of root
# description: True when the process may read debugfs although it is not root.
reads_files(agent) if {
	some name in ["DAC_OVERRIDE", "DAC_READ_SEARCH"]
	ambient(agent, name)
}

# METADATA
# title: Verdict on a capability
# description: Pass or violation, with the reason that a manifest's author can act on.
verdict(agent, name) := following(agent, form.remedied(agent, host_remedies.capability[name], _fixed(agent, name)))

_fixed(agent, name) := agent_changes.capability(agent, name, _verdict(agent, name))

# METADATA
# title: Verdict with its cause
# description: >-
#   The verdict on capabilities, with the cause that makes every capability void: a user other than
#   root, or a user namespace.
following(agent, verdict) := result.following("DF-EBPF-006", verdict) if {
	_user_reason(agent) != ""
} else := result.following("user-namespace", agent_changes.user_namespace(agent, result.remedied(_without_user_namespace(agent), verdict))) if {
	_user_namespace_reason(agent) != ""
} else := verdict

_without_user_namespace(agent) := form.words(agent, {
	"kubernetes": message.text("Remove `hostUsers: false` from `spec.template.spec`."),
	"compose": message.text("Set `userns_mode: host` on the agent's service."),
	"systemd": message.text("Remove `PrivateUsers=` from the unit."),
})

_verdict(agent, name) := result.pass(held(agent, name)) if {
	effective(agent, name)
} else := result.unknown(
	message.of("file capabilities of the agent's program; the unit runs as user {user}, without {name}", {
		"name": name,
		"user": value.plain(user(agent)),
	}),
	$"getcap {value.strings_at(agent.container, "args")[0]}",
) if {
	_by_file(agent, name)
} else := result.violation(why_missing(agent, name), form.words(agent, {
	"kubernetes": message.of("{name} in `securityContext.capabilities.add` of the agent's container", {"name": name}),
	"compose": message.of("{name} in `cap_add` of the agent's service", {"name": name}),
	"systemd": message.of("a unit that runs as root and keeps {name}", {"name": name}),
}))

# A program file can have its own capabilities, which the unit does not show.
_by_file(agent, name) if {
	agent.form == "systemd"
	_user_reason(agent) != ""
	_user_namespace_reason(agent) == ""
	granted_by(agent.container, name)
}

# METADATA
# title: Source of a capability
# description: What grants an effective capability.
held(agent, name) := message.text("the unit runs as root and keeps every capability") if {
	agent.form == "systemd"
	_privileged(agent.container)
} else := message.of("the unit keeps {name}", {"name": name}) if {
	agent.form == "systemd"
} else := message.of("the container is privileged, which includes {name}", {"name": name}) if {
	_privileged(agent.container)
} else := message.of("{field} has {name}", {"field": _field(agent, "add"), "name": name}) if {
	_lists(agent.container, "add", name)
} else := message.of("{field} has ALL, which includes {name}", {"field": _field(agent, "add"), "name": name})

# The name of the field that adds or drops capabilities.
_field(agent, verb) := concat("_", ["cap", verb]) if {
	agent.form == "compose"
} else := concat(".", ["capabilities", verb])

# METADATA
# title: Why a capability is missing
# description: The reason as a message, the most surprising one first.
why_missing(agent, name) := message.of("{name} is not effective: {reasons}", {"name": name, "reasons": message.clauses(reasons)}) if {
	reasons := sort(_void(agent))
	count(reasons) > 0
} else := message.of("{name} is in both capabilities.add and capabilities.drop; container runtimes differ on the result", {"name": name}) if {
	_lists(agent.container, "add", name)
	_lists(agent.container, "drop", name)
} else := message.of("the unit's settings remove {name}", {"name": name}) if {
	agent.form == "systemd"
} else := message.of("{field} removes {name}", {"field": _field(agent, "drop"), "name": name}) if {
	_lists(agent.container, "add", "ALL")
} else := message.of("capabilities.add has CAP_{name}; Kubernetes expects {name}, without the prefix", {"name": name}) if {
	_lists(agent.container, "add", $"CAP_{name}")
} else := message.of("{name} is in the pod's securityContext, where Kubernetes ignores capabilities", {"name": name}) if {
	_in_pod_context(agent.pod, name)
} else := _elsewhere(name, others[0]) if {
	others := _other_holders(agent, name)
	count(others) > 0
} else := message.of("{field} has no {name}", {"field": _field(agent, "add"), "name": name})

_elsewhere(name, other) := message.of(
	"{name} is on the init container {container} only; the agent's container needs it",
	{"name": name, "container": other.name},
) if {
	other.field == "initContainers"
} else := message.of(
	"{name} is on the container {container} only; the agent's container needs it",
	{"name": name, "container": other.name},
)

# METADATA
# title: User of the agent's process
# description: The user ID, from the container or the pod; null if the image decides.
user(agent) := value.at(agent.container, _paths.user, value.at(agent.pod, _paths.user, null))

# METADATA
# scope: document
# title: Added and dropped by one container
# description: True when the container's own securityContext grants the capability.
granted_by(container, name) if {
	_privileged(container)
} else if {
	_adds(container, name)
	not _lists(container, "drop", name)
}

_adds(container, name) if {
	_lists(container, "add", name)
} else if {
	_lists(container, "add", "ALL")
}

# Why no capability of the container counts on the host.
_void(agent) := {reason | some reason in [_user_reason(agent), _user_namespace_reason(agent)]; reason != ""}

_user_reason(agent) := "" if {
	user(agent) in {null, 0}
} else := message.of("the process runs as user {user}, not as root", {"user": value.shown(user(agent))})

_user_namespace_reason(agent) := form.words(agent, {
	"kubernetes": message.text("hostUsers is false, so it counts only in the pod's user namespace"),
	"compose": message.text("the service has its own user namespace"),
	"systemd": message.text("PrivateUsers= is set, so it counts only in the unit's user namespace"),
}) if {
	value.at(agent.pod, "hostUsers", true) == false
} else := ""

_privileged(container) if value.true_at(container, _paths.privileged)

_lists(container, verb, name) if {
	some spelt in value.strings_at(container, _paths[verb])
	upper(spelt) == name
}

_paths := {
	"add": ["securityContext", "capabilities", "add"],
	"drop": ["securityContext", "capabilities", "drop"],
	"privileged": ["securityContext", "privileged"],
	"user": ["securityContext", "runAsUser"],
}

_in_pod_context(pod, name) if {
	some spelt in value.strings_at(pod, ["securityContext", "capabilities", "add"])
	trim_prefix(upper(spelt), "CAP_") in {name, "ALL"}
}

_in_pod_context(pod, _) if value.true_at(pod, ["securityContext", "privileged"])

_other_holders(agent, name) := [{"field": field, "name": value.string_at(container, "name")} |
	some field in ["containers", "initContainers", "ephemeralContainers"]
	some container in value.objects_at(agent.pod, field)
	container != agent.container
	granted_by(container, name)
]
