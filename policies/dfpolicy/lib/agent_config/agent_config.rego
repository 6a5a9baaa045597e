# METADATA
# title: The agent's configuration file
# description: >-
#   Finds deepflow-agent.yaml in the ConfigMap that the agent mounts, and parses it. The file is
#   flat: scalars and lists of scalars under top-level keys. WebAssembly has no built-in YAML
#   decoder, so this file parses these lines itself. Any other value is marked as opaque, and
#   requirements that need it are unknown.
package dfpolicy.lib.agent_config

import data.dfpolicy.lib.form
import data.dfpolicy.lib.identity
import data.dfpolicy.lib.message
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

_file := "deepflow-agent.yaml"

_directory := "/etc/deepflow-agent"

# METADATA
# title: Subject
# description: The subject of results about an agent's configuration. Its ConfigMap or file when known, else the agent.
subject(agent) := object.remove(identity.subject(_document(agent)), ["namespace"]) if {
	_document(agent)
} else := {
	"apiVersion": "v1",
	"kind": "ConfigMap",
	"namespace": agent.subject.namespace,
	"name": _name(agent),
} if {
	_name(agent) != ""
} else := agent.subject

# METADATA
# title: Text of the configuration
# description: The content of the file. Undefined when it is not in the input.
text(agent) := content if {
	content := _config_map(agent).data[_key(agent)]
	is_string(content)
}

# METADATA
# title: ConfigMap without the file
# description: True when the ConfigMap is in the input without the key of the file.
lacking(agent) if {
	_config_map(agent)
	not text(agent)
}

# METADATA
# title: The configuration as a missing fact
# description: The unknown verdict when the input has no ConfigMap and no readable file.
unknown(agent) := result.unknown(
	"the agent's file (its values are not plain strings and lists)",
	"cat /etc/deepflow-agent.yaml",
) if {
	_document(agent)
} else := result.unknown(message.of("the agent's file {path}", {"path": file(agent)}), $"cat {_on_host(agent)}") if {
	form.host(agent)
} else := result.unknown("the content of deepflow-agent.yaml (it is not plain keys and lists)", _command(agent)) if {
	text(agent)
} else := result.unknown("the ConfigMap that contains deepflow-agent.yaml", _command(agent))

# METADATA
# title: Unknown value of a key
# description: >-
#   The unknown verdict when the input does not show the value of the key. Undefined when it
#   does, and when the ConfigMap has no such file.
doubt(agent, key) := unknown(agent) if {
	not lacking(agent)
	not entries(agent)
} else := unknown(agent) if {
	opaque(agent, key)
}

# METADATA
# title: File of the configuration
# description: The path of the configuration file in the agent's container or on its host.
file(agent) := given[count(given) - 1] if {
	given := _options(value.strings_at(agent.container, ["args"]))
	count(given) > 0
} else := "/etc/deepflow-agent.yaml" if {
	agent.form == "systemd"
} else := _path

_options(words) := [path |
	some i, word in words
	some path in array.concat(
		[words[i + 1] | word in {"-f", "--config-file"}],
		[trim_prefix(word, "--config-file=") | startswith(word, "--config-file=")],
	)
]

# The file of the host that is mounted at the agent's path.
_on_host(agent) := path if {
	path := value.string_at(mount.volume(agent, mount.over(agent, file(agent))), ["hostPath", "path"])
	agent.form == "compose"
	path != ""
} else := file(agent)

# The AgentConfig of an agent on a host: the only one, or the one with the name of its file.
_document(agent) := _documents[0] if {
	form.host(agent)
	count(_documents) == 1
} else := named[0] if {
	form.host(agent)
	segments := split(_on_host(agent), "/")
	named := [document |
		some document in _documents
		document.metadata.name == trim_suffix(segments[count(segments) - 1], ".yaml")
	]
	count(named) == 1
}

_documents := [resource |
	some resource in settings.resources
	resource.kind == "AgentConfig"
	resource.apiVersion == "dfpolicy.dev/v1"
]

_command(agent) := $"kubectl get configmap -n {agent.subject.namespace} {_name(agent)} -o yaml" if {
	_name(agent) != ""
} else := $"kubectl get configmaps -n {agent.subject.namespace} -o yaml"

_path := concat("/", [_directory, _file])

# The ConfigMap that is mounted. A ConfigMap that the agent does not mount does not count.
_name(agent) := value.string_at(_volume(agent), ["configMap", "name"])

_volume(agent) := mount.volume(agent, mount.over(agent, _path)) if {
	mount.over(agent, _path)
} else := {}

# A volume can mount a key of the ConfigMap under another name.
_key(agent) := keys[0] if {
	keys := [key |
		some item in value.objects_at(_volume(agent), ["configMap", "items"])
		value.string_at(item, ["path"]) == _path_in_volume(agent)
		key := value.string_at(item, ["key"])
	]
	count(keys) > 0
} else := _path_in_volume(agent)

_path_in_volume(agent) := value.at(mount.over(agent, _path), ["subPath"], _file)

_config_map(agent) := _config_maps_beside(agent)[[agent.subject.namespace, _name(agent)]]

# A running agent reads a running ConfigMap.
_config_maps_beside(agent) := _running_config_maps if {
	agent.running
} else := _config_maps

_config_maps := _of_name(settings.resources)

_running_config_maps := _of_name(running.resources)

