# METADATA
# title: The agent may load eBPF programs
# description: >-
#   Loading eBPF programs needs SYS_ADMIN. BPF and PERFMON replace it if every node that the pod
#   can run on has kernel 5.8 or later and `kernel.perf_event_paranoid` of at most 2. With that
#   pair, uprobes fail on kernels with the fix of CVE-2025-38466.
# custom:
#   id: DF-EBPF-002
#   met: >-
#     the agent's container has SYS_ADMIN; or BPF and PERFMON, with kernel 5.8 or later and
#     `kernel.perf_event_paranoid` of at most 2 on every node
#   related: [DF-EBPF-006, DF-EBPF-016]
#   level: recommended
#   covers: [ebpf-sys-admin, ebpf-bpf-perfmon, ebpf-sys-admin-any-kernel]
#   reads: [manifests, nodes]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Add `SYS_ADMIN` to `securityContext.capabilities.add` of the agent's container. `BPF` and
#     `PERFMON` are enough if every node has kernel 5.8 or later and the sysctl
#     `kernel.perf_event_paranoid` at 2 or less, and `hostNetwork` is true.
package dfpolicy.requirements.ebpf.program_loading

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.distribution
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.form
import data.dfpolicy.lib.message
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result
import data.dfpolicy.tables.host_remedies

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := probe.of_agent(workload, "loading", _stated(workload))

_stated(workload) := capability.following(workload, agent_changes.loading(workload, form.remedied(workload, host_remedies.loading, _loads(workload))))

_loads(workload) := result.pass(capability.held(workload, "SYS_ADMIN")) if {
	capability.effective(workload, "SYS_ADMIN")
} else := result.at("required", result.violation(capability.why_missing(workload, "SYS_ADMIN"), _loaders)) if {
	some name in ["BPF", "PERFMON"]
	not capability.effective(workload, name)
} else := result.at("required", result.violation(
	message.of("BPF and PERFMON need kernel 5.8; older kernels run on {nodes}", {"nodes": facts.names(facts.older(workload, [5, 8]))}),
	_loaders,
)) if {
	count(facts.older(workload, [5, 8])) > 0
} else := result.at("required", result.unknown(
	"kernel release",
	facts.kernel_command(workload),
)) if {
	count([node | some node in facts.asked_of(workload); facts.kernel(node) == null]) > 0
} else := result.at("required", result.violation(
	message.of("kernel.perf_event_paranoid is 3 or more on {nodes}; without SYS_ADMIN, nothing attaches there", {"nodes": facts.names(_strict_nodes(workload))}),
	_loaders,
)) if {
	count(_strict_nodes(workload)) > 0
} else := result.at("required", result.unknown(
	message.of("kernel.perf_event_paranoid on {nodes}", {"nodes": facts.names(_debian_nodes(workload))}),
	"sysctl kernel.perf_event_paranoid",
)) if {
	count(_debian_nodes(workload)) > 0
} else := result.losing(["AutoTracing of Go and OpenSSL"], result.violation(
	"the agent has BPF and PERFMON instead of SYS_ADMIN; uprobes fail on kernels with the fix of CVE-2025-38466",
	_loaders,
))

_strict_nodes(workload) := [node | some node in facts.asked_of(workload); facts.paranoid(node) >= 3]

# Values above 2 have an effect on kernels of Debian and its derivatives only, where 3 or 4 is the default.
_debian_nodes(workload) := [node |
	some node in facts.asked_of(workload)
	facts.paranoid(node) == null
	distribution.debian(node)
]

_loaders := message.text("SYS_ADMIN; or BPF and PERFMON, with kernel 5.8 or later and kernel.perf_event_paranoid at 2 or less on every node")
