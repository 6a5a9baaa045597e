# METADATA
# title: The server's ports are open to the agents
# description: >-
#   Agents get their configuration from port 30035 and send data to port 30033, both TCP. Agents in
#   the server's cluster use its Service; other agents use the ports of the nodes.
# related_resources:
#   - description: DeepFlow documentation, deployment in one Kubernetes cluster
#     ref: https://deepflow.io/docs/ce-install/single-k8s/
#   - description: DeepFlow documentation, deployment on cloud hosts
#     ref: https://deepflow.io/docs/ce-install/cloud-host/
# custom:
#   id: DF-SK-003
#   met: the server's Service has the TCP ports and nodePorts that the agents use
#   related: [DF-AIO-005]
#   conditional: true
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Keep ports 30033 and 30035 of the server's Service, with the same `nodePort`. If you change
#     them, also change `controller-port` of every agent and `ingester_port` of the agent groups.
package dfpolicy.requirements.single_k8s.server_ports

import data.dfpolicy.lib.chart_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_ports
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.settings

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in server_ports.asked

_verdict(workload) := server.missing if {
	server.absent(workload)
} else := result.unknown(
	"the Service of the server",
	$"kubectl get services -n {result.word(workload.subject.namespace)} -o yaml",
) if {
	_services_uncertain(workload)
} else := _unopened(message.text("no Service selects the server's pods")) if {
	count(server_ports.services(workload)) == 0
} else := _unopened(message.of("the server's Service does not have TCP port {ports}", _listed(server_ports.closed(workload)))) if {
	server_ports.inside
	count(server_ports.closed(workload)) > 0
} else := result.pass(message.of("the server's Service opens ports {ports} to the agents", _listed(server_ports.used))) if {
	count(server_ports.hidden(workload)) == 0
} else := _unopened(_hidden(workload)) if {
	server_ports.outside
} else := result.at("recommended", _unopened(_hidden(workload)))

_hidden(workload) := message.of("the nodes do not open TCP port {ports}", _listed(server_ports.hidden(workload)))

_unopened(fault) := chart_changes.values("deepflow", "server-ports", _node_ports, result.violation(
	fault,
	message.of("a Service of the server with TCP ports and nodePorts {ports}", _listed(server_ports.used)),
))

_node_ports := [
	{"path": ["server", "service", "type"], "value": "NodePort"},
	{"path": ["global", "nodePort", "deepflowServerIngester"], "value": 30033},
	{"path": ["global", "nodePort", "deepflowServerGrpc"], "value": 30035},
]

_listed(ports) := {"ports": message.list(ports)}

# dfpolicy does not collect Services.
_services_uncertain(workload) if {
	count(server_ports.services(workload)) == 0
	not server.stated_services(workload)
}

_services_uncertain(workload) if {
	count(server_ports.services(workload)) == 0
	count(settings.cluster) > 0
}
