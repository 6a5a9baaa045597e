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
#   zh:
#     title: Agent 以所属 Subdomain 的 ID 上报
#     description: >-
#       Server 会为每个 Subdomain 生成一个 ID。如果没有该 ID，Agent 所在的集群会成为
#       独立的 Domain，其流量不带云平台的标签。
#     remediation: >-
#       将 `deepflow-agent.yaml` 中的 `kubernetes-cluster-id` 设为
#       `deepflow-ctl subdomain list` 输出的 ID；使用 Chart 时设置
#       `deepflowK8sClusterID`。
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
