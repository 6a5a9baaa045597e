# METADATA
# title: The agent may load eBPF programs
# description: >-
#   Loading needs SYS_ADMIN, or BPF together with PERFMON on a kernel from 5.8 on on every node
#   that the pod can land on. With that pair uprobes are lost on kernels that carry the fix of
#   CVE-2025-38466.
# custom:
#   id: DF-EBPF-002
#   level: recommended
#   covers: [ebpf-sys-admin, ebpf-bpf-perfmon, ebpf-sys-admin-any-kernel]
#   reads: [manifests, nodes]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Add `SYS_ADMIN` to `securityContext.capabilities.add` of the agent's container, or `BPF` and
#     `PERFMON` where every node has kernel 5.8 or later and `hostNetwork` is true.
package dfpolicy.requirements.ebpf.program_loading

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.form
import data.dfpolicy.lib.result
import data.dfpolicy.tables.host_remedies

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := form.remedied(workload, host_remedies.loading, _loads(workload))

_loads(workload) := result.pass(capability.held(workload, "SYS_ADMIN")) if {
	capability.effective(workload, "SYS_ADMIN")
} else := result.at("required", result.violation(capability.missing(workload, "SYS_ADMIN"), _loaders)) if {
	some name in ["BPF", "PERFMON"]
	not capability.effective(workload, name)
} else := result.at("required", result.violation(
	$"BPF and PERFMON need kernel 5.8, which {result.abridged(facts.older(workload, [5, 8]))} does not have",
	_loaders,
)) if {
	count(facts.older(workload, [5, 8])) > 0
} else := result.at("required", result.unknown(
	"whether every node has kernel 5.8, which BPF and PERFMON need in place of SYS_ADMIN",
	facts.kernel_command(workload),
)) if {
	some node in facts.asked_of(workload)
	facts.kernel(node) == null
} else := result.losing(["AutoTracing"], result.violation(
	"BPF and PERFMON stand in for SYS_ADMIN; uprobes fail on kernels with the fix of CVE-2025-38466",
	_loaders,
))

_loaders := "SYS_ADMIN, or BPF and PERFMON with kernel 5.8 or later on every node"
