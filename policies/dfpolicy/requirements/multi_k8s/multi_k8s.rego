# METADATA
# title: Several clusters
# description: What agents need that report to a server in another cluster.
# custom:
#   group: multi-k8s
#   order: 12
#   modes: [multi-k8s, managed-k8s, serverless-pod]
#   zh:
#     title: 多个集群
#     description: Agent 向其他集群中的 Server 上报数据时的要求。
package dfpolicy.requirements.multi_k8s

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.domain
import data.dfpolicy.lib.identity
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

# METADATA
# title: The server's addresses reach it from this cluster
# description: >-
#   The chart's default `deepflow-server` is the name of a Service, which resolves in the
#   server's own cluster and namespace alone. From another cluster the agent needs addresses
#   of the server's nodes, or of a load balancer.
# related_resources:
#   - description: DeepFlow documentation, agent in another cluster
#     ref: https://deepflow.io/docs/ce-install/multi-k8s/
# custom:
#   id: DF-MK-001
#   level: required
#   reads: [manifests]
#   impact: [Server connection, All features]
#   remediation: >-
#     Set `controller-ips` in `deepflow-agent.yaml` to addresses of several fixed nodes of the
#     server's cluster, or to that of a load balancer; in the chart `deepflowServerNodeIPS`.
#   source: DOC-04
#   since: "0.1.0"
#   zh:
#     title: 从本集群可以通过所配置的地址访问 Server
#     description: >-
#       Chart 的默认值 `deepflow-server` 是 Service 的名称，只能在 Server
#       自身的集群和命名空间内解析。从其他集群访问时，Agent 需要 Server 所在节点或负载均衡器的地址。
#     remediation: >-
#       将 `deepflow-agent.yaml` 中的 `controller-ips` 设为 Server
#       所在集群中多个固定节点的地址，或负载均衡器的地址；使用 Chart 时设置
#       `deepflowServerNodeIPS`。
#     related_resources:
#       - DeepFlow 文档：监控多个 K8s 集群
results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _server(workload)) if some workload in agent.workloads

_server(workload) := _unreachable("the ConfigMap has no key deepflow-agent.yaml") if {
	agent_config.lacking(workload)
} else := doubt if {
	doubt := agent_config.doubt(workload, "controller-ips")
} else := _unreachable("controller-ips is empty") if {
	count(agent_config.controllers(workload)) == 0
} else := _unreachable($"controller-ips holds the placeholder {_placeholders(workload)[0]}") if {
	count(_placeholders(workload)) > 0
} else := _unreachable($"controller-ips holds {concat(", ", _services(workload))}, which resolves in the server's own cluster alone") if {
	settings.mode == "multi-k8s"
	count(_services(workload)) > 0
} else := _unreachable(concat("; ", _elsewhere(workload))) if {
	count(_elsewhere(workload)) > 0
} else := result.unknown(
	$"whether the server's Service is {concat(", ", _unfound(workload))}",
	concat("; ", [$"kubectl get service -n {place[0]} {place[1]}" |
		some address in _unfound(workload)
		place := split(address, "/")
	]),
) if {
	count(_unfound(workload)) > 0
} else := result.pass($"controller-ips is {concat(", ", agent_config.controllers(workload))}")

_unreachable(observed) := result.violation(observed, "addresses of the server's nodes, or of a load balancer")

_placeholders(workload) := [address |
	some address in agent_config.controllers(workload)
	placeholders.found(address)
]

# Names that only the cluster's own DNS knows: one label, or below svc.
_services(workload) := [address |
	some address in agent_config.controllers(workload)
	not agent_config.literal(address)
	regex.match(`^[^.]+\.?$|^deepflow-server\.|\.svc(\.|$)|\.cluster\.local\.?$`, address)
]

# A Service name without a namespace is one of the agent's own.
_places(workload) := [[_place(workload, labels), labels[0]] |
	some address in _services(workload)
	labels := split(address, ".")
]

_place(workload, labels) := labels[1] if {
	labels[1] != ""
} else := workload.subject.namespace

