# METADATA
# title: eBPF programs are compiled to machine code
# description: >-
#   With net.core.bpf_jit_enable at 1 eBPF runs 10 to 30 percent faster. The sysctl exists only in
#   the host's network namespace, so the chart's init container sets it only when `hostNetwork` is
#   true and fails silently otherwise.
# custom:
#   id: DF-EBPF-008
#   level: recommended
#   covers: [ebpf-jit, ebpf-jit-off, ebpf-jit-on, ebpf-jit-write, ebpf-jit-preset, ebpf-jit-init]
#   reads: [manifests, nodes]
#   impact: [Agent performance]
#   remediation: >-
#     Set the sysctl `net.core.bpf_jit_enable` to 1 on each node. Where an init container does it,
#     keep `|| true` behind the command so that it cannot stop the pod.
package dfpolicy.requirements.ebpf.jit_compiler

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := result.violation(
	"the init container fails, and the pod with it, where net.core.bpf_jit_enable is not visible",
	"the command ends with `|| true`, or hostNetwork is true",
) if {
	not value.true_at(workload.pod, ["hostNetwork"])
	some init in _jit_inits(workload)
	not regex.match(`\|\||;\s*(true|exit 0)`, _command_text(init))
} else := result.pass("net.core.bpf_jit_enable is 1 on every node") if {
	count(facts.reached(workload)) > 0
	every node in facts.reached(workload) {
		facts.sysctl(node, _bpf_jit) == "1"
	}
} else := result.pass($"the init container {value.string_at(_jit_inits(workload)[0], ["name"])} sets it on the host network") if {
	count(_jit_inits(workload)) > 0
	value.true_at(workload.pod, ["hostNetwork"])
} else := result.pass("the agent is root on the host and sets it itself") if {
	workload.form == "systemd"
	value.true_at(workload.pod, ["hostNetwork"])
	value.true_at(workload.container, ["securityContext", "privileged"])
} else := result.pass("the agent is privileged on the host network and sets it itself") if {
	value.true_at(workload.pod, ["hostNetwork"])
	value.true_at(workload.container, ["securityContext", "privileged"])
} else := result.violation($"net.core.bpf_jit_enable is not 1 on {result.abridged(_unjitted(workload))}", "net.core.bpf_jit_enable is 1") if {
	count(_unjitted(workload)) > 0
} else := result.unknown("net.core.bpf_jit_enable of each node", "sysctl net.core.bpf_jit_enable")

_bpf_jit := "net.core.bpf_jit_enable"

_unjitted(workload) := [node.name |
	some node in facts.reached(workload)
	facts.known(node, ["sysctls", _bpf_jit])
	facts.sysctl(node, _bpf_jit) != "1"
]

_jit_inits(workload) := [init |
	some init in value.objects_at(workload.pod, ["initContainers"])
	capability.granted_by(init, "SYS_ADMIN")
	value.at(init, ["securityContext", "runAsUser"], 0) == 0
	regex.match(`bpf_jit_enable\s*=\s*1|echo\s+1\s*>\s*\S*bpf_jit_enable`, _command_text(init))
]

_command_text(container) := concat(" ", array.concat(
	value.strings_at(container, ["command"]),
	value.strings_at(container, ["args"]),
))
