# METADATA
# scope: package
# title: Gatekeeper
# description: >-
#   The violations of one group as a ConstraintTemplate tells them. The input is a review and the
#   constraint's parameters: mode, profile, levels and exempt. The reviewed object is judged as a
#   part of a deployment, together with the roles, bindings and namespaces that are synchronised.
# schemas:
#   - input: {}
package dfpolicy.adapters.gatekeeper

import data.dfpolicy.lib.value

# METADATA
# title: Violations
# description: >-
#   Those of the levels that the constraint names, of all requirements but the exempt ones.
violation contains {"msg": message, "details": details} if {
	some result in union(_results)
	result.outcome == "violation"
	result.level in value.strings_at(input, ["parameters", "levels"])
	not result.id in value.strings_at(input, ["parameters", "exempt"])
	message := $"{result.id} {result.message}; {result.remediation}"
	details := object.filter(result, ["id", "level", "group", "impact", "remediation", "subject", "observed", "expected"])
}

# An exported template holds one group. In a comprehension there would be no result in
# Gatekeeper (CONTRIBUTING.md, E15).
_results contains found if {
	found := data.dfpolicy.requirements[_][_].results with input as _input
}

_input := {
	"mode": value.at(input, ["parameters", "mode"], "auto"),
	"profile": value.at(input, ["parameters", "profile"], "default"),
	"partial": true,
	"resources": array.concat([_reviewed], _synchronised),
}

# The API server has set it where the object names none.
_reviewed := object.union(
	value.object_at(input, ["review", "object"]),
	{"metadata": object.union(
		{"namespace": value.string_at(input, ["review", "namespace"])},
		value.object_at(input, ["review", "object", "metadata"]),
	)},
)

_synchronised := array.concat(_of_cluster, _of_namespaces)

_of_cluster := [item |
	some kinds in data.inventory.cluster
	some kind in ["ClusterRole", "ClusterRoleBinding", "Namespace"]
	some item in kinds[kind]
]

_of_namespaces := [item |
	some versions in data.inventory.namespace
	some kinds in versions
	some kind in ["Role", "RoleBinding"]
	some item in kinds[kind]
]
