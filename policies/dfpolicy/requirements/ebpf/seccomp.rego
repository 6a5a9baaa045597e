# METADATA
# title: seccomp lets the agent load programs and enter namespaces
# description: >-
#   A container runtime's default seccomp profile allows setns only with SYS_ADMIN. It allows bpf
#   and perf_event_open with SYS_ADMIN; newer runtimes also allow them with BPF and PERFMON.
# related_resources:
#   - description: DeepFlow source code, the eBPF loader
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/ebpf/user/load.c
# custom:
#   id: DF-EBPF-010
#   level: informational
#   reads: [manifests]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Set `securityContext.seccompProfile.type: Unconfined` on the agent's container, or remove
#     `seccompProfile`.
package dfpolicy.requirements.ebpf.seccomp

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.form
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.contained

_verdict(workload) := form.remedied(workload, host_remedies.seccomp, _filtered(workload))

_filtered(workload) := result.pass("the container is privileged") if {
	value.true_at(workload.container, ["securityContext", "privileged"])
} else := result.pass("no seccomp profile is set") if {
	agent.profile(workload, "seccompProfile") == ""
} else := result.pass("seccompProfile is Unconfined") if {
	agent.profile(workload, "seccompProfile") == "Unconfined"
} else := result.pass("with SYS_ADMIN, RuntimeDefault allows these system calls") if {
	agent.profile(workload, "seccompProfile") == "RuntimeDefault"
	capability.effective(workload, "SYS_ADMIN")
} else := result.violation("without SYS_ADMIN, Docker's default seccomp profile blocks setns", "seccomp:unconfined or SYS_ADMIN") if {
	agent.profile(workload, "seccompProfile") == "RuntimeDefault"
	workload.form == "compose"
} else := result.violation(
	"without SYS_ADMIN, RuntimeDefault blocks setns",
	"seccompProfile is Unconfined or not set",
) if {
	agent.profile(workload, "seccompProfile") == "RuntimeDefault"
} else := result.unknown(
	message.of("system calls that the seccomp profile {profile} allows", {"profile": value.shown(agent.profile(workload, "seccompProfile"))}),
	"cat /var/lib/kubelet/seccomp/<localhostProfile>",
)
