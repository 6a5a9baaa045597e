# METADATA
# title: CNI plug-ins of the cluster
# description: >-
#   Which CNI plug-ins the cluster runs, with the evidence: what the user states, or else its
#   workloads, API groups and the CNI configuration of its nodes.
package dfpolicy.lib.cni

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.network
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.cni_signatures

# METADATA
# title: Plug-ins that are present
# description: Entries {id, name, adapted, evidence} sorted by id; empty when nothing shows the plug-ins.
present := [object.union(_network(id), {"id": id, "evidence": message.clauses(_evidence(id))}) |
	some id in sort([id | some id in _ids])
]

# METADATA
# title: Plug-in is present
# description: True when the cluster runs the plug-in of this id.
used(id) if {
	some network in present
	network.id == id
}

# METADATA
# scope: document
# title: Plug-ins are known
# description: >-
#   True when the input shows the plug-ins. Multus alone does not show the networks that it
#   delegates to, unless the user states it. Unknown when the collector could not read workloads.
default known := false

known if count(_stated) > 0

known if {
	not settings.unread.daemonsets
	some network in present
	network.id != "multus"
}

# METADATA
# title: Shown plug-ins
# description: The plug-ins, each with its evidence, as a message.
shown(networks) := message.list([message.of("{plugin} ({evidence})", {"plugin": network.name, "evidence": network.evidence}) |
	some network in networks
])

_network(id) := {"name": network.name, "adapted": network.adapted} if {
	network := cni_signatures.networks[id]
} else := {"name": id, "adapted": false}

_ids := {row.id | some row in _stated} if {
	count(_stated) > 0
} else := {row.id | some row in array.concat(_observed, _configured)}

_evidence(id) := [row.evidence | some row in _stated; row.id == id] if {
	count(_stated) > 0
} else := array.concat(_objects(id), _nodes(id))

_objects(id) := [message.list(texts)] if {
	texts := [row.evidence | some row in _observed; row.id == id]
	count(texts) > 0
} else := []

_nodes(id) := [message.of("CNI configuration of {nodes}", {"nodes": facts.names(nodes)})] if {
	nodes := [row.node | some row in _configured; row.id == id]
	count(nodes) > 0
} else := []

# Stated by the user: one name, a list, or names separated by commas or plus signs.
_stated := [{"id": id, "evidence": message.text("from ClusterFacts")} |
	some given in _listed(value.at(settings.cluster, "cni", ""))
	is_string(given)
	some id in _called(given)
]

# METADATA
# title: Accepted plug-ins
# description: The ids of the plug-ins that the user accepts in addition to those that DeepFlow supports.
accepted contains id if {
	some given in value.strings_at(settings.parameters, "acceptedCnis")
	some id in _called(given)
}

_called(given) := [id |
	some part in split(replace(given, "+", ","), ",")
	name := replace(replace(lower(trim_space(part)), " ", "-"), "_", "-")
	name != ""
	some id in _named(name)
]

_listed(given) := given if {
	is_array(given)
} else := [given]

_named(name) := object.get(cni_signatures.by_alias, name, {name})

# From the objects and the API groups of the cluster.
_observed := array.concat(_by_objects, _by_groups)

_by_objects := [{"id": id, "evidence": concat(" ", [resource.kind, _name(resource)])} |
	some resource in settings.resources
	some id in network.of_object(resource)
]

_by_groups := [{"id": id, "evidence": message.of("API group {group}", {"group": group})} |
	some group in value.strings_at(settings.cluster, "apiGroups")
	some id in object.get(cni_signatures.by_group, group, set())
]

_name(resource) := concat("/", [part |
	some part in [
		value.string_at(resource, ["metadata", "namespace"]),
		value.string_at(resource, ["metadata", "name"]),
	]
	part != ""
])

# From the CNI configuration of the nodes.
_configured := [{"id": id, "node": node} |
	some node in facts.nodes
	some id in _of_types(_active(node))
]

# The container runtime uses the first valid file; a file without a plug-in is not valid.
_active(node) := value.strings_at(configurations[min(files)[1]], "plugins") if {
	configurations := value.objects_at(node.spec, ["cni", "configs"])
	files := [[file, i] |
		some i, configuration in configurations
		file := value.string_at(configuration, "file")
		regex.match(`\.(conflist|conf|json)$|^$`, file)
		count(value.strings_at(configuration, "plugins")) > 0
	]
	count(files) > 0
} else := []

_of_types(types) := _meta(types) | _networks(types)

_meta(types) := {"multus" | some type in types; lower(type) in {"multus", "multus-shim"}}

# A base type or an unknown type counts only when there is no other.
_networks(types) := ids if {
	ids := {id |
		some type in types
		not lower(type) in cni_signatures.bases
		some id in object.get(cni_signatures.by_type, lower(type), set())
		id != "multus"
	}
	count(ids) > 0
} else := {rest[0]} if {
	rest := [lower(type) |
		some type in types
		not lower(type) in cni_signatures.helpers
		not lower(type) in {"", "multus", "multus-shim"}
	]
	count(rest) > 0
} else := set()
