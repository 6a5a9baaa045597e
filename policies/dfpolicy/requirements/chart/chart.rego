# METADATA
# title: Chart installation
# description: What every installation of the charts needs of addresses, names and admission.
# custom:
#   group: chart
#   order: 7
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
#   zh:
#     title: Chart 安装
#     description: 使用 Chart 安装时，在地址、名称和准入方面的共同要求。
package dfpolicy.requirements.chart

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.openshift
import data.dfpolicy.lib.pod_security
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result
import data.dfpolicy.lib.schedule
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

# METADATA
# title: The agent is given the server's addresses
# description: >-
#   The agent connects to the `controller-ips` of `deepflow-agent.yaml`. Without one, or with
#   a placeholder of the documentation left in, it runs and sends nothing.
# related_resources:
#   - description: DeepFlow documentation, agent in another cluster
#     ref: https://deepflow.io/docs/ce-install/multi-k8s/
# custom:
#   id: DF-CH-001
#   level: required
#   reads: [manifests]
#   impact: [Server connection, All features]
#   remediation: >-
#     Set `controller-ips` in `deepflow-agent.yaml`; in the chart `deepflowServerNodeIPS`, a
#     list of addresses of the server's nodes or load balancer.
#   source: DOC-04
#   since: "0.1.0"
#   waivable: false
#   zh:
#     title: Agent 配置了 Server 的地址
#     description: >-
#       Agent 连接 `deepflow-agent.yaml` 中 `controller-ips` 所列的
#       地址。如果没有填写地址，或残留着文档中的占位符，Agent 虽能运行，但不会发送任何数据。
#     remediation: >-
#       设置 `deepflow-agent.yaml` 中的 `controller-ips`；使用 Chart
#       时设置 `deepflowServerNodeIPS`，其值为 Server 所在节点或负载均衡器的地址
#       列表。
#     related_resources:
#       - DeepFlow 文档：监控多个 K8s 集群
results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _controllers(workload)) if some workload in agent.workloads

_controllers(workload) := _unaddressed("the ConfigMap has no key deepflow-agent.yaml") if {
	agent_config.lacking(workload)
} else := doubt if {
	doubt := agent_config.doubt(workload, "controller-ips")
} else := _unaddressed("controller-ips is empty") if {
	count(agent_config.controllers(workload)) == 0
} else := _unaddressed($"controller-ips holds the placeholder {_placeholders(workload)[0]}") if {
	count(_placeholders(workload)) > 0
} else := result.pass($"controller-ips is {concat(", ", agent_config.controllers(workload))}")

_unaddressed(observed) := result.violation(observed, "controller-ips lists at least one address of the server")

_placeholders(workload) := [address |
	some address in agent_config.controllers(workload)
	placeholders.found(address)
]

# METADATA
# title: The version of Kubernetes is one that the charts install on
# description: >-
#   The agent's chart asks for Kubernetes 1.16, the server's for 1.18. A kubelet is never newer
#   than its API server, so one that is new enough answers for it.
# related_resources:
#   - description: DeepFlow documentation, deployment in one Kubernetes cluster
#     ref: https://deepflow.io/docs/ce-install/single-k8s/
# custom:
#   id: DF-CH-002
#   level: required
#   reads: [manifests, nodes, cluster]
#   impact: [Agent start]
#   remediation: >-
#     Upgrade the cluster, or install an agent on its hosts instead (mode legacy-host).
#   source: CHART
#   since: "0.1.0"
#   zh:
#     title: K8s 版本满足 Chart 的安装要求
#     description: >-
#       Agent 的 Chart 要求 K8s 版本至少为 1.16，Server 的 Chart 要求至少为
#       1.18。kubelet 的版本不会高于 apiserver，因此只要有一个 kubelet 的版本足够
#       新，就能说明 apiserver 满足要求。
#     remediation: >-
#       升级集群，或改为在集群的主机上安装 Agent（legacy-host 模式）。
#     related_resources:
#       - DeepFlow 文档：监控单个 K8s 集群
results contains result.of(rego.metadata.chain(), {"kind": "Cluster", "name": "*"}, _kubernetes(settings.cluster, minor)) if some minor in _minors

