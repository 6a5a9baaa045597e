# METADATA
# title: The port for integration data is free on the host
# description: >-
#   The agent receives data of OpenTelemetry and Prometheus on port 38086, or on `listen_port` of its
#   group. On the host network, this is the node's own port. If it is in use, the agent runs without
#   this data and tries again every minute.
# related_resources:
#   - description: DeepFlow source code, configuration of the agent
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/config/config.rs
# custom:
#   id: DF-NET-006
#   met: >-
#     the port is free on each node, the agent is not on the host network, or its group does not
#     receive integration data
#   level: informational
#   reads: [manifests, nodes]
#   impact: [Integration data]
#   remediation: >-
#     Free the TCP port on the node, set another one as `inputs.integration.listen_port` of the agent
#     group, or keep `hostNetwork` false.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, legacy-host, cloud-host, upgrade]
package dfpolicy.requirements.af_packet.free_port

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_group
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
	not value.true_at(workload.pod, "hostNetwork")
} else := result.pass("the agent group does not receive integration data") if {
	agent_group.setting(workload, "integration_enabled") in {false, 0}
} else := result.violation(
	message.of("port {port} is in use on {nodes}", {"port": _number(workload), "nodes": facts.names(nodes)}),
	message.of("port {port} is free", {"port": _number(workload)}),
) if {
	nodes := _occupied(_number(workload))
	count(nodes) > 0
} else := result.unknown(
	message.of("port {port} on each node", {"port": _number(workload)}),
	$"ss -Hltn 'sport = :{_number(workload)}'",
) if {
	_uncollected
} else := result.pass(message.of("port {port} is free on every node", {"port": _number(workload)}))

_number(workload) := format_int(agent_group.integration_port(workload), 10)

# By itself: OPA would build the verdict for each such node.
default _uncollected := false

_uncollected if {
	some node in facts.asked
	not is_array(value.at(node.spec, "portsInUse", null))
}

_occupied(number) := [node |
	some node in facts.reachable
	some port in value.at(node.spec, "portsInUse", [])
	is_number(port)
	format_int(port, 10) == number
]
