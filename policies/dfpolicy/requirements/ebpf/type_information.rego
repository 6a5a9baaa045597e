# METADATA
# title: The kernel's type information is known
# description: >-
#   Without BTF the agent guesses structure offsets; on kernels before 5.2 without known offsets
#   it gives up, which is the most frequent failure in the field.
# custom:
#   id: DF-EBPF-011
#   level: recommended
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Use a kernel built with `CONFIG_DEBUG_INFO_BTF=y`, so that `/sys/kernel/btf/vmlinux` exists,
#     or one from 5.2 on.
#   source: SRC
#   zh:
#     title: Agent 能够获知内核的类型信息
#     description: >-
#       没有 BTF 时，Agent 会推测结构体的偏移量；如果内核低于 5.2 且偏移量未知，Agent
#       会放弃适配，这是实际部署中最常见的故障。
#     remediation: >-
#       使用以 `CONFIG_DEBUG_INFO_BTF=y` 构建、因而存在
#       `/sys/kernel/btf/vmlinux` 的内核，或使用 5.2 及更高版本的内核。
package dfpolicy.requirements.ebpf.type_information

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.field_reports
import data.dfpolicy.tables.kernel_offsets

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := result.pass("/sys/kernel/btf/vmlinux exists") if {
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
