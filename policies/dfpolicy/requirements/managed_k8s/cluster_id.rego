# METADATA
# title: The agent reports under the id of its subdomain
# description: >-
#   The server makes an id for each subdomain. Without it the agent's cluster becomes a domain of
#   its own, and its traffic carries no tags of the cloud.
# custom:
#   id: DF-MG-001
#   level: required
#   impact: [AutoTagging]
#   remediation: >-
#     Set `kubernetes-cluster-id` in `deepflow-agent.yaml` to the id that `deepflow-ctl subdomain
#     list` prints; in the chart `deepflowK8sClusterID`.
package dfpolicy.requirements.managed_k8s.cluster_id

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.result
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.workloads

_verdict(workload) := _unidentified("the ConfigMap has no key deepflow-agent.yaml") if {
	agent_config.lacking(workload)
} else := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-id")
} else := _unidentified("kubernetes-cluster-id is not set") if {
	cluster.id(workload) == ""
} else := _unidentified($"kubernetes-cluster-id is the placeholder {cluster.id(workload)}") if {
	placeholders.found(cluster.id(workload))
} else := result.pass($"kubernetes-cluster-id is {cluster.id(workload)}")

_unidentified(observed) := result.violation(observed, "kubernetes-cluster-id is the id of the subdomain")
