# METADATA
# title: The kernel is built with what eBPF needs
# description: >-
#   Each of these options of the kernel's configuration carries a part of loading or attaching. A
#   node whose configuration was not collected gives no result.
# custom:
#   id: DF-EBPF-015
#   level: required
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Use a kernel with these options set to `y` or `m`; distribution kernels from 4.14 on have
#     them.
#   source: SRC
package dfpolicy.requirements.ebpf.kernel_options

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in _configured

_configured := [node | some node in facts.reachable; facts.known(node, ["kernelConfig"])]

_verdict(node) := result.pass("every option is set") if {
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

_former_names := {"CONFIG_KPROBE_EVENTS": ["CONFIG_KPROBE_EVENT"], "CONFIG_UPROBE_EVENTS": ["CONFIG_UPROBE_EVENT"]}
