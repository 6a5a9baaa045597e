# METADATA
# title: Captured interfaces
# description: >-
#   Which interfaces of a node an agent group captures, and which of them it must capture under a
#   CNI plug-in.
package dfpolicy.lib.capture

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.cni
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.file_changes
import data.dfpolicy.lib.group_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.group_keys

# METADATA
# title: Cluster
# description: The subject of requirements on the whole cluster.
cluster := {"kind": "Cluster", "name": "*"}

# METADATA
# title: Unknown CNI plug-in
# description: The unknown verdict when the input does not show the CNI plug-in.
undetected := result.unknown(
	settings.refused("the CNI plug-in (set `cni` in ClusterFacts)", "daemonsets"),
	"kubectl get daemonsets -n kube-system -o yaml",
)

# METADATA
# title: Unknown agent group
# description: The unknown verdict when an agent's file does not show its agent group. Undefined when all files do.
doubt := sort(doubts)[0] if {
	doubts := [agent_config.doubt(workload, "vtap-group-id-request") | some workload in agent.on_node; not agent.standalone(workload)]
	count(doubts) > 0
}

# METADATA
# title: Without an agent group
# description: >-
#   The finding, in a list, that vtap-group-id-request is missing or a placeholder. Capture inside
#   the pods works in the default group too.
groupless(workload) := [message.of("vtap-group-id-request of {agent} is a placeholder", {"agent": workload.subject.name})] if {
	agent_group.exemplary(workload)
} else := [message.of("vtap-group-id-request of {agent} is not set", {"agent": workload.subject.name})] if {
	not agent.standalone(workload)
	not agent_group.requested(workload)
	not agent_group.setting(workload, "inner_interface_capture_enabled") == true
} else := []

# METADATA
# title: Asked group
# description: The violation with the change after which an agent with a placeholder has the group of the answer.
grouped(verdict) := file_changes.asked(agents[0], file_changes.agent_group, verdict) if {
	agents := [workload | some workload in agent.on_node; count(groupless(workload)) > 0]
	count(agents) > 0
} else := verdict

# METADATA
# title: Captures no uplink
# description: The finding, in a list, that interface_regex matches no interface of the nodes.
aimless(workload) := [message.text("interface_regex matches no interface of the nodes") |
	count(uplinks) > 0
	not agent_group.malformed(agent_group.interface_regex(workload))
	count(agent_group.captured(agent_group.interface_regex(workload), uplinks)) == 0
]

# METADATA
# title: Invalid regular expression
# description: The finding, in a list, that the value of the setting is not a valid regular expression.
malformed(expression, name) := [finding |
	agent_group.malformed(expression)
	finding := message.of(
		"{setting} is not a valid regular expression: {value}",
		{"setting": name, "value": value.shown(expression)},
	)
]

# METADATA
# title: Question for the interfaces
# description: The question for the expression that selects interfaces.
interfaces_question := {
	"key": "interface-regex",
	"text": message.text("Regular expression that matches the interfaces of the nodes, for example ^(eth|bond)[0-9]+$"),
	"type": "text",
}

# METADATA
# title: Restricted capture
# description: The verdict for a CNI plug-in (id and name) under which interface_regex must not match pod interfaces.
restricted(id, name) := undetected if {
	not cni.known
} else := _unused(name) if {
	not cni.used(id)
} else := invalid if {
	invalid
} else := _captured(name)

# METADATA
# title: Invalid interface_regex
# description: >-
#   The violation when an agent's interface_regex is not a valid regular expression; undefined when all
#   are valid. From v6.6.6 on the agent then captures on no interface. Before, it refuses its whole
#   configuration.
invalid := result.remedied(
	"Correct `interface_regex` in the agent group's configuration: it must be a valid regular expression.",
	result.following(_refusal, result.at("required", group_changes.asked(
		agent.on_node,
		["interface_regex"],
		interfaces_question,
		result.losing(_refused, result.violation(message.clauses(sort(_invalid)), "a valid regular expression")),
	))),
) if {
	count(_invalid) > 0
}

_invalid := {finding |
	some workload in agent.on_node
	some finding in malformed(agent_group.interface_regex(workload), _name(workload))
}

