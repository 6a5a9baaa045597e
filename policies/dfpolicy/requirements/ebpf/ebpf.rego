# METADATA
# title: eBPF
# description: What the agent needs to load and attach eBPF programs.
# custom:
#   group: ebpf
#   order: 3
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, legacy-host, cloud-host, upgrade]
#   zh:
#     title: eBPF
#     description: Agent 加载和 attach eBPF 程序需要满足的条件。
package dfpolicy.requirements.ebpf

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.form
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.field_reports
import data.dfpolicy.tables.host_remedies
import data.dfpolicy.tables.kernel_offsets

# METADATA
# title: SELinux does not confine the agent
# description: >-
#   An enforcing SELinux policy refuses the loading of eBPF programs. The overview page asks
#   for SELinux to be disabled; with a permissive one loading works.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-EBPF-001
#   level: required
#   covers: [ebpf-selinux]
#   reads: [nodes]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Disable SELinux on the node (`SELINUX=disabled` in `/etc/selinux/config`, then reboot),
#     or waive this with a policy module that allows the agent's bpf calls.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: SELinux 不限制 Agent
#     description: >-
#       SELinux 处于 enforcing 模式时，其策略会拒绝加载 eBPF 程序。DeepFlow
#       部署概述要求禁用 SELinux；处于 permissive 模式时也能加载。
#     remediation: >-
#       在节点上禁用 SELinux（在 `/etc/selinux/config` 中设置
#       `SELINUX=disabled`，然后重启），或使用允许 Agent 执行 bpf 调用的策略模块，
#       并豁免此要求。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), facts.subject(node), _selinux(node)) if some node in facts.asked

_selinux(node) := facts.unknown(node, "selinux", "the SELinux mode", "getenforce") if {
	not facts.known(node, ["selinux", "enabled"])
	not facts.known(node, ["selinux", "mode"])
} else := result.pass("SELinux is disabled") if {
	lower(value.string_at(node.spec, ["selinux", "mode"])) == "disabled"
} else := result.pass("SELinux is disabled") if {
	value.at(node.spec, ["selinux", "enabled"], true) == false

	# A mode is what getenforce printed; where the two differ it tells the truth.
	not facts.known(node, ["selinux", "mode"])
} else := result.at("recommended", _selinux_mode(node)) if {
	lower(value.string_at(node.spec, ["selinux", "mode"])) == "permissive"
	not settings.strict
} else := facts.unknown(node, "selinux", "the SELinux mode", "getenforce") if {
	not facts.known(node, ["selinux", "mode"])
} else := _selinux_mode(node)

_selinux_mode(node) := result.violation(
	$"SELinux is {lower(value.string_at(node.spec, ["selinux", "mode"]))}",
	"SELinux is disabled",
)

# METADATA
# title: The agent may load eBPF programs
# description: >-
#   Loading needs SYS_ADMIN, or BPF together with PERFMON on a kernel from 5.8 on on every
#   node that the pod can land on. With that pair uprobes are lost on kernels that carry the
#   fix of CVE-2025-38466.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-EBPF-002
#   level: recommended
#   covers: [ebpf-sys-admin, ebpf-bpf-perfmon, ebpf-sys-admin-any-kernel]
#   reads: [manifests, nodes]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Add `SYS_ADMIN` to `securityContext.capabilities.add` of the agent's container, or
#     `BPF` and `PERFMON` where every node has kernel 5.8 or later and `hostNetwork` is true.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 有权加载 eBPF 程序
#     description: >-
#       加载 eBPF 程序需要 SYS_ADMIN；如果 Pod 可能调度到的所有节点的内核均为 5.8
#       或更高版本，也可用 BPF 和 PERFMON 的组合替代。使用该组合时，在已修复
#       CVE-2025-38466 的内核上，uprobe 会失效。
#     remediation: >-
#       在 Agent 容器的 `securityContext.capabilities.add` 中添加
#       `SYS_ADMIN`；如果每个节点的内核均为 5.8 或更高版本，且 `hostNetwork` 为
#       true，也可添加 `BPF` 和 `PERFMON`。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.container_subject, _loading(workload)) if some workload in agent.collectors

