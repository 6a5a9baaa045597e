# METADATA
# title: The agent runs as a sidecar in each serverless pod
# description: >-
#   With the annotation, the cloud injects the DaemonSet's container into each serverless pod. The
#   agent runs there with `--sidecar`. Two variables set its interface and its address.
# custom:
#   id: DF-SL-002
#   met: the DaemonSet is injected, and its agent has `--sidecar`, its interface and its address
#   related: [DF-SL-006]
#   level: required
#   impact: [Agent start, All features]
#   remediation: >-
#     Set `tkeSidecar: true` in the values of the chart. It renders the annotation
#     `eks.tke.cloud.tencent.com/ds-injection`, the arguments `--sidecar` and `-f` with the path
#     of the configuration, and the variables `CTRL_NETWORK_INTERFACE` and
#     `K8S_POD_IP_FOR_DEEPFLOW`.
#   modes: [serverless-pod]
package dfpolicy.requirements.serverless_pod.sidecar

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.chart_changes
import data.dfpolicy.lib.environment
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := chart_changes.values(
	"deepflow-agent",
	"sidecar",
	[{"path": ["tkeSidecar"], "value": true}],
	result.violation(
		message.clauses(_unlike_sidecar(workload)),
		"an injected DaemonSet, and an agent with --sidecar, its interface and its address",
	),
) if {
	count(_unlike_sidecar(workload)) > 0
} else := environment.unknown(workload, "CTRL_NETWORK_INTERFACE") if {
	not _set(workload, "CTRL_NETWORK_INTERFACE")
} else := result.pass("the container is injected and runs with --sidecar")

_unlike_sidecar(workload) := array.flatten([
	_injection(workload),
	[message.text("the arguments do not contain --sidecar") | workload.role != "sidecar"],
	_configuration_argument(workload),
	[message.text("CTRL_NETWORK_INTERFACE is not set") |
		not _set(workload, "CTRL_NETWORK_INTERFACE")
		not environment.unknown(workload, "CTRL_NETWORK_INTERFACE")
	],
	_pod_address(workload),
])

# Only a DaemonSet is injected; other workloads contain the container themselves.
_injection(workload) := [_annotated(given) |
	workload.subject.kind == "DaemonSet"
	given := value.at(workload.annotations, _ds_injection, "")
	given != "true"
]

_annotated(given) := message.of("annotation {annotation} is not set", {"annotation": _ds_injection}) if {
	given == ""
} else := message.of("annotation {annotation} is {value}", {"annotation": _ds_injection, "value": value.shown(given)})

_ds_injection := "eks.tke.cloud.tencent.com/ds-injection"

# Arguments replace the arguments of the image, which contain the path of the file.
_configuration_argument(workload) := [message.text("the arguments do not contain -f /etc/deepflow-agent/deepflow-agent.yaml") |
	agent.command_line(workload) != ""
	not regex.match(`(^|\s)(-f\s*|--config-file[=\s]\s*)/etc/deepflow-agent/deepflow-agent\.yaml(\s|$)`, agent.command_line(workload))
]

# A reference to a value that must exist needs no value here.
_set(workload, name) if environment.text(workload, name) != ""

_set(workload, name) if {
	environment.present(workload, name)
	environment.unknown(workload, name)
}

# The address of a serverless pod is that of its host.
_pod_address(workload) := [message.text("K8S_POD_IP_FOR_DEEPFLOW does not come from status.hostIP or status.podIP") |
	not environment.field(workload, "K8S_POD_IP_FOR_DEEPFLOW") in {"status.hostIP", "status.podIP"}
]
