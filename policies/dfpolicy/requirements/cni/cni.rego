# METADATA
# title: CNI
# description: What the cluster's network plug-in asks for, so that traffic finds its labels.
# custom:
#   group: cni
#   order: 6
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, upgrade]
#   zh:
#     title: CNI
#     description: 集群的 CNI 要满足哪些条件，流量才能关联到标签。
package dfpolicy.requirements.cni

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.cni
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

# METADATA
# title: The cluster's network plug-in is one that DeepFlow is adapted to
# description: >-
#   The agent joins traffic with pods by how the network plug-in names and places interfaces.
#   Under a plug-in that it is not adapted to, traffic may miss its labels. One that you have
#   tried passes where `parameters.acceptedCnis` of `dfpolicy.yaml` names it.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-CNI-001
#   level: required
#   covers:
#     - cni-adapted
#     - cni-flannel
#     - cni-calico
#     - cni-cilium
#     - cni-multus
#     - cni-open-vswitch
#     - cni-weave
#     - cni-tke-globalrouter
#     - cni-tke-vpc-cni
#     - cni-ack-terway
#     - cni-qke-hostnic
#     - cni-ipvlan
#     - cni-macvlan
#   reads: [manifests, nodes, cluster]
#   impact: [AutoTagging, AutoMetrics]
#   remediation: >-
#     Use one of Flannel, Calico, Cilium, Multus, Open vSwitch, Weave, TKE GlobalRouter, TKE
#     VPC-CNI, ACK Terway, QKE HostNIC, IPVlan, MACVlan, or ask DeepFlow about yours.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: 集群使用 DeepFlow 已适配的 CNI
#     description: >-
#       Agent 根据 CNI 对网卡的命名和放置方式，将流量关联到 Pod。使用未适配的 CNI 时，流量可能
#       缺少标签。自行验证过的 CNI，只要列入 `dfpolicy.yaml` 的
#       `parameters.acceptedCnis`，即可通过检查。
#     remediation: >-
#       使用 Flannel、Calico、Cilium、Multus、Open
#       vSwitch、Weave、TKE GlobalRouter、TKE VPC-CNI、ACK
#       Terway、QKE HostNIC、IPVlan、MACVlan 之一，或向 DeepFlow 咨询所用
#       CNI 的适配情况。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), _cluster, _adapted) if count(agent.on_node) > 0

_adapted := _undetected if {
	not cni.known
} else := result.pass(cni.shown(cni.present)) if {
	count(_strange) == 0
} else := result.pass($"{cni.shown(cni.present)}; accepted by configuration: {result.abridged(_accepted)}") if {
	# A configuration is no word of the overview page.
	not settings.strict
	count(_accepted) == count(_strange)
} else := result.at("recommended", _not_adapted) if {
	# Another page than the overview says how to capture there.
	not settings.strict
	every network in _strange {
		network.id == "yangtse"
	}
} else := _not_adapted

_not_adapted := result.violation(
	concat(" ", ["not adapted:", cni.shown(_strange)]),
	"a network plug-in that DeepFlow is adapted to",
)

_strange := [network | some network in cni.present; not network.adapted]

_accepted := [network.name | some network in _strange; cni.accepted[network.id]]

_cluster := {"kind": "Cluster", "name": "*"}

_undetected := result.unknown(
	$"the network plug-in (state it as `cni` in ClusterFacts){settings.refusal("daemonsets")}",
	"kubectl get daemonsets -n kube-system -o yaml",
)

