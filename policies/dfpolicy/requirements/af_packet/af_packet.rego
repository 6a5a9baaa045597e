# METADATA
# title: AF_PACKET
# description: What the agent needs to capture packets and to reach the server.
# custom:
#   group: af-packet
#   order: 2
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, legacy-host, cloud-host, upgrade]
#   zh:
#     title: AF_PACKET
#     description: Agent 采集报文和访问 Server 需要满足的条件。
package dfpolicy.requirements.af_packet

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.form
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

# METADATA
# title: The agent captures in the host's network namespace
# description: >-
#   AF_PACKET sees the interfaces of the network namespace that it is opened in. An agent
#   from v6.3 on can enter the host's namespace by itself when `hostPID`, SYS_ADMIN and
#   SYS_PTRACE allow it; the overview page asks for the host network.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-NET-001
#   level: required
#   covers: [capture-host-net]
#   reads: [manifests]
#   impact: [AutoMetrics]
#   remediation: >-
#     Set `hostNetwork: true` together with `dnsPolicy: ClusterFirstWithHostNet`; in the
#     chart both are values and the first wants a text: `hostNetwork: "true"`. An
#     agent from v6.3 on also works with `hostPID: true`, `SYS_ADMIN` and `SYS_PTRACE`.
#   source: SEED
#   since: "0.1.0"
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, legacy-host, cloud-host, upgrade]
#   zh:
#     title: Agent 在主机的网络命名空间中采集报文
#     description: >-
#       AF_PACKET 套接字在哪个网络命名空间中打开，看到的就是哪个网络命名空间的网卡。在
#       `hostPID`、SYS_ADMIN 和 SYS_PTRACE 允许的情况下，v6.3 及更高版本的
#       Agent 能够自行进入主机的网络命名空间；DeepFlow 部署概述则要求使用主机网络。
#     remediation: >-
#       同时设置 `hostNetwork: true` 和
#       `dnsPolicy: ClusterFirstWithHostNet`；在 Chart 中，二者都通过
#       values 设置，且前者必须是字符串：`hostNetwork: "true"`。对于 v6.3
#       及更高版本的 Agent，也可改用 `hostPID: true`、`SYS_ADMIN` 和
#       `SYS_PTRACE` 的组合。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _host_network(workload)) if some workload in agent.on_node

_host_network(workload) := form.remedied(workload, host_remedies.host_network, _captures(workload))

_captures(workload) := result.pass(_said(workload, true)) if {
	value.true_at(workload.pod, ["hostNetwork"])
} else := _no_start(workload, concat("; ", _unmet(workload))) if {
	count(_unmet(workload)) > 0
} else := result.violation(
	$"{_said(workload, false)}; {_equivalent(workload)} are an equivalent that the strict profile does not accept",
	_said(workload, true),
) if {
	settings.strict
} else := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := _no_start(
	workload,
	$"{_said(workload, false)} and agents before v6.3 do not enter the host's namespace ({workload.image})",
) if {
	not agent.at_least(workload, [6, 3])
} else := result.at("recommended", result.losing([], result.violation(
	$"{_said(workload, false)}; met by an equivalent: {_equivalent(workload)} let the agent enter the host's namespace",
	_said(workload, true),
)))

_said(workload, true) := form.words(workload, {
	"kubernetes": "hostNetwork is true",
	"compose": "network_mode is host",
	"systemd": "the unit is in the host's network",
})

_said(workload, false) := form.words(workload, {
	"kubernetes": "hostNetwork is false",
	"compose": "network_mode is not host",
	"systemd": "PrivateNetwork= is set",
})

_equivalent(workload) := form.words(workload, {
	"kubernetes": "hostPID, SYS_ADMIN and SYS_PTRACE",
	"compose": "pid: host, SYS_ADMIN and SYS_PTRACE",
	"systemd": "SYS_ADMIN and SYS_PTRACE",
})

