# METADATA
# title: Upgrade
# description: What an upgrade makes of the release that runs, in which order, and what it must not lose.
# custom:
#   group: upgrade
#   order: 30
#   modes: [upgrade]
#   zh:
#     title: 升级
#     description: >-
#       升级会对运行中的 Release 作哪些改动，应按什么顺序进行，以及不能丢失哪些内容。
package dfpolicy.requirements.upgrade

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.identity
import data.dfpolicy.lib.image
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.server
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.lib.workload as workload_lib
import data.dfpolicy.tables.config_defaults
import data.dfpolicy.tables.placeholders

# METADATA
# title: The server is upgraded before the agents
# description: >-
#   An agent that is ahead of its server asks for what the server does not know yet. The
#   order is the server's chart, deepflow-ctl, then the agents; manifests that hold server
#   and agents upgrade both together.
# related_resources:
#   - description: DeepFlow documentation, upgrade
#     ref: https://deepflow.io/docs/ce-install/upgrade/
# custom:
#   id: DF-UPG-001
#   level: required
#   reads: [manifests, cluster]
#   impact: [Server connection, All features]
#   remediation: >-
#     Upgrade the server's chart first, wait until the new server is ready, then apply these
#     manifests.
#   source: DOC-99
#   since: "0.1.0"
#   zh:
#     title: Server 先于 Agent 升级
#     description: >-
#       如果 Agent 的版本高于 Server，就会请求 Server 尚不支持的内容。升级的顺序依次为
#       Server 的 Chart、deepflow-ctl、Agent；如果清单同时包含 Server 和
#       Agent，则二者一同升级。
#     remediation: >-
#       先升级 Server 的 Chart，等新的 Server 就绪后，再应用这些清单。
#     related_resources:
#       - DeepFlow 文档：DeepFlow 升级
results contains result.of(rego.metadata.chain(), workload.subject, _order(workload, _servers)) if some workload in running.upgraded

_order(workload, servers) := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := verdict if {
	verdict := _in_order(workload, servers)
} else := _server_unknown if {
	servers.unknown
} else := result.violation(_overtaking(workload, servers), "a server that is upgraded before the agents")

_in_order(workload, servers) := result.pass($"the running server has {_text(servers.running)}, the agents get {_text(workload.version)}") if {
	image.up_to(workload.version, servers.running)
} else := result.pass($"server and agents are upgraded together, the server to {_text(servers.upgraded)}") if {
	image.up_to(workload.version, servers.upgraded)
} else := result.pass($"the agents are not upgraded, they run {_text(running.counterpart(workload).version)}") if {
	image.up_to(workload.version, running.counterpart(workload).version)
}

_overtaking(workload, servers) := concat(" ", [
	$"the agents get {_text(workload.version)}, the running server has {_text(servers.running)}",
	$"and gets {_text(servers.upgraded)}",
]) if {
	servers.upgraded != null
	servers.upgraded != servers.running
} else := $"the agents get {_text(workload.version)}, the running server has {_text(servers.running)}"

_text(version) := $"version {image.version_text(version)}"

_servers := {
	"upgraded": server.version(server.workloads),
	"running": running.server_version,
	"unknown": null in {_served, running.server_version},
}

# What the manifests give the server, else what it runs with.
_served := server.version(server.workloads) if {
	count(server.workloads) > 0
} else := running.server_version

_server_unknown := server.version_unknown(server.workloads) if {
	count(server.workloads) > 0
	_served == null
} else := running.server_unknown

# METADATA
# title: No agent is newer than its server
# description: >-
#   A server serves agents of its own version and of earlier ones. A tag without a patch
#   moves with its line and stands for the newest of it.
# related_resources:
#   - description: DeepFlow documentation, upgrade
#     ref: https://deepflow.io/docs/ce-install/upgrade/
# custom:
#   id: DF-UPG-002
#   level: required
#   reads: [manifests, cluster]
#   impact: [Server connection, All features]
#   remediation: >-
#     Give the agents the server's version or an earlier one: `image.tag` in the chart.
#   source: DOC-05
#   since: "0.1.0"
#   zh:
#     title: 所有 Agent 的版本都不高于 Server
#     description: >-
#       Server 支持版本与自身相同或更低的 Agent。不含补丁版本号的镜像 Tag 会随所在的版本系列变
#       化，代表该系列的最新版本。
#     remediation: >-
#       为 Agent 指定与 Server 相同或更低的版本，即 Chart 中的 `image.tag`。
#     related_resources:
#       - DeepFlow 文档：DeepFlow 升级
results contains result.of(rego.metadata.chain(), workload.subject, _relation(workload)) if some workload in running.upgraded

