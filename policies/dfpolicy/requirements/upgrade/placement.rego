# METADATA
# title: The new pods keep their placement and pull secrets
# description: >-
#   Tolerations, node selectors and pull secrets come from the chart's values. Without them, the new
#   pods leave tainted nodes, run on other nodes, or cannot pull their image.
# custom:
#   id: DF-UPG-011
#   met: the tolerations, node selectors, node affinity and pull secrets of the running agent stay
#   level: recommended
#   impact: [All features]
#   remediation: >-
#     Set the tolerations, node selectors, node affinity and pull secrets of the running release
#     again, or accept the change with a waiver.
package dfpolicy.requirements.upgrade.placement

import data.dfpolicy.lib.message
import data.dfpolicy.lib.placement_changes
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in running.upgraded

_verdict(workload) := verdict if {
	verdict := running.unmatched(workload)
} else := result.pass("no toleration, node selector, node affinity or pull secret is lost") if {
	count(_misplaced(workload)) == 0
} else := placement_changes.placed_as(workload, running.counterpart(workload).pod, result.violation(
	message.clauses(_misplaced(workload)),
	"tolerations, nodeSelector, node affinity and imagePullSecrets of the running agent",
))

_misplaced(workload) := array.flatten([
	[_lost_toleration(_toleration(toleration)) |
		some toleration in value.objects_at(old, "tolerations")
		not _tolerated(workload, toleration)
	],
	[message.of("the nodeSelector {label} is lost", {"label": label}) |
		some label in sort(object.keys(value.object_at(old, "nodeSelector")))
		not label in object.keys(value.object_at(workload.pod, "nodeSelector"))
	],
	[message.text("the required node affinity is lost") |
		count(value.object_at(old, _required_affinity)) > 0
		count(value.object_at(workload.pod, _required_affinity)) == 0
	],
	[message.of("the pull secret {name} is lost", {"name": name}) |
		some name in _pull_secrets(old)
		not name in _pull_secrets(workload.pod)
	],
]) if {
	old := running.counterpart(workload).pod
}

_required_affinity := ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]

_tolerated(workload, toleration) if {
	some other in value.objects_at(workload.pod, "tolerations")
	_tolerates(_toleration(other), _toleration(toleration))
}

_tolerates(toleration, other) if toleration == other

_tolerates(toleration, other) if {
	toleration.operator == "Exists"
	toleration.key in {"", other.key}
	toleration.effect in {"", other.effect}
}

_toleration(entry) := {
	"key": value.string_at(entry, "key"),
	"operator": value.at(entry, "operator", "Equal"),
	"value": value.string_at(entry, "value"),
	"effect": value.string_at(entry, "effect"),
}

_lost_toleration(toleration) := message.text("the toleration of all taints is lost") if {
	toleration.key == ""
} else := message.of("the toleration {toleration} is lost", {"toleration": concat(":", [part |
	some part in [toleration.key, toleration.effect]
	part != ""
])})

_pull_secrets(pod) := [value.string_at(entry, "name") | some entry in value.objects_at(pod, "imagePullSecrets")]
