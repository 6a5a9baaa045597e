# METADATA
# title: Changes of the agent's file
# description: >-
#   Verdicts with the change of one key in `deepflow-agent.yaml`, where the input has the file: in a
#   ConfigMap, or as a file of a host. Elsewhere a verdict stays as it is.
package dfpolicy.lib.file_changes

import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_faults
import data.dfpolicy.lib.agent_file
import data.dfpolicy.lib.change
import data.dfpolicy.lib.identity
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.tables.config_keys

# METADATA
# title: Server addresses
# description: The question for the addresses of the server.
addresses := {
	"key": "controller-ips",
	"text": message.text("Addresses of the server's nodes, or of its load balancer"),
	"type": "addresses",
}

# METADATA
# title: Cluster ID
# description: The question for the ID of the cluster.
cluster_id := {
	"key": "kubernetes-cluster-id",
	"text": message.text("ID of the cluster, as `deepflow-ctl domain list` or `subdomain list` shows it"),
	"type": "text",
}

# METADATA
# title: Cluster name
# description: The question for the name of the cluster.
cluster_name := {
	"key": "kubernetes-cluster-name",
	"text": message.text("Name of the cluster, as `deepflow-ctl domain list` shows it"),
	"type": "text",
}

# METADATA
# title: Agent group
# description: The question for the agent group.
agent_group := {
	"key": "vtap-group-id-request",
	"text": message.text("ID of the agent group, as `deepflow-ctl agent-group list` shows it"),
	"type": "text",
}

# METADATA
# title: Answer as a value
# description: >-
#   After the change, the key has the answer to the question {key, text, type}, which is named like
#   the key.
asked(agent, question, verdict) := result.fixed_by(
	change.asking(question, change.manifests($"file-{question.key}", [_at(agent, question.key, {"answer": question.key})])),
	verdict,
) if {
	result.fixable(verdict)
	_known(agent)
} else := verdict

# METADATA
# title: Given values
# description: After the change, each key of the object has its value.
given(agent, values, verdict) := result.fixed_by(
	change.manifests(
		concat("-", array.concat(["file"], sort(object.keys(values)))),
		[_at(agent, key, {"value": values[key]}) | some key in sort(object.keys(values))],
	),
	verdict,
) if {
	result.fixable(verdict)
	_known(agent)
} else := verdict

# METADATA
# title: Renamed keys
# description: After the change, unknown keys that are similar to a missing known key have its name. Others stay.
renamed(agent, verdict) := result.fixed_by(
	change.manifests(
		concat("-", array.concat(["file"], sort(object.keys(renames)))),
		[operation |
			some key in sort(object.keys(renames))
			some operation in [_at(agent, renames[key].key, {"value": renames[key].value}), _without(agent, key)]
		],
	),
	verdict,
) if {
	result.fixable(verdict)
	_known(agent)
	renames := {entry.key: {"key": name, "value": held} |
		some entry in agent_file.decoded(agent).entries
		not config_keys.keys[entry.key]
		name := config_keys.nearest(entry.key)
		not name in {other.key | some other in agent_file.decoded(agent).entries}
		held := _plain(entry.value)
	}
	count(renames) == count(agent_faults.ignored(agent))
	count({entry.key | some entry in renames}) == count(renames)
} else := verdict

_plain(given) := texts if {
	is_array(given)
	texts := [text | some item in given; text := _scalar(item); is_string(text)]
	count(texts) == count(given)
} else := _scalar(given)

_scalar(given) := given if {
	is_string(given)
} else := json.unmarshal(given.plain) if {
	regex.match(`^(0|[1-9][0-9]{0,9}|true|false)$`, given.plain)
} else := given.plain if {
	regex.match(`^[A-Za-z0-9][A-Za-z0-9.:_-]*$`, given.plain)
	not config_keys.null_word(given.plain)
}

# METADATA
# title: Addresses that the agent accepts
# description: >-
#   After the change, the agent accepts controller-ips, if that is all it rejects. A single address
#   becomes a list; for the rest, the operator is asked.
addressed(agent, verdict) := verdict if {
	not agent_faults.only_addresses(agent)
} else := given(agent, {"controller-ips": [address]}, verdict) if {
	[entry] := [entry | some entry in agent_file.decoded(agent).entries; entry.key == "controller-ips"]
	address := _plain(entry.value)
	agent_config.literal(address)
} else := asked(agent, addresses, verdict)

_known(agent) if agent_file.text_path(agent)

_known(agent) if agent_file.document(agent)

_at(agent, key, content) := object.union(
	change.inside([key], change.set(identity.subject(agent_file.config_map(agent)), agent_file.text_path(agent), null)),
	content,
) if {
	agent_file.text_path(agent)
} else := object.union(change.set(identity.subject(agent_file.document(agent)), ["spec", key], null), content)

_without(agent, key) := change.inside([key], change.remove(identity.subject(agent_file.config_map(agent)), agent_file.text_path(agent))) if {
	agent_file.text_path(agent)
} else := change.remove(identity.subject(agent_file.document(agent)), ["spec", key])