_loading(workload) := form.remedied(workload, host_remedies.loading, _loads(workload))

_loads(workload) := result.pass(capability.held(workload, "SYS_ADMIN")) if {
	capability.effective(workload, "SYS_ADMIN")
} else := result.at("required", result.violation(capability.missing(workload, "SYS_ADMIN"), _loaders)) if {
	some name in ["BPF", "PERFMON"]
	not capability.effective(workload, name)
} else := result.at("required", result.violation(
	$"BPF and PERFMON need kernel 5.8, which {result.abridged(_before(workload, [5, 8]))} does not have",
	_loaders,
)) if {
	count(_before(workload, [5, 8])) > 0
} else := result.at("required", result.unknown(
	"whether every node has kernel 5.8, which BPF and PERFMON need in place of SYS_ADMIN",
	_kernel_command(workload),
)) if {
	some node in _reached(workload)
	facts.kernel(node) == null
} else := result.losing(["AutoTracing"], result.violation(
	"BPF and PERFMON stand in for SYS_ADMIN; uprobes fail on kernels with the fix of CVE-2025-38466",
	_loaders,
))

_loaders := "SYS_ADMIN, or BPF and PERFMON with kernel 5.8 or later on every node"

_kernel_command(workload) := form.words(workload, {"kubernetes": "kubectl get nodes -o yaml", "compose": "uname -r", "systemd": "uname -r"})

# No node at all is a node of which nothing is known.
_reached(workload) := facts.reached(workload) if {
	count(facts.reached(workload)) > 0
} else := [facts.nameless]

_before(workload, minimum) := [node.name |
	some node in facts.reached(workload)
	version := facts.kernel(node)
	version != null
	version < minimum
]

# METADATA
# title: The agent may raise its memory lock limit
# description: >-
#   Without SYS_RESOURCE raising RLIMIT_MEMLOCK fails and the tracer stops before it loads
#   anything.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-EBPF-003
#   level: required
#   covers: [ebpf-sys-resource]
#   reads: [manifests]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Add `SYS_RESOURCE` to `securityContext.capabilities.add` of the agent's container.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 有权提高自身的内存锁定上限
#     description: >-
#       缺少 SYS_RESOURCE 时，无法提高 RLIMIT_MEMLOCK，追踪器在加载任何内容之前就会停
#       止。
#     remediation: >-
#       在 Agent 容器的 `securityContext.capabilities.add` 中添加
#       `SYS_RESOURCE`。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.container_subject, capability.verdict(workload, "SYS_RESOURCE")) if some workload in agent.collectors

# METADATA
# title: The agent may read kernel symbol addresses
# description: >-
#   Without SYSLOG every address in `/proc/kallsyms` reads as 0 and the profiler refuses to
#   start. Up to v6.5 it takes AutoTracing with it.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-EBPF-004
#   level: required
#   covers: [ebpf-syslog]
#   reads: [manifests]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Add `SYSLOG` to `securityContext.capabilities.add` of the agent's container.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 有权读取内核符号地址
#     description: >-
#       缺少 SYSLOG 时，从 `/proc/kallsyms` 读到的地址全部为 0，持续剖析功能无法启动。
#       在 v6.5 及更早版本中，AutoTracing 也会随之失效。
#     remediation: >-
#       在 Agent 容器的 `securityContext.capabilities.add` 中添加
#       `SYSLOG`。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.container_subject, _symbols(workload)) if some workload in agent.collectors

_symbols(workload) := result.losing(["AutoProfiling"], capability.verdict(workload, "SYSLOG")) if {
	agent.at_least(workload, [6, 6])
} else := capability.verdict(workload, "SYSLOG")

