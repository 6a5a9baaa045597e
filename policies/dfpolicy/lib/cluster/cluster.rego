# METADATA
# title: The cluster as the server knows it
# description: >-
#   The cluster id and name in an agent's configuration, and the other agents of the input with the
#   same id or name.
package dfpolicy.lib.cluster

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.file_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

# METADATA
# title: Subject
# description: The subject of results about the cluster.
subject := {"kind": "Cluster", "name": "*"}

# METADATA
# title: Id
# description: The value of `kubernetes-cluster-id`, empty when it is not set.
id(workload) := _given(workload, "kubernetes-cluster-id")

# METADATA
# title: Name
# description: The value of `kubernetes-cluster-name`, empty when it is not set.
name(workload) := _given(workload, "kubernetes-cluster-name")

_given(workload, key) := given[0] if {
	given := [value.plain(found) |
		some found in agent_config.values(workload, key)
		found != null
	]
	count(given) > 0
} else := ""

_names_of(identifier) := sort({name(workload) |
	some workload in agent.workloads
	id(workload) == identifier
	name(workload) != ""
})

# METADATA
# title: Ids of a name
# description: The sorted ids that agents with this name have.
ids_of(label) := sort({id(workload) |
	some workload in agent.workloads
	name(workload) == label
	id(workload) != ""
})

# METADATA
# title: Fault of an id
# description: The finding that the server does not accept the workload's cluster id. Undefined otherwise.
id_fault(workload) := message.of("kubernetes-cluster-id is {id}, which the server does not accept", {"id": id(workload)}) if {
	not regex.match(`^[0-9a-zA-Z][-0-9a-zA-Z]{0,31}$`, id(workload))
} else := message.of("kubernetes-cluster-id is the placeholder {id}", {"id": id(workload)}) if {
	placeholders.found(id(workload))
} else := _shared_id(workload) if {
	_shared_id(workload)
} else := message.of(
	"kubernetes-cluster-id is {id}; agents before v6.6 accept only an ID that begins with d-",
	{"id": id(workload)},
) if {
	not startswith(id(workload), "d-")
	some other in _sharing(workload)
	agent.versioned(other)
	not agent.at_least(other, [6, 6])
}

# METADATA
# title: Doubt about an id
# description: The unknown verdict when the agent's version decides whether the id counts, and is unknown.
id_doubt(workload) := agent.version_unknown({"image": undated[0]}) if {
	not startswith(id(workload), "d-")
	undated := sort([other.image |
		some other in _sharing(workload)
		not agent.versioned(other)
	])
	count(undated) > 0
}

# METADATA
# title: Shown id
# description: The finding that shows the workload's cluster id.
shown_id(workload) := message.of("kubernetes-cluster-id is {id}", {"id": id(workload)})

_sharing(workload) := [other |
	some other in agent.workloads
	agent_config.subject(other) == agent_config.subject(workload)
]

_shared_id(workload) := message.of(
	"several clusters have kubernetes-cluster-id {id}: {names}",
	{"id": id(workload), "names": message.whole(names)},
) if {
	names := _names_of(id(workload))
	count(names) > 1
}

# METADATA
# title: Asked ID
# description: The violation with the change after which kubernetes-cluster-id has the ID of the answer.
asked_id(workload, verdict) := file_changes.asked(workload, file_changes.cluster_id, verdict)
