# METADATA
# title: Managed clusters
# description: What ties a cloud's managed cluster to the resources of that cloud.
# custom:
#   group: managed-k8s
#   order: 13
#   modes: [managed-k8s]
#   zh:
#     title: 托管集群
#     description: 云平台的托管集群如何与该云平台的资源关联。
package dfpolicy.requirements.managed_k8s

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.domain
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

# METADATA
# title: The agent reports under the id of its subdomain
# description: >-
#   The server makes an id for each subdomain. Without it the agent's cluster becomes a domain
#   of its own, and its traffic carries no tags of the cloud.
# related_resources:
#   - description: DeepFlow documentation, managed clusters
#     ref: https://deepflow.io/docs/ce-install/managed-k8s/
# custom:
#   id: DF-MG-001
#   level: required
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Set `kubernetes-cluster-id` in `deepflow-agent.yaml` to the id that `deepflow-ctl
#     subdomain list` prints; in the chart `deepflowK8sClusterID`.
#   source: DOC-07
#   since: "0.1.0"
#   zh:
#     title: Agent 以所属 Subdomain 的 ID 上报
#     description: >-
#       Server 会为每个 Subdomain 生成一个 ID。如果没有该 ID，Agent 所在的集群会成为
#       独立的 Domain，其流量不带云平台的标签。
#     remediation: >-
#       将 `deepflow-agent.yaml` 中的 `kubernetes-cluster-id` 设为
#       `deepflow-ctl subdomain list` 输出的 ID；使用 Chart 时设置
#       `deepflowK8sClusterID`。
#     related_resources:
#       - DeepFlow 文档：监控托管 K8s 集群
results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _cluster_id(workload)) if some workload in agent.workloads

_cluster_id(workload) := _unidentified("the ConfigMap has no key deepflow-agent.yaml") if {
	agent_config.lacking(workload)
} else := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-id")
} else := _unidentified("kubernetes-cluster-id is not set") if {
	cluster.id(workload) == ""
} else := _unidentified($"kubernetes-cluster-id is the placeholder {cluster.id(workload)}") if {
	placeholders.found(cluster.id(workload))
} else := result.pass($"kubernetes-cluster-id is {cluster.id(workload)}")

_unidentified(observed) := result.violation(observed, "kubernetes-cluster-id is the id of the subdomain")

# METADATA
# title: The subdomain names its cloud and its VPC
# description: >-
#   A subdomain joins a managed cluster to the domain of its cloud, which must exist before it,
#   and to the VPC that its nodes are in.
# related_resources:
#   - description: DeepFlow documentation, managed clusters
#     ref: https://deepflow.io/docs/ce-install/managed-k8s/
# custom:
#   id: DF-MG-002
#   level: required
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Create the cloud's domain with a key that may read its resources, then the subdomain from
#     a file with `domain_name` and `config.vpc_uuid` (`deepflow-ctl vpc list`).
#   source: DOC-07
#   since: "0.1.0"
#   zh:
#     title: Subdomain 指明所属的云平台和 VPC
#     description: >-
#       Subdomain 将托管集群关联到所属云平台的 Domain，以及集群节点所在的 VPC。该
#       Domain 必须先于 Subdomain 存在。
#     remediation: >-
#       先使用有权读取云平台资源的密钥创建云平台的 Domain，再使用包含 `domain_name` 和
#       `config.vpc_uuid`（`deepflow-ctl vpc list`）的文件创建
#       Subdomain。
#     related_resources:
#       - DeepFlow 文档：监控托管 K8s 集群
results contains result.of(rego.metadata.chain(), _subject(subdomain), _subdomain(subdomain)) if some subdomain in _asked

default _asked := [{}]

_asked := [] if {
	count(agent.workloads) == 0
} else := domain.subdomains if {
	count(domain.subdomains) > 0
}

_subject(subdomain) := {
	"apiVersion": subdomain.apiVersion,
	"kind": subdomain.kind,
	"name": value.string_at(subdomain, ["metadata", "name"]),
} if {
	subdomain != {}
} else := cluster.subject

_subdomain(subdomain) := result.unknown("the subdomain of the cluster", "deepflow-ctl subdomain list") if {
	subdomain == {}
} else := _incomplete(_flaws(subdomain)) if {
	count(_flaws(subdomain)) > 0
} else := result.unknown($"the domain {_parent(subdomain)}", $"deepflow-ctl domain list {_parent(subdomain)}") if {
	count(domain.documents) == 0
} else := _incomplete([$"the domain {_parent(subdomain)} is not among {result.abridged(domain.names(domain.documents))}"]) if {
	count(_parents(subdomain)) == 0
} else := _incomplete(_parental_flaws(subdomain)) if {
	count(_parental_flaws(subdomain)) > 0
} else := result.pass($"it belongs to the domain {_parent(subdomain)}, which is a cloud")

_incomplete(flaws) := result.violation(
	concat("; ", flaws),
	"`domain_name` of a cloud's domain, and `config.vpc_uuid`",
)

_parent(subdomain) := value.string_at(subdomain, ["spec", "domain_name"])

_flaws(subdomain) := [$"{concat(".", path)} is {value.shown(given)}" |
	some path in [["domain_name"], ["config", "vpc_uuid"]]
	given := value.at(subdomain, array.concat(["spec"], path), "")
	_unreal(given)
]

_unreal(given) if not is_string(given)

_unreal(given) if placeholders.found(given)

_parents(subdomain) := [found |
	some found in domain.documents
	domain.name(found) == _parent(subdomain)
]

# The keys are secrets: their values are not shown.
_parental_flaws(subdomain) := array.flatten([
	[$"the domain {domain.name(found)} is of type {value.shown(domain.type(found))}, which is no cloud" |
		some found in _parents(subdomain)
		not domain.cloud(found)
	],
	[$"{key} of the domain {domain.name(found)} is empty or a placeholder" |
		some found in _parents(subdomain)
		some key in ["secret_id", "secret_key"]
		key in object.keys(value.object_at(found, ["spec", "config"]))
		_unreal(value.at(found, ["spec", "config", key], ""))
	],
])
