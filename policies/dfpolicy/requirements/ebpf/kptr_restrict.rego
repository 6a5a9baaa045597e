# METADATA
# title: Kernel symbol addresses are not hidden from root
# description: >-
#   With kernel.kptr_restrict at 2 every address in `/proc/kallsyms` reads as 0, and the profiler
#   refuses to start.
# custom:
#   id: DF-EBPF-007
#   level: required
#   covers: [ebpf-kptr-restrict, ebpf-kptr-restrict-2, ebpf-kptr-restrict-preset]
#   impact: [AutoProfiling]
#   remediation: >-
#     Set the sysctl `kernel.kptr_restrict` to 0 or 1 on the node. A pod cannot set it; it is not
#     a namespaced sysctl.
#   zh:
#     title: 内核符号地址对 root 用户可见
#     description: >-
#       kernel.kptr_restrict 为 2 时，从 `/proc/kallsyms`
#       读到的地址全部为 0，持续剖析功能无法启动。
#     remediation: >-
#       在节点上将 sysctl 参数 `kernel.kptr_restrict` 设为 0 或 1。
#       该参数不按命名空间隔离，无法由 Pod 设置。
package dfpolicy.requirements.ebpf.kptr_restrict

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := facts.unknown(node, "sysctls.kernel.kptr_restrict", "kernel.kptr_restrict", "sysctl kernel.kptr_restrict") if {
	not facts.known(node, ["sysctls", "kernel.kptr_restrict"])
} else := result.pass($"kernel.kptr_restrict is {facts.sysctl(node, "kernel.kptr_restrict")}") if {
	facts.sysctl(node, "kernel.kptr_restrict") in {"0", "1"}
} else := result.violation(
	$"kernel.kptr_restrict is {facts.sysctl(node, "kernel.kptr_restrict")}",
	"kernel.kptr_restrict is 0 or 1",
)