_relation(workload) := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := _server_unknown if {
	_served == null
} else := _ahead(workload, _served)

_ahead(workload, served) := result.pass(_compared(workload, served)) if {
	image.up_to(workload.version, served)
} else := result.at("recommended", result.violation(
	$"{_compared(workload, served)}; the agents' tag moves with its line and can be ahead",
	_relation_asked,
)) if {
	workload.version == _line(served)
} else := result.violation(_compared(workload, served), _relation_asked)

_compared(workload, served) := $"the agents get {_text(workload.version)}, the server has {_text(served)}"

_relation_asked := "agents of the server's version or of an earlier one"

# METADATA
# title: deepflow-ctl is of the server's line
# description: >-
#   deepflow-ctl talks to the server's own interfaces, which change from line to line. It is
#   upgraded after the server and before the agents.
# related_resources:
#   - description: DeepFlow documentation, upgrade
#     ref: https://deepflow.io/docs/ce-install/upgrade/
# custom:
#   id: DF-UPG-003
#   level: recommended
#   reads: [manifests, cluster]
#   impact: [Agent configuration, Agent upgrade]
#   remediation: >-
#     Install the deepflow-ctl of the server's line, such as v7.1 for a server v7.1.3.
#   source: DOC-99
#   since: "0.1.0"
#   zh:
#     title: deepflow-ctl 与 Server 属于同一版本系列
#     description: >-
#       deepflow-ctl 调用的是 Server 自身的接口，这些接口会因版本系列而
#       异。deepflow-ctl 在 Server 之后、Agent 之前升级。
#     remediation: >-
#       安装与 Server 属于同一版本系列的 deepflow-ctl，例如 Server 为 v7.1.3
#       时安装 v7.1。
#     related_resources:
#       - DeepFlow 文档：DeepFlow 升级
results contains result.of(rego.metadata.chain(), _ctl_subject, _ctl) if count(running.upgraded) > 0

_ctl_subject := {"kind": "Program", "name": "deepflow-ctl"}

_ctl := result.unknown("the version of deepflow-ctl (state it with --set ctlVersion=VERSION)", "deepflow-ctl -v") if {
	_ctl_version == null
} else := _server_unknown if {
	_served == null
} else := result.pass($"deepflow-ctl has {_text(_ctl_version)}, the server has {_text(_served)}") if {
	_line(_ctl_version) == _line(_served)
} else := result.violation(
	$"deepflow-ctl has {_text(_ctl_version)}, the server has {_text(_served)}",
	$"deepflow-ctl of {_text(_line(_served))}",
)

_ctl_version := image.version_of_tag(value.string_at(settings.parameters, ["ctlVersion"]))

_line(version) := array.slice(version, 0, 2)

# METADATA
# title: Grafana takes the newest dashboards
# description: >-
#   The init container `init-grafana-ds-dh` brings the data sources and dashboards along. An
#   image that is not pulled again leaves those of the former release, which ask for tables
#   that have changed.
# related_resources:
#   - description: DeepFlow documentation, upgrade
#     ref: https://deepflow.io/docs/ce-install/upgrade/
# custom:
#   id: DF-UPG-004
#   level: recommended
#   reads: [manifests]
#   impact: [Dashboards]
#   remediation: >-
#     Give the init container `init-grafana-ds-dh` the tag `latest` and `imagePullPolicy:
#     Always`.
#   source: DOC-99
#   since: "0.1.0"
#   zh:
#     title: Grafana 使用最新的 Dashboard
#     description: >-
#       数据源和 Dashboard 由 init container `init-grafana-ds-dh`
#       提供。如果不重新拉取镜像，Grafana 中仍是上一版本的数据源和 Dashboard，而它们所查询的数据
#       表已经改变。
#     remediation: >-
#       将 init container `init-grafana-ds-dh` 的镜像 Tag 设为
#       `latest`，并设置 `imagePullPolicy: Always`。
#     related_resources:
#       - DeepFlow 文档：DeepFlow 升级
results contains result.of(rego.metadata.chain(), entry.subject, _dashboards(entry)) if some entry in _grafanas

