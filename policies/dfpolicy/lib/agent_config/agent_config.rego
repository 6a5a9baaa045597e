# METADATA
# title: The agent's configuration
# description: >-
#   The values in deepflow-agent.yaml, and what is not known of them. A value that is neither a
#   scalar nor a list of scalars is marked as opaque.
package dfpolicy.lib.agent_config

import data.dfpolicy.lib.address
import data.dfpolicy.lib.agent_faults
import data.dfpolicy.lib.agent_file
import data.dfpolicy.lib.form
import data.dfpolicy.lib.identity
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.tables.config_keys

# METADATA
# title: Subject
# description: The subject of results about an agent's configuration. Its ConfigMap or file when known, else the agent.
subject(agent) := object.remove(identity.subject(agent_file.document(agent)), ["namespace"]) if {
	agent_file.document(agent)
} else := {
	"apiVersion": "v1",
	"kind": "ConfigMap",
	"namespace": agent.subject.namespace,
	"name": agent_file.config_map_name(agent),
} if {
	agent_file.config_map_name(agent) != ""
} else := agent.subject

# METADATA
# title: Worst verdict
# description: >-
#   Of the verdicts on a file that several agents read: a violation if there is one, else an unknown.
worst(verdicts) := min({verdict | some verdict in verdicts; verdict.outcome == outcome}) if {
	outcome := [known | some known in ["violation", "unknown", "pass"]; _outcomes(verdicts)[known]][0]
}

_outcomes(verdicts) := {verdict.outcome | some verdict in verdicts}

# METADATA
# title: ConfigMap without the file
# description: True when the ConfigMap is in the input without the key of the file.
lacking(agent) if agent_file.missing(agent)

# The finding that the agent has no file, or rejects it for its form or for this key.
_unread(agent, key) := agent_file.missing(agent) if {
	agent_file.missing(agent)
} else := agent_faults.of_document(agent) if {
	agent_faults.of_document(agent)
} else := agent_faults.of_key(agent, key)[0]

# METADATA
# title: Violation by an unread value
# description: >-
#   The violation when the agent does not read the key; undefined otherwise. DF-CFG-002 states the
#   cause.
unusable(agent, key, expected) := result.following("DF-CFG-002", result.violation(_unread(agent, key), expected))

# METADATA
# title: The configuration as a missing fact
# description: The unknown verdict when the input has no ConfigMap and no readable file.
unknown(agent) := _unknowns[agent.number] if {
	agent.number
} else := _unknown(agent)

# Computed once for each agent, since many requirements have it.
_unknowns := {agent.number: _unknown(agent) | some agent in running.all_agents}

_unknown(agent) := result.unknown(message.of("a value of {file}, which the agent rejects", {"file": agent_file.name(agent)}), _command(agent)) if {
	agent_faults.of_document(agent)
} else := result.unknown(
	"the agent's file (its values are not plain strings and lists)",
	"cat /etc/deepflow-agent.yaml",
) if {
	agent_file.document(agent)
} else := result.unknown(message.of("the agent's file {path}", {"path": agent_file.path(agent)}), _command(agent)) if {
	form.host(agent)
} else := result.unknown(
	message.of("the content of {file} (it is not plain keys and lists)", {"file": agent_file.name(agent)}),
	_command(agent),
) if {
	agent_file.config_map(agent)
} else := result.unknown(message.of("the ConfigMap that contains {file}", {"file": agent_file.name(agent)}), _command(agent))

_command(agent) := $"cat {result.word(agent_file.on_host(agent))}" if {
	form.host(agent)
} else := $"kubectl get configmap -n {result.word(agent.subject.namespace)} {result.word(agent_file.config_map_name(agent))} -o yaml" if {
	agent_file.config_map_name(agent) != ""
} else := $"kubectl get configmaps -n {result.word(agent.subject.namespace)} -o yaml"

# METADATA
# title: Undecided file
# description: The unknown verdict when the input does not show whether the agent accepts its file. Undefined when it does.
undecided(agent) := unknown(agent) if {
	not entries(agent)
} else := result.unknown(
	message.of("how the agent reads {keys} (with a YAML tag)", {"keys": message.list(agent_faults.tagged(agent))}),
	_command(agent),
) if {
	count(agent_faults.tagged(agent)) > 0
}

# METADATA
# title: Unknown value of a key
# description: >-
#   The unknown verdict when the input does not show the value of the key. Undefined when it
#   does, and when the ConfigMap has no such file.
doubt(agent, key) := unknown(agent) if {
	not lacking(agent)
	not entries(agent)
} else := unknown(agent) if {
	_opaque(agent, key)
}

# METADATA
# title: Entries of the configuration
# description: >-
#   The top-level entries [{key, value}] in file order: value is a string, a list of strings,
#   null, or {"opaque": true}. Undefined when the file is not in the input or cannot be decoded.
entries(agent) := _listed_entries[agent.number] if {
	agent.number
} else := _entries(agent)

# Computed once for each agent, since each value is found in them.
_listed_entries := {agent.number: found | some agent in running.all_agents; found := _entries(agent)}

_entries(agent) := [{"key": entry.key, "value": _value(entry.key, entry.value)} |
	some entry in file.entries
] if {
	file := agent_file.decoded(agent)
	not agent_faults.in_document(agent, file)
}

_value(key, given) := [_scalar(key, item) | some item in given] if {
	is_array(given)
} else := _scalar(key, given)

# The agent reads a plain `null` as this string where a string is required.
_scalar(key, given) := given if {
	is_string(given)
} else := null if {
	given.plain == ""
} else := null if {
	config_keys.null_word(given.plain)
	not config_keys.text(key)
} else := given.plain if {
	is_string(given.plain)
} else := {"opaque": true}

# METADATA
# title: Values of a key
# description: The values of the key, more than one for a repeated key.
values(agent, key) := [entry.value | some entry in entries(agent); entry.key == key]

# METADATA
# title: Controller addresses
# description: The server addresses in controller-ips, empty when there are none.
controllers(agent) := [given |
	some found in values(agent, "controller-ips")
	some given in listed(found)
	is_string(given)
	given != ""
]

# True if the value of a key is neither a scalar nor a list of scalars.
_opaque(agent, key) if {
	some given in values(agent, key)
	some item in listed(given)
	is_object(item)
}

# METADATA
# title: Literal address
# description: True for an IPv4 or IPv6 address, false for a name.
literal(text) if address.family(text) != "name"

# METADATA
# title: Items of a value
# description: The value when it is a list, else a list of the value.
listed(given) := given if {
	is_array(given)
} else := [given]