# METADATA
# title: The host's debugfs is readable by the agent
# description: >-
#   Probes are attached through the tracing files below `/sys/kernel/debug`. Without them no
#   eBPF program runs. A read-only mount is enough, except below kernel 4.17, where attaching
#   writes `kprobe_events`; the host itself must have debugfs mounted there.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-EBPF-005
#   level: required
#   covers: [ebpf-debugfs, ebpf-debugfs-absent]
#   reads: [manifests, nodes]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Mount the hostPath `/sys/kernel/debug` at the same path of the agent's container
#     (`readOnly: true` is enough from kernel 4.17 on), and debugfs there on each node
#     (`mount -t debugfs debugfs /sys/kernel/debug`).
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 能够读取主机的 debugfs
#     description: >-
#       探测点的 attach 操作依赖 `/sys/kernel/debug` 下的追踪文件。没有这些文件，任何
#       eBPF 程序都无法运行。内核低于 4.17 时，attach 操作需要写入
#       `kprobe_events`，其他情况下只读挂载即可；主机自身必须已在该路径上挂载 debugfs。
#     remediation: >-
#       将 hostPath `/sys/kernel/debug` 挂载到 Agent 容器的相同路径（内核为
#       4.17 或更高版本时，`readOnly: true` 即可），并在每个节点的该路径上挂载
#       debugfs（`mount -t debugfs debugfs
#       /sys/kernel/debug`）。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.container_subject, _debugfs(workload, "/sys/kernel/debug")) if some workload in agent.collectors

_debugfs(workload, path) := form.remedied(workload, host_remedies.debugfs, _readable(workload, path))

_readable(workload, path) := result.violation(mount.missing(workload, path), form.words(workload, {
	"kubernetes": $"hostPath {path} mounted at {path}",
	"compose": $"the host's {path} in `volumes` at {path}",
	"systemd": $"the host's {path}",
})) if {
	not mount.of_host(workload, path)
} else := result.violation(
	$"no debugfs is mounted at {path} on {result.abridged(_without_debugfs(workload, path))}",
	$"debugfs is mounted at {path} on each node",
) if {
	count(_without_debugfs(workload, path)) > 0
} else := result.at("recommended", result.violation(
	$"{path} is read-only, and {result.abridged(_before(workload, [4, 17]))} attaches kprobes by writing to it",
	$"{path} is mounted with `readOnly: false` below kernel 4.17",
)) if {
	mount.of_host(workload, path).readOnly == true
	count(_before(workload, [4, 17])) > 0
} else := result.unknown($"whether debugfs is mounted at {path} on each node", "mount -t debugfs") if {
	some node in _reached(workload)
	not facts.known(node, ["paths", path, "mounted"])
} else := result.unknown("whether each node has kernel 4.17, below which a read-only debugfs is not enough", _kernel_command(workload)) if {
	mount.of_host(workload, path).readOnly == true
	some node in _reached(workload)
	facts.kernel(node) == null
} else := result.pass($"debugfs is mounted at {path} on the host") if {
	workload.form == "systemd"
} else := result.pass($"the host's {mount.of_host(workload, path).host_path} is mounted{_manner(workload, path)}")

_manner(workload, path) := " read-only" if {
	mount.of_host(workload, path).readOnly == true
} else := " read-write"

_without_debugfs(workload, path) := [node.name |
	some node in facts.reached(workload)
	value.at(node.spec, ["paths", path, "mounted"], null) == false
]

# METADATA
# title: The agent runs as root
# description: >-
#   debugfs belongs to root with mode 0700, and capabilities are not effective in a process
#   of another user. `privileged` does not replace user 0.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-EBPF-006
#   level: required
#   covers: [ebpf-root]
#   reads: [manifests]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Leave out `runAsUser` and `runAsNonRoot`, or set `securityContext.runAsUser: 0` on the
#     agent's container.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: Agent 以 root 用户运行
#     description: >-
#       debugfs 属于 root 用户，权限为 0700；进程以其他用户运行时，内核权限不会生效。即使设置了
#       `privileged`，也仍须以 UID 0 运行。
#     remediation: >-
#       不设置 `runAsUser` 和 `runAsNonRoot`，或在 Agent 容器中设置
#       `securityContext.runAsUser: 0`。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.container_subject, _root(workload)) if some workload in agent.collectors

_root(workload) := form.remedied(workload, host_remedies.root, _user(workload))

