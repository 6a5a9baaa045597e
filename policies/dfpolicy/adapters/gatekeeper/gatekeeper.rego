# METADATA
# scope: package
# title: Gatekeeper
# description: >-
#   The violations of one group for a ConstraintTemplate. The input is a review and the
#   constraint's parameters: mode, profile, levels, exempt and waivers. The reviewed object is checked as a
#   part of a deployment, together with the synchronised roles, bindings and namespaces.
# schemas:
#   - input: {}
package dfpolicy.adapters.gatekeeper

import data.dfpolicy.lib.value

# METADATA
# title: Violations
# description: >-
#   The violations at the levels of the constraint, except those of exempt requirements and those
#   that a waiver covers until its last day.
violation contains {"msg": message, "details": details} if {
	some result in union(_results)
	result.outcome == "violation"
	result.level in value.strings_at(input, ["parameters", "levels"])
	not result.id in value.strings_at(input, ["parameters", "exempt"])
	not _waived(result)
	message := $"{result.id} {result.message}; {result.remediation}"
	details := object.filter(result, ["id", "level", "group", "impact", "remediation", "subject", "observed", "expected"])
}

# An exported template contains one group. In a comprehension, Gatekeeper would find no result
# (CONTRIBUTING.md, E15).
_results contains found if {
	found := data.dfpolicy.requirements[_][_].results with input as _input
}

_waived(result) if {
	some waiver in value.objects_at(input, ["parameters", "waivers"])
	waiver.id == result.id
	time.format([time.now_ns(), "UTC", "2006-01-02"]) <= value.string_at(waiver, "expires")
	some name in _names(result.subject)
	glob.match(value.string_at(waiver, "subject"), null, name)
}

# `Kind/namespace/name`, as in dfpolicy.yaml, and the same with the container.
_names(subject) := {whole, trim_right($"{whole}:{object.get(subject, "container", "")}", ":")} if {
	whole := concat("/", [part |
		some key in ["kind", "namespace", "name"]
		part := object.get(subject, key, "")
		part != ""
	])
}

_input := {
	"mode": value.at(input, ["parameters", "mode"], "auto"),
	"profile": value.at(input, ["parameters", "profile"], "default"),
	"partial": true,
	"resources": array.concat([_reviewed], _synchronised),
}

# The API server sets the namespace when the object has none.
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
