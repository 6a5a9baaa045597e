# METADATA
# title: Node facts
# description: >-
#   What is known about each node, from collected NodeFacts and from Node objects. A collected
#   fact wins over a derived one. A missing fact is unknown.
package dfpolicy.lib.facts

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.form
import data.dfpolicy.lib.kernel_release
import data.dfpolicy.lib.message
import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.result
import data.dfpolicy.lib.schedule
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.node_facts

# METADATA
# title: Nodes
# description: One entry {name, spec} for each node of the input, in the order of names.
nodes := [{"name": name, "spec": object.union(_derived(name), _collected_spec(name))} |
	some name in sort([known | some known in _names])
]

# METADATA
# title: Members of a kind
# description: >-
#   The names, in order, of the nodes that this node represents. A host may give one node of each
#   kind (`lib/node_kinds`), with the names of all of them in `kinds` of the input.
members(node) := object.get(_kinds, node.name, [node.name])

_kinds := value.object_at(input, "kinds")

# METADATA
# title: Names of nodes
# description: The first five names, in order, of the nodes that these represent, and how many more there are.
names(list) := message.excerpt(
	array.slice(sort([name | some node in list; some name in first(node)]), 0, 5),
	number(list),
)

# METADATA
# title: First members of a kind
# description: As many of the names as a finding shows.
first(node) := array.slice(members(node), 0, 5)

# METADATA
# title: Number of nodes
# description: How many nodes these represent.
number(list) := sum([count(members(node)) | some node in list])

# METADATA
# title: Nodes that can run an agent
# description: The nodes whose operating system has an agent.
eligible := [node | some node in nodes; not schedule.foreign(node)]

# METADATA
# title: Missing fact of a node
# description: >-
#   The unknown verdict on a fact: its place in the node's spec, its name as a string, and the
#   command that answers it. The verdict gives the reason if the collector could not read it.
unknown(node, place, fact, command) := result.unknown(
	message.of("{fact} ({reason})", {"fact": message.phrase(fact), "reason": message.text(reason)}),
	command,
) if {
	reason := _unread[[node.name, place]]
} else := result.unknown(fact, command)

_unread := value.indexed([[[name, fact], value.string_at(entry, "reason")] |
	some document in value.objects_at(input, "nodes")
	name := value.string_at(document, ["metadata", "name"])
	some entry in value.objects_at(document, ["status", "unread"])
	fact := value.string_at(entry, "fact")
])

# METADATA
# scope: document
# title: Kernel of a virtual node
# description: >-
#   True for a virtual node whose kernel was not collected. The virtual kubelet invents what its
#   Node object states.
virtual_kernel(node) if {
	_virtual[node.name]
	not _collected_spec(node.name).kernelRelease
}

# METADATA
# title: Nodes that count
# description: >-
#   The nodes that some agent can run on, or all nodes if the input has no agent. None if the
#   input is a part of a deployment and the agent is in another part.
reachable := [] if {
	settings.partial
	count(agent.collectors) == 0
} else := eligible if {
	count(agent.collectors) == 0
} else := [node | some node in nodes; _reached_names[node.name]]

_reached_names := {node.name | some list in _reached_by; some node in list}

# METADATA
# title: Nodes that an agent reaches
# description: The nodes that can get a pod of the workload.
reached(workload) := found if {
	found := _reached_by[workload.number]
} else := _reached(workload)

# Computed once for each agent, since many requirements use it.
_reached_by := {workload.number: _reached(workload) | some workload in agent.collectors}

_reached(workload) := [node | some node in nodes; runs_on(workload, node)]

# METADATA
# scope: document
# title: Runs on a node
# description: >-
#   True unless the node certainly gets no pod of the workload. A sidecar runs in the virtual
#   machine of a serverless pod, which has no Node object: only collected facts count for it.
runs_on(workload, node) if {
	not _sidecar(workload)
	not _undaemonic(workload, node)
	not schedule.refused(workload, node)
}

runs_on(workload, node) if {
	_sidecar(workload)
	not schedule.foreign(node)
	_described(node)
}

_undaemonic(workload, node) if {
	_virtual[node.name]
	workload.subject.kind == "DaemonSet"
}

# Complete, not partial: a partial rule is computed again for each name.
_virtual := {node.name | some node in nodes; schedule.virtual(node)}

_sidecar(workload) if workload.role == "sidecar"

_described(node) if node == nameless

_described(node) if _collected[node.name]

# METADATA
# title: Nameless node
# description: The entry for a node without any facts.
nameless := {"name": "*", "spec": {}}

# METADATA
# title: Nodes without a pod
# description: >-
#   The Linux nodes that certainly get no pod of the workload, without virtual nodes,
#   where no DaemonSet runs.
left_out(workload) := [node |
	some node in _real
	schedule.refused(workload, node)
]

_real := [node | some node in nodes; not schedule.foreign(node); not _virtual[node.name]]

