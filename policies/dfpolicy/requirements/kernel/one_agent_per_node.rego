# METADATA
# title: On kernel 4.14, one agent runs per node
# description: On kernel 4.14, two agents on one node break each other's eBPF programs.
# custom:
#   id: DF-KERNEL-003
#   met: no node with kernel 4.14 runs two agents
#   level: required
#   covers: [note-4-single-agent]
#   reads: [manifests, nodes]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Run one agent per node: no host agent besides the DaemonSet and no second DaemonSet. Set
#     `updateStrategy.rollingUpdate.maxSurge` to 0.
package dfpolicy.requirements.kernel.one_agent_per_node

import data.dfpolicy.lib.change
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := facts.unknown(node, "kernelRelease", "kernel release", "uname -r") if {
	facts.kernel(node) == null
} else := result.pass("the kernel is not 4.14") if {
	array.slice(facts.kernel(node), 0, 2) != [4, 14]
} else := result.fixed_by(_without_surge(node), result.violation(message.clauses(_rivals(node)), "one agent per node")) if {
	count(_surging(node)) > 0
} else := result.fixed_by(_without_unit, result.violation(message.clauses(_rivals(node)), "one agent per node")) if {
	count(facts.landing(node)) == 1
	count(_rivals(node)) > 0
} else := result.violation(message.clauses(_rivals(node)), "one agent per node") if {
	count(_rivals(node)) > 0
} else := facts.unknown(node, "processes.deepflowAgents", "number of agents on the node", "pgrep -c deepflow-agent") if {
	not is_number(value.at(node.spec, ["processes", "deepflowAgents"], null))
} else := result.pass("at most one agent runs on the node")

_rivals(node) := array.flatten([
	[message.of("{count} agent workloads run on this node", {"count": count(facts.landing(node))}) | count(facts.landing(node)) > 1],
	sort([message.of("{kind} {name} can run a second pod during an update (maxSurge)", {"kind": workload.subject.kind, "name": workload.subject.name}) |
		some workload in _surging(node)
	]),
	[message.of("{count} agents run on this node", {"count": agents}) |
		agents := value.at(node.spec, ["processes", "deepflowAgents"], 0)
		is_number(agents)
		agents > 1
	],
])

_surging(node) := [workload |
	some workload in facts.landing(node)
	not value.at(workload.spec, _surge, 0) in {0, "0", "0%"}
]

_surge := ["updateStrategy", "rollingUpdate", "maxSurge"]

_without_surge(node) := change.manifests("max-surge", [change.set(workload.subject, array.concat(["spec"], _surge), 0) | some workload in _surging(node)])

# An agent that the deployment does not install is one of the host.
_without_unit := change.node("second-agent", "none", {
	"run": "systemctl disable --now deepflow-agent",
	"undo": "systemctl enable --now deepflow-agent",
})