_no_start(workload, observed) := result.losing(["Agent start", "AutoMetrics"], result.violation(observed, concat("", [
	_said(workload, true),
	form.words(workload, {"kubernetes": ", or hostPID with", "compose": ", or pid: host with", "systemd": ", or"}),
	" SYS_ADMIN and SYS_PTRACE on an agent from v6.3 on",
])))

_unmet(workload) := array.concat(
	[form.words(workload, {
		"kubernetes": "hostNetwork and hostPID are false: the agent takes the pod's network namespace for the host's",
		"compose": "neither network_mode nor pid is host: the agent takes the container's network namespace for the host's",
	}) |
		not value.true_at(workload.pod, ["hostPID"])
	],
	[$"{_said(workload, false)} and {capability.missing(workload, name)}" |
		some name in ["SYS_ADMIN", "SYS_PTRACE"]
		not capability.effective(workload, name)
	],
)

# METADATA
# title: The agent can open raw sockets
# description: >-
#   The kernel refuses an AF_PACKET socket without NET_RAW. Some runtimes grant it by default
#   and some do not, so the manifest has to name it.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-NET-002
#   level: required
#   covers: [capture-net-raw]
#   reads: [manifests]
#   impact: [AutoMetrics]
#   remediation: >-
#     Add `NET_RAW` to `securityContext.capabilities.add` of the agent's container.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 能够打开原始套接字
#     description: >-
#       缺少 NET_RAW 时，内核会拒绝打开 AF_PACKET 套接字。有些容器运行时默认授予该内核权限，
#       有些则不授予，因此必须在清单中写明。
#     remediation: >-
#       在 Agent 容器的 `securityContext.capabilities.add` 中添加
#       `NET_RAW`。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.container_subject, capability.verdict(workload, "NET_RAW")) if some workload in agent.collectors

# METADATA
# title: The agent can configure network capture
# description: >-
#   Promiscuous mode, the packet ring and netlink set-up are refused without NET_ADMIN.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-NET-003
#   level: required
#   covers: [capture-net-admin]
#   reads: [manifests]
#   impact: [AutoMetrics]
#   remediation: >-
#     Add `NET_ADMIN` to `securityContext.capabilities.add` of the agent's container.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 能够配置网络采集
#     description: >-
#       缺少 NET_ADMIN 时，混杂模式、报文环形缓冲区和 netlink 的设置都会被拒绝。
#     remediation: >-
#       在 Agent 容器的 `securityContext.capabilities.add` 中添加
#       `NET_ADMIN`。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.container_subject, capability.verdict(workload, "NET_ADMIN")) if some workload in agent.collectors

# METADATA
# title: The agent can lock its packet buffers in memory
# description: >-
#   Without IPC_LOCK the ring is mapped a second time without locked pages, and packet
#   capture is much slower.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-NET-004
#   level: recommended
#   covers: [capture-ipc-lock, capture-ipc-lock-absent]
#   reads: [manifests]
#   impact: [Agent performance, AutoMetrics]
#   remediation: >-
#     Add `IPC_LOCK` to `securityContext.capabilities.add` of the agent's container.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 能够将报文缓冲区锁定在内存中
#     description: >-
#       缺少 IPC_LOCK 时，报文环形缓冲区会以不锁定内存页的方式再次映射，报文采集会明显变慢。
#     remediation: >-
#       在 Agent 容器的 `securityContext.capabilities.add` 中添加
#       `IPC_LOCK`。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.container_subject, capability.verdict(workload, "IPC_LOCK")) if some workload in agent.collectors

