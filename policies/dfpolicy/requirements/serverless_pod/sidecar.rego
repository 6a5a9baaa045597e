# METADATA
# title: The agent runs as a sidecar of each serverless pod
# description: >-
#   The annotation has the cloud inject the DaemonSet's container into each serverless pod. There
#   it captures with `--sidecar` on the interface and under the address of the pod, which two
#   variables give it.
# custom:
#   id: DF-SL-002
#   level: required
#   impact: [Agent start, All features]
#   remediation: >-
#     Set `tkeSidecar: true` of the chart. It renders the annotation
#     `eks.tke.cloud.tencent.com/ds-injection`, the arguments `--sidecar` and `-f` with the path
#     of the configuration, and the variables `CTRL_NETWORK_INTERFACE` and
#     `K8S_POD_IP_FOR_DEEPFLOW`.
#   modes: [serverless-pod]
package dfpolicy.requirements.serverless_pod.sidecar

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := result.pass("the container is injected, and runs with --sidecar") if {
	count(_unlike_sidecar(workload)) == 0
} else := result.violation(
	concat("; ", _unlike_sidecar(workload)),
	"a DaemonSet that is injected, and an agent with --sidecar, its interface and its address",
)

_unlike_sidecar(workload) := array.flatten([
	_injection(workload),
	["the arguments hold no --sidecar" | workload.role != "sidecar"],
	_configuration_argument(workload),
	["CTRL_NETWORK_INTERFACE is not set" | not _set(workload, "CTRL_NETWORK_INTERFACE")],
	_pod_address(workload),
])

# Only a DaemonSet is injected; another workload holds the container itself.
_injection(workload) := [$"the annotation {_ds_injection} is {shown}" |
	workload.subject.kind == "DaemonSet"
	given := value.at(workload.annotations, [_ds_injection], "")
	given != "true"
	shown := value.shown_or_unset(given)
]

_ds_injection := "eks.tke.cloud.tencent.com/ds-injection"

# Arguments replace those of the image, which name the file.
_configuration_argument(workload) := [$"the arguments do not name {_configuration_path} with -f" |
	agent.command_line(workload) != ""
	not regex.match(`(^|\s)(-f\s*|--config-file[=\s]\s*)/etc/deepflow-agent/deepflow-agent\.yaml(\s|$)`, agent.command_line(workload))
]

_configuration_path := "/etc/deepflow-agent/deepflow-agent.yaml"

_set(workload, name) if value.string_at(workload.environment, [name, "value"]) != ""

_set(workload, name) if count(value.object_at(workload.environment, [name, "valueFrom"])) > 0

# The address of a serverless pod is that of its host.
_pod_address(workload) := ["K8S_POD_IP_FOR_DEEPFLOW is not taken from status.hostIP or status.podIP" |
	path := ["K8S_POD_IP_FOR_DEEPFLOW", "valueFrom", "fieldRef", "fieldPath"]
	not value.string_at(workload.environment, path) in {"status.hostIP", "status.podIP"}
]