_name(workload) := concat(".", group_keys.former.interface_regex) if {
	agent.former(workload)
} else := "interface_regex"

# An agent that refuses its whole configuration loses more than the capture.
default _refusal := "DF-CNI-005"

_refusal := "DF-CFG-003" if "All features" in _refused

default _refused := ["AutoMetrics"]

_refused := ["Agent configuration", "All features"] if {
	some workload in agent.on_node
	agent_group.malformed(agent_group.interface_regex(workload))
	agent.former(workload)
}

_unused(name) := result.pass(message.of(
	"{plugin} is not in use; found: {plugins}",
	{"plugin": name, "plugins": cni.shown(cni.present)},
))

_captured(name) := grouped(_restricting(result.violation(
	message.of("{plugin} is in use: {problems}", {"plugin": name, "problems": message.clauses(_unrestricted)}),
	"an interface_regex that matches the node's interfaces only",
))) if {
	count(_unrestricted) > 0
} else := open if {
	open := unsettled(["interface_regex"])
} else := result.pass(message.of(
	"{plugin} is in use, and interface_regex matches the node's interfaces only",
	{"plugin": name},
))

_restricting(verdict) := group_changes.asked(agent.on_node, ["interface_regex"], interfaces_question, verdict)

# METADATA
# title: Mirroring
# description: The violation with the change after which the groups capture by virtual mirror, on the interfaces of the answer.
mirrored(verdict) := group_changes.given_and_asked(agent.on_node, {"capture_mode": 1}, ["interface_regex"], interfaces_question, verdict) if {
	every workload in agent.on_node {
		agent_group.setting(workload, "inner_interface_capture_enabled") != true
	}
} else := verdict

# METADATA
# title: Open question about settings
# description: >-
#   The unknown verdict when the input does not show these settings of an agent on a node, or the
#   agent's version decides. Undefined when it shows them all.
unsettled(names) := doubt if {
	doubt
	count(_open(names)) > 0
} else := _open(names)[0] if {
	count(_open(names)) > 0
}

_open(names) := sort([open | some workload in agent.on_node; open := agent_group.doubt(workload, names)])

# An agent without a group is accepted here: the default group can be restricted too.
_unrestricted := array.flatten(sort([array.concat(_examples(workload), _wide(workload)) | some workload in agent.on_node]))

_examples(workload) := groupless(workload) if {
	agent_group.exemplary(workload)
} else := []

_wide(workload) := array.flatten([
	[message.of("interface_regex also matches pod interfaces: {interfaces}", {"interfaces": message.whole(sort(pods))}) |
		pods := agent_group.captured(agent_group.interface_regex(workload), _pod_interfaces)
		count(pods) > 0
	],
	aimless(workload),
]) if {
	agent_group.configuration(workload)
} else := []

# The names that plug-ins give to the node's end of a pod's interface.
_pod_interfaces := ["cali1a2b3c4d5e6", "lxc1a2b3c4d5e6f", "tap1a2b3c4d5e6", "veth1a2b3c4d"]

# METADATA
# title: Uplinks
# description: The names of the interfaces that belong to the nodes themselves.
uplinks := {name | some links in interfaces; some name in links}

# METADATA
# title: Interfaces of the nodes
# description: >-
#   By node, the interfaces that belong to the node itself, or that a plug-in creates with a name
#   that the default expression does not match.
interfaces := {node.name: _node_links(node) |
	some node in facts.reachable
	is_array(value.at(node.spec, "interfaces", null))
}

# METADATA
# title: Start of a link
# description: A regular expression for how the names of these interfaces start.
link := "(?:bond|team|eth|en|ib[0-9ps]|em[0-9]|p[0-9]+p[0-9]|br[0-9]|cbr|gke|azv)"

_links := $" ({link}[^ ]*) "

# One search per node, which can have hundreds of interfaces. `bonding_masters` is a file in the
# same directory.
_node_links(node) := [match[1] |
	some match in regex.find_all_string_submatch_n(
		_links,
		$" {concat("  ", value.strings_at(node.spec, "interfaces"))} ",
		-1,
	)
	match[1] != "bonding_masters"
]