_user(workload) := result.violation(
	$"{_user_field(workload)} is {value.shown(capability.user(workload))}",
	_as_root(workload),
) if {
	not capability.user(workload) in {null, 0}
} else := result.losing(["Agent start"], result.violation("runAsNonRoot is true, so the pod does not start", _as_root(workload))) if {
	_never_root(workload) == true
} else := result.pass("the unit's user is root") if {
	workload.form == "systemd"
} else := result.pass($"{_user_field(workload)} is 0") if {
	capability.user(workload) == 0
} else := result.pass("the image's user, which is root in the official image")

_user_field(workload) := form.words(workload, {"kubernetes": "runAsUser", "compose": "user", "systemd": "User"})

_as_root(workload) := form.words(workload, {
	"kubernetes": "user 0, without runAsNonRoot",
	"compose": "the user root",
	"systemd": "the user root",
})

_never_root(workload) := value.at(
	workload.container,
	["securityContext", "runAsNonRoot"],
	value.at(workload.pod, ["securityContext", "runAsNonRoot"], false),
)

# METADATA
# title: Kernel symbol addresses are not hidden from root
# description: >-
#   With kernel.kptr_restrict at 2 every address in `/proc/kallsyms` reads as 0, and the
#   profiler refuses to start.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-EBPF-007
#   level: required
#   covers: [ebpf-kptr-restrict, ebpf-kptr-restrict-2, ebpf-kptr-restrict-preset]
#   reads: [nodes]
#   impact: [AutoProfiling]
#   remediation: >-
#     Set the sysctl `kernel.kptr_restrict` to 0 or 1 on the node. A pod cannot set it; it is
#     not a namespaced sysctl.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: 内核符号地址对 root 用户可见
#     description: >-
#       kernel.kptr_restrict 为 2 时，从 `/proc/kallsyms`
#       读到的地址全部为 0，持续剖析功能无法启动。
#     remediation: >-
#       在节点上将 sysctl 参数 `kernel.kptr_restrict` 设为 0 或 1。
#       该参数不按命名空间隔离，无法由 Pod 设置。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), facts.subject(node), _kptr_restrict(node)) if some node in facts.asked

_kptr_restrict(node) := facts.unknown(node, "sysctls.kernel.kptr_restrict", "kernel.kptr_restrict", "sysctl kernel.kptr_restrict") if {
	not facts.known(node, ["sysctls", "kernel.kptr_restrict"])
} else := result.pass($"kernel.kptr_restrict is {_sysctl(node, "kernel.kptr_restrict")}") if {
	_sysctl(node, "kernel.kptr_restrict") in {"0", "1"}
} else := result.violation(
	$"kernel.kptr_restrict is {_sysctl(node, "kernel.kptr_restrict")}",
	"kernel.kptr_restrict is 0 or 1",
)

_sysctl(node, name) := value.plain(value.at(node.spec, ["sysctls", name], ""))

# METADATA
# title: eBPF programs are compiled to machine code
# description: >-
#   With net.core.bpf_jit_enable at 1 eBPF runs 10 to 30 percent faster. The sysctl exists
#   only in the host's network namespace, so the chart's init container sets it only when
#   `hostNetwork` is true and fails silently otherwise.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-EBPF-008
#   level: recommended
#   covers: [ebpf-jit, ebpf-jit-off, ebpf-jit-on, ebpf-jit-write, ebpf-jit-preset, ebpf-jit-init]
#   reads: [manifests, nodes]
#   impact: [Agent performance]
#   remediation: >-
#     Set the sysctl `net.core.bpf_jit_enable` to 1 on each node. Where an init container
#     does it, keep `|| true` behind the command so that it cannot stop the pod.
#   source: SEED
#   since: "0.1.0"
#   zh:
#     title: eBPF 程序编译为机器码运行
#     description: >-
#       net.core.bpf_jit_enable 为 1 时，eBPF 的运行速度会提高 10% 到
#       30%。该 sysctl 参数只存在于主机的网络命名空间中，因此 Chart 的 init
#       container 只有在 `hostNetwork` 为 true 时才能设置该参数，否则会设置失败，
#       且没有任何提示。
#     remediation: >-
#       在每个节点上将 sysctl 参数 `net.core.bpf_jit_enable` 设为 1。如果由
#       init container 设置，则在命令之后保留 `|| true`，以免设置失败时 Pod
#       无法启动。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.subject, _jit(workload)) if some workload in agent.collectors