_dashboards(entry) := result.pass("the init container takes the tag latest and pulls it always") if {
	count(_stale(entry)) == 0
} else := result.violation(concat("; ", _stale(entry)), "the tag latest and imagePullPolicy Always")

_stale(entry) := array.concat(
	[$"the image is {value.shown(value.at(entry.container, ["image"], null))}" | not _latest(entry)],
	[$"imagePullPolicy is {value.shown(entry.container.imagePullPolicy)}" |
		not value.at(entry.container, ["imagePullPolicy"], "Always") == "Always"
	],
)

# No tag means latest, and the API server pulls that one always unless it is told otherwise.
_latest(entry) if image.tag(value.string_at(entry.container, ["image"])) in {"", "latest"}

_grafanas := [{"subject": identity.subject(resource), "container": container} |
	settings.mode == "upgrade"
	some resource in settings.resources
	container := _dashboard_container(resource)
]

_dashboard_container(resource) := containers[0] if {
	containers := [container |
		some container in value.objects_at(workload_lib.template(resource), ["spec", "initContainers"])
		_brings_dashboards(container)
	]
}

_brings_dashboards(container) if container.name == "init-grafana-ds-dh"

_brings_dashboards(container) if endswith(image.repository_name(value.string_at(container, ["image"])), "init-grafana")

# METADATA
# title: The agent can update its own ConfigMap
# description: >-
#   A remote upgrade lets the agent write its DaemonSet (DF-RBAC-017) and its ConfigMap. The
#   chart's Role names a ConfigMap `deepflow-agent-config` that the chart does not create.
# related_resources:
#   - description: DeepFlow documentation, upgrade
#     ref: https://deepflow.io/docs/ce-install/upgrade/
# custom:
#   id: DF-UPG-005
#   level: recommended
#   reads: [manifests]
#   impact: [Agent upgrade]
#   remediation: >-
#     Name the agent's ConfigMap in `resourceNames` of the Role `deepflow-agent-update`, with
#     the verbs `get`, `list`, `watch`, `update` and `patch`.
#   source: DOC-99
#   since: "0.1.0"
#   zh:
#     title: Agent 有权更新自身的 ConfigMap
#     description: >-
#       远程升级时，由 Agent 修改自身的 DaemonSet（DF-RBAC-017）和
#       ConfigMap。Chart 的 Role 中写的是 ConfigMap
#       `deepflow-agent-config`，而 Chart 并不创建该 ConfigMap。
#     remediation: >-
#       在 Role `deepflow-agent-update` 的 `resourceNames` 中填写
#       Agent 的 ConfigMap，并授予 `get`、`list`、`watch`、`update` 和
#       `patch` 权限。
#     related_resources:
#       - DeepFlow 文档：DeepFlow 升级
results contains result.of(rego.metadata.chain(), workload.subject, _own_config_map(workload)) if some workload in running.collectors

_own_config_map(workload) := agent_config.unknown(workload) if {
	agent_config.subject(workload).kind != "ConfigMap"
} else := result.pass($"get, list, patch, update and watch on the ConfigMap {_config_map(workload)} are granted") if {
	count(_unwritten(workload)) == 0
} else := result.unknown(
	"the roles and bindings of the agent's namespace",
	$"kubectl get roles,rolebindings -n {workload.subject.namespace} -o yaml",
) if {
	not rbac.stated
} else := verdict if {
	verdict := rbac.unresolved_in_namespace(rbac.account(workload))
} else := result.violation(
	concat(" ", [
		$"{rbac.shown(rbac.account(workload))} may not {concat(", ", _unwritten(workload))}",
		$"the ConfigMap {_config_map(workload)} in its namespace",
	]),
	$"get, list, patch, update and watch on configmaps {_config_map(workload)}",
)

_config_map(workload) := agent_config.subject(workload).name

