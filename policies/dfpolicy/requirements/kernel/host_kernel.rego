# METADATA
# title: The agent runs on the kernel of its node
# description: >-
#   A sandbox such as gVisor or Kata Containers gives the pod a kernel of its own. The agent then
#   sees neither the processes nor the traffic of the node.
# related_resources:
#   - description: Kubernetes documentation, Runtime Class
#     ref: https://kubernetes.io/docs/concepts/containers/runtime-class/
# custom:
#   id: DF-KERNEL-005
#   met: >-
#     `runtimeClassName` is not set, or its class uses the kernel of the node
#   conditional: [serverless-pod]
#   level: required
#   reads: [manifests]
#   impact: [All features]
#   remediation: Remove `runtimeClassName` from the agent's pod, or name a class with the handler `runc` or `crun`.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
package dfpolicy.requirements.kernel.host_kernel

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.on_node

_verdict(workload) := agent_changes.without_field(workload, _class_field, _of_class(_class(workload), _handler(workload)))

_class_field := {"cause": "runtime-class", "path": ["runtimeClassName"]}

_class(workload) := value.string_at(workload.pod, "runtimeClassName")

_handler(workload) := object.get(_handlers, _class(workload), "")

_of_class(class, handler) := result.pass("runtimeClassName is not set") if {
	class == ""
} else := result.violation(
	message.of("the handler {handler} of the runtime class {class} gives the pod a kernel of its own", {"class": class, "handler": handler}),
	"a runtime class that uses the kernel of the node",
) if {
	_isolating(handler)
} else := result.pass(message.of(
	"the handler {handler} of the runtime class {class} uses the kernel of the node",
	{"class": class, "handler": handler},
)) if {
	handler in {"crun", "nvidia", "nvidia-cdi", "runc", "youki"}
} else := result.violation(
	message.of("the runtime class {class} gives the pod a kernel of its own", {"class": class}),
	"a runtime class that uses the kernel of the node",
) if {
	handler == ""
	_isolating(class)
} else := result.unknown(
	message.of("whether the runtime class {class} uses the kernel of the node", {"class": class}),
	$"kubectl get runtimeclass {result.word(class)} -o yaml",
)

_isolating(name) if regex.match(`^(gvisor|runsc|kata|firecracker|runv|peerpod)`, lower(name))

_handlers := value.indexed([[value.string_at(resource, ["metadata", "name"]), value.string_at(resource, "handler")] |
	some resource in settings.resources
	resource.kind == "RuntimeClass"
	value.string_at(resource, "handler") != ""
])
