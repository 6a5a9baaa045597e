# METADATA
# title: Kernel options
# description: The options that a kernel must be built with so that the agent's eBPF programs load and attach.
package dfpolicy.lib.kernel_options

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.value

# METADATA
# title: Absent options
# description: The options that the node's kernel configuration does not set; none if it was not collected.
absent(node) := [$"CONFIG_{option}" |
	facts.known(node, ["kernelConfig"])
	some option in [
		"BPF", "BPF_EVENTS", "BPF_JIT", "BPF_SYSCALL", "FTRACE_SYSCALLS",
		"KPROBES", "KPROBE_EVENTS", "UPROBES", "UPROBE_EVENTS",
	]
	not _enabled(node, $"CONFIG_{option}")
]

# Before 4.11, the names of two options lack the last letter.
_enabled(node, name) if {
	some known in array.concat([name], object.get(_former_names, name, []))
	value.at(node.spec, ["kernelConfig", known], "n") in {"y", "m", true}
}

_former_names := {"CONFIG_KPROBE_EVENTS": ["CONFIG_KPROBE_EVENT"], "CONFIG_UPROBE_EVENTS": ["CONFIG_UPROBE_EVENT"]}