_unwritten(workload) := sort(_updating - rbac.on_object(
	rbac.account(workload),
	{"group": "", "resource": "configmaps", "name": _config_map(workload)},
	_updating,
))

_updating := {"get", "list", "watch", "update", "patch"}

# METADATA
# title: The agent's configuration keeps its values
# description: >-
#   An upgrade that is not given the former values again (`-f values-custom.yaml`) goes back
#   to the chart's: the agent looks for a server `deepflow-server` and forgets its cluster
#   and its group.
# related_resources:
#   - description: DeepFlow documentation, upgrade
#     ref: https://deepflow.io/docs/ce-install/upgrade/
# custom:
#   id: DF-UPG-006
#   level: recommended
#   reads: [manifests, cluster]
#   impact: [Agent configuration, AutoTagging]
#   remediation: >-
#     Render the manifests with the values of the running release, which `helm get values`
#     prints, in a file given with `-f`.
#   source: DOC-99
#   since: "0.1.0"
#   zh:
#     title: Agent 的配置保留原有的值
#     description: >-
#       升级时如果不再次传入原有的 values（`-f values-custom.yaml`），就会恢复为
#       Chart 的默认值：Agent 会去连接名为 `deepflow-server` 的 Server，并丢
#       失所属的集群和采集器组。
#     remediation: >-
#       使用 `helm get values` 获取运行中的 Release 的 values，存入文件，并在渲
#       染清单时通过 `-f` 传入。
#     related_resources:
#       - DeepFlow 文档：DeepFlow 升级
results contains result.of(rego.metadata.chain(), workload.subject, _values(workload)) if some workload in running.upgraded

_values(workload) := verdict if {
	verdict := running.unmatched(workload)
} else := result.unknown(
	"the configuration of the running agent",
	agent_config.unknown(running.counterpart(workload)).collect,
) if {
	not agent_config.lacking(running.counterpart(workload))
	not agent_config.entries(running.counterpart(workload))
} else := agent_config.unknown(workload) if {
	not agent_config.lacking(workload)
	not agent_config.entries(workload)
} else := result.pass("the running configuration holds no value that is lost") if {
	count(_lost(workload)) == 0
} else := result.at("required", result.losing(
	["Server connection", "All features"],
	result.violation(concat("; ", _lost(workload)), _values_asked),
)) if {
	"controller-ips" in _lost_keys(workload)
} else := result.violation(concat("; ", _lost(workload)), _values_asked)

_values_asked := "the values of the running configuration, or others in their place"

_lost(workload) := [$"{key} {concat(", ", [value.plain(item) | some item in _given(old, key)])} is lost" |
	some key in _lost_keys(workload)
	old := running.counterpart(workload)
]

_lost_keys(workload) := sort({entry.key |
	old := running.counterpart(workload)
	some entry in _entries(old)
	count(_given(old, entry.key)) > 0
	count(_given(workload, entry.key)) == 0
})

_entries(workload) := agent_config.entries(workload) if {
	agent_config.entries(workload)
} else := []

# What stands for a decision of the user: no placeholder, and not what the chart has anyway.
_given(workload, key) := [item |
	some entry in _entries(workload)
	entry.key == key
	some item in agent_config.listed(entry.value)
	_decided(key, item)
]

_decided(_, item) if is_object(item)

_decided(key, item) if {
	is_string(item)
	not placeholders.found(item)
	not item in object.get(config_defaults.values, key, set())
}

# METADATA
# title: The agent keeps the host's network and DNS
# description: >-
#   Charts from 6.3.005 on leave the host network unless they are told to stay, and charts
#   from 6.5.011 on no longer choose the DNS that goes with it. The agent's port then leaves
#   the node's address, or the cluster's names no longer resolve.
# related_resources:
#   - description: DeepFlow documentation, upgrade
#     ref: https://deepflow.io/docs/ce-install/upgrade/
# custom:
#   id: DF-UPG-007
#   level: recommended
#   reads: [manifests, cluster]
#   impact: [AutoMetrics, Server connection]
#   remediation: >-
#     Set `hostNetwork: "true"`, a text in the chart, and `dnsPolicy:
#     ClusterFirstWithHostNet` as the running agent has them, or accept the change with a
#     waiver.
#   source: CHART
#   since: "0.1.0"
#   zh:
#     title: Agent 继续使用主机的网络和 DNS
#     description: >-
#       Chart 自 6.3.005 起，除非明确指定，否则不再使用主机网络；自 6.5.011 起，也不再选择
#       与主机网络配套的 DNS 策略。结果是节点的地址上不再有 Agent 的端口，或集群内的名称无法解析。
#     remediation: >-
#       按运行中的 Agent 的现状，设置 `hostNetwork: "true"`（在 Chart 中是字符
#       串）和 `dnsPolicy: ClusterFirstWithHostNet`，或通过豁免接受这一变化。
#     related_resources:
#       - DeepFlow 文档：DeepFlow 升级
results contains result.of(rego.metadata.chain(), workload.subject, _network(workload)) if some workload in running.collectors

