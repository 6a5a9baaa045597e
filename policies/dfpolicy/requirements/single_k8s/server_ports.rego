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
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Keep ports 30033 and 30035 of the Service `deepflow-server`, with the same `nodePort`. If you
#     change them, also change `controller-port` of every agent and `ingester_port` of the agent
#     groups.
package dfpolicy.requirements.single_k8s.server_ports

import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_ports
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in _listening

# With agents outside the server's cluster, the server is checked only if it is in the input.
_listening := server.asked if {
	settings.mode in {"all-in-one", "single-k8s"}
} else := server.workloads

_verdict(workload) := server.missing if {
	server.absent(workload)
} else := result.unknown(
	"the Service of the server",
	$"kubectl get service -n {workload.subject.namespace} deepflow-server -o yaml",
) if {
	_services_uncertain(workload)
} else := _unopened(message.text("no Service selects the server's pods")) if {
	count(server.services(workload)) == 0
} else := _unopened(message.of("the server's Service does not have TCP port {ports}", _listed(_closed(workload)))) if {
	count(_closed(workload)) > 0
} else := result.pass(message.of("ports {ports} are open in the cluster and on its nodes", _listed(server_ports.used))) if {
	count(_inward(workload)) == 0
} else := result.at("recommended", _unopened(_hidden(workload))) if {
	settings.mode in {"all-in-one", "single-k8s"}
} else := _unopened(_hidden(workload))

_hidden(workload) := message.of("the nodes do not open TCP port {ports}", _listed(_inward(workload)))

_unopened(fault) := result.violation(
	fault,
	message.of("a Service of the server with TCP ports and nodePorts {ports}", _listed(server_ports.used)),
)

_listed(ports) := {"ports": message.list(ports)}

# dfpolicy does not collect Services.
_services_uncertain(workload) if {
	count(server.services(workload)) == 0
	not server.stated_services(workload)
}

_services_uncertain(workload) if {
	count(server.services(workload)) == 0
	count(settings.cluster) > 0
}

_closed(workload) := [port |
	some port in server_ports.used
	every entry in _entries(workload) {
		not _answers(entry, port)
	}
]

_inward(workload) := [port |
	some port in server_ports.used
	every entry in _entries(workload) {
		not _exposes(entry, port)
	}
]

_entries(workload) := [{"type": value.at(service, ["spec", "type"], "ClusterIP"), "port": port} |
	some service in server.services(workload)
	some port in value.objects_at(service, ["spec", "ports"])
	value.at(port, ["protocol"], "TCP") == "TCP"
]

_answers(entry, port) if value.at(entry.port, ["port"], 0) == port

_exposes(entry, port) if {
	entry.type in {"NodePort", "LoadBalancer"}
	value.at(entry.port, ["nodePort"], 0) == port
}

_exposes(entry, port) if {
	entry.type == "LoadBalancer"
	_answers(entry, port)
}

# Inside the cluster, agents can use the ports of the pods, which nodes cannot open.
_exposes(_, port) if port in {20033, 20035}