_jit(workload) := result.violation(
	"the init container fails, and the pod with it, where net.core.bpf_jit_enable is not visible",
	"the command ends with `|| true`, or hostNetwork is true",
) if {
	not value.true_at(workload.pod, ["hostNetwork"])
	some init in _jit_inits(workload)
	not regex.match(`\|\||;\s*(true|exit 0)`, _command_text(init))
} else := result.pass("net.core.bpf_jit_enable is 1 on every node") if {
	count(facts.reached(workload)) > 0
	every node in facts.reached(workload) {
		_sysctl(node, _bpf_jit) == "1"
	}
} else := result.pass($"the init container {value.string_at(_jit_inits(workload)[0], ["name"])} sets it on the host network") if {
	count(_jit_inits(workload)) > 0
	value.true_at(workload.pod, ["hostNetwork"])
} else := result.pass("the agent is root on the host and sets it itself") if {
	workload.form == "systemd"
	value.true_at(workload.pod, ["hostNetwork"])
	value.true_at(workload.container, ["securityContext", "privileged"])
} else := result.pass("the agent is privileged on the host network and sets it itself") if {
	value.true_at(workload.pod, ["hostNetwork"])
	value.true_at(workload.container, ["securityContext", "privileged"])
} else := result.violation($"net.core.bpf_jit_enable is not 1 on {result.abridged(_unjitted(workload))}", "net.core.bpf_jit_enable is 1") if {
	count(_unjitted(workload)) > 0
} else := result.unknown("net.core.bpf_jit_enable of each node", "sysctl net.core.bpf_jit_enable")

_bpf_jit := "net.core.bpf_jit_enable"

_unjitted(workload) := [node.name |
	some node in facts.reached(workload)
	facts.known(node, ["sysctls", _bpf_jit])
	_sysctl(node, _bpf_jit) != "1"
]

_jit_inits(workload) := [init |
	some init in value.objects_at(workload.pod, ["initContainers"])
	capability.granted_by(init, "SYS_ADMIN")
	value.at(init, ["securityContext", "runAsUser"], 0) == 0
	regex.match(`bpf_jit_enable\s*=\s*1|echo\s+1\s*>\s*\S*bpf_jit_enable`, _command_text(init))
]

_command_text(container) := concat(" ", array.concat(
	value.strings_at(container, ["command"]),
	value.strings_at(container, ["args"]),
))

# METADATA
# title: AppArmor does not confine the agent
# description: >-
#   A runtime's default AppArmor profile can deny ptrace and mounts. The overview page does
#   not name it; the chart sets it.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-EBPF-009
#   level: informational
#   reads: [manifests]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Set the annotation `container.apparmor.security.beta.kubernetes.io/<container>:
#     unconfined` or, from Kubernetes 1.30 on, `securityContext.appArmorProfile.type:
#     Unconfined`.
#   source: CHART
#   since: "0.1.0"
#   zh:
#     title: AppArmor 不限制 Agent
#     description: >-
#       容器运行时默认的 AppArmor 配置文件可能会禁止 ptrace 和挂载操作。DeepFlow
#       部署概述没有提及 AppArmor，但 Chart 中有相应的设置。
#     remediation: >-
#       设置 Annotation
#       `container.apparmor.security.beta.kubernetes.io/<container>:
#       unconfined`；自 K8s 1.30 起，也可设置
#       `securityContext.appArmorProfile.type: Unconfined`。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.container_subject, _apparmor(workload)) if some workload in agent.contained

_apparmor(workload) := form.remedied(workload, host_remedies.apparmor, _unconfined(workload))

