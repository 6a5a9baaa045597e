# METADATA
# title: The agent's port is free on the host
# description: >-
#   The agent listens on port 38086 for integration data (OpenTelemetry, Prometheus). On the host
#   network, this is the node's own port.
# related_resources:
#   - description: DeepFlow source code, configuration of the agent
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/config/config.rs
# custom:
#   id: DF-NET-006
#   level: informational
#   reads: [manifests, nodes]
#   impact: [Agent configuration]
#   remediation: Free TCP port 38086 on the node, or keep `hostNetwork` false.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, legacy-host, cloud-host, upgrade]
package dfpolicy.requirements.af_packet.free_port

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.form
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.on_node

_verdict(workload) := form.remedied(workload, host_remedies.port, _port(workload))

_port(workload) := result.pass(form.words(workload, {
	"kubernetes": message.text("hostNetwork is false, so the pod has its own port"),
	"compose": message.text("network_mode is not host, so the container has its own port"),
	"systemd": message.text("PrivateNetwork= is set, so the unit has its own port"),
})) if {
	not value.true_at(workload.pod, ["hostNetwork"])
} else := result.violation(
	message.of("port 38086 is in use on {nodes}", {"nodes": message.list(_occupied)}),
	"port 38086 is free",
) if {
	count(_occupied) > 0
} else := result.unknown("port 38086 on each node", "ss -Hltn 'sport = :38086'") if {
	some node in facts.asked
	not is_array(value.at(node.spec, ["portsInUse"], null))
} else := result.pass("port 38086 is free on every node")

_occupied := [node.name |
	some node in facts.reachable
	ports := value.at(node.spec, ["portsInUse"], [])
	is_array(ports)
	38086 in ports
]
