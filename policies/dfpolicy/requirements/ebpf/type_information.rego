# METADATA
# title: The kernel's type information is known
# description: >-
#   Without BTF, the agent guesses the offsets of kernel structures. On kernels before 5.2 it can
#   fail, unless it was adapted to the kernel. Users report this failure often.
# related_resources:
#   - description: DeepFlow source code, the eBPF tracer
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/ebpf/user/tracer.c
# custom:
#   id: DF-EBPF-011
#   met: each node has kernel BTF or kernel 5.2 or later, or an agent release adapted to its kernel
#   related: [DF-KERNEL-004]
#   level: recommended
#   impact: [AutoTracing]
#   remediation: >-
#     Use a kernel built with `CONFIG_DEBUG_INFO_BTF=y`, which has `/sys/kernel/btf/vmlinux`, or
#     kernel 5.2 or later, or an agent release that was adapted to the kernel.
package dfpolicy.requirements.ebpf.type_information

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_release
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.features
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.field_reports
import data.dfpolicy.tables.kernel_offsets

results contains result.of(rego.metadata.chain(), facts.subject(node), features.following(node, _verdict(node))) if some node in facts.asked

_verdict(node) := result.pass("/sys/kernel/btf/vmlinux exists") if {
	value.true_at(node.spec, "btf")
} else := facts.unknown(node, "kernelRelease", "kernel release", "uname -r") if {
	facts.kernel(node) == null
} else := result.at("required", result.violation(
	message.of("users report that the agent fails on kernel {release}: {reports}", {
		"release": facts.release(node),
		"reports": message.whole(_open_reports(node)),
	}),
	_adaptable(node),
)) if {
	count(_open_reports(node)) > 0
} else := _adapted(node, kernel_offsets.since(facts.release(node))) if {
	kernel_offsets.since(facts.release(node))
} else := result.pass("the kernel is 5.2 or later") if {
	facts.kernel(node) >= [5, 2]
} else := facts.unknown(node, "btf", "kernel BTF", "ls /sys/kernel/btf/vmlinux") if {
	not facts.known(node, ["btf"])
} else := result.violation(
	message.of("kernel {release} has no /sys/kernel/btf/vmlinux", {"release": facts.release(node)}),
	_adaptable(node),
)

_adapted(node, since) := result.violation(
	message.of("the offsets of kernel {release} are not known to {agents}", {
		"agents": message.whole(_older(node, since)),
		"release": facts.release(node),
	}),
	_adaptable(node),
) if {
	count(_older(node, since)) > 0
} else := sort([agent.version_unknown(workload) | some workload in _undated(node, since)])[0] if {
	count(_undated(node, since)) > 0
} else := result.pass("the agent knows the offsets of this kernel")

_adaptable(node) := message.of("BTF, kernel 5.2 or later, or an agent from {release} on", {"release": agent_release.first(since)}) if {
	since := kernel_offsets.since(facts.release(node))
} else := message.text("BTF, kernel 5.2 or later, or a kernel whose offsets the agent knows")

_older(node, since) := sort([$"{workload.subject.name} {agent.shown_version(workload)}" |
	some workload in facts.landing(node)
	agent.versioned(workload)
	not agent_release.carries(workload.version, since)
])

_undated(node, since) := [workload |
	since != agent_release.every_release
	some workload in facts.landing(node)
	not agent.versioned(workload)
]

# The reports without a fix, and those that an agent on the node is too old for.
_open_reports(node) := [row.report |
	some row in field_reports.unadapted
	row.release == facts.release(node)
	_unfixed(node, row.fixed)
]

_unfixed(_, [])

_unfixed(node, fixed) if count(_older(node, fixed)) > 0