_network(workload) := verdict if {
	verdict := running.unmatched(workload)
} else := result.pass("hostNetwork, and dnsPolicy on the host network, are as they run") if {
	count(_network_changes(workload)) == 0
} else := result.violation(
	concat("; ", _network_changes(workload)),
	"hostNetwork is true and dnsPolicy is ClusterFirstWithHostNet, as they run",
)

_network_changes(workload) := array.concat(
	["hostNetwork is true in the running agent and no longer in the new one" |
		value.true_at(running.counterpart(workload).pod, ["hostNetwork"])
		not value.true_at(workload.pod, ["hostNetwork"])
	],
	[$"on the host network dnsPolicy goes from ClusterFirstWithHostNet to {value.plain(_dns(workload))}" |
		value.true_at(workload.pod, ["hostNetwork"])
		_dns(running.counterpart(workload)) == "ClusterFirstWithHostNet"
		_dns(workload) != "ClusterFirstWithHostNet"
	],
)

_dns(workload) := value.at(workload.pod, ["dnsPolicy"], "ClusterFirst")

# METADATA
# title: No agent from v6.6 on is told to watch by a former variable
# description: >-
#   Charts before 6.6.011 set `ONLY_WATCH_K8S_RESOURCE` on the watcher. An agent from v6.6 on
#   exits when it finds it; `K8S_WATCH_POLICY` took its place.
# related_resources:
#   - description: DeepFlow documentation, serverless pods
#     ref: https://deepflow.io/docs/ce-install/serverless-pod/
# custom:
#   id: DF-UPG-008
#   level: required
#   reads: [manifests]
#   impact: [Agent start, AutoTagging]
#   remediation: >-
#     Remove the variable `ONLY_WATCH_K8S_RESOURCE`, and set `K8S_WATCH_POLICY` to
#     `watch-only` on the watcher.
#   source: SRC
#   since: "0.1.0"
#   zh:
#     title: v6.6 及更高版本的 Agent 不使用旧环境变量控制 list-watch
#     description: >-
#       6.6.011 之前的 Chart 会为 watcher 设置
#       `ONLY_WATCH_K8S_RESOURCE`。自 v6.6 起，Agent 检测到该变量时会退出，取
#       代它的是 `K8S_WATCH_POLICY`。
#     remediation: >-
#       删除环境变量 `ONLY_WATCH_K8S_RESOURCE`，并将 watcher 的
#       `K8S_WATCH_POLICY` 设为 `watch-only`。
#     related_resources:
#       - DeepFlow 文档：监控 Serverless Pod
results contains result.of(rego.metadata.chain(), workload.container_subject, _former_variable(workload)) if some workload in running.upgraded

_former_variable(workload) := result.pass("ONLY_WATCH_K8S_RESOURCE is not set") if {
	not workload.environment.ONLY_WATCH_K8S_RESOURCE
} else := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := result.pass($"agents before v6.6 know ONLY_WATCH_K8S_RESOURCE ({workload.image})") if {
	not agent.at_least(workload, [6, 6])
} else := result.violation(
	$"ONLY_WATCH_K8S_RESOURCE is set for an agent of {_text(workload.version)}",
	"K8S_WATCH_POLICY in its place",
)

