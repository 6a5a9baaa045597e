# METADATA
# title: Captured interfaces
# description: >-
#   Which interfaces of a node an agent group captures, and what a network plug-in asks of that.
package dfpolicy.lib.capture

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.cni
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

# METADATA
# title: Cluster
# description: The subject of a requirement that is about the whole cluster.
cluster := {"kind": "Cluster", "name": "*"}

# METADATA
# title: Network plug-in not known
# description: The unknown verdict where the input does not show the network plug-in.
undetected := result.unknown(
	$"the network plug-in (state it as `cni` in ClusterFacts){settings.refusal("daemonsets")}",
	"kubectl get daemonsets -n kube-system -o yaml",
)

# METADATA
# title: Open configuration
# description: What the agents' own files leave open, of the first agent whose file does. Undefined if there is none.
doubt := sort(doubts)[0] if {
	doubts := [agent_config.doubt(workload, "vtap-group-id-request") | some workload in agent.on_node]
	count(doubts) > 0
}

# METADATA
# title: Without an agent group
# description: >-
#   The finding that the agent names no agent group, or an example's, as a list. Capture inside
#   the pods needs no group of its own, but a group that is known.
groupless(workload) := [$"vtap-group-id-request of {workload.subject.name} is an example's"] if {
	agent_group.exemplary(workload)
} else := [$"vtap-group-id-request of {workload.subject.name} names no agent group"] if {
	not agent_group.requested(workload)
	not agent_group.setting(workload, "inner_interface_capture_enabled") == true
} else := []

# METADATA
# title: Captures no uplink
# description: The finding that interface_regex matches no interface of the nodes, as a list.
aimless(workload) := ["interface_regex matches no interface of the nodes" |
	count(uplinks) > 0
	not agent_group.malformed(agent_group.interface_regex(workload))
	count(agent_group.captured(agent_group.interface_regex(workload), uplinks)) == 0
]

# METADATA
# title: Malformed expression
# description: The finding that a value is no regular expression, as a list.
malformed(expression, name) := [$"{name} is no regular expression: {value.shown(expression)}" | agent_group.malformed(expression)]

# METADATA
# title: Restricted capture
# description: The verdict on capture under a network plug-in (its id and its name) that needs interface_regex to leave pods out.
restricted(id, name) := undetected if {
	not cni.known
} else := _unused(name) if {
	not cni.used(id)
} else := _captured(name)

_unused(name) := result.pass($"{name} is not among {cni.shown(cni.present)}")

_captured(name) := result.violation(
	$"{name} is used; {concat("; ", _unrestricted)}",
	"an interface_regex that matches interfaces of the node, and none of pods",
) if {
	count(_unrestricted) > 0
} else := _unsettled("interface_regex restricted to the node's interfaces") if {
	ungrouped
} else := result.pass($"{name} is used, and interface_regex matches interfaces of the node alone")

# METADATA
# title: Group without configuration
# description: Holds where the configuration of some agent's group is not known.
ungrouped if {
	some workload in agent.on_node
	not agent_group.configuration(workload)
}

_unsettled(keys) := doubt if {
	doubt
} else := agent_group.unknown(keys)

# No group at all is no fault here: the default group may be restricted as well.
_unrestricted := array.flatten(sort([array.concat(_examples(workload), _wide(workload)) | some workload in agent.on_node]))

_examples(workload) := groupless(workload) if {
	agent_group.exemplary(workload)
} else := []

_wide(workload) := array.flatten([
	malformed(agent_group.interface_regex(workload), "interface_regex"),
	[$"interface_regex matches {concat(", ", sort(pods))}" |
		pods := agent_group.captured(agent_group.interface_regex(workload), _pod_interfaces)
		count(pods) > 0
	],
	aimless(workload),
]) if {
	agent_group.configuration(workload)
} else := []

# Names as plug-ins give them to the node's end of a pod.
_pod_interfaces := ["cali1a2b3c4d5e6", "lxc1a2b3c4d5e6f", "tap1a2b3c4d5e6", "veth1a2b3c4d"]

# METADATA
# title: Uplinks
# description: The interfaces that belong to the nodes themselves.
uplinks := {name | some links in interfaces; some name in links}

# METADATA
# title: Interfaces of the nodes
# description: >-
#   By node, the interfaces that belong to the node itself, or that a plug-in makes under a name
#   which the default does not know.
interfaces := {node.name: _node_links(node) |
	some node in facts.reachable
	is_array(value.at(node.spec, ["interfaces"], null))
}

# One search per node, which may have hundreds of interfaces; `bonding_masters` is a file beside them.
_node_links(node) := [match[1] |
	some match in regex.find_all_string_submatch_n(
		` ((?:bond|team|eth|en|ib[0-9ps]|em[0-9]|p[0-9]+p[0-9]|br[0-9]|cbr|gke|azv)[^ ]*) `,
		$" {concat("  ", value.strings_at(node.spec, ["interfaces"]))} ",
		-1,
	)
	match[1] != "bonding_masters"
]