# METADATA
# title: MACVlan pods are captured by mirror or inside their namespaces
# description: >-
#   Pods on MACVlan, and on Huawei CCE Turbo, have no interface in the host's network
#   namespace, so that the default capture sees none of their traffic.
# related_resources:
#   - description: DeepFlow documentation, special environments
#     ref: https://deepflow.io/docs/ce-install/special-environment-deployment/
# custom:
#   id: DF-CNI-002
#   level: required
#   covers: [cni-macvlan]
#   reads: [manifests, nodes, cluster]
#   impact: [AutoMetrics, AutoTagging]
#   remediation: >-
#     Set `vtap-group-id-request` in `deepflow-agent.yaml` to the id of an agent group, and in
#     that group either `interface_regex` to the node's interface with `capture_mode` 1, or
#     `inner_interface_capture_enabled` to true.
#   source: DOC-special
#   since: "0.1.0"
#   zh:
#     title: MACVlan Pod 的流量以镜像方式采集，或在其网络命名空间内采集
#     description: >-
#       使用 MACVlan 或华为云 CCE Turbo 时，主机的网络命名空间中没有 Pod 对应的网卡，默认
#       的采集方式采集不到这些 Pod 的任何流量。
#     remediation: >-
#       将 `deepflow-agent.yaml` 中的 `vtap-group-id-request` 设为
#       某个采集器组的 ID，并在该采集器组中，要么将 `interface_regex` 设为节点的
#       网卡、`capture_mode` 设为 1，要么将
#       `inner_interface_capture_enabled` 设为 true。
#     related_resources:
#       - DeepFlow 文档：特殊环境 Agent 部署
results contains result.of(rego.metadata.chain(), _cluster, _macvlan) if count(agent.on_node) > 0

_macvlan := _undetected if {
	not cni.known
} else := result.pass($"neither MACVlan nor CCE Turbo is among {cni.shown(cni.present)}") if {
	count(_mirror_networks) == 0
} else := _doubt if {
	_doubt
} else := result.violation(
	$"{cni.shown(_mirror_networks)}: {concat("; ", _lacking)}",
	"a group of its own that captures by mirror or inside the pods' namespaces",
) if {
	count(_lacking) > 0
} else := agent_group.unknown("interface_regex and capture_mode, or inner_interface_capture_enabled") if {
	_ungrouped
} else := result.pass($"{cni.shown(_mirror_networks)}: {concat("; ", _ways)}")

_mirror_networks := [network | some network in cni.present; network.id in {"macvlan", "yangtse"}]

# What the agent's own file leaves open, of the first agent whose file does.
_doubt := sort(doubts)[0] if {
	doubts := [agent_config.doubt(workload, "vtap-group-id-request") | some workload in agent.on_node]
	count(doubts) > 0
}

_ways := sort([way |
	some workload in agent.on_node
	way := $"{workload.subject.name} captures {_way(workload)}"
])

_way(workload) := "inside the pods' namespaces" if {
	agent_group.setting(workload, "inner_interface_capture_enabled") == true
} else := "by mirror"

_lacking := array.flatten(sort([array.concat(_groupless(workload), _flaws(workload)) | some workload in agent.on_node]))

# Capture inside the pods needs no group of its own, but a group that is known.
_groupless(workload) := [$"vtap-group-id-request of {workload.subject.name} is an example's"] if {
	agent_group.exemplary(workload)
} else := [$"vtap-group-id-request of {workload.subject.name} names no agent group"] if {
	not agent_group.requested(workload)
	not agent_group.setting(workload, "inner_interface_capture_enabled") == true
} else := []

_flaws(workload) := [] if {
	not agent_group.configuration(workload)
} else := _inner_flaws(workload) if {
	agent_group.setting(workload, "inner_interface_capture_enabled") == true
} else := _mirror_flaws(workload)

_mirror_flaws(workload) := array.flatten([
	["capture_mode is not 1" | value.plain(agent_group.setting(workload, "capture_mode")) != "1"],
	["interface_regex is not set" | agent_group.setting(workload, "interface_regex") == null],
	_malformed(agent_group.interface_regex(workload), "interface_regex"),
	_aimless(workload),
])

_aimless(workload) := ["interface_regex matches no interface of the nodes" |
	count(_uplinks) > 0
	not agent_group.malformed(agent_group.interface_regex(workload))
	count(agent_group.captured(agent_group.interface_regex(workload), _uplinks)) == 0
]

# 128 blocks, the default, are 128 MB for each pod of the node.
_inner_flaws(workload) := array.flatten([
	["capture inside the pods needs SYS_ADMIN" | not capability.effective(workload, "SYS_ADMIN")],
	["ring_blocks_enabled is not true" | agent_group.setting(workload, "ring_blocks_enabled") != true],
	["ring_blocks is not below 128" | not _few_blocks(agent_group.setting(workload, "ring_blocks"))],
	_malformed(_inner_regex(workload), "inner_interface_regex"),
	["inner_interface_regex does not match eth0, the interface of a pod" |
		not agent_group.malformed(_inner_regex(workload))
		count(agent_group.captured(_inner_regex(workload), ["eth0"])) == 0
	],
])