# One entry, the minor version that is asked for, wherever anything is installed.
_minors := [18] if {
	count(server.workloads) > 0
} else := [16 | count(agent.workloads) > 0]

_kubernetes(cluster, minor) := result.pass($"the API server is {cluster.version}") if {
	_version(cluster.version) >= [1, minor]
} else := result.violation($"the API server is {cluster.version}", $"Kubernetes 1.{minor} or later") if {
	_version(cluster.version)
} else := result.pass($"the newest kubelet is {concat(".", [format_int(part, 10) | some part in max(_kubelets)])}") if {
	max(_kubelets) >= [1, minor]
} else := result.unknown("the version of the API server", "kubectl version")

_version(text) := [to_number(match[0][1]), to_number(match[0][2])] if {
	match := regex.find_all_string_submatch_n(`^v?([1-9][0-9]?)\.(0|[1-9][0-9]{0,2})(?:[^0-9].*)?$`, value.plain(text), 1)
	count(match) > 0
}

_kubelets := {version |
	some resource in settings.resources
	resource.kind == "Node"
	version := _version(value.string_at(resource, ["status", "nodeInfo", "kubeletVersion"]))
}

# METADATA
# title: The namespace admits the agent's privileges
# description: >-
#   Pod Security admission refuses host namespaces, hostPath volumes and added capabilities
#   at the levels baseline and restricted: no pod is created, and only the DaemonSet's events
#   say so.
# related_resources:
#   - description: Kubernetes documentation, Pod Security Admission
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/
# custom:
#   id: DF-CH-003
#   level: recommended
#   reads: [manifests, cluster]
#   impact: [Agent start]
#   remediation: >-
#     Label the namespace `pod-security.kubernetes.io/enforce: privileged`.
#   source: CHART
#   since: "0.1.0"
#   zh:
#     title: 命名空间允许 Agent 使用所需的权限
#     description: >-
#       在 baseline 和 restricted 级别下，Pod Security Admission 会
#       拒绝主机命名空间、hostPath 卷和额外添加的内核权限：Pod 不会被创建，而且只有
#       DaemonSet 的事件会给出提示。
#     remediation: >-
#       为命名空间添加标签
#       `pod-security.kubernetes.io/enforce: privileged`。
#     related_resources:
#       - Kubernetes 文档：Pod Security Admission
results contains result.of(rego.metadata.chain(), _namespace_subject(name), _pod_security(name)) if some name, _ in _inhabited

_inhabited[workload.subject.namespace] contains workload if some workload in agent.collectors

_namespace_subject(name) := {"apiVersion": "v1", "kind": "Namespace", "name": name}

_pod_security(name) := result.unknown(
	$"the Pod Security level of the namespace {name}",
	$"kubectl get namespace {name} -o yaml",
) if {
	_enforced(name) == null
} else := result.pass("no Pod Security level is enforced") if {
	_enforced(name) == ""
} else := result.pass("the level privileged is enforced") if {
	_enforced(name) == "privileged"
} else := result.pass($"the level {value.plain(_enforced(name))} is enforced, and admits the agent") if {
	count(_refusals(name)) == 0
} else := result.at("required", result.violation(
	$"the level {value.plain(_enforced(name))} is enforced; it refuses {result.abridged(_refusals(name))}",
	"`pod-security.kubernetes.io/enforce: privileged`, or no such label",
))

_refusals(name) := sort({refusal |
	some workload in _inhabited[name]
	template := {"metadata": {"annotations": workload.annotations}, "spec": workload.pod}
	version := pod_security.version(_namespace_label(name, "enforce-version"))
	some refusal in pod_security.refusals(_enforced(name), version, template)
})

_namespace_label(name, key) := value.at(
	_namespace(name),
	["metadata", "labels", $"pod-security.kubernetes.io/{key}"],
	"",
) if {
	_namespace(name)
} else := ""

