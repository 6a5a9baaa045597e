# METADATA
# title: The container runtime knows the capabilities BPF and PERFMON
# description: >-
#   A runtime that does not know a capability refuses to create the container. The default seccomp
#   profile of older runtimes allows bpf and perf_event_open only with SYS_ADMIN.
# related_resources:
#   - description: containerd, support of CAP_BPF and CAP_PERFMON
#     ref: https://github.com/containerd/containerd/pull/7301
#   - description: CRI-O, CAP_BPF is unknown
#     ref: https://github.com/cri-o/cri-o/issues/4478
# custom:
#   id: DF-EBPF-016
#   met: >-
#     the container runtime of each node is containerd 1.6.20, CRI-O 1.20 or Docker 20.10, or later,
#     or the agent has SYS_ADMIN
#   conditional: true
#   level: required
#   reads: [manifests, nodes]
#   impact: [Agent start]
#   remediation: >-
#     Upgrade the runtime to containerd 1.6.20, CRI-O 1.20 or Docker 20.10, or add `SYS_ADMIN` in
#     place of `BPF` and `PERFMON`.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
package dfpolicy.requirements.ebpf.known_capabilities

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.container_runtime as runtime
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in _relying

# Only an agent that adds one of them depends on the runtime.
_relying := [workload |
	some workload in agent.contained
	workload.form == "kubernetes"
	not value.true_at(workload.container, ["securityContext", "privileged"])
	added := {upper(name) | some name in value.strings_at(workload.container, ["securityContext", "capabilities", "add"])}
	count(added & {"BPF", "PERFMON"}) > 0
]

_verdict(workload) := agent_changes.sys_admin_only(workload, result.violation(
	message.of("the runtime does not know BPF and PERFMON on {nodes}", {"nodes": _shown(_ignorant(workload))}),
	"containerd 1.5, CRI-O 1.20, Docker 20.10 or later",
)) if {
	count(_ignorant(workload)) > 0
} else := agent_changes.unconfined(workload, "seccompProfile", result.losing(["AutoTracing", "AutoProfiling"], result.violation(
	message.of("the seccomp profile RuntimeDefault refuses bpf and perf_event_open on {nodes}", {"nodes": _shown(_refusing(workload))}),
	"containerd 1.6.20 or later, or no seccomp profile",
))) if {
	count(_refusing(workload)) > 0
} else := result.unknown("the container runtime of the nodes", "kubectl get nodes -o wide") if {
	facts.nameless in _open(workload)
} else := result.unknown(
	message.of("whether the container runtime supports BPF and PERFMON on {nodes}", {"nodes": facts.names(_open(workload))}),
	"kubectl get nodes -o wide",
) if {
	count(_open(workload)) > 0
} else := result.pass("the runtime of every node knows BPF and PERFMON")

_ignorant(workload) := [node |
	some node in facts.asked_of(workload)
	runtime.knows_capabilities(runtime.of_node(node)) == false
]

_refusing(workload) := [node |
	_filtered(workload)
	some node in facts.asked_of(workload)
	runtime.filters_by_capabilities(runtime.of_node(node)) == false
]

_shown(nodes) := message.excerpt(array.slice(sort(texts), 0, 5), facts.number(nodes)) if {
	texts := [$"{name} ({runtime.of_node(node).shown})" | some node in nodes; some name in facts.first(node)]
}

_open(workload) := [node |
	some node in facts.asked_of(workload)
	not _supports(workload, node)
]

_supports(workload, node) if {
	runtime.knows_capabilities(runtime.of_node(node))
	not _filtered(workload)
}

_supports(_, node) if {
	runtime.knows_capabilities(runtime.of_node(node))
	runtime.filters_by_capabilities(runtime.of_node(node))
}

_filtered(workload) if {
	agent.profile(workload, "seccompProfile") == "RuntimeDefault"
	not capability.effective(workload, "SYS_ADMIN")
}
