# METADATA
# title: On kernel 4.14 one agent runs per node
# description: On 4.14 two agents on one node break each other's eBPF programs.
# custom:
#   id: DF-KERNEL-003
#   level: required
#   covers: [note-4-single-agent]
#   reads: [manifests, nodes]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Run one agent per node: no host agent beside the DaemonSet, no second DaemonSet, and
#     `updateStrategy.rollingUpdate.maxSurge` 0.
package dfpolicy.requirements.kernel.one_agent_per_node

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := facts.unknown(node, "kernelRelease", "the kernel release", "uname -r") if {
	facts.kernel(node) == null
} else := result.pass($"kernel {facts.release(node)} is not 4.14") if {
	array.slice(facts.kernel(node), 0, 2) != [4, 14]
} else := result.violation(concat("; ", _rivals(node)), "one agent") if {
	count(_rivals(node)) > 0
} else := facts.unknown(node, "processes.deepflowAgents", "how many agents run on the node", "pgrep -c deepflow-agent") if {
	not is_number(value.at(node.spec, ["processes", "deepflowAgents"], null))
} else := result.pass("one agent at most")

_rivals(node) := array.flatten([
	[$"{count(facts.landing(node))} agent workloads land on the node" | count(facts.landing(node)) > 1],
	sort([$"{workload.subject.kind} {workload.subject.name} may surge during an update" |
		some workload in facts.landing(node)
		not value.at(workload.spec, ["updateStrategy", "rollingUpdate", "maxSurge"], 0) in {0, "0", "0%"}
	]),
	[$"{agents} agents run on the node" |
		agents := value.at(node.spec, ["processes", "deepflowAgents"], 0)
		is_number(agents)
		agents > 1
	],
])