# METADATA
# title: The agent resolves the server's name
# description: >-
#   On the host network a pod with the default `dnsPolicy` asks the node's resolver, which
#   knows no Service names; so does a pod with `dnsPolicy: Default`. One controller address
#   that does not resolve stops the agent.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-NET-005
#   level: required
#   reads: [manifests]
#   impact: [Server connection, All features]
#   remediation: >-
#     Set `dnsPolicy: ClusterFirstWithHostNet` beside `hostNetwork: true`; in the chart both
#     are values and the latter wants a text, `hostNetwork: "true"`, since a boolean fails to
#     render.
#   source: CHART
#   since: "0.1.0"
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, upgrade]
#   zh:
#     title: Agent 能够解析 Server 的名称
#     description: >-
#       使用主机网络时，`dnsPolicy` 为默认值的 Pod 会使用节点的 DNS 解析器，
#       而该解析器无法解析 Service 的名称；设置了 `dnsPolicy: Default` 的 Pod
#       也是如此。只要有一个控制器地址无法解析，Agent 就会停止运行。
#     remediation: >-
#       在设置 `hostNetwork: true` 的同时，设置
#       `dnsPolicy: ClusterFirstWithHostNet`；在 Chart 中，二者都通过
#       values 设置，且前者必须是字符串，即 `hostNetwork: "true"`，
#       使用布尔值会导致渲染失败。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _dns_policy(workload)) if some workload in agent.on_node

_dns_policy(workload) := result.pass("hostNetwork is false, the pod uses the cluster's DNS") if {
	not value.true_at(workload.pod, ["hostNetwork"])
	_dns(workload) != "Default"
} else := result.pass("dnsPolicy is ClusterFirstWithHostNet") if {
	_dns(workload) == "ClusterFirstWithHostNet"
} else := result.pass("every controller address is an IP address") if {
	not agent_config.opaque(workload, "controller-ips")
	addresses := agent_config.controllers(workload)
	count(addresses) > 0
	every address in addresses {
		agent_config.literal(address)
	}
} else := doubt if {
	doubt := agent_config.doubt(workload, "controller-ips")
} else := result.violation(
	concat(", ", [
		$"hostNetwork is {value.true_at(workload.pod, ["hostNetwork"])}",
		$"dnsPolicy is {_dns(workload)}",
		"and not every controller address is an IP address",
	]),
	"dnsPolicy is ClusterFirstWithHostNet",
)

_dns(workload) := value.plain(value.at(workload.pod, ["dnsPolicy"], "ClusterFirst"))

# METADATA
# title: The agent's port is free on the host
# description: >-
#   On the host network the agent's listening port 38086 is the node's own port.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-NET-006
#   level: informational
#   reads: [manifests, nodes]
#   impact: [Agent configuration]
#   remediation: >-
#     Free TCP port 38086 on the node, or leave `hostNetwork` false.
#   source: SRC
#   since: "0.1.0"
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, legacy-host, cloud-host, upgrade]
#   zh:
#     title: Agent 的端口在主机上未被占用
#     description: >-
#       使用主机网络时，Agent 监听的 38086 端口就是节点自身的端口。
#     remediation: >-
#       释放节点的 TCP 38086 端口，或使 `hostNetwork` 保持为 false。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _host_port(workload)) if some workload in agent.on_node

_host_port(workload) := form.remedied(workload, host_remedies.port, _port(workload))

_port(workload) := result.pass(form.words(workload, {
	"kubernetes": "hostNetwork is false, the port is the pod's own",
	"compose": "network_mode is not host, the port is the container's own",
	"systemd": "PrivateNetwork= is set, the port is the unit's own",
})) if {
	not value.true_at(workload.pod, ["hostNetwork"])
} else := result.violation($"port 38086 is in use on {result.abridged(_occupied)}", "port 38086 is free") if {
	count(_occupied) > 0
} else := result.unknown("whether port 38086 is free on each node", "ss -Hltn 'sport = :38086'") if {
	some node in facts.asked
	not is_array(value.at(node.spec, ["portsInUse"], null))
} else := result.pass("port 38086 is free on every node")

_occupied := [node.name |
	some node in facts.reachable
	ports := value.at(node.spec, ["portsInUse"], [])
	is_array(ports)
	38086 in ports
]
