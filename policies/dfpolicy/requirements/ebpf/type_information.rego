# METADATA
# title: The kernel's type information is known
# description: >-
#   Without BTF, the agent guesses structure offsets. On kernels before 5.2 it can fail, unless it
#   knows the offsets of the kernel. Users report this failure often.
# related_resources:
#   - description: DeepFlow source code, the eBPF tracer
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/ebpf/user/tracer.c
# custom:
#   id: DF-EBPF-011
#   level: recommended
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Use a kernel built with `CONFIG_DEBUG_INFO_BTF=y`, which has `/sys/kernel/btf/vmlinux`, or
#     kernel 5.2 or later.
package dfpolicy.requirements.ebpf.type_information

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.features
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.field_reports
import data.dfpolicy.tables.kernel_offsets

results contains result.of(rego.metadata.chain(), facts.subject(node), features.following(node, _verdict(node))) if some node in facts.asked

_verdict(node) := result.pass("/sys/kernel/btf/vmlinux exists") if {
	value.true_at(node.spec, ["btf"])
} else := facts.unknown(node, "kernelRelease", "kernel release", "uname -r") if {
	facts.kernel(node) == null
} else := result.at("required", result.violation(
	message.of("users report that the agent fails on kernel {release}: {reports}", {
		"release": node.spec.kernelRelease,
		"reports": message.whole(_reports(node)),
	}),
	_adaptable,
)) if {
	count(_reports(node)) > 0
} else := result.pass("the kernel is 5.2 or later") if {
	facts.kernel(node) >= [5, 2]
} else := result.pass("the agent knows the offsets of this kernel") if {
	kernel_offsets.known(node.spec.kernelRelease)
} else := facts.unknown(node, "btf", "kernel BTF", "ls /sys/kernel/btf/vmlinux") if {
	not facts.known(node, ["btf"])
} else := result.violation(
	message.of("kernel {release} has no /sys/kernel/btf/vmlinux", {"release": node.spec.kernelRelease}),
	_adaptable,
)

_adaptable := message.text("BTF, kernel 5.2 or later, or a kernel whose offsets the agent knows")

_reports(node) := field_reports.unadapted(value.string_at(node.spec, ["kernelRelease"]))
