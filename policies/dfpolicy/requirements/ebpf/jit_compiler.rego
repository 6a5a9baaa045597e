# METADATA
# title: eBPF programs are compiled to machine code
# description: >-
#   With net.core.bpf_jit_enable at 1, eBPF programs run 10 to 30 percent faster. The sysctl
#   exists only in the host's network namespace. The chart's init container therefore sets it only
#   with `hostNetwork: true`; otherwise it fails without an error.
# custom:
#   id: DF-EBPF-008
#   met: >-
#     the sysctl `net.core.bpf_jit_enable` is 1 on each node, and an init container that sets it
#     cannot stop the pod
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
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := probe.of_agent(workload, "jit", _stated(workload))

_stated(workload) := agent_changes.host_network(workload, result.violation(
	"without hostNetwork, the init container cannot set net.core.bpf_jit_enable; it fails and the pod does not start",
	"the command ends with `|| true`, or hostNetwork is true",
)) if {
	not value.true_at(workload.pod, "hostNetwork")
	some init in _jit_inits(workload)
	not regex.match(`\|\||;\s*(true|exit 0)`, _command_line(init))
} else := result.pass("net.core.bpf_jit_enable is 1 on every node") if {
	count(facts.reached(workload)) > 0
	every node in facts.reached(workload) {
		facts.sysctl(node, _bpf_jit) == "1"
	}
} else := result.pass(message.of(
	"the init container {container} sets net.core.bpf_jit_enable on the host network",
	{"container": value.string_at(_jit_inits(workload)[0], "name")},
)) if {
	count(_jit_inits(workload)) > 0
	value.true_at(workload.pod, "hostNetwork")
} else := result.pass("the agent runs as root on the host and sets net.core.bpf_jit_enable itself") if {
	workload.form == "systemd"
	value.true_at(workload.pod, "hostNetwork")
	value.true_at(workload.container, "tunables")
	capability.user(workload) == 0
	capability.effective(workload, "SYS_ADMIN")
} else := result.pass("the agent is privileged on the host network and sets net.core.bpf_jit_enable itself") if {
	value.true_at(workload.pod, "hostNetwork")
	value.true_at(workload.container, ["securityContext", "privileged"])
} else := result.fixed_by(change.sysctl(_bpf_jit, "1", "0"), result.violation(
	message.of("net.core.bpf_jit_enable is not 1 on {nodes}", {"nodes": facts.names(_unjitted(workload))}),
	"net.core.bpf_jit_enable is 1 on each node",
)) if {
	count(_unjitted(workload)) > 0
} else := result.unknown("net.core.bpf_jit_enable on each node", "sysctl net.core.bpf_jit_enable")

_bpf_jit := "net.core.bpf_jit_enable"

_unjitted(workload) := [node |
	some node in facts.reached(workload)
	facts.known(node, ["sysctls", _bpf_jit])
	facts.sysctl(node, _bpf_jit) != "1"
]

_jit_inits(workload) := [init |
	some init in value.objects_at(workload.pod, "initContainers")
	capability.granted_by(init, "SYS_ADMIN")
	value.at(init, ["securityContext", "runAsUser"], 0) == 0
	regex.match(`bpf_jit_enable\s*=\s*1|echo\s+1\s*>\s*\S*bpf_jit_enable`, _command_line(init))
]

_command_line(container) := concat(" ", array.concat(
	value.strings_at(container, "command"),
	value.strings_at(container, "args"),
))
