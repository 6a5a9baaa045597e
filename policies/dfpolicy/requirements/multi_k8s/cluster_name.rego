# METADATA
# title: The cluster has a name of its own
# description: >-
#   Dashboards show the cluster under its name, and the server finds a domain that was created by
#   hand by it. Two clusters of one name cannot be told apart there.
# custom:
#   id: DF-MK-003
#   level: recommended
#   impact: [AutoTagging]
#   remediation: >-
#     Set `kubernetes-cluster-name` in `deepflow-agent.yaml` to the name of the cluster, or of the
#     domain that was created for it; in the chart `clusterNAME`.
#   modes: [multi-k8s]
package dfpolicy.requirements.multi_k8s.cluster_name

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.domain
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.workloads

_verdict(workload) := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-name")
} else := result.at("required", result.violation(_unlisted(workload), _own_name)) if {
	_unlisted(workload)
} else := result.violation("kubernetes-cluster-name is not set", _own_name) if {
	cluster.name(workload) == ""
} else := result.at("required", result.violation(
	$"kubernetes-cluster-name is the placeholder {cluster.name(workload)}",
	_own_name,
)) if {
	placeholders.found(cluster.name(workload))
} else := result.violation(
	$"kubernetes-cluster-name {cluster.name(workload)} stands beside the ids {concat(", ", cluster.ids_of(cluster.name(workload)))}",
	_own_name,
) if {
	count(cluster.ids_of(cluster.name(workload))) > 1
} else := result.pass($"kubernetes-cluster-name is {cluster.name(workload)}")

_own_name := "a kubernetes-cluster-name that no other cluster has"

# Where someone created domains by hand, one of them is meant.
_unlisted(workload) := $"kubernetes-cluster-name is {value.shown(cluster.name(workload))}, the domains are {result.abridged(names)}" if {
	names := domain.names(domain.clusters)
	count(names) > 0
	not cluster.name(workload) in names
}
