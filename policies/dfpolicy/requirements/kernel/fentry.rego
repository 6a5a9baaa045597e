# METADATA
# title: fentry programs can attach
# description: >-
#   fentry programs are about 15 percent faster than kprobes. DeepFlow's documentation names BTF
#   with kernel 5.5 on x86 or 6.0 on ARM; ARM kernels before 6.4 failed in tests. fentry is off by
#   default; nodes with kernels before 5.10.28 have crashed with it.
# custom:
#   id: DF-KERNEL-004
#   met: >-
#     each node has BTF and kernel 5.5 or later (x86) or 6.4 or later (ARM), and at least 5.10.28 if
#     `fentry_enabled` is true
#   level: informational
#   asks: deepflow-ctl agent-group-config list -o yaml
#   covers: [note-1-fentry]
#   impact: [Agent performance]
#   remediation: "Use a kernel with BTF: 5.10.28 or later on x86, 6.4 or later on ARM."
package dfpolicy.requirements.kernel.fentry

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.features
import data.dfpolicy.lib.message
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.kernel_matrix

results contains result.of(rego.metadata.chain(), facts.subject(node), features.following(node, _verdict(node))) if some node in facts.asked

_verdict(node) := result.at("recommended", result.violation(
	message.of("fentry is enabled on kernel {release}, which is older than 5.10.28", {"release": facts.release(node)}),
	"kernel 5.10.28 or later if `fentry_enabled` is true",
)) if {
	facts.kernel(node) != null
	facts.kernel(node) < [5, 10, 28]
	some workload in _fentry_agents
	facts.runs_on(workload, node)
} else := _open[0] if {
	features.fentry(node) == "yes"
	facts.kernel(node) < [5, 10, 28]
	count(_open) > 0
} else := probe.of_node(node, "fentry", _attaching(node))

_attaching(node) := result.unknown("kernel release, architecture or BTF", "uname -rm; ls /sys/kernel/btf/vmlinux") if {
	features.fentry(node) == "unknown"
} else := result.pass("fentry programs can attach; fentry is off by default") if {
	features.fentry(node) == "yes"
} else := result.remedied(
	"Boot the node with `lockdown=integrity` or without lockdown.",
	result.violation(kernel_matrix.notes.confidentiality, "lockdown is none or integrity"),
) if {
	value.string_at(node.spec, "lockdown") == "confidentiality"
} else := result.violation(
	message.of("kernel {release} cannot attach fentry programs", {"release": facts.release(node)}),
	"BTF and kernel 5.5 or later (x86) or 6.4 or later (ARM)",
)

# Few or none: computed once, not for each node.
_fentry_agents := [workload |
	some workload in agent.collectors
	agent_group.setting(workload, "fentry_enabled") == true
]

# Whether an agent's group enables it.
_open := sort([open | some workload in agent.collectors; open := agent_group.doubt(workload, ["fentry_enabled"])])
