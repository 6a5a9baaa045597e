# METADATA
# title: The cluster as the server knows it
# description: >-
#   The cluster id and name in an agent's configuration, and the other agents of the input with the
#   same id or name.
package dfpolicy.lib.cluster

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.message
import data.dfpolicy.lib.value

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

# METADATA
# title: Names of an id
# description: >-
#   The sorted names that agents with this id have. The server treats them as one cluster even
#   when there are several names.
names_of(identifier) := sort({name(workload) |
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
# title: Id of several clusters
# description: The finding that the workload's cluster id has several names. Undefined otherwise.
shared_id(workload) := message.of(
	"several clusters have kubernetes-cluster-id {id}: {names}",
	{"id": id(workload), "names": message.whole(names)},
) if {
	names := names_of(id(workload))
	count(names) > 1
}
