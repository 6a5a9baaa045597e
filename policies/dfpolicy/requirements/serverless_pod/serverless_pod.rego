# METADATA
# title: Serverless pods
# description: >-
#   What agents need that run as a sidecar in each pod of a serverless cluster, with one
#   workload beside them that watches the API server.
# custom:
#   group: serverless-pod
#   order: 14
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
#   zh:
#     title: Serverless Pod
#     description: >-
#       Agent 以 Sidecar 方式运行在 Serverless 集群的每个 Pod 中，并另有一个工作负
#       载对 apiserver 执行 list-watch 时，对 Agent 的要求。
package dfpolicy.requirements.serverless_pod

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.domain
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.image
import data.dfpolicy.lib.result
import data.dfpolicy.lib.schedule
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

# METADATA
# title: A watcher runs beside the sidecars
# description: >-
#   The sidecars come from a DaemonSet, and one watcher of one replica lists and watches the
#   API server for all of them.
# related_resources:
#   - description: DeepFlow documentation, serverless pods
#     ref: https://deepflow.io/docs/ce-install/serverless-pod/
# custom:
#   id: DF-SL-001
#   level: required
#   reads: [manifests]
#   impact: [AutoTagging, AutoMetrics]
#   remediation: >-
#     Set `deployComponent` of the chart to the list of `watcher` and `daemonset`.
#   source: DOC-08
#   since: "0.1.0"
#   modes: [serverless-pod]
#   zh:
#     title: watcher 与 Sidecar 配套部署
#     description: >-
#       Sidecar 由 DaemonSet 提供，另有一个副本数为 1 的 watcher 代表所有
#       Sidecar 对 apiserver 执行 list-watch。
#     remediation: >-
#       将 Chart 的 `deployComponent` 设为由 `watcher` 和
#       `daemonset` 组成的列表。
#     related_resources:
#       - DeepFlow 文档：监控 Serverless Pod
results contains result.of(rego.metadata.chain(), cluster.subject, _components) if count(agent.workloads) > 0

_components := result.violation(concat("; ", _faults), "a DaemonSet, and a watcher of one replica") if {
	count(_faults) > 0
} else := _others if {
	count(_absent) > 0
} else := result.pass("a DaemonSet, and a watcher of one replica")

# In a part of the deployment the other agents are not absent, but elsewhere.
_faults := _scaled if {
	settings.partial
} else := array.concat(_absent, _scaled)

_others := result.unknown(
	"the other agents of the deployment",
	"kubectl get daemonsets,deployments -A -l app=deepflow,component=deepflow-agent -o yaml",
)

_absent := array.flatten([
	["there is no watcher" | count(agent.watchers) == 0],
	["there is no DaemonSet" | count(agent.collectors) == 0],
])

_scaled := sort([$"the watcher {workload.subject.name} has {value.shown(replicas)} replicas" |
	some workload in agent.watchers
	replicas := value.at(workload.spec, ["replicas"], 1)
	replicas != 1
])

# METADATA
# title: The agent runs as a sidecar of each serverless pod
# description: >-
#   The annotation has the cloud inject the DaemonSet's container into each serverless pod.
#   There it captures with `--sidecar` on the interface and under the address of the pod,
#   which two variables give it.
# related_resources:
#   - description: DeepFlow documentation, serverless pods
#     ref: https://deepflow.io/docs/ce-install/serverless-pod/
# custom:
#   id: DF-SL-002
#   level: required
#   reads: [manifests]
#   impact: [Agent start, All features]
#   remediation: >-
#     Set `tkeSidecar: true` of the chart. It renders the annotation
#     `eks.tke.cloud.tencent.com/ds-injection`, the arguments `--sidecar` and `-f` with the
#     path of the configuration, and the variables `CTRL_NETWORK_INTERFACE` and
#     `K8S_POD_IP_FOR_DEEPFLOW`.
#   source: DOC-08
#   since: "0.1.0"
#   modes: [serverless-pod]
#   zh:
#     title: Agent 以 Sidecar 方式运行在每个 Serverless Pod 中
#     description: >-
#       云平台根据 Annotation 将 DaemonSet 的容器注入每个 Serverless
#       Pod。Agent 以 `--sidecar` 参数运行在其中，采集该 Pod 的网卡，并使用该 Pod
#       的地址；网卡和地址由两个环境变量提供。
#     remediation: >-
#       在 Chart 中设置 `tkeSidecar: true`，渲染结果会包含 Annotation
#       `eks.tke.cloud.tencent.com/ds-injection`、参数
#       `--sidecar` 和 `-f`（后者指定配置文件的路径），以及环境变量
#       `CTRL_NETWORK_INTERFACE` 和 `K8S_POD_IP_FOR_DEEPFLOW`。
#     related_resources:
#       - DeepFlow 文档：监控 Serverless Pod
results contains result.of(rego.metadata.chain(), workload.container_subject, _sidecar(workload)) if some workload in agent.collectors

