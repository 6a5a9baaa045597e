# METADATA
# title: seccomp lets the agent load programs and enter namespaces
# description: >-
#   A container runtime's default seccomp profile allows bpf and perf_event_open with SYS_ADMIN;
#   newer runtimes also allow them with BPF and PERFMON. setns needs SYS_ADMIN, whatever the
#   profile.
# related_resources:
#   - description: DeepFlow source code, the eBPF loader
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/ebpf/user/load.c
# custom:
#   id: DF-EBPF-010
#   met: >-
#     the agent's container is privileged, its seccomp profile is Unconfined or not set, or the
#     profile is RuntimeDefault and the container has SYS_ADMIN, or BPF and PERFMON where the
#     runtime allows them
#   conditional: [legacy-host, cloud-host]
#   level: informational
#   reads: [manifests, nodes]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Set `securityContext.seccompProfile.type: Unconfined` on the agent's container, or remove
#     `seccompProfile`.
package dfpolicy.requirements.ebpf.seccomp

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.container_runtime as runtime
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.form
import data.dfpolicy.lib.message
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.contained

_verdict(workload) := probe.of_agent(workload, "seccomp", _stated(workload))

_stated(workload) := agent_changes.unconfined(workload, "seccompProfile", form.remedied(workload, host_remedies.seccomp, _filtered(workload)))

_filtered(workload) := result.pass("the container is privileged") if {
	value.true_at(workload.container, ["securityContext", "privileged"])
} else := result.pass("no seccomp profile is set") if {
	agent.profile(workload, "seccompProfile") == ""
} else := result.pass("seccompProfile is Unconfined") if {
	agent.profile(workload, "seccompProfile") == "Unconfined"
} else := result.pass("with SYS_ADMIN, RuntimeDefault allows these system calls") if {
	agent.profile(workload, "seccompProfile") == "RuntimeDefault"
	capability.effective(workload, "SYS_ADMIN")
} else := _by_pair(workload) if {
	agent.profile(workload, "seccompProfile") == "RuntimeDefault"
} else := result.unknown(
	message.of("system calls that the seccomp profile {profile} allows", {"profile": value.shown(agent.profile(workload, "seccompProfile"))}),
	_shown_by(workload),
)

_shown_by(workload) := $"cat {result.word(path)}" if {
	file := _file(workload)
	file != ""
	path := form.words(workload, {"kubernetes": $"{_profiles}/{file}", "compose": file})
} else := $"ls {_profiles}"

_profiles := "/var/lib/kubelet/seccomp"

_file(workload) := value.string_at(value.at(workload.container, _field, value.at(workload.pod, _field, {})), "localhostProfile")

_field := ["securityContext", "seccompProfile"]

_by_pair(workload) := result.violation(
	form.words(workload, {
		"kubernetes": message.text("without SYS_ADMIN, RuntimeDefault refuses bpf and perf_event_open"),
		"compose": message.text("without SYS_ADMIN, Docker's default seccomp profile refuses bpf and perf_event_open"),
	}),
	form.words(workload, {
		"kubernetes": message.text("seccompProfile is Unconfined or not set"),
		"compose": message.text("seccomp:unconfined or SYS_ADMIN"),
	}),
) if {
	not capability.paired(workload)
} else := result.violation(
	message.of("RuntimeDefault refuses bpf and perf_event_open with BPF and PERFMON on {nodes}", {"nodes": facts.names(_nodes(workload, false))}),
	"seccompProfile is Unconfined or not set",
) if {
	count(_nodes(workload, false)) > 0
} else := result.pass("with BPF and PERFMON, RuntimeDefault allows bpf and perf_event_open") if {
	count(_nodes(workload, true)) == count(facts.asked_of(workload))
} else := result.unknown(
	"whether the default seccomp profile of the runtime allows bpf and perf_event_open with BPF and PERFMON",
	form.words(workload, {"kubernetes": "kubectl get nodes -o wide", "compose": "docker version"}),
)

# The nodes whose runtime allows, or refuses, the calls with BPF and PERFMON.
_nodes(workload, allowed) := [node |
	some node in facts.asked_of(workload)
	runtime.filters_by_capabilities(runtime.of_node(node)) == allowed
]
