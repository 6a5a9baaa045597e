# METADATA
# title: Why the agent rejects its configuration file
# description: >-
#   What the agent's strict decoder does not accept: the form of the document, repeated keys, and
#   values of another type. The agent stops at start if there is any such fault. The decoder changed
#   in v6.6, from serde_yaml 0.8 to 0.9.
package dfpolicy.lib.agent_faults

import data.dfpolicy.lib.address
import data.dfpolicy.lib.agent_file
import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.value
import data.dfpolicy.tables.config_keys

# METADATA
# title: Fault of the document
# description: The finding that the agent cannot decode the file at all. Undefined when it can.
of_document(agent) := in_document(agent, agent_file.decoded(agent))

# METADATA
# title: Fault of a decoded document
# description: The same for the agent's file, which the caller already has.
in_document(agent, file) := _placed(problem, _problem(agent_file.name(agent), problem)) if {
	problem := file.problem
} else := message.of("the top level of {file} is not a mapping of keys", {"file": agent_file.name(agent)}) if {
	file.root in {"list", "null", "scalar"}
} else := message.of("{file} has no content, and agents before v6.6 reject that", {"file": agent_file.name(agent)}) if {
	file.root == "nothing"
	_before(agent, [6, 6])
}

_problem(file, problem) := message.of("{file} is not valid YAML", {"file": file}) if {
	problem.reason == "yaml"
	problem.detail == ""
} else := message.of("{file} is not valid YAML ({detail})", {"file": file, "detail": problem.detail}) if {
	problem.reason == "yaml"
} else := message.of("{file} has more than one YAML document", {"file": file}) if {
	problem.reason == "documents"
} else := message.of("{file} has a key that is not a string", {"file": file})

_placed(place, fault) := message.of("line {line}: {fault}", {"line": place.line, "fault": fault}) if {
	place.line
} else := fault

# METADATA
# title: Faults of a key
# description: The findings that the agent rejects the file because of this key.
of_key(agent, key) := _of_key(agent, agent_file.decoded(agent), key)

_of_key(agent, file, key) := array.flatten([
	[_placed(entry, message.of("{key} is repeated", {"key": key})) |
		some i, entry in entries
		i > 0
	],
	[_placed(entry, message.of("{key} is {value}, but must be {type}", {
		"key": key,
		"value": _shown(entry.value),
		"type": _types[type],
	})) |
		some entry in entries
		type := config_keys.keys[key].type
		not _typed(agent, type, entry.value)
	],
	[fault | key == "controller-ips"; some fault in _addresses(agent, file)],
]) if {
	entries := _entries(agent, file, key)
}

_addresses(agent, file) := [_placed(entry, message.of(
	"controller-ips contains {address}, which is neither an IP address nor a host name",
	{"address": _shown(item)},
)) |
	some entry in _listed(agent, file)
	some item in entry.value
	given := _text(item)
	not _reachable(given, item)
]

_listed(agent, file) := [entry | some entry in _entries(agent, file, "controller-ips"); is_array(entry.value)]

_families(agent, file) := {family |
	some entry in _listed(agent, file)
	some item in entry.value
	family := address.family(_text(item))
	family != "name"
}

# METADATA
# title: Faults
# description: All findings that make the agent reject its file.
of_file(agent) := _of_file(agent, agent_file.decoded(agent)) if {
	agent_file.decoded(agent)
} else := []

_of_file(agent, file) := [fault] if {
	fault := in_document(agent, file)
} else := array.concat(
	[fault | some key in _given(file); some fault in _of_key(agent, file, key)],
	[message.text("controller-ips mixes IPv4 and IPv6 addresses") | count(_families(agent, file)) > 1],
)

# METADATA
# title: Faults of controller-ips only
# description: True when the agent accepts the file apart from controller-ips, which is there once.
only_addresses(agent) if {
	file := agent_file.decoded(agent)
	not in_document(agent, file)
	count(_entries(agent, file, "controller-ips")) == 1
	count([fault | some key in _given(file); key != "controller-ips"; some fault in _of_key(agent, file, key)]) == 0
}

