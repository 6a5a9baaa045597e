# METADATA
# title: The agent's workload and container have the names that the agent expects
# description: >-
#   The agent finds its own DaemonSet and container by the name `deepflow-agent`, in the namespace
#   that `K8S_NAMESPACE_FOR_DEEPFLOW` contains, `deepflow` by default. With other names it cannot upgrade itself or apply
#   its limits.
# related_resources:
#   - description: DeepFlow source code, environment of the agent
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/utils/environment/linux.rs
# custom:
#   id: DF-CH-006
#   met: >-
#     the DaemonSet and its container are named `deepflow-agent`, and `K8S_NAMESPACE_FOR_DEEPFLOW`
#     is their namespace
#   level: recommended
#   reads: [manifests]
#   impact: [Agent configuration, Agent upgrade]
#   remediation: >-
#     Name the DaemonSet and its container `deepflow-agent`. Set `K8S_NAMESPACE_FOR_DEEPFLOW` from
#     the field `metadata.namespace` with `fieldRef`.
package dfpolicy.requirements.chart.expected_names

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.chart_changes
import data.dfpolicy.lib.environment
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.managed_collectors

_verdict(workload) := agent_changes.variable(workload, _own_namespace, _unexpected(workload)) if {
	_assumes_other_namespace(workload)
	count(_misnamed(workload)) == 1
} else := chart_changes.agent_name(workload, _unexpected(workload)) if {
	count(_misnamed(workload)) > 0
} else := _unknown(workload) if {
	_unknown(workload)
} else := result.pass("DaemonSet, container and namespace have the expected names")

_unexpected(workload) := result.violation(
	message.clauses(_misnamed(workload)),
	"a DaemonSet and a container named deepflow-agent; K8S_NAMESPACE_FOR_DEEPFLOW from metadata.namespace",
)

_own_namespace := {"name": "K8S_NAMESPACE_FOR_DEEPFLOW", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}}

_misnamed(workload) := array.flatten([
	[message.of("the workload is {kind} {name}", {"kind": workload.subject.kind, "name": workload.subject.name}) |
		[workload.subject.kind, workload.subject.name] != ["DaemonSet", "deepflow-agent"]
	],
	[message.of("the container is named {name}", {"name": value.shown(value.string_at(workload.container, "name"))}) |
		value.string_at(workload.container, "name") != "deepflow-agent"
	],
	[message.of("K8S_NAMESPACE_FOR_DEEPFLOW is {given}, the pod's namespace is {namespace}", {
		"given": _namespace(workload),
		"namespace": workload.subject.namespace,
	}) |
		_assumes_other_namespace(workload)
	],
])

_assumes_other_namespace(workload) if {
	not _unknown(workload)
	_namespace(workload) != workload.subject.namespace
}

# Without the variable, the agent assumes this namespace.
_namespace(workload) := "deepflow" if {
	not environment.present(workload, "K8S_NAMESPACE_FOR_DEEPFLOW")
} else := message.text("another value") if {
	environment.field(workload, "K8S_NAMESPACE_FOR_DEEPFLOW") != ""
} else := environment.text(workload, "K8S_NAMESPACE_FOR_DEEPFLOW")

# No other field of a pod contains its namespace.
_unknown(workload) := environment.unknown(workload, "K8S_NAMESPACE_FOR_DEEPFLOW") if {
	environment.field(workload, "K8S_NAMESPACE_FOR_DEEPFLOW") == ""
}