_namespaces[resource.metadata.name] contains identity.namespace(resource) if {
	some resource in settings.resources
	resource.kind == "Service"
	resource.apiVersion == "v1"
}

# Read as a whole, since many agents ask.
_found := {name: namespaces | some name, namespaces in _namespaces}

_elsewhere(workload) := [$"the Service {name} is in the namespace {found[0]}, not in {namespace}" |
	some [namespace, name] in _places(workload)
	found := sort(_found[name])
	not namespace in found
]

_unfound(workload) := [concat("/", place) |
	some place in _places(workload)
	not _found[place[1]][place[0]]
]

# METADATA
# title: The server can tell this cluster from others
# description: >-
#   The server tells clusters apart by the MD5 of their CA certificate. Clusters that share
#   one, and have no id of their own, are taken for one, with their resources mixed up.
# related_resources:
#   - description: DeepFlow documentation, agent in another cluster
#     ref: https://deepflow.io/docs/ce-install/multi-k8s/
# custom:
#   id: DF-MK-002
#   level: required
#   reads: [manifests, cluster]
#   impact: [AutoTagging]
#   remediation: >-
#     Create a domain of the type `kubernetes` with `deepflow-ctl domain create`, and set its
#     cluster id as `kubernetes-cluster-id` in `deepflow-agent.yaml`; in the chart
#     `deepflowK8sClusterID`.
#   source: DOC-04
#   since: "0.1.0"
#   modes: [multi-k8s]
#   zh:
#     title: Server 能够区分本集群与其他集群
#     description: >-
#       Server 通过 CA 证书的 MD5 值区分集群。如果多个集群使用相同的 CA 证书，又没有各自的
#       ID，就会被视为同一个集群，资源混在一起。
#     remediation: >-
#       使用 `deepflow-ctl domain create` 创建类型为 `kubernetes` 的
#       Domain，并将 `deepflow-agent.yaml` 中的
#       `kubernetes-cluster-id` 设为该 Domain 的集群 ID；使用 Chart 时
#       设置 `deepflowK8sClusterID`。
#     related_resources:
#       - DeepFlow 文档：监控多个 K8s 集群
results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _distinct(workload)) if some workload in agent.workloads

_distinct(workload) := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-id")
} else := _unsettled if {
	cluster.id(workload) == ""
} else := _indistinct($"kubernetes-cluster-id is the placeholder {cluster.id(workload)}") if {
	placeholders.found(cluster.id(workload))
} else := _indistinct(_shared_id(workload)) if {
	_shared_id(workload)
} else := result.pass($"kubernetes-cluster-id is {cluster.id(workload)}")

_indistinct(observed) := result.violation(observed, "a CA certificate or a kubernetes-cluster-id that no other cluster has")

_shared_id(workload) := $"kubernetes-cluster-id {cluster.id(workload)} stands beside the names {concat(", ", names)}" if {
	names := cluster.names_of(cluster.id(workload))
	count(names) > 1
}

_unsettled := result.unknown(
	$"whether another cluster has the same CA certificate{_digest(settings.cluster)}",
	concat(" | ", [
		"kubectl get configmap -n kube-system kube-root-ca.crt -o jsonpath='{.data.ca\\.crt}'",
		"md5sum, in each cluster",
	]),
)

_digest(facts) := $", of MD5 {facts.caCertificateMd5}" if {
	value.string_at(facts, ["caCertificateMd5"]) != ""
} else := ""