# METADATA
# title: Limits of its own outlast the upgrade
# description: >-
#   Charts from 7.1.001 on have no `resources` any more, and drop those of the values without
#   a word. An agent from v6.5 on is limited by its agent group instead, by default to 1 CPU
#   and 768 MB.
# related_resources:
#   - description: DeepFlow documentation, upgrade
#     ref: https://deepflow.io/docs/ce-install/upgrade/
# custom:
#   id: DF-UPG-009
#   level: recommended
#   reads: [manifests, cluster]
#   impact: [Agent configuration, Agent performance]
#   remediation: >-
#     Set `global.limits.max_millicpus` and `global.limits.max_memory` in the agent group's
#     configuration to the former limits; before v6.6 these are `max_millicpus`, `max_cpus` and
#     `max_memory`.
#   source: CHART
#   since: "0.1.0"
#   zh:
#     title: 自定义的资源限制在升级后依然有效
#     description: >-
#       Chart 自 7.1.001 起不再包含 `resources`，values 中已有的设置会被丢弃，且
#       没有任何提示。自 v6.5 起，Agent 改由采集器组限制资源，默认为 1 核 CPU 和 768
#       MB。
#     remediation: >-
#       在采集器组配置中将 `global.limits.max_millicpus` 和
#       `global.limits.max_memory` 设为原有的资源限制；v6.6 之前的版本为
#       `max_millicpus`、`max_cpus` 和 `max_memory`。
#     related_resources:
#       - DeepFlow 文档：DeepFlow 升级
results contains result.of(rego.metadata.chain(), workload.container_subject, _limits(workload)) if some workload in running.collectors

_limits(workload) := verdict if {
	verdict := running.unmatched(workload)
} else := result.pass("the running agent has no limits that are lost") if {
	count(_lost_limits(workload)) == 0
} else := agent.version_unknown(running.counterpart(workload)) if {
	not agent.versioned(running.counterpart(workload))
} else := result.pass("the running agent takes its limits from its agent group") if {
	agent.at_least(running.counterpart(workload), [6, 5])
} else := result.violation(
	concat(", ", _lost_limits(workload)),
	"limits in the agent group's configuration",
)

_lost_limits(workload) := [$"limits.{row[0]} {value.plain(quantity)} is lost" |
	some row in [
		["cpu", {"1", "1000m"}],
		["memory", {"768Mi", "768M", "805306368"}],
	]
	path := ["resources", "limits", row[0]]
	quantity := value.at(running.counterpart(workload).container, path, null)
	quantity != null
	not value.plain(quantity) in row[1]
	value.at(workload.container, path, null) == null
]

# METADATA
# title: The selector of the running workload is kept
# description: >-
#   The API server refuses another `selector` on a DaemonSet or Deployment that exists, so
#   the upgrade fails. It differs when the agent moves between its own chart and the
#   server's, or under another release name.
# related_resources:
#   - description: Kubernetes documentation, DaemonSet
#     ref: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/
# custom:
#   id: DF-UPG-010
#   level: required
#   reads: [manifests, cluster]
#   impact: [Agent upgrade]
#   remediation: >-
#     Upgrade under the release that runs, or delete the running workload before the new one
#     is applied.
#   source: CHART
#   since: "0.1.0"
#   zh:
#     title: 运行中的工作负载的选择器保持不变
#     description: >-
#       对于已存在的 DaemonSet 或 Deployment，apiserver 不接受不同的
#       `selector`，升级会因此失败。Agent 在自身的 Chart 与 Server 的 Chart
#       之间切换，或改用其他 Release 名称时，选择器就会不同。
#     remediation: >-
#       在运行中的 Release 上升级，或在应用新的工作负载之前删除运行中的工作负载。
#     related_resources:
#       - Kubernetes 文档：DaemonSet
results contains result.of(rego.metadata.chain(), workload.subject, _selector(workload)) if some workload in running.upgraded

_selector(workload) := verdict if {
	verdict := running.unmatched(workload)
} else := result.pass($"the {workload.subject.kind} is another object than the running one") if {
	not running.continued(workload)
} else := result.pass("the selector is the one that runs") if {
	_selected(workload) == _selected(running.counterpart(workload))
} else := result.violation(
	concat("; ", _other_labels(workload)),
	"the selector of the running workload",
)

_selected(workload) := {
	"matchLabels": value.object_at(workload.spec, ["selector", "matchLabels"]),
	"matchExpressions": value.objects_at(workload.spec, ["selector", "matchExpressions"]),
}