_enforced(name) := level if {
	_namespace(name)
	level := _namespace_label(name, "enforce")
} else := value.at(settings.cluster, ["podSecurity", name, "enforce"], null)

# Of two documents the last is what an apply leaves.
_namespace(name) := _namespaces[name]

_namespaces := value.indexed([[name, resource] |
	some resource in settings.resources
	resource.kind == "Namespace"
	name := value.string_at(resource, ["metadata", "name"])
])

# METADATA
# title: OpenShift admits the agent's pod
# description: >-
#   OpenShift creates a pod only where security context constraints that its service account may
#   use allow all that it asks for. The default ones allow the agent nothing, and only the
#   DaemonSet's events say so.
# related_resources:
#   - description: OpenShift documentation, security context constraints
#     ref: https://docs.redhat.com/en/documentation/openshift_container_platform/4.17/html/authentication_and_authorization/managing-pod-security-policies
# custom:
#   id: DF-CH-004
#   level: required
#   reads: [manifests, cluster]
#   impact: [Agent start]
#   remediation: >-
#     Run `oc adm policy add-scc-to-user privileged -z NAME -n NAMESPACE` for the agent's service
#     account, or bind the account to the ClusterRole `system:openshift:scc:privileged`.
#   source: SRC
#   since: "0.1.0"
#   zh:
#     title: OpenShift 允许创建 Agent 的 Pod
#     description: >-
#       只有服务账号可用的安全上下文约束（SCC）允许 Pod 请求的全部权限，OpenShift 才会创建该
#       Pod。默认的 SCC 不授予 Agent 所需的任何权限，而且只有 DaemonSet 的事件会给出
#       提示。
#     remediation: >-
#       为 Agent 的服务账号执行 `oc adm policy add-scc-to-user
#       privileged -z NAME -n NAMESPACE`，或将该服务账号绑定到
#       ClusterRole `system:openshift:scc:privileged`。
#     related_resources:
#       - OpenShift 文档：安全上下文约束
results contains result.of(rego.metadata.chain(), workload.subject, _constraints(workload)) if some workload in agent.collectors

_constraints(workload) := _elsewhere if {
	not openshift.evidence
} else := result.pass($"the constraints {_admitting(workload)[0]} admit the pod") if {
	count(_admitting(workload)) > 0
} else := result.unknown(
	$"the security context constraints {concat(", ", _unread(workload))}",
	$"oc get scc {concat(" ", _unread(workload))} -o yaml",
) if {
	count(_unread(workload)) > 0
} else := result.violation(
	concat("; ", [$"the constraints {name} refuse {result.abridged(openshift.refusals(name, workload))}" |
		some name in openshift.granted(workload)
	]),
	"constraints such as privileged",
) if {
	count(openshift.granted(workload)) > 0
} else := doubt if {
	doubt := rbac.unresolved_in_namespace(rbac.account(workload))
} else := result.violation(
	$"the service account {rbac.shown(rbac.account(workload))} is granted no constraints",
	"constraints such as privileged",
)

_elsewhere := result.pass($"the cluster is no OpenShift: {openshift.other}") if {
	openshift.other
} else := result.at("informational", result.unknown("whether the cluster is an OpenShift", "kubectl api-versions"))

_admitting(workload) := [name |
	some name in openshift.granted(workload)
	count(openshift.refusals(name, workload)) == 0
]

_unread(workload) := [name |
	some name in openshift.granted(workload)
	openshift.undefined_constraints(name)
]