# METADATA
# title: The cluster has a name of its own
# description: >-
#   Dashboards show the cluster under its name, and the server finds a domain that was created
#   by hand by it. Two clusters of one name cannot be told apart there.
# related_resources:
#   - description: DeepFlow documentation, agent in another cluster
#     ref: https://deepflow.io/docs/ce-install/multi-k8s/
# custom:
#   id: DF-MK-003
#   level: recommended
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Set `kubernetes-cluster-name` in `deepflow-agent.yaml` to the name of the cluster, or of
#     the domain that was created for it; in the chart `clusterNAME`.
#   source: DOC-04
#   since: "0.1.0"
#   modes: [multi-k8s]
#   zh:
#     title: 集群的名称是唯一的
#     description: >-
#       Dashboard 以名称展示集群，Server 也根据名称查找手动创建的 Domain。两个集群同名
#       时，这两处都无法将其区分。
#     remediation: >-
#       将 `deepflow-agent.yaml` 中的 `kubernetes-cluster-name`
#       设为集群的名称，或为集群创建的 Domain 的名称；使用 Chart 时设置
#       `clusterNAME`。
#     related_resources:
#       - DeepFlow 文档：监控多个 K8s 集群
results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _name(workload)) if some workload in agent.workloads

_name(workload) := doubt if {
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

# METADATA
# title: The cluster's id has the form that the server accepts
# description: >-
#   From v6.6 on an id is up to 32 letters, digits and hyphens; before, only one that the
#   server made, which begins with `d-`. The server mixes up clusters of one id.
# related_resources:
#   - description: DeepFlow documentation, agent in another cluster
#     ref: https://deepflow.io/docs/ce-install/multi-k8s/
# custom:
#   id: DF-MK-004
#   level: recommended
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Take `kubernetes-cluster-id` from `deepflow-ctl domain list` or `deepflow-ctl subdomain
#     list`, another one for each cluster; in the chart `deepflowK8sClusterID`.
#   source: SRC
#   since: "0.1.0"
#   modes: [multi-k8s, managed-k8s]
#   zh:
#     title: 集群 ID 符合 Server 接受的格式
#     description: >-
#       自 v6.6 起，ID 由最多 32 个字母、数字和连字符组成；此前的版本只接受由 Server 生成、以
#       `d-` 开头的 ID。ID 相同的集群会被 Server 混淆。
#     remediation: >-
#       从 `deepflow-ctl domain list` 或
#       `deepflow-ctl subdomain list` 的输出中获取
#       `kubernetes-cluster-id`，每个集群使用不同的 ID；使用 Chart 时设置
#       `deepflowK8sClusterID`。
#     related_resources:
#       - DeepFlow 文档：监控多个 K8s 集群
results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _id(workload)) if some workload in agent.workloads

_id(workload) := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-id")
} else := result.pass("no kubernetes-cluster-id is set") if {
	cluster.id(workload) == ""
} else := _malformed($"kubernetes-cluster-id is {cluster.id(workload)}") if {
	not regex.match(`^[0-9a-zA-Z][-0-9a-zA-Z]{0,31}$`, cluster.id(workload))
} else := _malformed($"kubernetes-cluster-id is the placeholder {cluster.id(workload)}") if {
	placeholders.found(cluster.id(workload))
} else := _malformed(_shared_id(workload)) if {
	_shared_id(workload)
} else := result.pass($"kubernetes-cluster-id is {cluster.id(workload)}") if {
	startswith(cluster.id(workload), "d-")
} else := _malformed($"kubernetes-cluster-id is {cluster.id(workload)}, and agents before v6.6 want one that begins with d-") if {
	some other in _sharing(workload)
	agent.versioned(other)
	not agent.at_least(other, [6, 6])
} else := agent.version_unknown({"image": _undated(workload)[0]}) if {
	count(_undated(workload)) > 0
} else := result.pass($"kubernetes-cluster-id is {cluster.id(workload)}")

_malformed(observed) := result.violation(
	observed,
	"an id of the server's, or up to 32 letters, digits and hyphens, that no other cluster has",
)

_sharing(workload) := [other |
	some other in agent.workloads
	agent_config.subject(other) == agent_config.subject(workload)
]

_undated(workload) := sort([other.image |
	some other in _sharing(workload)
	not agent.versioned(other)
])

