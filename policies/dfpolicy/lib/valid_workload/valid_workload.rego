# METADATA
# title: Workloads that the API server accepts
# description: >-
#   What the validation of the API server refuses about a workload of the agent: its name, its
#   selector and its update strategy, and what it refuses about its pod.
package dfpolicy.lib.valid_workload

import data.dfpolicy.lib.identity
import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.valid_container
import data.dfpolicy.lib.valid_pod
import data.dfpolicy.lib.valid_value
import data.dfpolicy.lib.value

# METADATA
# title: Findings on a workload
# description: All findings for a workload of `lib/agent`, in order.
findings(workload) := sort(union({
	_named(workload),
	_template(workload),
	_selector(workload),
	_restart(workload),
	_strategy(workload),
	_numbers(workload),
	valid_pod.findings(workload.pod),
	valid_container.findings(workload.pod),
}))

_named(workload) := {valid_value.missing("metadata.name")} if {
	workload.subject.name == ""
} else := {valid_value.invalid("metadata.name", workload.subject.name) | not valid_value.subdomain(_name(workload))}

# The API server appends a suffix to a generated name.
_name(workload) := trim_suffix(workload.subject.name, "-") if {
	value.string_at(_found[object.remove(workload.subject, ["container"])].resource, ["metadata", "name"]) == ""
} else := workload.subject.name

_template(workload) := union({
	valid_value.labels("spec.template.metadata.labels", _labels(workload)),
	valid_value.not_strings("spec.template.metadata.labels", _labels(workload)),
	valid_value.not_strings("spec.template.metadata.annotations", workload.annotations),
	{valid_value.invalid("spec.template.metadata.annotations key", name) |
		some name, _ in workload.annotations
		not valid_value.key(lower(name))
	},
})

_labels(workload) := value.object_at(_found[object.remove(workload.subject, ["container"])].template, ["metadata", "labels"])

# A Pod is its own template, so that its labels are those of the object.
_found := value.indexed([[identity.subject(found.resource), found] | some found in recognition.workloads])

# These have their own selector. That of a Job is set by the API server.
_selecting(workload) if workload.subject.kind in {"DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"}

_selector(workload) := {valid_value.missing("spec.selector")} if {
	_selecting(workload)
	count(value.object_at(workload.spec, ["selector", "matchLabels"])) == 0
	count(value.objects_at(workload.spec, ["selector", "matchExpressions"])) == 0
} else := _unmatched(workload) | _unfulfilled(workload) if {
	_selecting(workload)
} else := set()

_unfulfilled(workload) := {valid_value.dependent(selected, "matching spec.template.metadata.labels") |
	some [i, expression] in valid_value.items(workload.spec, ["selector", "matchExpressions"])
	not _fulfilled(expression, object.get(_labels(workload), value.string_at(expression, "key"), null))
	selected := $"spec.selector.matchExpressions[{i}]"
}

_fulfilled(expression, label) if {
	value.at(expression, "operator", "") == "In"
	label in value.strings_at(expression, "values")
}

_fulfilled(expression, label) if {
	value.at(expression, "operator", "") == "NotIn"
	count(value.strings_at(expression, "values")) > 0
	not label in value.strings_at(expression, "values")
}

_fulfilled(expression, label) if {
	value.at(expression, "operator", "") == "Exists"
	label != null
}

_fulfilled(expression, null) if value.at(expression, "operator", "") == "DoesNotExist"

_unmatched(workload) := {valid_value.dependent(selected, label) |
	some name, wanted in value.object_at(workload.spec, ["selector", "matchLabels"])
	object.get(_labels(workload), name, null) != wanted
	selected := $"spec.selector.matchLabels.{name}"
	label := $"spec.template.metadata.labels.{name}: {value.plain(wanted)}"
}

_restart(workload) := {valid_value.invalid("spec.restartPolicy", given) |
	given := value.at(workload.pod, "restartPolicy", "")
	not given in object.get(_restarts, workload.subject.kind, {"", "Always"})
}

_restarts := {
	"CronJob": {"OnFailure", "Never"},
	"Job": {"OnFailure", "Never"},
	"Pod": {"", "Always", "OnFailure", "Never"},
}

_strategy(workload) := union({
	{valid_value.invalid("spec.updateStrategy.type", given) |
		given := value.at(strategy, "type", "RollingUpdate")
		not given in {"", "OnDelete", "RollingUpdate"}
	},
	{valid_value.conflicting("spec.updateStrategy.rollingUpdate.maxSurge", "maxUnavailable") |
		not _none(value.at(strategy, ["rollingUpdate", "maxSurge"], 0))
		not _none(value.at(strategy, ["rollingUpdate", "maxUnavailable"], 1))
	},
	{valid_value.dependent("spec.updateStrategy.rollingUpdate.maxUnavailable 0", "maxSurge") |
		_none(value.at(strategy, ["rollingUpdate", "maxSurge"], 0))
		_none(value.at(strategy, ["rollingUpdate", "maxUnavailable"], 1))
	},
}) if {
	workload.subject.kind == "DaemonSet"
	strategy := value.object_at(workload.spec, "updateStrategy")
} else := union({
	{valid_value.invalid("spec.strategy.type", given) |
		given := value.at(strategy, "type", "RollingUpdate")
		not given in {"", "Recreate", "RollingUpdate"}
	},
	{valid_value.conflicting("spec.strategy.type Recreate", "rollingUpdate") |
		value.at(strategy, "type", "") == "Recreate"
		value.at(strategy, "rollingUpdate", null) != null
	},
	{valid_value.dependent("spec.strategy.rollingUpdate.maxUnavailable 0", "maxSurge") |
		_none(value.at(strategy, ["rollingUpdate", "maxSurge"], 1))
		_none(value.at(strategy, ["rollingUpdate", "maxUnavailable"], 1))
	},
}) if {
	workload.subject.kind == "Deployment"
	strategy := value.object_at(workload.spec, "strategy")
} else := set()

_none(given) if given in {0, "0", "0%"}

_numbers(workload) := union({
	valid_value.mistyped("spec", workload.spec, {"minReadySeconds": "integer", "replicas": "integer", "revisionHistoryLimit": "integer"}),
	valid_value.out_of_range("spec", workload.spec, {
		"minReadySeconds": [0, 2147483647],
		"replicas": [0, 2147483647],
		"revisionHistoryLimit": [0, 2147483647],
	}),
})
