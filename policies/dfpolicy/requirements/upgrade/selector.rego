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
#   zh:
#     title: 运行中的工作负载的选择器保持不变
#     description: >-
#       对于已存在的 DaemonSet 或 Deployment，apiserver 不接受不同的
#       `selector`，升级会因此失败。Agent 在自身的 Chart 与 Server 的 Chart
#       之间切换，或改用其他 Release 名称时，选择器就会不同。
#     remediation: >-
#       在运行中的 Release 上升级，或在应用新的工作负载之前删除运行中的工作负载。
#     related_resources:
#       - Kubernetes 文档：DaemonSet
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
