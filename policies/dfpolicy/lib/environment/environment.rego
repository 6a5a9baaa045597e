# METADATA
# title: Environment of the agent
# description: >-
#   The variables of the agent's container, as the kubelet and Docker Compose set them: from
#   ConfigMaps, from fields of the pod and literally. A value that the input does not have is
#   unknown. The values of Secrets are always unknown.
package dfpolicy.lib.environment

import data.dfpolicy.lib.config_map
import data.dfpolicy.lib.expansion
import data.dfpolicy.lib.identity
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

# METADATA
# title: Variables of a container
# description: >-
#   For a container of a workload that lib/recognition found: `variables` by name, each with its
#   `value` or with its unresolved `valueFrom`; `open` for the sources in `envFrom` that the input
#   does not have, each with the names that a later source or `env` decides; and `missing` for the
#   required keys that a ConfigMap of the input does not have.
of(found, container) := {
	"variables": value.indexed([pair | some layer in layers; some pair in layer]),
	"open": [object.union(source, {"decided": {pair[0] | some later in array.slice(layers, i + 1, count(layers)); some pair in later}}) |
		some i, source in sources
		_open(found, source)
	],
	"missing": [entry | some entry in entries; _dangling(found, entry); not _optional(entry)],
} if {
	entries := value.objects_at(container, "env")
	sources := value.objects_at(container, "envFrom")
	whole := [_layer(found, source) | some source in sources]
	layers := array.concat(whole, [[[entry.name, entry]] | some entry in _own(found, entries, sources, whole)])
}

# Only Kubernetes expands references between variables.
_own(found, entries, sources, whole) := expansion.entries(
	{
		"known": value.indexed([pair | some layer in whole; some pair in layer]),
		"open": [source | some source in sources; _open(found, source)],
		"links": value.at(found.template, ["spec", "enableServiceLinks"], true),
	},
	set_,
) if {
	set_ := _set(found, entries)
	not found.form
} else := _set(found, entries)

_set(found, entries) := [object.union(_entry(found, entry), {"name": value.string_at(entry, "name")}) |
	some entry in entries
	not _dangling(found, entry)
]

_open(found, source) if {
	not _data(found, source)
	some kind in ["configMapRef", "secretRef", "file"]
	is_object(source[kind])
}

_layer(found, source) := [[name, {"name": name, "value": text}] |
	some key, text in _data(found, source)
	name := concat("", [value.string_at(source, "prefix"), key])
]

_data(found, source) := value.object_at(_map(found, value.string_at(source, ["configMapRef", "name"])), "data")

_map(found, name) := config_map.of(found, identity.namespace(found.resource), name)

_entry(found, entry) := {"name": entry.name, "value": text} if {
	reference := value.object_at(entry, ["valueFrom", "configMapKeyRef"])
	text := value.at(_map(found, value.string_at(reference, "name")), ["data", value.string_at(reference, "key")], null)
	text != null
} else := {"name": entry.name, "value": text} if {
	text := _field(found, value.string_at(entry, ["valueFrom", "fieldRef", "fieldPath"]))
} else := entry

_field(found, "metadata.namespace") := identity.namespace(found.resource)

_field(found, path) := value.string_at(found.template, ["metadata", match[1], match[2]]) if {
	some match in regex.find_all_string_submatch_n(`^metadata\.(labels|annotations)\['([^']+)'\]$`, path, 1)
}

# The ConfigMap is in the input and does not have the key. The kubelet skips an optional entry.
_dangling(found, entry) if {
	reference := value.object_at(entry, ["valueFrom", "configMapKeyRef"])
	map := _map(found, value.string_at(reference, "name"))
	value.at(map, ["data", value.string_at(reference, "key")], null) == null
}

_optional(entry) if {
	some source in value.object_at(entry, "valueFrom")
	value.true_at(source, "optional")
}

# METADATA
# title: Value of a variable
# description: The value as a string; empty when the variable is not set or its value is unknown.
text(agent, name) := value.plain(value.at(agent.environment, [name, "value"], ""))

# METADATA
# title: Field of the pod
# description: The field of the pod that the variable contains, for example status.podIP; empty for other variables.
field(agent, name) := value.string_at(agent.environment, [name, "valueFrom", "fieldRef", "fieldPath"])

# METADATA
# title: Variable is set
# description: True if the variable is certainly set, even when its value is unknown.
present(agent, name) if {
	entry := agent.environment[name]
	not _optional(entry)
	value.at(entry, ["valueFrom", "shell"], null) == null
}

# METADATA
# title: Unknown value
# description: >-
#   The unknown verdict when the input does not have the value of the variable, or does not show
#   whether the variable is set. Undefined otherwise.
unknown(agent, name) := result.unknown(
	message.of("the value of {name} ({origin})", {"name": name, "origin": found.origin}),
	found.command,
) if {
	found := _unresolved(agent, name)
}

_unresolved(agent, name) := _origin(agent, sources[count(sources) - 1], name) if {
	sources := [source |
		some source in agent.open_environment
		startswith(name, value.string_at(source, "prefix"))
		not source.decided[name]
	]
	count(sources) > 0
} else := _origin(agent, entry, name) if {
	entry := agent.environment[name]
	value.at(entry, "valueFrom", null) != null
} else := _expression(agent) if {
	_variable(agent, text(agent, name))
}

# Redaction hides the values of annotations.
_variable(agent, given) if {
	agent.form == "compose"
	contains(given, "$")
}

_variable(_, given) if contains(given, "(hidden)")

_expression(agent) := {"origin": message.text("it contains another variable"), "command": _dump(agent)}

_dump(agent) := "docker compose config" if {
	agent.form == "compose"
} else := $"kubectl get pods -n {result.word(agent.subject.namespace)} -o yaml"

_path(key) := result.word(concat("", ["{.data.", replace(key, ".", "\\."), "}"]))

_origin(agent, source, variable) := {
	"origin": message.of("from the ConfigMap {name}, which is not in the input", {"name": name}),
	"command": $"kubectl get configmap -n {result.word(agent.subject.namespace)} {result.word(name)} -o yaml",
} if {
	some name in _names(source, "configMapRef", "configMapKeyRef")
} else := {
	"origin": message.of("from the Secret {name}", {"name": name}),
	"command": $"kubectl get secret -n {result.word(agent.subject.namespace)} {result.word(name)} -o jsonpath={_path(_key(source, variable))}",
} if {
	some name in _names(source, "secretRef", "secretKeyRef")
} else := _expression(agent) if {
	source.valueFrom.variable
} else := {"origin": message.text("from the environment of Docker Compose"), "command": _dump(agent)} if {
	agent.form == "compose"
} else := {"origin": message.text("from a field of the running pod"), "command": _dump(agent)}

_names(source, whole, part) := [name |
	some path in [[whole, "name"], ["valueFrom", part, "name"]]
	name := value.string_at(source, path)
	name != ""
]

_key(source, variable) := key if {
	key := value.string_at(source, ["valueFrom", "secretKeyRef", "key"])
	key != ""
} else := trim_prefix(variable, value.string_at(source, "prefix"))