_unconfined(workload) := result.pass("the container is privileged") if {
	value.true_at(workload.container, ["securityContext", "privileged"])
} else := result.pass(form.words(workload, {
	"kubernetes": "appArmorProfile is Unconfined",
	"compose": "security_opt holds apparmor:unconfined",
})) if {
	_profile(workload, "appArmorProfile") == "Unconfined"
} else := result.violation("security_opt does not hold apparmor:unconfined", "apparmor:unconfined in security_opt") if {
	workload.form == "compose"
} else := result.pass($"the annotation {_apparmor_key(workload)} is unconfined") if {
	_profile(workload, "appArmorProfile") == ""
	value.at(workload.annotations, [_apparmor_key(workload)], "") == "unconfined"
} else := result.violation(
	$"neither the annotation {_apparmor_key(workload)} nor appArmorProfile says unconfined",
	"AppArmor unconfined for the agent's container",
)

_apparmor_key(workload) := concat("/", [
	"container.apparmor.security.beta.kubernetes.io",
	value.string_at(workload.container, ["name"]),
])

_profile(workload, field) := value.at(
	workload.container,
	["securityContext", field, "type"],
	value.at(workload.pod, ["securityContext", field, "type"], ""),
)

# METADATA
# title: seccomp lets the agent load programs and enter namespaces
# description: >-
#   The system calls bpf, perf_event_open and setns pass a runtime's default profile only for
#   a container with SYS_ADMIN.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-EBPF-010
#   level: informational
#   reads: [manifests]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Set `securityContext.seccompProfile.type: Unconfined` on the agent's container, or
#     leave it out.
#   source: SRC
#   since: "0.1.0"
#   zh:
#     title: seccomp 允许 Agent 加载程序和进入命名空间
#     description: >-
#       在容器运行时默认的 seccomp 配置文件下，只有具备 SYS_ADMIN 的容器才能使用系统调用
#       bpf、perf_event_open 和 setns。
#     remediation: >-
#       在 Agent 容器中设置
#       `securityContext.seccompProfile.type: Unconfined`，
#       或不设置该字段。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.container_subject, _seccomp(workload)) if some workload in agent.contained

_seccomp(workload) := form.remedied(workload, host_remedies.seccomp, _filtered(workload))

_filtered(workload) := result.pass("the container is privileged") if {
	value.true_at(workload.container, ["securityContext", "privileged"])
} else := result.pass("no seccomp profile is asked for") if {
	_profile(workload, "seccompProfile") == ""
} else := result.pass("seccompProfile is Unconfined") if {
	_profile(workload, "seccompProfile") == "Unconfined"
} else := result.pass("RuntimeDefault lets these calls pass with SYS_ADMIN") if {
	_profile(workload, "seccompProfile") == "RuntimeDefault"
	capability.effective(workload, "SYS_ADMIN")
} else := result.violation("Docker's default profile without SYS_ADMIN blocks setns", "seccomp:unconfined, or SYS_ADMIN") if {
	_profile(workload, "seccompProfile") == "RuntimeDefault"
	workload.form == "compose"
} else := result.violation(
	"RuntimeDefault without SYS_ADMIN blocks setns",
	"seccompProfile is Unconfined or absent",
) if {
	_profile(workload, "seccompProfile") == "RuntimeDefault"
} else := result.unknown(
	$"what the seccomp profile {value.shown(_profile(workload, "seccompProfile"))} allows",
	"cat /var/lib/kubelet/seccomp/<localhostProfile>",
)

# METADATA
# title: The kernel's type information is known
# description: >-
#   Without BTF the agent guesses structure offsets; on kernels before 5.2 without known
#   offsets it gives up, which is the most frequent failure in the field.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-EBPF-011
#   level: recommended
#   reads: [nodes]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Use a kernel built with `CONFIG_DEBUG_INFO_BTF=y`, so that `/sys/kernel/btf/vmlinux`
#     exists, or one from 5.2 on.
#   source: SRC
#   since: "0.1.0"
#   zh:
#     title: Agent 能够获知内核的类型信息
#     description: >-
#       没有 BTF 时，Agent 会推测结构体的偏移量；如果内核低于 5.2 且偏移量未知，Agent
#       会放弃适配，这是实际部署中最常见的故障。
#     remediation: >-
#       使用以 `CONFIG_DEBUG_INFO_BTF=y` 构建、因而存在
#       `/sys/kernel/btf/vmlinux` 的内核，或使用 5.2 及更高版本的内核。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), facts.subject(node), _btf(node)) if some node in facts.asked

