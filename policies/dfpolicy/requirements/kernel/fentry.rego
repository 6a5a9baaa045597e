# METADATA
# title: fentry programs can attach
# description: >-
#   With kernel type information and x86 from 5.5 or ARM from 6.0 on, fentry programs are about 15
#   percent faster than kprobes. The agent has them off by default; on kernels before 5.10.28 they
#   have crashed nodes.
# custom:
#   id: DF-KERNEL-004
#   level: informational
#   covers: [note-1-fentry]
#   impact: [Agent performance]
#   remediation: >-
#     Use a kernel with BTF from 5.5 (x86) or 6.0 (ARM) on; the vendor advises 5.10.28 or later
#     before fentry is turned on.
package dfpolicy.requirements.kernel.fentry

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.features
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := result.at("recommended", result.violation(
	$"fentry is turned on, and kernel {facts.release(node)} is before 5.10.28",
	"kernel 5.10.28 or later where `fentry_enabled` is true",
)) if {
	facts.kernel(node) != null
	facts.kernel(node) < [5, 10, 28]
	some workload in _fentry_agents
	facts.runs_on(workload, node)
} else := result.unknown("the kernel release, the architecture or its BTF", "uname -rm; ls /sys/kernel/btf/vmlinux") if {
	features.fentry(node) == "unknown"
} else := result.pass("fentry is possible; it is off by default") if {
	features.fentry(node) == "yes"
} else := result.violation(
	$"kernel {facts.release(node)} cannot attach fentry programs",
	"BTF, and x86 from 5.5 or ARM from 6.0 on",
)

# Few, or none: asked once, not for each node.
_fentry_agents := [workload |
	some workload in agent.collectors
	agent_group.setting(workload, "fentry_enabled") == true
]
