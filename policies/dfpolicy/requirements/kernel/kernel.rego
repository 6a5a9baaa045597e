# METADATA
# title: Kernel
# description: What the kernel of each node must be for eBPF, by DeepFlow's table of kernels.
# custom:
#   group: kernel
#   order: 4
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, legacy-host, cloud-host, upgrade]
#   zh:
#     title: 内核
#     description: 按照 DeepFlow 的内核适配列表，各节点的内核要支持 eBPF 应满足的条件。
package dfpolicy.requirements.kernel

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.features
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.field_reports

# METADATA
# title: The kernel is one that the agent supports
# description: >-
#   DeepFlow's table of kernels decides by architecture, release and distribution what eBPF
#   programs can attach to. Below it packets and Kubernetes information are still captured.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-KERNEL-001
#   level: required
#   covers:
#     - kernel-x86-centos-7-9
#     - kernel-x86-redhat-7-6
#     - kernel-x86-4-14
#     - kernel-x86-4-15
#     - kernel-x86-4-16
#     - kernel-x86-4-17
#     - kernel-x86-suse-12-sp5
#     - kernel-arm-centos-8
#     - kernel-arm-euleros
#     - kernel-arm-kylin-v10-sp1
#     - kernel-arm-kylin-v10-sp2
#     - kernel-arm-kylin-v10-sp3
#     - kernel-arm-others
#     - note-2-el7-builds
#     - note-5-suse
#     - note-6-euleros
#     - note-7-kylin-sp1
#     - note-8-kylin-sp2
#   reads: [nodes]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Use a kernel of the table: on x86 from 4.14 on, on ARM from 5.8 on, or a listed one of
#     CentOS, EulerOS, Kylin or SUSE.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: 内核在 Agent 的支持范围之内
#     description: >-
#       DeepFlow 的内核适配列表根据架构、内核版本和发行版，决定 eBPF 程序能够 attach
#       到哪些探测点。内核低于列表的要求时，仍可采集报文和 K8s 信息。
#     remediation: >-
#       使用适配列表中的内核：x86 为 4.14 或更高版本，ARM 为 5.8 或更高版本，或使用列表中
#       CentOS、EulerOS、KylinOS 或 SUSE 的内核。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), facts.subject(node), _supported(node)) if some node in facts.asked

_supported(node) := result.unknown("the node's architecture, kernel release and distribution", "uname -rm; cat /etc/os-release") if {
	features.of(node).certainty == "unknown"
} else := result.losing(["AutoTracing"], _unsupported(node)) if {
	features.of(node).kprobe == "no"
	features.of(node).perf == "yes"
} else := _unsupported(node) if {
	features.of(node).kprobe == "no"
} else := _agreed(node) if {
	features.of(node).certainty == "listed"
} else := _unlisted(node) if {
	settings.strict
} else := result.at("recommended", _unlisted(node))

_unsupported(node) := result.violation(
	$"kernel {_told(node)} is not supported: {concat("; ", features.of(node).notes)}",
	"a kernel of the table",
)

_unlisted(node) := result.violation(
	$"kernel {_told(node)} stands close to a listed one: {concat("; ", features.of(node).notes)}",
	"a listed kernel",
)

# What a listed kernel still asks of the agents that land there, for the few kernels where
# that hangs on their version.
_agreed(node) := result.pass($"kernel {_told(node)} is listed") if {
	not _version_decides(node)
} else := result.at("recommended", result.violation(
	$"kernel {_told(node)} is listed, but {concat("; ", _clashes(node))}",
	"agents that work on the kernel",
)) if {
	count(_clashes(node)) > 0
} else := result.at("recommended", sort([agent.version_unknown(workload) | some workload in _undated(node)])[0]) if {
	count(_undated(node)) > 0
} else := result.pass($"kernel {_told(node)} is listed")

_clashes(node) := sort(array.flatten([
	[$"{workload.subject.name} {agent.shown_version(workload)} needs 4.14" |
		features.of(node).row == "X2"
		some workload in _dated(node)
		not _lowered(workload)
	],
	[$"{workload.subject.name} {agent.shown_version(workload)} was reported to fail: {effect}" |
		some workload in _dated(node)
		some effect in field_reports.failures(workload.version, facts.kernel(node))
	],
]))