_sidecar(workload) := result.pass("the container is injected, and runs with --sidecar") if {
	count(_unlike_sidecar(workload)) == 0
} else := result.violation(
	concat("; ", _unlike_sidecar(workload)),
	"a DaemonSet that is injected, and an agent with --sidecar, its interface and its address",
)

_unlike_sidecar(workload) := array.flatten([
	_injection(workload),
	["the arguments hold no --sidecar" | workload.role != "sidecar"],
	_configuration_argument(workload),
	["CTRL_NETWORK_INTERFACE is not set" | not _set(workload, "CTRL_NETWORK_INTERFACE")],
	_pod_address(workload),
])

# Only a DaemonSet is injected; another workload holds the container itself.
_injection(workload) := [$"the annotation {_ds_injection} is {shown}" |
	workload.subject.kind == "DaemonSet"
	given := value.at(workload.annotations, [_ds_injection], "")
	given != "true"
	shown := _shown(given)
]

_shown(given) := "not set" if {
	given == ""
} else := value.shown(given)

_ds_injection := "eks.tke.cloud.tencent.com/ds-injection"

# Arguments replace those of the image, which name the file.
_configuration_argument(workload) := [$"the arguments do not name {_configuration_path} with -f" |
	agent.command_line(workload) != ""
	not regex.match(`(^|\s)(-f\s*|--config-file[=\s]\s*)/etc/deepflow-agent/deepflow-agent\.yaml(\s|$)`, agent.command_line(workload))
]

_configuration_path := "/etc/deepflow-agent/deepflow-agent.yaml"

_set(workload, name) if value.string_at(workload.environment, [name, "value"]) != ""

_set(workload, name) if count(value.object_at(workload.environment, [name, "valueFrom"])) > 0

# The address of a serverless pod is that of its host.
_pod_address(workload) := ["K8S_POD_IP_FOR_DEEPFLOW is not taken from status.hostIP or status.podIP" |
	path := ["K8S_POD_IP_FOR_DEEPFLOW", "valueFrom", "fieldRef", "fieldPath"]
	not value.string_at(workload.environment, path) in {"status.hostIP", "status.podIP"}
]

# METADATA
# title: Each agent watches the API server as it is meant to
# description: >-
#   `K8S_WATCH_POLICY` is exact: any text but `watch-disabled` and `watch-only` means normal.
#   Where no agent watches, nothing gets Kubernetes tags. Agents from v6.6 on exit at
#   `ONLY_WATCH_K8S_RESOURCE`, its former form.
# related_resources:
#   - description: DeepFlow documentation, serverless pods
#     ref: https://deepflow.io/docs/ce-install/serverless-pod/
# custom:
#   id: DF-SL-003
#   level: required
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Set `K8S_WATCH_POLICY` to `watch-disabled` on the DaemonSet and to `watch-only` on the
#     watcher; in the chart `daemonsetWatchDisabled` together with `watcher` in
#     `deployComponent`. A DaemonSet that watches itself, without a watcher, leaves it out.
#   source: DOC-08
#   since: "0.1.0"
#   zh:
#     title: 每个 Agent 对 apiserver 的 list-watch 符合预期
#     description: >-
#       `K8S_WATCH_POLICY` 的取值必须完全匹配：除 `watch-disabled` 和
#       `watch-only` 外，任何取值都视为 normal。如果没有 Agent 对 apiserver
#       执行 list-watch，所有数据都不会带有 K8s 标签。自 v6.6 起，Agent 检测到该变量的
#       旧形式 `ONLY_WATCH_K8S_RESOURCE` 时会退出。
#     remediation: >-
#       将 DaemonSet 的 `K8S_WATCH_POLICY` 设为
#       `watch-disabled`，将 watcher 的设为 `watch-only`；使用 Chart
#       时，设置 `daemonsetWatchDisabled`，同时在 `deployComponent`
#       中添加 `watcher`。没有 watcher、由 DaemonSet 自行执行 list-watch
#       时，不设置该变量。
#     related_resources:
#       - DeepFlow 文档：监控 Serverless Pod
results contains result.of(rego.metadata.chain(), workload.container_subject, _watch_policy(workload)) if some workload in agent.workloads

