# METADATA
# title: Decision
# description: The one entry point, from the input document to the decision.
package dfpolicy.main

import data.dfpolicy.lib.agent

# METADATA
# title: Decision
# description: >-
#   The agents that were found, the feature rows of the nodes, and the results
#   of all groups in the order of the DeepFlow deployment page. A group takes
#   part by standing under `dfpolicy.requirements`; there is no list of them.
# entrypoint: true
decision := {
	"agents": agent.summary,
	"features": [],
	"results": _results,
}

# The order of a set differs between engines, the order of these strings does not.
# WebAssembly sorts a set in quadratic time and a list in less, so this is a list.
_results := [object.remove(row[1], ["order"]) | some row in sort(_rows)]

_rows := [[_key(result), result] | some result in data.dfpolicy.requirements[_].results]

_key(result) := concat("\u0001", [
	format_int(result.order + 1000, 10),
	result.id,
	object.get(result.subject, "namespace", ""),
	result.subject.kind,
	result.subject.name,
	object.get(result.subject, "container", ""),
	object.get(result.subject, "apiVersion", ""),
])