_few_blocks(blocks) if {
	is_number(blocks)
	blocks < 128
}

_inner_regex(workload) := given if {
	given := agent_group.setting(workload, "inner_interface_regex")
	given != null
} else := `^eth\d+$`

_malformed(expression, name) := [$"{name} is no regular expression: {value.shown(expression)}" | agent_group.malformed(expression)]

# METADATA
# title: Under IPVlan only the interfaces of the node are captured
# description: >-
#   Under IPVlan the traffic between pods of one node passes no interface of the node, and
#   only eBPF sees it. The other interfaces are to be left out of the capture.
# related_resources:
#   - description: DeepFlow documentation, special environments
#     ref: https://deepflow.io/docs/ce-install/special-environment-deployment/
# custom:
#   id: DF-CNI-003
#   level: recommended
#   reads: [manifests, nodes, cluster]
#   impact: [AutoMetrics]
#   remediation: >-
#     Set `interface_regex` of the agent group to the interfaces of the node alone.
#   source: DOC-special
#   since: "0.1.0"
#   zh:
#     title: 使用 IPVlan 时只采集节点网卡的流量
#     description: >-
#       使用 IPVlan 时，同一节点上 Pod 之间的流量不经过节点的任何网卡，只有 eBPF 能够采集
#       到。其他网卡应排除在采集范围之外。
#     remediation: >-
#       将采集器组的 `interface_regex` 设为只匹配节点的网卡。
#     related_resources:
#       - DeepFlow 文档：特殊环境 Agent 部署
results contains result.of(rego.metadata.chain(), _cluster, _restricted("ipvlan", "IPVlan")) if count(agent.on_node) > 0

_restricted(id, name) := _undetected if {
	not cni.known
} else := _unused(name) if {
	not cni.used(id)
} else := _captured(name)

_unused(name) := result.pass($"{name} is not among {cni.shown(cni.present)}")

_captured(name) := result.violation(
	$"{name} is used; {concat("; ", _unrestricted)}",
	"an interface_regex that matches interfaces of the node, and none of pods",
) if {
	count(_unrestricted) > 0
} else := _unsettled("interface_regex restricted to the node's interfaces") if {
	_ungrouped
} else := result.pass($"{name} is used, and interface_regex matches interfaces of the node alone")

_ungrouped if {
	some workload in agent.on_node
	not agent_group.configuration(workload)
}

_unsettled(keys) := _doubt if {
	_doubt
} else := agent_group.unknown(keys)

# No group at all is no fault here: the default group may be restricted as well.
_unrestricted := array.flatten(sort([array.concat(_examples(workload), _wide(workload)) | some workload in agent.on_node]))

_examples(workload) := _groupless(workload) if {
	agent_group.exemplary(workload)
} else := []

_wide(workload) := array.flatten([
	_malformed(agent_group.interface_regex(workload), "interface_regex"),
	[$"interface_regex matches {concat(", ", sort(pods))}" |
		pods := agent_group.captured(agent_group.interface_regex(workload), _pod_interfaces)
		count(pods) > 0
	],
	_aimless(workload),
]) if {
	agent_group.configuration(workload)
} else := []

# Names as plug-ins give them to the node's end of a pod.
_pod_interfaces := ["cali1a2b3c4d5e6", "lxc1a2b3c4d5e6f", "tap1a2b3c4d5e6", "veth1a2b3c4d"]