_of_name(resources) := value.indexed([[[identity.namespace(resource), name], resource] |
	some resource in resources
	resource.kind == "ConfigMap"
	name := value.string_at(resource, ["metadata", "name"])
	name != ""
])

# METADATA
# scope: document
# title: Entries of the configuration
# description: >-
#   The top-level entries [{key, value}] in file order: value is a string, a list of strings,
#   null, or {"opaque": true}. Undefined when the file is not in the input or contains anything
#   else.
entries(agent) := found if {
	lines := _significant(text(agent))
	margin := _indent(lines[0])
	starts := [i | some i, line in lines; _indent(line) == margin; regex.match(_key_pattern, _content(line))]
	starts[0] == 0
	every i, line in lines {
		_placed(line, margin, i in starts)
	}
	found := [entry |
		some n, start in starts
		entry := _entry(lines[start], array.slice(lines, start + 1, _end(starts, n, count(lines))))
	]
} else := [] if count(_significant(text(agent))) == 0

# The file of a host is already decoded.
entries(agent) := [{"key": key, "value": _decoded(spec[key])} | some key in sort(object.keys(spec))] if {
	spec := value.object_at(_document(agent), ["spec"])
}

_decoded(given) := [_part(item) | some item in given] if {
	is_array(given)
} else := _part(given)

_part(given) := null if {
	given == null
} else := {"opaque": true} if {
	_composite(given)
} else := value.plain(given)

_composite(given) if is_object(given)

_composite(given) if is_array(given)

# METADATA
# title: Values of a key
# description: The values of the key, more than one for a repeated key.
values(agent, key) := [entry.value | some entry in entries(agent); entry.key == key]

_key_pattern := `^["']?([A-Za-z0-9_.-]+)["']?\s*:(?:\s+(.*))?$`

_significant(content) := [line |
	some raw in split(content, "\n")
	line := trim_right(raw, " \t\r")
	not regex.match(`^\s*(#.*)?$`, line)
	line != "---"
]

_indent(line) := count(line) - count(_content(line))

_content(line) := trim_left(line, " ")

# An unindented line is a key or, as YAML allows, a list item of the key above.
_placed(line, margin, _) if _indent(line) > margin

_placed(line, margin, true) if _indent(line) == margin

_placed(line, margin, false) if {
	_indent(line) == margin
	_item(line)
}

_end(starts, n, _) := starts[n + 1]

_end(starts, n, total) := total if n + 1 == count(starts)

_entry(line, body) := {"key": match[1], "value": _value(_uncommented(match[2]), body)} if {
	match := regex.find_all_string_submatch_n(_key_pattern, _content(line), 1)[0]
}

_value(written, []) := _scalar(written) if not _flow(written)

_value(written, []) := _flow_items(written) if _flow(written)

_value("", body) := [_scalar(_uncommented(item)) | some line in body; item := _item(line)] if {
	count(body) > 0
	every line in body {
		_item(line)
		_indent(line) == _indent(body[0])
	}
} else := {"opaque": true} if count(body) > 0

_value(written, body) := {"opaque": true} if {
	written != ""
	count(body) > 0
}

_item(line) := trim_space(trim_prefix(_content(line), "-")) if {
	regex.match(`^-(\s+[^\s].*)?$`, _content(line))
}

_flow(written) if regex.match(`^\[[^\[\]{}]*\]$`, written)

_flow_items(written) := [item |
	some part in split(trim_suffix(trim_prefix(written, "["), "]"), ",")
	trim_space(part) != ""
	item := _scalar(trim_space(part))
]

_scalar(written) := null if {
	written in {"", "~", "null", "Null", "NULL"}
} else := match[0][1] if {
	match := regex.find_all_string_submatch_n(`^"([^"\\]*)"$`, written, 1)
	count(match) > 0
} else := match[0][1] if {
	match := regex.find_all_string_submatch_n(`^'([^']*)'$`, written, 1)
	count(match) > 0
} else := {"opaque": true} if {
	regex.match(`^[]&*|>!%@\x60{}[,"']|^[-?:]( |$)|:( |$)`, written)
} else := written

_uncommented(written) := match[0][1] if {
	match := regex.find_all_string_submatch_n(`^("[^"]*"|'[^']*')\s*(?:#.*)?$`, written, 1)
	count(match) > 0
} else := "" if {
	startswith(written, "#")
} else := trim_space(split(replace(written, "\t#", " #"), " #")[0])

# METADATA
# title: Controller addresses
# description: The server addresses in controller-ips, empty when there are none.
controllers(agent) := [address |
	some given in values(agent, "controller-ips")
	some address in listed(given)
	is_string(address)
	address != ""
]

# METADATA
# title: Opaque key
# description: True when the key has a value that is neither a plain string nor a plain list.
opaque(agent, key) if {
	some given in values(agent, key)
	some item in listed(given)
	is_object(item)
}

# METADATA
# title: Literal address
# description: True for an IPv4 or IPv6 address, false for a name.
literal(address) if family(address) != "name"

# METADATA
# title: Family of an address
# description: IPv4, IPv6, or name.
family(address) := "IPv4" if {
	regex.match(`^[0-9]{1,3}(\.[0-9]{1,3}){3}$`, address)
} else := "IPv6" if {
	regex.match(`^[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(%.+)?$`, address)
} else := "name"

# METADATA
# title: Items of a value
# description: The value when it is a list, else a list of the value.
listed(given) := given if {
	is_array(given)
} else := [given]
