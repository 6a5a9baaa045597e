# METADATA
# title: The agent captures on the interfaces of the nodes
# description: >-
#   The agent captures on interfaces whose names match a regular expression. The default matches
#   eth0 and ens3, but not bond0, team0, em1 or ib0. With an invalid expression it captures nothing;
#   before v6.6.6 it refuses its whole configuration.
# related_resources:
#   - description: DeepFlow source code, configuration of the agent
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/config/config.rs
# custom:
#   id: DF-CNI-005
#   met: each node has an interface of its own, and `interface_regex` matches all of them
#   related: [DF-CNI-003, DF-CNI-004]
#   level: recommended
#   asks: deepflow-ctl agent-group-config list -o yaml
#   reads: [manifests, nodes]
#   impact: [AutoMetrics]
#   remediation: >-
#     Set `interface_regex` in the agent group's configuration to a valid regular expression that
#     matches these interfaces.
package dfpolicy.requirements.cni.node_interfaces

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.capture
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.group_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), capture.cluster, _interfaces) if count(agent.on_node) > 0

_interfaces := invalid if {
	invalid := capture.invalid
} else := group_changes.asked(agent.on_node, ["interface_regex"], capture.interfaces_question, result.violation(
	message.of("interfaces not captured: {nodes}", {"nodes": _gaps}),
	message.of("at least one interface per node, and {expressions} matches all of them", {"expressions": message.whole(_expressions)}),
)) if {
	count(_uncaptured) > 0
} else := result.unknown("the interfaces of the nodes", "ls /sys/class/net") if {
	count(facts.reachable) == 0
} else := result.unknown(
	message.counted(
		"the interfaces of {count} node",
		"the interfaces of {count} nodes",
		{"count": facts.number(_uncollected)},
	),
	"ls /sys/class/net",
) if {
	count(_uncollected) > 0
} else := open if {
	open := sort(_open)[0]
} else := result.pass(message.counted(
	"interface_regex matches the interfaces of {count} node",
	"interface_regex matches the interfaces of {count} nodes",
	{"count": facts.number(facts.reachable)},
))

_open := [open | some workload in agent.on_node; open := agent_group.doubt(workload, ["interface_regex"])]

_in_force := {agent_group.interface_regex(workload) | some workload in agent.on_node}

_expressions := sort([expression | some expression in _in_force])

_uncollected := [node | some node in facts.reachable; not is_array(value.at(node.spec, "interfaces", null))]

_uncaptured := [node | some node in facts.reachable; _gap(node.name, capture.interfaces[node.name])]

_gaps := message.excerpt(array.slice([row[1] | some row in sort(rows)], 0, 5), facts.number(_uncaptured)) if {
	rows := [[name, gap] |
		some node in _uncaptured
		some name in facts.first(node)
		gap := _gap(name, capture.interfaces[node.name])
	]
}

_gap(node, links) := message.of("{node} ({interfaces})", {"node": node, "interfaces": message.list(uncovered)}) if {
	uncovered := [name | some name in links; _uncovered[name]]
	count(uncovered) > 0
} else := message.of("{node} (no interface of the node itself)", {"node": node}) if {
	count(links) == 0
}

_uncovered := {name |
	some name in capture.uplinks
	some expression in _in_force
	not regex.match(expression, name)
}
