# METADATA
# title: Ports that agents use
# description: The ports of the server that the agents of the input connect to.
package dfpolicy.lib.server_ports

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.value

# METADATA
# title: Ports
# description: The ports in the configuration of the agents, else the default ports.
used := sort(_control_ports | _data_ports)

default _control_ports := {30035}

_control_ports := {_control_port(workload) | some workload in agent.workloads} if count(agent.workloads) > 0

_control_port(workload) := ports[0] if {
	ports := [value.whole(given) |
		some given in agent_config.values(workload, "controller-port")
		is_string(given)
		regex.match(`^[0-9]{1,5}$`, given)
	]
	count(ports) > 0
} else := 30035

default _data_ports := {30033}

_data_ports := {_data_port(workload) | some workload in agent.workloads} if count(agent.workloads) > 0

_data_port(workload) := port if {
	port := agent_group.setting(workload, "ingester_port")
	is_number(port)
	port == floor(port)
} else := 30033