_watch_policy(workload) := _former_policy(workload) if {
	workload.environment.ONLY_WATCH_K8S_RESOURCE
} else := result.unknown(
	"the value of K8S_WATCH_POLICY, which comes from elsewhere",
	$"kubectl get configmaps -n {workload.subject.namespace} -o yaml",
) if {
	value.at(workload.environment, ["K8S_WATCH_POLICY", "valueFrom"], null) != null
} else := result.violation(
	$"K8S_WATCH_POLICY is {value.shown(_policy(workload))}, which the agent takes for normal",
	$"K8S_WATCH_POLICY is {_meant(workload)}",
) if {
	not _policy(workload) in {"", "normal", "watch-normal", "watch-disabled", "watch-only"}
} else := _watcher_policy(workload) if {
	workload.role == "watcher"
} else := _collector_policy(workload)

_policy(workload) := value.plain(value.at(workload.environment, ["K8S_WATCH_POLICY", "value"], ""))

_meant(workload) := "watch-only" if {
	workload.role == "watcher"
} else := "watch-disabled"

_former_policy(workload) := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := result.losing(["Agent start", "AutoTagging"], result.violation(
	$"ONLY_WATCH_K8S_RESOURCE is set, and the agent {agent.shown_version(workload)} exits at it",
	$"K8S_WATCH_POLICY is {_meant(workload)}, and no ONLY_WATCH_K8S_RESOURCE",
)) if {
	agent.at_least(workload, [6, 6])
} else := result.pass("ONLY_WATCH_K8S_RESOURCE is set, which agents before v6.6 know") if {
	workload.role == "watcher"
} else := _blind("ONLY_WATCH_K8S_RESOURCE is set")

_blind(observed) := result.losing(["All features"], result.violation(
	$"{observed}, so the agent watches and captures nothing",
	"an agent that captures",
))

_watcher_policy(workload) := result.pass("K8S_WATCH_POLICY is watch-only") if {
	_policy(workload) == "watch-only"
} else := result.violation(
	$"K8S_WATCH_POLICY of the watcher is {_shown(_policy(workload))}",
	"K8S_WATCH_POLICY is watch-only",
)

_collector_policy(workload) := _blind("K8S_WATCH_POLICY is watch-only") if {
	_policy(workload) == "watch-only"
} else := _others if {
	_policy(workload) == "watch-disabled"
	count(agent.watching) == 0
	settings.partial
} else := result.violation(
	"K8S_WATCH_POLICY is watch-disabled, and no other workload watches the API server",
	"a watcher, or an agent that watches",
) if {
	_policy(workload) == "watch-disabled"
	count(agent.watching) == 0
} else := result.pass("K8S_WATCH_POLICY is watch-disabled, and another workload watches") if {
	_policy(workload) == "watch-disabled"
} else := result.violation(
	$"K8S_WATCH_POLICY is {_shown(_policy(workload))}, so the server may have any pod watch the API server",
	"K8S_WATCH_POLICY is watch-disabled",
) if {
	settings.mode == "serverless-pod"
} else := result.pass("the agent watches the API server itself")

# METADATA
# title: The agent names its cluster as the server knows it
# description: >-
#   Sidecars and watcher report for one cluster, which the server finds by the name of its
#   domain.
# related_resources:
#   - description: DeepFlow documentation, serverless pods
#     ref: https://deepflow.io/docs/ce-install/serverless-pod/
# custom:
#   id: DF-SL-004
#   level: required
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Set `kubernetes-cluster-name` in `deepflow-agent.yaml` to a name that `deepflow-ctl
#     domain list` prints; in the chart `clusterNAME`.
#   source: DOC-08
#   since: "0.1.0"
#   modes: [serverless-pod]
#   zh:
#     title: Agent 配置的集群名称与 Server 中的一致
#     description: >-
#       Sidecar 和 watcher 以同一个集群的身份上报，Server 根据 Domain 的名称查找该
#       集群。
#     remediation: >-
#       将 `deepflow-agent.yaml` 中的 `kubernetes-cluster-name`
#       设为 `deepflow-ctl domain list` 输出的名称；使用 Chart 时设置
#       `clusterNAME`。
#     related_resources:
#       - DeepFlow 文档：监控 Serverless Pod
results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _cluster_name(workload)) if some workload in agent.workloads