# METADATA
# scope: document
# title: Nodes that are checked
# description: >-
#   The nodes that count, or one entry `*` without facts that represents every node, so that
#   requirements on nodes have a result without nodes. The entry `*` is also added for the
#   machines of sidecars if no facts were collected. No node is checked for agents that only
#   watch the API server.
default asked := [{"name": "*", "spec": {}}]

asked := [] if {
	count(agent.workloads) > 0
	count(agent.collectors) == 0
} else := array.concat(reachable, _unseen) if {
	count(reachable) > 0
}

_unseen := [nameless |
	count(agent.sidecars) > 0
	count(_collected) == 0
]

# METADATA
# title: Subject
# description: The subject of a result about a node.
subject(node) := {"kind": "Node", "name": node.name}

# METADATA
# title: Fact is known
# description: True when the node's fact at the path was collected; false and 0 are facts.
known(node, path) if value.at(node.spec, path, null) != null

# METADATA
# title: Kernel version of a node
# description: The version as numbers; null when the release is unknown or invalid.
kernel(node) := version if {
	version := _kernels[node.name]
} else := _kernel(node)

# Computed once for each node of the input, since many requirements use it.
_kernels := {node.name: _kernel(node) | some node in nodes}

_kernel(node) := kernel_release.version(value.at(node.spec, "kernelRelease", null))

_names := object.keys(_collected) | object.keys(_objects)

_collected := value.indexed([[name, spec] |
	some document in value.objects_at(input, "nodes")
	name := value.string_at(document, ["metadata", "name"])
	name != ""
	spec := {key: found |
		some key, found in value.object_at(document, "spec")
		found != null
		_shown(key)
	}
])

# METADATA
# title: Facts that are read
# description: >-
#   The keys of the facts that a requirement of the mode reads. If a node represents its kind, others
#   are left out: they can differ within the kind.
read := {fact: true | some fact in array.concat(node_facts.always, _in_force)}

_shown(fact) if read[fact]

# A user's own requirement can read any fact.
_shown(_) if not is_object(value.at(input, "kinds", null))

_in_force := [fact | some fact, modes in node_facts.in_modes; settings.applies(modes)]

_collected_spec(name) := object.get(_collected, name, {})

_objects := value.indexed([[name, resource] |
	some resource in recognition.resources
	resource.kind == "Node"
	resource.apiVersion == "v1"
	name := value.string_at(resource, ["metadata", "name"])
	name != ""
])

_derived(name) := object.union(
	{key: found |
		some key, path in paths
		_shown(key)
		found := value.at(resource, path, null)
		found != null
	},
	{"taints": value.objects_at(resource, ["spec", "taints"])},
) if {
	resource := _objects[name]
} else := {}

# METADATA
# title: Facts of a Node object
# description: The places in a Node object of the facts that it states.
paths := {
	"kernelRelease": ["status", "nodeInfo", "kernelVersion"],
	"architecture": ["status", "nodeInfo", "architecture"],
	"osImage": ["status", "nodeInfo", "osImage"],
	"operatingSystem": ["status", "nodeInfo", "operatingSystem"],
	"cpus": ["status", "capacity", "cpu"],
	"memoryBytes": ["status", "capacity", "memory"],
	"labels": ["metadata", "labels"],
	"unschedulable": ["spec", "unschedulable"],
}

# METADATA
# title: Nodes that an agent is checked on
# description: The nodes that can get a pod of the workload, or one node without facts if there are none.
asked_of(workload) := reached(workload) if {
	count(reached(workload)) > 0
} else := [nameless]

# METADATA
# title: Nodes with an older kernel
# description: The nodes that can get a pod of the workload and have an older kernel than this version.
older(workload, minimum) := [node |
	some node in reached(workload)
	version := kernel(node)
	version != null
	version < minimum
]

# METADATA
# title: Agents of a node
# description: The collectors that can get a pod on the node.
landing(node) := [workload |
	some workload in agent.collectors
	runs_on(workload, node)
]

# METADATA
# title: Kernel release
# description: The kernel release of the node as a string, empty if it is not known.
release(node) := value.string_at(node.spec, "kernelRelease")

# METADATA
# title: Sysctl
# description: The value of a sysctl of the node as a string, empty if it is not known.
sysctl(node, name) := value.plain(value.at(node.spec, ["sysctls", name], ""))

# METADATA
# title: Limit on performance events
# description: The value of `kernel.perf_event_paranoid` as a number; null if it is not known.
paranoid(node) := to_number(setting) if {
	setting := trim_space(sysctl(node, "kernel.perf_event_paranoid"))
	regex.match(`^-?(0|[1-9][0-9]{0,8})$`, setting)
} else := null

# METADATA
# title: Command for the kernel release
# description: The command that shows the kernel release of the workload's nodes.
kernel_command(workload) := form.words(workload, {"kubernetes": "kubectl get nodes -o yaml", "compose": "uname -r", "systemd": "uname -r"})
