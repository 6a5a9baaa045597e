# METADATA
# title: Agents of systemd
# description: >-
#   The units that start the agent, in the shape of a Kubernetes workload. A systemd service is a
#   root process on the host with all rights, except those that its settings remove. This reads
#   User=, the capability sets, LimitMEMLOCK=, PrivateNetwork=, PrivateUsers=, ProtectSystem=,
#   ProtectKernelTunables= and ProtectKernelLogs=.
package dfpolicy.lib.systemd

import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.value

# METADATA
# title: Agent units
# description: One entry {resource, template, form} for each unit that starts deepflow-agent.
workloads := [{"resource": resource, "template": _template(resource, started[0]), "form": "systemd"} |
	some resource in recognition.resources
	resource.kind == "SystemdUnit"
	resource.apiVersion == "dfpolicy.dev/v1"
	started := [command | some command in _commands(resource); _program(command) == "deepflow-agent"]
	count(started) > 0
]

# METADATA
# title: Settings
# description: The values of a key in a section; an empty value discards those before it.
settings(resource, section, key) := array.slice(given, start, count(given)) if {
	given := value.strings_at(resource, ["spec", section, key])
	start := max(array.concat([0], [next | some i, item in given; item == ""; next := i + 1]))
}

# METADATA
# title: Setting
# description: The last value of a key in a section; empty when it is not set.
setting(resource, section, key) := given[count(given) - 1] if {
	given := settings(resource, section, key)
	count(given) > 0
} else := ""

_commands(resource) := [array.concat([trim_left(words[0], "@-:+!|")], array.slice(words, 1, count(words))) |
	some line in settings(resource, "Service", "ExecStart")
	words := value.words(line)
	count(words) > 0
]

_true_setting(resource, key) := lower(setting(resource, "Service", key)) in {"1", "yes", "y", "true", "t", "on"}

_program(command) := segments[count(segments) - 1] if segments := split(command[0], "/")

_template(resource, command) := {
	"metadata": {"annotations": {}},
	"spec": {
		"hostPID": true,
		"hostNetwork": _unset(resource, "PrivateNetwork"),
		"hostUsers": lower(setting(resource, "Service", "PrivateUsers")) in {"", "0", "no", "n", "false", "f", "off"},
		"volumes": [object.union(entry.volume, {"name": entry.path}) | some entry in _mounts(resource)],
		"containers": [object.union(_memory_lock(resource), {
			"args": command,
			"tunables": _unset(resource, "ProtectKernelTunables"),
			"ambient": [name | some name in _capabilities(resource, "AmbientCapabilities"); _bounded(resource, name)],
			"volumeMounts": [{"name": entry.path, "mountPath": entry.path, "readOnly": entry.readOnly} | some entry in _mounts(resource)],
			"securityContext": {
				"privileged": _unrestricted(resource),
				"runAsUser": _user(resource),
				"readOnlyRootFilesystem": _strict(resource),
				"capabilities": {"add": ["ALL"], "drop": _taken(resource)},
			},
		})],
	},
}

# The limit is `LIMIT` or `SOFT:HARD`; a process may raise its soft limit to the hard one.
_memory_lock(resource) := {"memlock": "infinity"} if {
	limits := split(setting(resource, "Service", "LimitMEMLOCK"), ":")
	limits[count(limits) - 1] == "infinity"
} else := {}

_unset(resource, key) := false if {
	_true_setting(resource, key)
} else := true

default _strict(_) := false

_strict(resource) if lower(setting(resource, "Service", "ProtectSystem")) == "strict"

# An unrestricted root process on the host has the same rights as a privileged container.
_unrestricted(resource) if {
	_user(resource) == 0
	count(_taken(resource)) == 0
	_unset(resource, "ProtectKernelTunables")
} else := false

_user(resource) := "DynamicUser" if {
	_true_setting(resource, "DynamicUser")
} else := 0 if {
	setting(resource, "Service", "User") in {"", "root", "0"}
} else := to_number(setting(resource, "Service", "User")) if {
	regex.match(`^[1-9][0-9]{0,9}$`, setting(resource, "Service", "User"))
} else := setting(resource, "Service", "User")

# The capabilities that requirements check and the unit's settings remove.
_taken(resource) := [name |
	some name in [
		"BPF", "IPC_LOCK", "NET_ADMIN", "NET_RAW", "PERFMON",
		"SYSLOG", "SYS_ADMIN", "SYS_PTRACE", "SYS_RESOURCE",
	]
	_lost(resource, name)
]

_lost(resource, name) if not _bounded(resource, name)

_lost(resource, "SYSLOG") if _true_setting(resource, "ProtectKernelLogs")

# A list without `~` keeps its capabilities, one with `~` removes them. An empty line removes all,
# a single `~` keeps all. So the last line that affects a capability decides, and the first line
# affects every capability.
_bounded(resource, name) if {
	said := _said(resource, name)
	count(said) > 0
	said[count(said) - 1]
}

_bounded(resource, name) if count(_said(resource, name)) == 0

_said(resource, name) := [held |
	lines := value.strings_at(resource, ["spec", "Service", "CapabilityBoundingSet"])
	some i, line in lines
	_decides(lines, i, name)
	held := _listed(line, name) != startswith(line, "~")
]

_decides(_, 0, _)

_decides(lines, i, _) if lines[i - 1] == "~"

_decides(lines, i, _) if lines[i] in {"", "~"}

_decides(lines, i, name) if _listed(lines[i], name)

_listed(line, name) if {
	some word in value.words(trim_left(line, "~"))
	trim_prefix(upper(word), "CAP_") == name
} else := false

_capabilities(resource, key) := [trim_prefix(upper(name), "CAP_") |
	some line in settings(resource, "Service", key)
	not startswith(line, "~")
	some name in value.words(line)
]

_mounts(resource) := array.flatten([
	[
		_host("/", _strict(resource)),
		_host("/sys", _true_setting(resource, "ProtectKernelTunables")),
	],
	[{"path": "/tmp", "readOnly": false, "volume": {"emptyDir": {}}} | _true_setting(resource, "PrivateTmp")],
	[_host(trim_left(path, "-+"), false) | some path in _paths(resource, "ReadWritePaths")],
	[_host($"/var/log/{path}", false) | some path in _paths(resource, "LogsDirectory")],
])

_host(path, read_only) := {"path": path, "readOnly": read_only, "volume": {"hostPath": {"path": path}}}

_paths(resource, key) := [path |
	some line in settings(resource, "Service", key)
	some path in value.words(line)
]
