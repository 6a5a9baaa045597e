# METADATA
# title: Kernel symbol addresses are not hidden from root
# description: >-
#   With kernel.kptr_restrict at 2, every address in `/proc/kallsyms` reads as 0 and the profiler
#   does not start.
# custom:
#   id: DF-EBPF-007
#   met: the sysctl `kernel.kptr_restrict` is 0 or 1 on each node
#   related: [DF-EBPF-004]
#   level: required
#   covers: [ebpf-kptr-restrict, ebpf-kptr-restrict-2, ebpf-kptr-restrict-preset]
#   impact: [AutoProfiling]
#   remediation: >-
#     Set the sysctl `kernel.kptr_restrict` to 0 or 1 on the node. A pod cannot set it because the
#     sysctl is not namespaced.
package dfpolicy.requirements.ebpf.kptr_restrict

import data.dfpolicy.lib.change
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := probe.of_node(node, "kptr_restrict", _stated(node))

_stated(node) := facts.unknown(node, "sysctls.kernel.kptr_restrict", "kernel.kptr_restrict", "sysctl kernel.kptr_restrict") if {
	not facts.known(node, ["sysctls", "kernel.kptr_restrict"])
} else := result.pass(_setting(node)) if {
	facts.sysctl(node, "kernel.kptr_restrict") in {"0", "1"}
} else := result.fixed_by(
	change.sysctl("kernel.kptr_restrict", "1", facts.sysctl(node, "kernel.kptr_restrict")),
	result.violation(_setting(node), "kernel.kptr_restrict is 0 or 1"),
)

_setting(node) := message.of("kernel.kptr_restrict is {value}", {"value": facts.sysctl(node, "kernel.kptr_restrict")})
