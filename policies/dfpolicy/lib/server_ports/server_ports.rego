# METADATA
# title: Ports that agents use
# description: >-
#   The ports of the server that the agents of the input connect to, and whether the server's
#   Services open them. Agents in the server's cluster use the ports of a Service, other agents those
#   of the nodes or of a load balancer.
package dfpolicy.lib.server_ports

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.identity
import data.dfpolicy.lib.name_resolution
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.service
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

# METADATA
# title: Ports
# description: The ports in the configuration of the agents, else the default ports.
used := sort(_control_ports | _data_ports)

default _control_ports := {30035}

_control_ports := {_control_port(workload) | some workload in agent.managed} if count(agent.managed) > 0

_control_port(workload) := ports[0] if {
	ports := [value.whole(given) |
		some given in agent_config.values(workload, "controller-port")
		is_string(given)
		regex.match(`^[0-9]{1,5}$`, given)
	]
	count(ports) > 0
} else := 30035

default _data_ports := {30033}

_data_ports := {_data_port(workload) | some workload in agent.managed} if count(agent.managed) > 0

_data_port(workload) := port if {
	port := agent_group.setting(workload, "ingester_port")
	is_number(port)
	port == floor(port)
} else := 30033

# METADATA
# scope: document
# title: Servers to check
# description: >-
#   The servers of the input, else one entry for each namespace with Services of the server. With
#   agents outside the server's cluster, no other server is checked.
default asked := []

asked := server.workloads if {
	count(server.workloads) > 0
} else := _alone if {
	count(_alone) > 0
} else := server.asked if {
	inside
}

_alone := [{"subject": identity.subject(services[0]), "services": services} |
	some namespace in sort({identity.namespace(found) | some found in service.of_server})
	services := [found |
		some found in service.of_server
		identity.namespace(found) == namespace
		not service.leads_outward(found)
	]
	count(services) > 0
]

# METADATA
# title: Services
# description: The Services of an entry of `asked`.
services(workload) := object.get(workload, "services", server.services(workload))

# METADATA
# scope: document
# title: Agents inside the cluster
# description: True when agents use the server's Service in its own cluster.
default inside := false

inside if {
	some mode in ["all-in-one", "single-k8s"]
	settings.modes[mode]
}

inside if {
	some workload in agent.managed
	_of_service(workload)
}

# METADATA
# scope: document
# title: Agents outside the cluster
# description: True when agents use the ports of the server's nodes or of its load balancer.
outside if {
	count(settings.modes & {"all-in-one", "single-k8s"}) == 0
	not _all_inside
}

default _all_inside := false

_all_inside if {
	count(agent.managed) > 0
	every workload in agent.managed {
		_of_service(workload)
	}
}

_of_service(workload) if {
	some name in name_resolution.names(workload)
	some place in name_resolution.places(workload, name)
	not service.leads_outward(service.by_place[place])
}

# METADATA
# title: Closed ports
# description: The ports that no Service opens in the cluster.
closed(workload) := [port |
	some port in used
	every entry in _entries(workload) {
		not _answers(entry, port)
	}
]

# METADATA
# title: Hidden ports
# description: The ports that the nodes do not open, nor a load balancer.
hidden(workload) := [port |
	some port in used
	not _pod_port(workload, port)
	every entry in _entries(workload) {
		not _exposes(entry, port)
	}
]

_entries(workload) := [{"spec": value.object_at(found, "spec"), "port": port} |
	some found in services(workload)
	some port in value.objects_at(found, ["spec", "ports"])
	value.at(port, "protocol", "TCP") == "TCP"
]

_answers(entry, port) if {
	value.at(entry.port, "port", 0) == port
	not _redirected(entry)
}

# The name of a headless Service leads to the pods themselves, where only the target port is open.
_redirected(entry) if {
	value.at(entry.spec, "clusterIP", "") == "None"
	target := value.at(entry.port, "targetPort", 0)
	regex.match(`^[1-9][0-9]*$`, value.plain(target))
	value.plain(target) != value.plain(entry.port.port)
}

_exposes(entry, port) if {
	value.at(entry.spec, "type", "ClusterIP") in {"NodePort", "LoadBalancer"}
	value.at(entry.port, "nodePort", 0) == port
}

_exposes(entry, port) if {
	value.at(entry.spec, "type", "ClusterIP") == "LoadBalancer"
	_answers(entry, port)
}

_exposes(entry, port) if {
	count(value.strings_at(entry.spec, "externalIPs")) > 0
	_answers(entry, port)
}

# Agents inside the cluster can use the ports of the pods; on the host network, other agents can too.
_pod_port(_, port) if {
	not outside
	port in {20033, 20035}
}

_pod_port(workload, port) if {
	value.true_at(workload, ["pod", "hostNetwork"])
	port in {20033, 20035}
}