_cluster_name(workload) := _unnamed("the ConfigMap has no key deepflow-agent.yaml") if {
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

# METADATA
# title: The agent knows that it runs in a container
# description: >-
#   An agent lists and watches the API server only where the variable `IN_CONTAINER` exists.
#   The official image sets it; an image of one's own may not.
# related_resources:
#   - description: DeepFlow documentation, special environments
#     ref: https://deepflow.io/docs/ce-install/special-environment-deployment/
# custom:
#   id: DF-SL-005
#   level: required
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Add the variable `IN_CONTAINER` to `env` of the agent's container, and do not clear the
#     environment of its command.
#   source: SRC
#   since: "0.1.0"
#   zh:
#     title: Agent 能够识别自身运行在容器中
#     description: >-
#       只有存在环境变量 `IN_CONTAINER` 时，Agent 才会对 apiserver 执行
#       list-watch。官方镜像已设置该变量，自行构建的镜像则不一定。
#     remediation: >-
#       在 Agent 容器的 `env` 中添加环境变量 `IN_CONTAINER`，并且不要在启动命令中清空
#       环境变量。
#     related_resources:
#       - DeepFlow 文档：特殊环境 Agent 部署
results contains result.of(rego.metadata.chain(), workload.container_subject, _in_container(workload)) if some workload in agent.workloads

_in_container(workload) := result.violation(
	"the command takes IN_CONTAINER out of the environment",
	"the variable IN_CONTAINER",
) if {
	workload.watches
	_cleared(agent.command_line(workload))
} else := result.pass("the agent does not watch the API server") if {
	not workload.watches
} else := result.pass("env holds IN_CONTAINER") if {
	workload.environment.IN_CONTAINER
} else := result.pass("the official image sets IN_CONTAINER") if {
	image.repository_name(workload.image) == "deepflow-agent"
} else := result.unknown(
	$"whether the image {value.shown(workload.image)} sets IN_CONTAINER",
	$"docker run --rm --entrypoint env {workload.image}",
)

_cleared(line) if {
	regex.match(`\benv\s+(\w+=\S*\s+|-\S+\s+)*(-i|--ignore-environment|-|-u\s*IN_CONTAINER|--unset=IN_CONTAINER)\s`, line)
	not contains(line, "IN_CONTAINER=")
}

_cleared(line) if regex.match(`\bunset\s+([^;&|]*\s)?IN_CONTAINER\b`, line)

# METADATA
# title: Serverless nodes are covered by sidecars
# description: >-
#   No DaemonSet runs on a virtual node: what its pods do stays dark unless the agent is
#   installed as their sidecar.
# related_resources:
#   - description: DeepFlow documentation, serverless pods
#     ref: https://deepflow.io/docs/ce-install/serverless-pod/
# custom:
#   id: DF-SL-006
#   level: recommended
#   reads: [manifests, nodes]
#   impact: [All features]
#   remediation: >-
#     Install the agent for serverless pods too (mode `serverless-pod`), or accept with a waiver
#     that they are not observed.
#   source: DOC-08
#   since: "0.1.0"
#   modes: [single-k8s, multi-k8s, managed-k8s, upgrade]
#   zh:
#     title: Serverless 节点由 Sidecar 覆盖
#     description: >-
#       虚拟节点上不会运行 DaemonSet。如果没有将 Agent 以 Sidecar 方式安装到虚拟节点的
#       Pod 中，这些 Pod 就是观测盲区。
#     remediation: >-
#       同时为 Serverless Pod 安装 Agent（`serverless-pod` 模式），或通过豁
#       免接受这些 Pod 不被观测。
#     related_resources:
#       - DeepFlow 文档：监控 Serverless Pod
results contains result.of(rego.metadata.chain(), cluster.subject, _serverless) if count(agent.collectors) > 0

_serverless := result.pass("agents run as sidecars") if {
	count(agent.sidecars) > 0
} else := result.violation($"virtual nodes: {result.abridged(_virtual_nodes)}", "an agent in each serverless pod") if {
	count(_virtual_nodes) > 0
} else := result.unknown("the nodes of the cluster", "kubectl get nodes -o yaml") if {
	count(facts.nodes) == 0
} else := result.unknown($"the labels and taints of {result.abridged(_bare)}", "kubectl get nodes -o yaml") if {
	count(_bare) > 0
} else := result.pass($"none of {count(facts.nodes)} nodes is virtual")

_bare := [node.name |
	some node in facts.nodes
	not facts.known(node, ["taints"])
	not facts.known(node, ["labels"])
]

_virtual_nodes := [node.name | some node in facts.nodes; schedule.virtual(node)]
