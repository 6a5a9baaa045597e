# METADATA
# title: Kernel lockdown does not hide kernel memory
# description: >-
#   In the confidentiality mode of lockdown the kernel refuses eBPF programs that read kernel
#   memory.
# custom:
#   id: DF-EBPF-014
#   level: recommended
#   impact: [AutoTracing, AutoProfiling]
#   remediation: Boot the node with `lockdown=integrity` or without lockdown.
#   source: SRC
#   zh:
#     title: 内核 lockdown 允许读取内核内存
#     description: >-
#       lockdown 处于 confidentiality 模式时，内核会拒绝需要读取内核内存的 eBPF
#       程序。
#     remediation: >-
#       以 `lockdown=integrity` 启动节点，或不启用 lockdown。
package dfpolicy.requirements.ebpf.lockdown

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := facts.unknown(node, "lockdown", "the lockdown mode", "cat /sys/kernel/security/lockdown") if {
	not facts.known(node, ["lockdown"])
} else := result.pass($"lockdown is {value.plain(node.spec.lockdown)}") if {
	node.spec.lockdown in {"none", "integrity"}
} else := result.violation($"lockdown is {value.plain(node.spec.lockdown)}", "lockdown is none or integrity")
