# METADATA
# title: The selector of the running workload is kept
# description: >-
#   The API server refuses another `selector` on a DaemonSet or Deployment that exists, so the
#   upgrade fails. It differs when the agent moves between its own chart and the server's, or
#   under another release name.
# related_resources:
#   - description: Kubernetes documentation, DaemonSet
#     ref: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/
# custom:
#   id: DF-UPG-010
#   level: required
#   impact: [Agent upgrade]
#   remediation: >-
#     Upgrade under the release that runs, or delete the running workload before the new one is
#     applied.
#   source: CHART
package dfpolicy.requirements.upgrade.selector

import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in running.upgraded

_verdict(workload) := verdict if {
	verdict := running.unmatched(workload)
} else := result.pass($"the {workload.subject.kind} is another object than the running one") if {
	not running.continued(workload)
} else := result.pass("the selector is the one that runs") if {
	_selected(workload) == _selected(running.counterpart(workload))
} else := result.violation(
	concat("; ", _other_labels(workload)),
	"the selector of the running workload",
)

_selected(workload) := {
	"matchLabels": value.object_at(workload.spec, ["selector", "matchLabels"]),
	"matchExpressions": value.objects_at(workload.spec, ["selector", "matchExpressions"]),
}

_other_labels(workload) := array.concat(
	[$"the running selector has {_label(old, label)} for {label}, the new one {_label(new, label)}" |
		some label in sort(object.keys(object.union(old.matchLabels, new.matchLabels)))
		_label(old, label) != _label(new, label)
	],
	["matchExpressions differ" | old.matchExpressions != new.matchExpressions],
) if {
	old := _selected(running.counterpart(workload))
	new := _selected(workload)
}

_label(selector, label) := value.shown(selector.matchLabels[label]) if {
	selector.matchLabels[label]
} else := "nothing"
