# METADATA
# title: eBPF programs are compiled to machine code
# description: >-
#   With net.core.bpf_jit_enable at 1, eBPF programs run 10 to 30 percent faster. The sysctl
#   exists only in the host's network namespace. The chart's init container therefore sets it only
#   with `hostNetwork: true`; otherwise it fails without an error.
# custom:
#   id: DF-EBPF-008
#   met: >-
#     on each node, the sysctl `net.core.bpf_jit_enable` is 1, or an agent on the host network sets
#     it: a privileged one, a systemd unit of root, or one with an init container for it; and no
#     such init container can stop the pod
#   level: recommended
#   covers: [ebpf-jit, ebpf-jit-off, ebpf-jit-on, ebpf-jit-write, ebpf-jit-preset, ebpf-jit-init]
#   reads: [manifests, nodes]
#   impact: [Agent performance]
#   remediation: >-
#     Set the sysctl `net.core.bpf_jit_enable` to 1 on each node. If an init container sets it,
#     keep `|| true` after the command so that a failure does not stop the pod.
package dfpolicy.requirements.ebpf.jit_compiler

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.change
import data.dfpolicy.lib.command
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), subject, verdict) if some [subject, verdict] in _verdicts

_verdicts := array.concat(
	[[workload.subject, _verdict(workload)] | some workload in agent.collectors],
	[[facts.subject(node), probe.of_node(node, "jit", _verdict_on(node))] | some node in facts.asked],
)

_verdict(workload) := agent_changes.host_network(workload, result.violation(
	"without hostNetwork, the init container cannot set net.core.bpf_jit_enable; it fails and the pod does not start",
	"the command ends with `|| true`, or hostNetwork is true",
)) if {
	not value.true_at(workload.pod, "hostNetwork")
	some init in _jit_inits(workload)
	not regex.match(`\|\||;\s*(true|exit 0)`, command.line(init))
} else := result.pass(_setting(workload)) if {
	_setting(workload)
} else := result.pass("no init container that sets net.core.bpf_jit_enable can stop the pod")

_verdict_on(node) := result.pass(_observed(node)) if {
	facts.sysctl(node, _bpf_jit) == "1"
} else := result.pass(_setting(_setters_on(node)[0])) if {
	count(_setters_on(node)) > 0
} else := facts.unknown(node, $"sysctls.{_bpf_jit}", "net.core.bpf_jit_enable", "sysctl net.core.bpf_jit_enable") if {
	not facts.known(node, ["sysctls", _bpf_jit])
} else := result.fixed_by(change.sysctl(_bpf_jit, "1", facts.sysctl(node, _bpf_jit)), result.violation(
	_observed(node),
	"net.core.bpf_jit_enable is 1",
))

_observed(node) := message.of("net.core.bpf_jit_enable is {value}", {"value": facts.sysctl(node, _bpf_jit)})

_bpf_jit := "net.core.bpf_jit_enable"

_setters_on(node) := [workload | some workload in _setters; facts.runs_on(workload, node)]

_setters := [workload | some workload in agent.collectors; _setting(workload)]

# How the agent sets the sysctl itself.
_setting(workload) := message.of(
	"the init container {container} sets net.core.bpf_jit_enable on the host network",
	{"container": value.string_at(_jit_inits(workload)[0], "name")},
) if {
	value.true_at(workload.pod, "hostNetwork")
	count(_jit_inits(workload)) > 0
} else := message.text("the agent runs as root on the host and sets net.core.bpf_jit_enable itself") if {
	workload.form == "systemd"
	value.true_at(workload.pod, "hostNetwork")
	value.true_at(workload.container, "tunables")
	capability.user(workload) == 0
	capability.effective(workload, "SYS_ADMIN")
} else := message.text("the agent is privileged on the host network and sets net.core.bpf_jit_enable itself") if {
	value.true_at(workload.pod, "hostNetwork")
	value.true_at(workload.container, ["securityContext", "privileged"])
}

_jit_inits(workload) := [init |
	some init in value.objects_at(workload.pod, "initContainers")
	capability.granted_by(init, "SYS_ADMIN")
	value.at(init, ["securityContext", "runAsUser"], 0) == 0
	regex.match(`bpf_jit_enable\s*=\s*1|echo\s+1\s*>\s*\S*bpf_jit_enable`, command.line(init))
]
