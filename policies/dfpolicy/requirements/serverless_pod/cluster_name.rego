# METADATA
# title: The agent names its cluster as the server knows it
# description: >-
#   Sidecars and watcher report for one cluster, which the server finds by the name of its domain.
# custom:
#   id: DF-SL-004
#   level: required
#   impact: [AutoTagging]
#   remediation: >-
#     Set `kubernetes-cluster-name` in `deepflow-agent.yaml` to a name that `deepflow-ctl domain
#     list` prints; in the chart `clusterNAME`.
#   modes: [serverless-pod]
package dfpolicy.requirements.serverless_pod.cluster_name

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.domain
import data.dfpolicy.lib.result
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.workloads

_verdict(workload) := _unnamed("the ConfigMap has no key deepflow-agent.yaml") if {
	agent_config.lacking(workload)
} else := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-name")
} else := _unnamed("kubernetes-cluster-name is not set") if {
	cluster.name(workload) == ""
} else := _unnamed($"kubernetes-cluster-name is the placeholder {cluster.name(workload)}") if {
	placeholders.found(cluster.name(workload))
} else := result.unknown($"whether the server has a domain {cluster.name(workload)}", "deepflow-ctl domain list") if {
	count(domain.clusters) == 0
} else := result.pass($"kubernetes-cluster-name is {cluster.name(workload)}, a domain of the server") if {
	cluster.name(workload) in domain.names(domain.clusters)
} else := _unnamed(concat(", ", [
	$"kubernetes-cluster-name is {cluster.name(workload)}",
	$"the domains are {result.abridged(domain.names(domain.clusters))}",
]))

_unnamed(observed) := result.violation(observed, "kubernetes-cluster-name is the name of a domain of type kubernetes")
