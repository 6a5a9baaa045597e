# METADATA
# title: The cluster as the server knows it
# description: >-
#   The id and the name of its cluster that an agent's configuration gives, and what else of
#   the input goes under the same id or name.
package dfpolicy.lib.cluster

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.value

# METADATA
# title: Subject
# description: How results name the cluster.
subject := {"kind": "Cluster", "name": "*"}

# METADATA
# title: Id
# description: What the configuration gives `kubernetes-cluster-id`; empty where it gives nothing.
id(workload) := _given(workload, "kubernetes-cluster-id")

# METADATA
# title: Name
# description: What the configuration gives `kubernetes-cluster-name`; empty where it gives nothing.
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
#   The names, in order, that agents of the input give beside the id. More than one are more
#   than one cluster, which the server takes for one.
names_of(identifier) := sort({name(workload) |
	some workload in agent.workloads
	id(workload) == identifier
	name(workload) != ""
})

# METADATA
# title: Ids of a name
# description: The ids, in order, that agents of the input give beside the name.
ids_of(label) := sort({id(workload) |
	some workload in agent.workloads
	name(workload) == label
	id(workload) != ""
})

# METADATA
# title: Id of several clusters
# description: The finding that the workload's cluster id stands beside several names. Undefined where it does not.
shared_id(workload) := $"kubernetes-cluster-id {id(workload)} stands beside the names {concat(", ", names)}" if {
	names := names_of(id(workload))
	count(names) > 1
}
