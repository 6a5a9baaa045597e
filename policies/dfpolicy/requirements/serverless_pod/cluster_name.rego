# METADATA
# title: The agent uses the cluster name that the server knows
# description: Sidecars and watcher report for one cluster. The server finds it by the name of its domain.
# custom:
#   id: DF-SL-004
#   met: the agent's cluster name is the name of the cluster's domain
#   level: required
#   asks: deepflow-ctl domain list
#   impact: [AutoTagging]
#   remediation: >-
#     Set `kubernetes-cluster-name` in `deepflow-agent.yaml` to a name from `deepflow-ctl domain
#     list`. In the chart: `clusterNAME`.
#   modes: [serverless-pod]
package dfpolicy.requirements.serverless_pod.cluster_name

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.domain
import data.dfpolicy.lib.file_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.managed

_verdict(workload) := unusable if {
	unusable := agent_config.unusable(workload, "kubernetes-cluster-name", _expected)
} else := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-name")
} else := _unnamed(workload, message.text("kubernetes-cluster-name is not set")) if {
	cluster.name(workload) == ""
} else := _unnamed(workload, message.of("kubernetes-cluster-name is the placeholder {name}", {"name": cluster.name(workload)})) if {
	placeholders.found(cluster.name(workload))
} else := result.unknown(message.of("whether the server has a domain {domain}", {"domain": cluster.name(workload)}), "deepflow-ctl domain list") if {
	count(domain.clusters) == 0
} else := result.pass(message.of("kubernetes-cluster-name is {name}, a domain of the server", {"name": cluster.name(workload)})) if {
	cluster.name(workload) in domain.names(domain.clusters)
} else := _unnamed(workload, message.of("kubernetes-cluster-name is {name}; the domains are {domains}", {
	"name": cluster.name(workload), "domains": message.list(domain.names(domain.clusters)),
}))

_unnamed(workload, observed) := file_changes.asked(workload, file_changes.cluster_name, result.violation(observed, _expected))

_expected := message.text("the name of a domain of type kubernetes as kubernetes-cluster-name")
