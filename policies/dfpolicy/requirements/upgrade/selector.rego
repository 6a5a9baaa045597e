# METADATA
# title: The running workload keeps its selector
# description: >-
#   The API server does not accept a different `selector` on an existing DaemonSet or Deployment, so
#   the upgrade fails. The selector changes with the release name, and when the agent moves between
#   its own chart and the server's.
# related_resources:
#   - description: Kubernetes documentation, DaemonSet
#     ref: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/
# custom:
#   id: DF-UPG-010
#   met: the selector is that of the running workload, or the new workload is another object
#   level: required
#   impact: [Agent upgrade]
#   remediation: >-
#     Upgrade the running release under its own name, or delete the running workload before you apply
#     the new one.
package dfpolicy.requirements.upgrade.selector

import data.dfpolicy.lib.message
import data.dfpolicy.lib.placement_changes
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in running.upgraded

_verdict(workload) := verdict if {
	verdict := running.unmatched(workload)
} else := result.pass(message.of("the new {kind} is not the same object as the running one", {"kind": workload.subject.kind})) if {
	not running.continued(workload)
} else := result.pass("the selector does not change") if {
	_selected(workload) == _selected(running.counterpart(workload))
} else := _kept(workload, result.violation(
	message.clauses(_changes(workload)),
	"the selector of the running workload",
))

_kept(workload, verdict) := placement_changes.selected_as(workload, _selected(running.counterpart(workload)).matchLabels, verdict) if {
	_selected(workload).matchExpressions == _selected(running.counterpart(workload)).matchExpressions
} else := verdict

_selected(workload) := {
	"matchLabels": value.object_at(workload.spec, ["selector", "matchLabels"]),
	"matchExpressions": value.objects_at(workload.spec, ["selector", "matchExpressions"]),
}

_changes(workload) := array.concat(
	[_change(label, old.matchLabels, new.matchLabels) |
		some label in sort(object.keys(object.union(old.matchLabels, new.matchLabels)))
		object.filter(old.matchLabels, [label]) != object.filter(new.matchLabels, [label])
	],
	[message.text("matchExpressions differ") | old.matchExpressions != new.matchExpressions],
) if {
	old := _selected(running.counterpart(workload))
	new := _selected(workload)
}

_change(label, old, new) := message.of(
	"the selector's label {label} changes from {old} to {new}",
	{"label": label, "old": value.shown(old[label]), "new": value.shown(new[label])},
) if {
	object.keys(old)[label]
	object.keys(new)[label]
} else := message.of("the selector loses the label {label}", {"label": label}) if {
	object.keys(old)[label]
} else := message.of("the selector gets the new label {label}", {"label": label})