_btf(node) := result.pass("/sys/kernel/btf/vmlinux exists") if {
	value.true_at(node.spec, ["btf"])
} else := facts.unknown(node, "kernelRelease", "the kernel release", "uname -r") if {
	facts.kernel(node) == null
} else := result.at("required", result.violation(
	$"the agent was reported not to adapt to kernel {node.spec.kernelRelease} ({concat(", ", _reports(node))})",
	_adaptable,
)) if {
	count(_reports(node)) > 0
} else := result.pass($"kernel {node.spec.kernelRelease} is 5.2 or later") if {
	facts.kernel(node) >= [5, 2]
} else := result.pass($"the offsets of kernel {node.spec.kernelRelease} are known") if {
	kernel_offsets.known(node.spec.kernelRelease)
} else := facts.unknown(node, "btf", "whether the kernel carries BTF", "ls /sys/kernel/btf/vmlinux") if {
	not facts.known(node, ["btf"])
} else := result.violation(
	$"kernel {node.spec.kernelRelease} has no /sys/kernel/btf/vmlinux",
	_adaptable,
)

_adaptable := "BTF, a kernel from 5.2 on, or one whose offsets are known"

_reports(node) := field_reports.unadapted(value.string_at(node.spec, ["kernelRelease"]))

# METADATA
# title: The node has at most 256 CPUs
# description: >-
#   The tracer keeps tables for 256 CPUs and does not start on a node with more.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-EBPF-012
#   level: required
#   reads: [nodes]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Keep the agent off nodes with more than 256 online CPUs with `nodeSelector` or
#     `affinity`.
#   source: SRC
#   since: "0.1.0"
#   zh:
#     title: 节点的 CPU 不超过 256 个
#     description: >-
#       追踪器的表按 256 个 CPU 设计，因此在 CPU 更多的节点上无法启动。
#     remediation: >-
#       通过 `nodeSelector` 或 `affinity`，避免将 Agent 调度到在线 CPU 超过
#       256 个的节点。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), facts.subject(node), _cpus(node)) if some node in facts.asked

_cpus(node) := facts.unknown(node, "cpus", "the number of CPUs", "nproc --all") if {
	not regex.match(`^[0-9]{1,7}$`, _cpu_text(node))
} else := result.pass($"{_cpu_text(node)} CPUs") if {
	to_number(_cpu_text(node)) <= 256
} else := result.violation($"{_cpu_text(node)} CPUs", "at most 256 CPUs")

_cpu_text(node) := value.plain(value.at(node.spec, ["cpus"], ""))

# METADATA
# title: The agent can write its temporary files and logs
# description: >-
#   With a read-only root file system the profiler cannot unpack its helpers to `/tmp`, and
#   the agent cannot write its log.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-EBPF-013
#   level: recommended
#   reads: [manifests]
#   impact: [AutoProfiling]
#   remediation: >-
#     Mount an `emptyDir` at `/tmp` and at `/var/log/deepflow-agent`, or leave out
#     `readOnlyRootFilesystem`.
#   source: SRC
#   since: "0.1.0"
#   zh:
#     title: Agent 能够写入临时文件和日志
#     description: >-
#       根文件系统为只读时，持续剖析功能无法将其辅助程序释放到 `/tmp`，Agent 也无法写入日志。
#     remediation: >-
#       在 `/tmp` 和 `/var/log/deepflow-agent` 挂载 `emptyDir`，
#       或不设置 `readOnlyRootFilesystem`。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), workload.container_subject, _writable(workload)) if some workload in agent.collectors

_writable(workload) := form.remedied(workload, host_remedies.writable, _writes(workload))

