# METADATA
# title: seccomp lets the agent load programs and enter namespaces
# description: >-
#   The system calls bpf, perf_event_open and setns pass a runtime's default profile only for a
#   container with SYS_ADMIN.
# custom:
#   id: DF-EBPF-010
#   level: informational
#   reads: [manifests]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Set `securityContext.seccompProfile.type: Unconfined` on the agent's container, or leave it
#     out.
#   source: SRC
package dfpolicy.requirements.ebpf.seccomp

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.form
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.contained

_verdict(workload) := form.remedied(workload, host_remedies.seccomp, _filtered(workload))

_filtered(workload) := result.pass("the container is privileged") if {
	value.true_at(workload.container, ["securityContext", "privileged"])
} else := result.pass("no seccomp profile is asked for") if {
	agent.profile(workload, "seccompProfile") == ""
} else := result.pass("seccompProfile is Unconfined") if {
	agent.profile(workload, "seccompProfile") == "Unconfined"
} else := result.pass("RuntimeDefault lets these calls pass with SYS_ADMIN") if {
	agent.profile(workload, "seccompProfile") == "RuntimeDefault"
	capability.effective(workload, "SYS_ADMIN")
} else := result.violation("Docker's default profile without SYS_ADMIN blocks setns", "seccomp:unconfined, or SYS_ADMIN") if {
	agent.profile(workload, "seccompProfile") == "RuntimeDefault"
	workload.form == "compose"
} else := result.violation(
	"RuntimeDefault without SYS_ADMIN blocks setns",
	"seccompProfile is Unconfined or absent",
) if {
	agent.profile(workload, "seccompProfile") == "RuntimeDefault"
} else := result.unknown(
	$"what the seccomp profile {value.shown(agent.profile(workload, "seccompProfile"))} allows",
	"cat /var/lib/kubelet/seccomp/<localhostProfile>",
)