_given(file) := sort({entry.key | some entry in file.entries; config_keys.keys[entry.key]})

# METADATA
# title: Values that cannot be checked
# description: The known keys with a YAML tag, which the releases of the agent read differently.
tagged(agent) := sort({entry.key |
	file := agent_file.decoded(agent)
	some key in _given(file)
	some entry in _entries(agent, file, key)
	some item in array.flatten([entry.value])
	item.tagged
})

# METADATA
# title: Ignored keys
# description: The findings that the agent's release does not know a key of the file.
ignored(agent) := [_strange(entry.key) |
	some entry in agent_file.decoded(agent).entries
	not _known(agent, entry.key)
]

_known(agent, key) if {
	config_keys.keys[key]
	not _before(agent, config_keys.keys[key].since)
}

_strange(key) := message.of("unknown key {key} (only from agent v{release} on)", {
	"key": key,
	"release": image.version_text(config_keys.keys[key].since),
}) if {
	config_keys.keys[key]
} else := message.of("unknown key {key} (nearest known key: {nearest})", {"key": key, "nearest": config_keys.nearest(key)}) if {
	config_keys.nearest(key)
} else := message.of("unknown key {key}", {"key": value.plain(key)})

# A release without the key ignores it.
_entries(agent, file, key) := [entry |
	not _before(agent, config_keys.keys[key].since)
	some entry in file.entries
	entry.key == key
]

_before(agent, release) if {
	agent.version != null
	agent.version < release
}

_types := {
	"boolean": message.text("true or false, without quotes"),
	"identifier": message.text("ip or ip-and-mac"),
	"list": message.text("a list of strings"),
	"optional": message.text("a string"),
	"port": message.text("a whole number from 0 to 65535, without quotes"),
	"string": message.text("a string"),
}

_typed(_, "list", given) if {
	is_array(given)
	every item in given {
		is_string(_text(item))
	}
}

_typed(agent, "list", {"plain": ""}) if not _before(agent, [6, 6])

_typed(_, type, given) if {
	type in {"optional", "string"}
	is_string(_text(given))
}

_typed(_, "identifier", given) if _text(given) in {"ip", "ip-and-mac", "ip_and_mac"}

_typed(_, "port", {"plain": digits}) if {
	regex.match(`^\+?(0|[1-9][0-9]{0,4})$`, digits)
	to_number(trim_left(digits, "+")) <= 65535
}

_typed(_, "port", {"plain": digits}) if regex.match(`^(0x0*[0-9A-Fa-f]{1,4}|0o0*1?[0-7]{1,5}|0b0*[01]{1,16})$`, digits)

_typed(_, "boolean", {"plain": given}) if given in {"false", "true"}

_typed(agent, "boolean", {"plain": given}) if {
	given in {"FALSE", "False", "TRUE", "True"}
	not _before(agent, [6, 6])
}

_typed(_, _, given) if given.tagged

_text(given) := given if {
	is_string(given)
} else := given.plain if {
	is_string(given.plain)
} else := given.tagged

_shown(given) := value.shown(given) if {
	is_string(given)
} else := given.plain if {
	value.string_at(given, "plain") != ""
} else := message.text("empty") if {
	given.plain == ""
} else := message.text("a list") if {
	is_array(given)
} else := message.text("a mapping")

_reachable(given, _) if address.family(given) != "name"

# The C library reads a last part of digits as an address, with leading zeros in octal.
_reachable(given, item) if {
	every label in split(trim_suffix(given, "."), ".") {
		regex.match(`^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?$`, label)
		count(label) <= 63
	}
	not regex.match(`(^|\.)(0[xX][0-9A-Fa-f]*|[0-9]+)\.?$`, given)
	count(given) <= 253
	not _null(item)
}

_null(item) if config_keys.null_word(item.plain)