# METADATA
# title: Agents are told the address that they reach the server by
# description: >-
#   After the first contact the server gives the agents the addresses of its own nodes. Behind
#   NAT or a load balancer these do not lead anywhere, unless the agent group's configuration
#   says otherwise.
# related_resources:
#   - description: DeepFlow documentation, special environments
#     ref: https://deepflow.io/docs/ce-install/special-environment-deployment/
# custom:
#   id: DF-MK-005
#   level: recommended
#   reads: [manifests]
#   impact: [Server connection, All features]
#   remediation: >-
#     Set `proxy_controller_ip` and `ingester_ip`, and the ports beside them, below
#     `global.communication` of the agent group's configuration to the address that agents
#     reach the server by.
#   source: SRC
#   since: "0.1.0"
#   modes: [multi-k8s]
#   zh:
#     title: 下发给 Agent 的地址能够访问到 Server
#     description: >-
#       首次连接后，Server 会将自身节点的地址下发给 Agent。如果 Server 位于 NAT 或
#       负载均衡器之后，而采集器组配置又没有另行指定，这些地址就无法访问。
#     remediation: >-
#       在采集器组配置的 `global.communication` 下，将
#       `proxy_controller_ip` 和 `ingester_ip` 以及对应的端口设为 Agent
#       访问 Server 所用的地址和端口。
#     related_resources:
#       - DeepFlow 文档：特殊环境 Agent 部署
results contains result.of(rego.metadata.chain(), workload.subject, _pushed(workload)) if some workload in agent.workloads

_pushed(workload) := result.at("required", result.losing(["Agent configuration"], result.violation(
	"vtap-group-id-request is an example's, so the agent gets the default group's configuration",
	"the id or name of an agent group",
))) if {
	agent_group.exemplary(workload)
} else := doubt if {
	doubt := agent_config.doubt(workload, "vtap-group-id-request")
} else := doubt if {
	doubt := agent_config.doubt(workload, "controller-ips")
} else := agent_group.unknown("proxy_controller_ip and ingester_ip below global.communication") if {
	not agent_group.configuration(workload)
} else := _misled(concat("; ", _unreal(workload))) if {
	count(_unreal(workload)) > 0
} else := result.pass(_fixed(workload)) if {
	count(_unset(workload)) == 0
} else := result.pass("request_via_nat_ip is true, so agents get the NAT addresses that the server was given") if {
	agent_group.setting(workload, "request_via_nat_ip") == true
} else := _misled($"{_unset(workload)[0]} is not set") if {
	count(_unset(workload)) == 1
} else := _misled(concat(", ", [
	$"{concat(", ", _outer(workload))} is no address of a node's own",
	$"and {concat(" and ", _unset(workload))} are not set",
])) if {
	count(_outer(workload)) > 0
} else := result.unknown(
	$"whether controller-ips ({concat(", ", agent_config.controllers(workload))}) are addresses of the server's own nodes",
	"kubectl get nodes -o wide, in the server's cluster",
)

_keys := ["proxy_controller_ip", "ingester_ip"]

_misled(observed) := result.violation(
	observed,
	"proxy_controller_ip and ingester_ip are the address that agents reach the server by",
)

_fixed(workload) := concat(", ", [$"{key} is {_address(workload, key)}" | some key in _keys])

# 127.0.0.1 is the default, which the server takes for none.
_address(workload, key) := "" if {
	agent_group.setting(workload, key) in {null, "127.0.0.1"}
} else := value.plain(agent_group.setting(workload, key))

_unset(workload) := [key | some key in _keys; _address(workload, key) == ""]

_unreal(workload) := [$"{key} is {value.shown(_address(workload, key))}" |
	some key in _keys
	_address(workload, key) != ""
	_no_address(_address(workload, key))
]

_no_address(text) if placeholders.found(text)

_no_address(text) if not agent_config.literal(text)

# Names and public addresses; those of private networks may be a node's own.
_outer(workload) := [address |
	some address in agent_config.controllers(workload)
	not regex.match(
		`^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2[0-9]|3[01])\.|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.|f[cd]|fe80)`,
		_lowered(address),
	)
]

_lowered(address) := lower(address) if {
	agent_config.literal(address)
} else := ""
