# METADATA
# title: Kubernetes information
# description: What the agent needs to learn pods, interfaces and addresses of its node.
# custom:
#   group: kubernetes-info
#   order: 1
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, legacy-host, cloud-host, upgrade]
#   zh:
#     title: K8s 信息
#     description: Agent 获取所在节点的 Pod、网卡和地址需要满足的条件。
package dfpolicy.requirements.kubernetes_info

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.form
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

# METADATA
# title: The agent shares the host's process namespace
# description: >-
#   Without it `/proc/1` is the container's own init: the agent takes its own network
#   namespace for the host's and finds no process of another pod, silently.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-K8S-001
#   level: required
#   covers: [k8s-host-pid]
#   reads: [manifests]
#   impact: [AutoTagging, AutoTracing, AutoMetrics]
#   remediation: >-
#     Set `spec.template.spec.hostPID: true` on the agent's workload.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 共享主机的进程命名空间
#     description: >-
#       不共享时，`/proc/1` 是容器自身的 init 进程：Agent 会将自身的网络命名空间误认为主机的
#       网络命名空间，也找不到其他 Pod 的任何进程，且没有任何提示。
#     remediation: >-
#       在 Agent 的工作负载中设置 `spec.template.spec.hostPID: true`。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _host_pid(workload)) if some workload in agent.confined

_host_pid(workload) := form.remedied(workload, host_remedies.host_pid, _shared(workload))

_shared(workload) := result.pass(form.words(workload, {"kubernetes": "hostPID is true", "compose": "pid is host"})) if {
	value.true_at(workload.pod, ["hostPID"])
} else := result.violation("pid is not host", "pid is host") if {
	workload.form == "compose"
} else := result.violation(
	$"hostPID is {value.shown(value.at(workload.pod, ["hostPID"], false))}",
	"hostPID is true",
)

# METADATA
# title: The agent can enter other network namespaces
# description: >-
#   SYS_ADMIN lets the agent walk the network namespaces of the pods. Without it the agent
#   learns interfaces and addresses from ARP and ICMPv6 packets only; with `hostNetwork`
#   false it does not even start.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-K8S-002
#   level: recommended
#   covers: [k8s-sys-admin, k8s-sys-admin-absent]
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Add `SYS_ADMIN` to `securityContext.capabilities.add` of the agent's container. `BPF`
#     and `PERFMON` do not replace it here.
#   source: SEED
#   since: "0.1.0"
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, upgrade]
#   zh:
#     title: Agent 能够进入其他网络命名空间
#     description: >-
#       具备 SYS_ADMIN 时，Agent 能够遍历各个 Pod 的网络命名空间。缺少该内核权限
#       时，Agent 只能通过 ARP 和 ICMPv6 报文获知网卡和地址；如果 `hostNetwork`
#       为 false，Agent 甚至无法启动。
#     remediation: >-
#       在 Agent 容器的 `securityContext.capabilities.add` 中添加
#       `SYS_ADMIN`。此处不能用 `BPF` 和 `PERFMON` 替代。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.container_subject, _sys_admin(workload)) if some workload in agent.on_node

_sys_admin(workload) := verdict if {
	verdict := capability.verdict(workload, "SYS_ADMIN")
	verdict.outcome == "pass"
} else := capability.verdict(workload, "SYS_ADMIN") if {
	value.true_at(workload.pod, ["hostNetwork"])
} else := result.at("required", result.losing(["Agent start"], capability.verdict(workload, "SYS_ADMIN")))

# METADATA
# title: The agent can read the namespaces of other processes
# description: >-
#   The agent opens `/proc/1/ns/net` before anything else. From v6.3 on it does not start
#   without SYS_PTRACE, whatever else it may do.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-K8S-003
#   level: required
#   covers: [k8s-sys-ptrace]
#   reads: [manifests]
#   impact: [Agent start, AutoTagging]
#   remediation: >-
#     Add `SYS_PTRACE` to `securityContext.capabilities.add` of the agent's container.
#   source: SEED
#   since: "0.1.0"
#   waivable: false
#   zh:
#     title: Agent 能够读取其他进程的命名空间
#     description: >-
#       Agent 首先会打开 `/proc/1/ns/net`。自 v6.3 起，缺少 SYS_PTRACE
#       时，无论具备其他哪些权限，Agent 都无法启动。
#     remediation: >-
#       在 Agent 容器的 `securityContext.capabilities.add` 中添加
#       `SYS_PTRACE`。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.container_subject, capability.verdict(workload, "SYS_PTRACE")) if some workload in agent.confined

# METADATA
# title: The agent sees the host's named network namespaces
# description: >-
#   With `/var/run/netns` the agent finds namespaces by name; without it it goes through
#   `/proc/<pid>/ns/net`, which is slower and loses a namespace with its process.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-K8S-004
#   level: recommended
#   covers: [k8s-netns, k8s-netns-first, k8s-netns-fallback]
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Mount the hostPath `/var/run/netns` at the same path with `readOnly: true` and
#     `mountPropagation: HostToContainer`; in the chart set `netns.mount: true`.
#   source: SEED
#   since: "0.1.0"
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, upgrade]
#   zh:
#     title: Agent 能够看到主机的具名网络命名空间
#     description: >-
#       有 `/var/run/netns` 时，Agent 按名称查找命名空间；没有时，则通过
#       `/proc/<pid>/ns/net` 查找，速度较慢，而且进程退出后，对应的命名空间也会随之丢失。
#     remediation: >-
#       将 hostPath `/var/run/netns` 挂载到相同路径，并设置
#       `readOnly: true` 和
#       `mountPropagation: HostToContainer`；使用 Chart 时，设置
#       `netns.mount: true`。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.container_subject, _netns(workload, "/var/run/netns")) if some workload in agent.on_node

_netns(workload, path) := result.pass($"{path} is mounted with mountPropagation {mounted.mountPropagation}") if {
	mounted := mount.of_host(workload, path)
	mounted.mountPropagation in {"HostToContainer", "Bidirectional"}
} else := result.violation(
	$"{path} is mounted without mountPropagation, so namespaces created later stay invisible",
	"mountPropagation is HostToContainer",
) if {
	mount.of_host(workload, path)
} else := result.violation(
	mount.missing(workload, path),
	$"hostPath {path} mounted at {path}",
)
