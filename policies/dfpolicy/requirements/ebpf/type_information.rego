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
