# METADATA
# title: Kernel lockdown does not hide kernel memory
# description: >-
#   In confidentiality mode, kernel lockdown refuses kprobes and every eBPF program that reads
#   kernel memory, whatever the capabilities (measured on Linux 5.10 to 7.2).
# related_resources:
#   - description: DeepFlow source code, the eBPF loader
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/ebpf/user/load.c
# custom:
#   id: DF-EBPF-014
#   met: kernel lockdown is none or integrity on each node
#   level: required
#   impact: [AutoTracing, AutoProfiling]
#   remediation: Boot the node with `lockdown=integrity` or without lockdown.
package dfpolicy.requirements.ebpf.lockdown

import data.dfpolicy.lib.change
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), facts.subject(node), probe.of_node(node, "lockdown", _verdict(node))) if some node in facts.asked

_verdict(node) := facts.unknown(node, "lockdown", "kernel lockdown mode", "cat /sys/kernel/security/lockdown") if {
	not facts.known(node, ["lockdown"])
} else := result.pass(_mode(node)) if {
	node.spec.lockdown in {"none", "integrity"}
} else := result.fixed_by(
	change.kernel_argument("lockdown", "lockdown=integrity"),
	result.violation(_mode(node), "lockdown is none or integrity"),
)

_mode(node) := message.of("lockdown is {mode}", {"mode": value.plain(node.spec.lockdown)})