_dated(node) := [workload | some workload in _landing(node); agent.versioned(workload)]

_undated(node) := [workload | some workload in _landing(node); not agent.versioned(workload)]

_version_decides(node) if features.of(node).row == "X2"

_version_decides(node) if field_reports.suspect(facts.kernel(node))

# The agents whose floor was 4.12: the branch v6.5, and a few builds after it.
_lowered(workload) if {
	agent.at_least(workload, [6, 5])
	not agent.at_least(workload, [6, 6])
}

_lowered(workload) if workload.version in [[6, 6, 9, 2504], [7, 0, 5], [7, 0, 6], [7, 0, 7]]

_told(node) := value.string_at(node.spec, ["kernelRelease"])

# METADATA
# title: Uprobes reach Go and OpenSSL processes in containers
# description: >-
#   On old kernels uprobes attach to processes of the host only, or not at all, so that TLS
#   and Go traffic of pods stays opaque. They are off by default.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-KERNEL-002
#   level: recommended
#   covers:
#     - kernel-x86-centos-7-9
#     - kernel-x86-redhat-7-6
#     - kernel-x86-4-14
#     - kernel-x86-4-15
#     - kernel-x86-4-16
#     - kernel-x86-suse-12-sp5
#     - note-3-containers
#   reads: [nodes]
#   impact: [AutoTracing]
#   remediation: >-
#     Use a kernel from 4.17 on where encrypted or Go traffic of pods is to be traced.
#   source: SEED
#   since: "0.1.0"
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
#   zh:
#     title: uprobe 能够覆盖容器中的 Go 和 OpenSSL 进程
#     description: >-
#       在旧版内核上，uprobe 只能 attach 到主机的进程，或完全无法 attach，Pod 的 TLS
#       流量和 Go 流量因此仍不可见。uprobe 默认关闭。
#     remediation: >-
#       如果需要追踪 Pod 的加密流量或 Go 流量，则使用 4.17 或更高版本的内核。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), facts.subject(node), _uprobes(node)) if some node in facts.asked

_uprobes(node) := result.unknown("the node's architecture, kernel release and distribution", "uname -rm; cat /etc/os-release") if {
	features.of(node).certainty == "unknown"
} else := _reach(node, _shortfalls(node))

_reach(_, []) := result.pass("Go and OpenSSL uprobes reach containers")

_reach(node, shortfalls) := result.violation(
	$"kernel {_told(node)}: {concat("; ", shortfalls)}",
	"Go and OpenSSL uprobes that reach containers",
) if {
	count(shortfalls) > 0
}

_shortfalls(node) := array.flatten([
	[$"Go uprobes {ability}" | ability := features.of(node).golang_uprobe; ability != "yes"],
	[$"OpenSSL uprobes {ability}" | ability := features.of(node).openssl_uprobe; ability != "yes"],
	sort([$"no uprobe PMU, through which alone {workload.subject.name} {agent.shown_version(workload)} attaches" |
		features.of(node).golang_uprobe != "no"
		features.without_pmu(node)
		some workload in _pmu_agents
		facts.runs_on(workload, node)
	]),
])

_pmu_agents := [workload | some workload in agent.collectors; _by_pmu(workload)]

# From v7.1.4 on; a tag of two numbers moves, and follows its branch.
_by_pmu(workload) if agent.at_least(workload, [7, 1, 4])

_by_pmu(workload) if workload.version in [[6, 6], [7, 0], [7, 1]]

_by_pmu(workload) if not agent.versioned(workload)

