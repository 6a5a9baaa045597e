# METADATA
# title: Decision
# description: The entry points, from the input document to the decision or a part of it.
package dfpolicy.main

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.features as features_lib
import data.dfpolicy.lib.mode
import data.dfpolicy.lib.running
import data.dfpolicy.lib.scope
import data.dfpolicy.lib.value

# METADATA
# title: Decision
# description: >-
#   The mode that is judged, the agents that were found and those that run, the feature
#   rows of the nodes, and the results of all groups in the order of the DeepFlow deployment page. A group takes
#   part by standing under `dfpolicy.requirements`; there is no list of them.
# entrypoint: true
decision := object.union(_running, {
	"agents": agent.summary,
	"features": features,
	"mode": mode.chosen,
	"results": _results,
})

default _running := {}

_running := {"running": running.summary} if running.stated

# METADATA
# title: Features
# description: The feature rows of the nodes alone, which cost a fraction of the decision.
# entrypoint: true
features := features_lib.rows

# METADATA
# title: Part
# description: What a host learns of a part of its input, to leave out what is out of scope.
# entrypoint: true
part := scope.part

# METADATA
# title: Places
# description: The namespaces that are in scope, from the `sightings` of all parts.
# entrypoint: true
places := scope.places(value.objects_at(input, ["sightings"]))

# The order of a set differs between engines, so results are put in order: by
# requirement, then by subject. WebAssembly sorts by insertion; with thousands of
# nodes only their names are sorted, once, in lib/facts.
_results := array.concat(
	[object.remove(result, ["order"]) |
		some requirement in _requirements
		some result in array.concat(_of_objects(requirement), _of_nodes(requirement))
	],
	_shapeless,
)

# A user's own requirement can give anything. What has no place in the order would get lost
# below; so it is told, and then refused as no result.
_shapeless := sort([result | some result in _given; not _shaped(result)])

_shaped(result) if {
	is_string(result.id)
	is_number(result.order)
	is_string(result.subject.kind)
	is_string(result.subject.name)
}

# Nothing but `results` is touched: a group's other rules, and its tests, stay unevaluated.
_given := [result | some result in data.dfpolicy.requirements[_].results]

_all := [result | some result in _given; _shaped(result)]

_requirements := sort([requirement | some requirement in {[result.order, result.id] | some result in _all}])

_of_objects(requirement) := [row[1] | some row in _object_rows; row[1].id == requirement[1]]

_object_rows := sort([[_key(result), result] |
	some result in _all
	not _of_node(result)
])

_of_nodes(requirement) := [_node_results[requirement[1]][node.name] | some node in facts.asked] if {
	requirement[1] in _node_requirements
} else := []

_node_requirements := {result.id | some result in _all; _of_node(result)}

_node_results := {id: results |
	some id in _node_requirements
	results := {result.subject.name: result | some result in _all; result.id == id; _of_node(result)}
}

_of_node(result) if {
	result.subject.kind == "Node"
	_node_names[result.subject.name]
}

_node_names := {node.name | some node in facts.asked}

_key(result) := concat("\u0001", [
	object.get(result.subject, "namespace", ""),
	result.subject.kind,
	result.subject.name,
	object.get(result.subject, "container", ""),
	object.get(result.subject, "apiVersion", ""),
])