_other_labels(workload) := array.concat(
	[$"the running selector has {_label(old, label)} for {label}, the new one {_label(new, label)}" |
		some label in sort(object.keys(object.union(old.matchLabels, new.matchLabels)))
		_label(old, label) != _label(new, label)
	],
	["matchExpressions differ" | old.matchExpressions != new.matchExpressions],
) if {
	old := _selected(running.counterpart(workload))
	new := _selected(workload)
}

_label(selector, label) := value.shown(selector.matchLabels[label]) if {
	selector.matchLabels[label]
} else := "nothing"

# METADATA
# title: The new pods keep their placement and pull secrets
# description: >-
#   Tolerations, node selectors and pull secrets are values of the chart. Without them the
#   new pods leave tainted nodes, appear on others, or cannot pull their image.
# related_resources:
#   - description: DeepFlow documentation, upgrade
#     ref: https://deepflow.io/docs/ce-install/upgrade/
# custom:
#   id: DF-UPG-011
#   level: recommended
#   reads: [manifests, cluster]
#   impact: [All features]
#   remediation: >-
#     Give the tolerations, node selectors, node affinity and pull secrets of the running release
#     again, or accept the change with a waiver.
#   source: DOC-99
#   since: "0.1.0"
#   zh:
#     title: 新的 Pod 保留原有的调度设置和镜像拉取 Secret
#     description: >-
#       容忍度、节点选择器和镜像拉取 Secret 都是 Chart 的 values。缺少这些值时，新的 Pod
#       会离开带有污点的节点，出现在其他节点上，或无法拉取镜像。
#     remediation: >-
#       再次传入运行中的 Release 的容忍度、节点选择器、节点亲和性和镜像拉取 Secret，或通过豁免接受
#       这一变化。
#     related_resources:
#       - DeepFlow 文档：DeepFlow 升级
results contains result.of(rego.metadata.chain(), workload.subject, _placement(workload)) if some workload in running.upgraded

_placement(workload) := verdict if {
	verdict := running.unmatched(workload)
} else := result.pass("tolerations, node selection and pull secrets are as they run") if {
	count(_misplaced(workload)) == 0
} else := result.violation(
	concat("; ", _misplaced(workload)),
	"tolerations, nodeSelector, node affinity and imagePullSecrets as they run",
)

_misplaced(workload) := array.flatten([
	[$"the toleration {_shown_toleration(toleration)} is lost" |
		some toleration in value.objects_at(old, ["tolerations"])
		not _tolerated(workload, toleration)
	],
	[$"the nodeSelector {label} is lost" |
		some label in sort(object.keys(value.object_at(old, ["nodeSelector"])))
		not label in object.keys(value.object_at(workload.pod, ["nodeSelector"]))
	],
	["the required node affinity is lost" |
		count(value.object_at(old, _required_affinity)) > 0
		count(value.object_at(workload.pod, _required_affinity)) == 0
	],
	[$"the pull secret {name} is lost" |
		some name in _pull_secrets(old)
		not name in _pull_secrets(workload.pod)
	],
]) if {
	old := running.counterpart(workload).pod
}

_required_affinity := ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]

_tolerated(workload, toleration) if {
	some other in value.objects_at(workload.pod, ["tolerations"])
	_tolerates(_toleration(other), _toleration(toleration))
}

_tolerates(toleration, other) if toleration == other

_tolerates(toleration, other) if {
	toleration.operator == "Exists"
	toleration.key in {"", other.key}
	toleration.effect in {"", other.effect}
}

_toleration(entry) := {
	"key": value.string_at(entry, ["key"]),
	"operator": value.at(entry, ["operator"], "Equal"),
	"value": value.string_at(entry, ["value"]),
	"effect": value.string_at(entry, ["effect"]),
}

_shown_toleration(entry) := concat(":", [part |
	some part in [_toleration(entry).key, _toleration(entry).effect]
	part != ""
]) if {
	_toleration(entry).key != ""
} else := "of every taint"

_pull_secrets(pod) := [value.string_at(entry, ["name"]) | some entry in value.objects_at(pod, ["imagePullSecrets"])]
