# METADATA
# title: Changes of the agent's file
# description: >-
#   Verdicts with the change of one key in `deepflow-agent.yaml`, where the input has the file: in a
#   ConfigMap, or as a file of a host. Elsewhere a verdict stays as it is.
package dfpolicy.lib.file_changes

import data.dfpolicy.lib.agent_file
import data.dfpolicy.lib.change
import data.dfpolicy.lib.identity
import data.dfpolicy.lib.result

# METADATA
# title: Server addresses
# description: The question for the addresses of the server.
addresses := {
	"key": "controller-ips",
	"text": "Addresses of the server's nodes, or of its load balancer",
	"type": "addresses",
}

# METADATA
# title: Cluster ID
# description: The question for the ID of the cluster.
cluster_id := {
	"key": "kubernetes-cluster-id",
	"text": "ID of the cluster, as `deepflow-ctl domain list` or `subdomain list` shows it",
	"type": "text",
}

# METADATA
# title: Cluster name
# description: The question for the name of the cluster.
cluster_name := {
	"key": "kubernetes-cluster-name",
	"text": "Name of the cluster, as `deepflow-ctl domain list` shows it",
	"type": "text",
}

# METADATA
# title: Agent group
# description: The question for the agent group.
agent_group := {
	"key": "vtap-group-id-request",
	"text": "ID of the agent group, as `deepflow-ctl agent-group list` shows it",
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

_known(agent) if agent_file.text_path(agent)

_known(agent) if agent_file.document(agent)

_at(agent, key, content) := object.union(
	change.inside([key], change.set(identity.subject(agent_file.config_map(agent)), agent_file.text_path(agent), null)),
	content,
) if {
	agent_file.text_path(agent)
} else := object.union(change.set(identity.subject(agent_file.document(agent)), ["spec", key], null), content)
