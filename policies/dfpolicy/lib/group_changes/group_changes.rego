# METADATA
# title: Changes of an agent group
# description: >-
#   Verdicts with a change of the agent group's configuration, where the input has it. A setting is
#   changed where agents of this version read it.
package dfpolicy.lib.group_changes

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.change
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.group_keys

_given(workloads, cause, settings, verdict) := result.fixed_by(change.manifests(cause, _set(workloads, settings)), verdict) if {
	result.fixable(verdict)
	_shown(workloads)
} else := verdict

_set(workloads, settings) := [change.set(_subject(workload), _path(workload, name), settings[name]) |
	some workload in workloads
	agent_group.document(workload)
	some name in sort(object.keys(settings))
]

# METADATA
# title: Resources of hosts
# description: After the change, the agent's group collects resources from hosts.
collecting(workload, verdict) := _given([workload], "group-resource-sync", {"workload_resource_sync_enabled": true}, verdict)

# METADATA
# title: Answers as settings
# description: After the change, these settings have the answer to the question {key, text, type}.
asked(workloads, names, question, verdict) := result.fixed_by(
	change.asking(question, change.manifests($"group-{question.key}", [
	change.answered(_subject(workload), _path(workload, name), question.key) |
		some workload in workloads
		agent_group.document(workload)
		some name in names
	])),
	verdict,
) if {
	result.fixable(verdict)
	_shown(workloads)
} else := verdict

# METADATA
# title: Given settings and answers
# description: After the change, the groups have the given settings, and these settings have the answer.
given_and_asked(workloads, settings, names, question, verdict) := result.fixed_by(
	change.asking(question, change.manifests($"group-{question.key}", array.concat(
		[change.set(_subject(workload), _path(workload, name), settings[name]) |
			some workload in workloads
			agent_group.document(workload)
			some name in sort(object.keys(settings))
		],
		[change.answered(_subject(workload), _path(workload, name), question.key) |
			some workload in workloads
			agent_group.document(workload)
			some name in names
		],
	))),
	verdict,
) if {
	result.fixable(verdict)
	_shown(workloads)
} else := verdict

# METADATA
# title: Renamed settings
# description: After the change, the settings that agents of this version ignore are where they read them.
renamed(workload, verdict) := result.fixed_by(change.manifests("group-keys", moves), verdict) if {
	result.fixable(verdict)
	agent.recent(workload)
	moves := [move |
		some name in sort(object.keys(group_keys.former))
		held := value.at(agent_group.configuration(workload), group_keys.former[name], null)
		held != null
		some move in [
			change.set(_subject(workload), array.concat(["spec"], group_keys.paths[name]), held),
			change.remove(_subject(workload), array.concat(["spec"], group_keys.former[name])),
		]
	]
	count(moves) > 0
} else := verdict

_shown(workloads) if {
	some workload in workloads
	agent_group.document(workload)
}

_subject(workload) := {
	"apiVersion": agent_group.document(workload).apiVersion,
	"kind": agent_group.document(workload).kind,
	"name": agent_group.document(workload).metadata.name,
}

_path(workload, name) := array.concat(["spec"], group_keys.former[name]) if {
	agent.former(workload)
} else := array.concat(["spec"], group_keys.paths[name])