# METADATA
# title: Every schedulable node gets an agent
# description: >-
#   The chart renders no tolerations, so tainted nodes (control plane, GPU) get no agent and
#   stay dark, and so do the nodes that a nodeSelector leaves out.
# related_resources:
#   - description: Kubernetes documentation, Taints and Tolerations
#     ref: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
# custom:
#   id: DF-CH-005
#   level: recommended
#   reads: [manifests, nodes]
#   impact: [All features]
#   remediation: >-
#     Add `tolerations` for the taints of the nodes named, or accept with a waiver that they
#     are not observed.
#   source: CHART
#   since: "0.1.0"
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, upgrade]
#   zh:
#     title: 每个可调度的节点上都有 Agent
#     description: >-
#       Chart 不会生成容忍度，因此带有污点的节点（控制平面、GPU）上没有 Agent，成为观测盲区；被
#       nodeSelector 排除在外的节点也是如此。
#     remediation: >-
#       为所列节点的污点添加 `tolerations`，或通过豁免接受这些节点不被观测。
#     related_resources:
#       - Kubernetes 文档：污点和容忍度
results contains result.of(rego.metadata.chain(), workload.subject, _coverage(workload)) if some workload in agent.on_node

_coverage(workload) := result.violation(
	$"a {workload.subject.kind} does not run on every node",
	"a DaemonSet",
) if {
	workload.subject.kind != "DaemonSet"
} else := result.violation($"no agent on {result.abridged(facts.left_out(workload))}", "every schedulable node") if {
	count(facts.left_out(workload)) > 0
} else := result.unknown("the taints and labels of the nodes", "kubectl get nodes -o yaml") if {
	some node in facts.asked
	not schedule.decidable(workload, node)
} else := result.pass($"an agent on each of {count(facts.reached(workload))} nodes")

# METADATA
# title: The names that the agent expects are kept
# description: >-
#   The agent looks for its own DaemonSet and container under the name `deepflow-agent`, in
#   the namespace of the variable `K8S_NAMESPACE_FOR_DEEPFLOW`. Under other names it neither
#   updates nor limits itself.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-CH-006
#   level: recommended
#   reads: [manifests]
#   impact: [Agent configuration, Agent upgrade]
#   remediation: >-
#     Name the DaemonSet and its container `deepflow-agent`, and take
#     `K8S_NAMESPACE_FOR_DEEPFLOW` from `fieldRef` `metadata.namespace`.
#   source: SRC
#   since: "0.1.0"
#   zh:
#     title: Agent 所依赖的名称保持不变
#     description: >-
#       Agent 在变量 `K8S_NAMESPACE_FOR_DEEPFLOW` 指定的命名空间中，按名称
#       `deepflow-agent` 查找自身的 DaemonSet 和容器。改用其他名称后，Agent 既
#       无法更新自身，也无法限制自身资源。
#     remediation: >-
#       将 DaemonSet 及其容器命名为 `deepflow-agent`，并通过 `fieldRef` 从
#       `metadata.namespace` 获取 `K8S_NAMESPACE_FOR_DEEPFLOW`。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _names(workload)) if some workload in agent.collectors

_names(workload) := result.pass("DaemonSet, container and namespace have the names that the agent expects") if {
	count(_misnamed(workload)) == 0
} else := result.violation(
	concat("; ", _misnamed(workload)),
	"DaemonSet and container deepflow-agent, and K8S_NAMESPACE_FOR_DEEPFLOW from metadata.namespace",
)

_misnamed(workload) := array.flatten([
	[$"the workload is the {workload.subject.kind} {workload.subject.name}" |
		[workload.subject.kind, workload.subject.name] != ["DaemonSet", "deepflow-agent"]
	],
	[$"the container is {value.shown(value.string_at(workload.container, ["name"]))}" |
		value.string_at(workload.container, ["name"]) != "deepflow-agent"
	],
	["K8S_NAMESPACE_FOR_DEEPFLOW is not the pod's namespace" | not _knows_namespace(workload)],
])

_knows_namespace(workload) if {
	variable := value.object_at(workload.environment, ["K8S_NAMESPACE_FOR_DEEPFLOW"])
	value.string_at(variable, ["valueFrom", "fieldRef", "fieldPath"]) == "metadata.namespace"
}

_knows_namespace(workload) if {
	variable := value.object_at(workload.environment, ["K8S_NAMESPACE_FOR_DEEPFLOW"])
	value.string_at(variable, ["value"]) == workload.subject.namespace
}
