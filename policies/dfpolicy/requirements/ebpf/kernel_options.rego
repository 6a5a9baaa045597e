# METADATA
# title: The kernel is built with the options that eBPF needs
# description: >-
#   The agent needs each of these kernel options to load or attach eBPF programs. If a node's
#   kernel configuration was not collected, dfpolicy skips the node.
# related_resources:
#   - description: DeepFlow source code, the eBPF tracer
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/ebpf/user/tracer.c
# custom:
#   id: DF-EBPF-015
#   level: required
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Use a kernel with these options set to `y` or `m`. Distribution kernels from 4.14 have them.
package dfpolicy.requirements.ebpf.kernel_options

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in _configured

_configured := [node | some node in facts.reachable; facts.known(node, ["kernelConfig"])]

_verdict(node) := result.pass("all required options are set") if {
	count(_absent(node)) == 0
} else := result.violation(
	message.of("kernel options not set: {options}", {"options": message.whole(_absent(node))}),
	"each option is y or m",
)

_absent(node) := [$"CONFIG_{option}" |
	some option in [
		"BPF", "BPF_EVENTS", "BPF_JIT", "BPF_SYSCALL", "FTRACE_SYSCALLS",
		"KPROBES", "KPROBE_EVENTS", "UPROBES", "UPROBE_EVENTS",
	]
	not _enabled(node, $"CONFIG_{option}")
]

# Before 4.11, the names of two options lack the last letter.
_enabled(node, name) if {
	some known in {name, trim_suffix(name, "S")}
	value.at(node.spec, ["kernelConfig", known], "n") in {"y", "m", true}
}