_writes(workload) := result.pass("the root file system is writable") if {
	not value.true_at(workload.container, ["securityContext", "readOnlyRootFilesystem"])
} else := result.pass("writable volumes cover /tmp and /var/log/deepflow-agent") if {
	count(_unwritable(workload)) == 0
} else := result.violation(
	concat("", [
		form.words(workload, {"kubernetes": "readOnlyRootFilesystem is true", "compose": "read_only is true", "systemd": "ProtectSystem= is strict"}),
		$" and no writable volume covers {concat(" and ", _unwritable(workload))}",
	]),
	"writable volumes at /tmp and /var/log/deepflow-agent",
)

_unwritable(workload) := [path |
	some path in ["/tmp", "/var/log/deepflow-agent"]
	not mount.writable(workload, path)
]

# METADATA
# title: Kernel lockdown does not hide kernel memory
# description: >-
#   In the confidentiality mode of lockdown the kernel refuses eBPF programs that read kernel
#   memory.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-EBPF-014
#   level: recommended
#   reads: [nodes]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Boot the node with `lockdown=integrity` or without lockdown.
#   source: SRC
#   since: "0.1.0"
#   zh:
#     title: 内核 lockdown 允许读取内核内存
#     description: >-
#       lockdown 处于 confidentiality 模式时，内核会拒绝需要读取内核内存的 eBPF
#       程序。
#     remediation: >-
#       以 `lockdown=integrity` 启动节点，或不启用 lockdown。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), facts.subject(node), _lockdown(node)) if some node in facts.asked

_lockdown(node) := facts.unknown(node, "lockdown", "the lockdown mode", "cat /sys/kernel/security/lockdown") if {
	not facts.known(node, ["lockdown"])
} else := result.pass($"lockdown is {value.plain(node.spec.lockdown)}") if {
	node.spec.lockdown in {"none", "integrity"}
} else := result.violation($"lockdown is {value.plain(node.spec.lockdown)}", "lockdown is none or integrity")

# METADATA
# title: The kernel is built with what eBPF needs
# description: >-
#   Each of these options of the kernel's configuration carries a part of loading or
#   attaching. A node whose configuration was not collected gives no result.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: DF-EBPF-015
#   level: required
#   reads: [nodes]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Use a kernel with these options set to `y` or `m`; distribution kernels from 4.14 on
#     have them.
#   source: SRC
#   since: "0.1.0"
#   zh:
#     title: 内核构建时启用了 eBPF 所需的选项
#     description: >-
#       这些内核配置选项分别支撑加载或 attach 过程的一部分。未采集内核配置的节点没有检查结果。
#     remediation: >-
#       使用将这些选项设为 `y` 或 `m` 的内核；4.14 及更高版本的发行版内核已包含这些选项。
#     related_resources:
#       - DeepFlow 文档：Agent 权限与内核要求
results contains result.of(rego.metadata.chain(), facts.subject(node), _options(node)) if some node in _configured

_configured := [node | some node in facts.reachable; facts.known(node, ["kernelConfig"])]

_options(node) := result.pass("every option is set") if {
	count(_absent(node)) == 0
} else := result.violation($"not set: {concat(", ", _absent(node))}", "every option is y or m")

_absent(node) := [name |
	some option in [
		"BPF", "BPF_EVENTS", "BPF_JIT", "BPF_SYSCALL", "FTRACE_SYSCALLS",
		"KPROBES", "KPROBE_EVENTS", "UPROBES", "UPROBE_EVENTS",
	]
	name := concat("_", ["CONFIG", option])
	count(_set_names(node, name)) == 0
]

# Before 4.11 two options had names without the last letter.
_set_names(node, name) := [known |
	some known in array.concat([name], object.get(_former_names, name, []))
	value.at(node.spec, ["kernelConfig", known], "n") in {"y", "m", true}
]

_former_names := {
	"CONFIG_KPROBE_EVENTS": ["CONFIG_KPROBE_EVENT"],
	"CONFIG_UPROBE_EVENTS": ["CONFIG_UPROBE_EVENT"],
}
