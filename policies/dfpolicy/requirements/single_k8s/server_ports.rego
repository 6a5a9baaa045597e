# METADATA
# title: The server's ports are open to the agents
# description: >-
#   Agents get their configuration at port 30035 and send their data to port 30033, both TCP. In
#   the server's own cluster its Service answers there, from elsewhere the ports of the nodes.
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
#     Keep the ports 30033 and 30035 of the Service `deepflow-server`, with `nodePort` of the same
#     numbers, or change `controller-port` of every agent and `ingester_port` of the agent groups
#     along with them.
#   source: SRV
package dfpolicy.requirements.single_k8s.server_ports

import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_ports
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in _listening

# With agents in other places than the server's own cluster, only a server that is given is asked.
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
} else := _unopened(_closed(workload)) if {
	count(_closed(workload)) > 0
} else := result.pass($"the ports {concat(", ", _wanted_shown)} are open in the cluster and on its nodes") if {
	count(_inward(workload)) == 0
} else := result.at("recommended", _unopened(_inward(workload))) if {
	settings.mode in {"all-in-one", "single-k8s"}
} else := _unopened(_inward(workload))

_unopened(faults) := result.violation(
	result.abridged(faults),
	$"a Service of the server with the TCP ports and nodePorts {concat(" and ", _wanted_shown)}",
)

# The collector reads no Services.
_services_uncertain(workload) if {
	count(server.services(workload)) == 0
	not server.stated_services(workload)
}

_services_uncertain(workload) if {
	count(server.services(workload)) == 0
	count(settings.cluster) > 0
}

_wanted_shown := [format_int(port, 10) | some port in server_ports.wanted]

_closed(workload) := ["no Service selects the server's pods" | count(server.services(workload)) == 0] if {
	count(server.services(workload)) == 0
} else := [$"no Service of the server has the TCP port {format_int(port, 10)}" |
	some port in server_ports.wanted
	every entry in _entries(workload) {
		not _answers(entry, port)
	}
]

_inward(workload) := [$"the TCP port {format_int(port, 10)} is no port of the nodes" |
	some port in server_ports.wanted
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

# Within the cluster agents may be told the ports of the pods, which no node can have.
_exposes(_, port) if port in {20033, 20035}