# METADATA
# title: On kernel 4.14 one agent runs per node
# description: >-
#   On 4.14 two agents on one node break each other's eBPF programs.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-KERNEL-003
#   level: required
#   covers: [note-4-single-agent]
#   reads: [manifests, nodes]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Run one agent per node: no host agent beside the DaemonSet, no second DaemonSet, and
#     `updateStrategy.rollingUpdate.maxSurge` 0.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: 内核为 4.14 时，每个节点只运行一个 Agent
#     description: >-
#       内核为 4.14 时，同一节点上的两个 Agent 会破坏彼此的 eBPF 程序。
#     remediation: >-
#       每个节点只运行一个 Agent：不要在 DaemonSet 之外另行运行主机上的 Agent，
#       不要部署第二个 DaemonSet，并将
#       `updateStrategy.rollingUpdate.maxSurge` 设为 0。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), facts.subject(node), _single(node)) if some node in facts.asked

_single(node) := facts.unknown(node, "kernelRelease", "the kernel release", "uname -r") if {
	facts.kernel(node) == null
} else := result.pass($"kernel {_told(node)} is not 4.14") if {
	array.slice(facts.kernel(node), 0, 2) != [4, 14]
} else := result.violation(concat("; ", _rivals(node)), "one agent") if {
	count(_rivals(node)) > 0
} else := facts.unknown(node, "processes.deepflowAgents", "how many agents run on the node", "pgrep -c deepflow-agent") if {
	not is_number(value.at(node.spec, ["processes", "deepflowAgents"], null))
} else := result.pass("one agent at most")

_rivals(node) := array.flatten([
	[$"{count(_landing(node))} agent workloads land on the node" | count(_landing(node)) > 1],
	sort([$"{workload.subject.kind} {workload.subject.name} may surge during an update" |
		some workload in _landing(node)
		not value.at(workload.spec, ["updateStrategy", "rollingUpdate", "maxSurge"], 0) in {0, "0", "0%"}
	]),
	[$"{agents} agents run on the node" |
		agents := value.at(node.spec, ["processes", "deepflowAgents"], 0)
		is_number(agents)
		agents > 1
	],
])

_landing(node) := [workload |
	some workload in agent.collectors
	facts.runs_on(workload, node)
]

# METADATA
# title: fentry programs can attach
# description: >-
#   With kernel type information and x86 from 5.5 or ARM from 6.0 on, fentry programs are
#   about 15 percent faster than kprobes. The agent has them off by default; on kernels
#   before 5.10.28 they have crashed nodes.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-KERNEL-004
#   level: informational
#   covers: [note-1-fentry]
#   reads: [nodes]
#   impact: [Agent performance]
#   remediation: >-
#     Use a kernel with BTF from 5.5 (x86) or 6.0 (ARM) on; the vendor advises 5.10.28 or
#     later before fentry is turned on.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: 内核支持 attach fentry 程序
#     description: >-
#       具备内核类型信息，且 x86 内核为 5.5 或更高版本、ARM 内核为 6.0 或更高版本
#       时，fentry 程序比 kprobe 快约 15%。Agent 默认关闭 fentry；在低于
#       5.10.28 的内核上，fentry 曾导致节点崩溃。
#     remediation: >-
#       使用带有 BTF 的 5.5（x86）或 6.0（ARM）及更高版本的内核；厂商建议内核达到
#       5.10.28 或更高版本后，再开启 fentry。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), facts.subject(node), _fentry(node)) if some node in facts.asked

_fentry(node) := result.at("recommended", result.violation(
	$"fentry is turned on, and kernel {_told(node)} is before 5.10.28",
	"kernel 5.10.28 or later where `fentry_enabled` is true",
)) if {
	facts.kernel(node) != null
	facts.kernel(node) < [5, 10, 28]
	some workload in _fentry_agents
	facts.runs_on(workload, node)
} else := result.unknown("the kernel release, the architecture or its BTF", "uname -rm; ls /sys/kernel/btf/vmlinux") if {
	features.fentry(node) == "unknown"
} else := result.pass("fentry is possible; it is off by default") if {
	features.fentry(node) == "yes"
} else := result.violation(
	$"kernel {_told(node)} cannot attach fentry programs",
	"BTF, and x86 from 5.5 or ARM from 6.0 on",
)

# Few, or none: asked once, not for each node.
_fentry_agents := [workload |
	some workload in agent.collectors
	agent_group.setting(workload, "fentry_enabled") == true
]