# METADATA
# title: Under Cilium only the interfaces of the node are captured
# description: >-
#   The eBPF of Cilium redirects packets past the lxc interfaces, which then show one
#   direction only. The traffic between pods of one node is seen by eBPF alone.
# related_resources:
#   - description: DeepFlow documentation, special environments
#     ref: https://deepflow.io/docs/ce-install/special-environment-deployment/
# custom:
#   id: DF-CNI-004
#   level: recommended
#   reads: [manifests, nodes, cluster]
#   impact: [AutoMetrics]
#   remediation: >-
#     Set `interface_regex` of the agent group to the interfaces of the node alone.
#   source: DOC-special
#   since: "0.1.0"
#   zh:
#     title: 使用 Cilium 时只采集节点网卡的流量
#     description: >-
#       Cilium 通过 eBPF 重定向报文，使其绕过 lxc 网卡，因此在 lxc 网卡上只能看到单向
#       流量。同一节点上 Pod 之间的流量只有 eBPF 能够采集到。
#     remediation: >-
#       将采集器组的 `interface_regex` 设为只匹配节点的网卡。
#     related_resources:
#       - DeepFlow 文档：特殊环境 Agent 部署
results contains result.of(rego.metadata.chain(), _cluster, _restricted("cilium", "Cilium")) if count(agent.on_node) > 0

# METADATA
# title: The interfaces of the nodes are among those that are captured
# description: >-
#   The agent captures on interfaces whose name its regular expression matches. The default
#   knows eth0 and ens3, but no bond0, team0, em1 or ib0. A malformed one makes the agent
#   refuse its whole configuration.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-CNI-005
#   level: recommended
#   reads: [manifests, nodes]
#   impact: [AutoMetrics]
#   remediation: >-
#     Add the names to `interface_regex` in the configuration of the agent group.
#   source: SRC
#   since: "0.1.0"
#   zh:
#     title: 节点的网卡在采集范围之内
#     description: >-
#       Agent 只采集名称与其正则表达式匹配的网卡。默认的正则表达式能匹配 eth0 和 ens3，但不能匹配
#       bond0、team0、em1 和 ib0。正则表达式有语法错误时，Agent 会拒绝整份配置。
#     remediation: >-
#       将这些网卡的名称加入采集器组配置的 `interface_regex`。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), _cluster, _interfaces) if count(agent.on_node) > 0

_interfaces := result.violation(concat("; ", _broken), "a regular expression") if {
	count(_broken) > 0
} else := result.violation(
	$"not covered: {result.abridged(_gaps)}",
	$"names that {concat(" or ", _expressions)} matches, one of the node itself",
) if {
	count(_gaps) > 0
} else := result.unknown("the interfaces of the nodes", "ls /sys/class/net") if {
	count(facts.reachable) == 0
} else := result.unknown($"the interfaces of {result.abridged(_uncollected)}", "ls /sys/class/net") if {
	count(_uncollected) > 0
} else := result.pass($"covered on {result.abridged([node.name | some node in facts.reachable])}")

_broken := array.flatten(sort([_malformed(expression, "interface_regex") | some expression in _in_force]))

_in_force := {agent_group.interface_regex(workload) | some workload in agent.on_node}

_expressions := sort([expression | some expression in _in_force])

_uncollected := [node.name | some node in facts.reachable; not is_array(value.at(node.spec, ["interfaces"], null))]

_gaps := [gap |
	some node in facts.reachable
	links := _links[node.name]
	gap := _gap(node, links)
]

_gap(node, links) := $"{node.name} ({result.abridged(uncovered)})" if {
	uncovered := [name | some name in links; _uncovered[name]]
	count(uncovered) > 0
} else := $"{node.name} (no interface of the node itself)" if {
	count(links) == 0
}

_uncovered := {name |
	some name in _uplinks
	some expression in _in_force
	not regex.match(expression, name)
}

_uplinks := {name | some links in _links; some name in links}

# Interfaces that belong to the node itself, or that a plug-in makes under a name which the
# default does not know. One search per node, which may have hundreds of interfaces;
# `bonding_masters` is a file beside them.
_links := {node.name: _node_links(node) |
	some node in facts.reachable
	is_array(value.at(node.spec, ["interfaces"], null))
}

_node_links(node) := [match[1] |
	some match in regex.find_all_string_submatch_n(
		` ((?:bond|team|eth|en|ib[0-9ps]|em[0-9]|p[0-9]+p[0-9]|br[0-9]|cbr|gke|azv)[^ ]*) `,
		$" {concat("  ", value.strings_at(node.spec, ["interfaces"]))} ",
		-1,
	)
	match[1] != "bonding_masters"
]
