# METADATA
# title: Agents are told the address that they reach the server by
# description: >-
#   After the first contact the server gives the agents the addresses of its own nodes. Behind NAT
#   or a load balancer these do not lead anywhere, unless the agent group's configuration says
#   otherwise.
# related_resources:
#   - description: DeepFlow documentation, special environments
#     ref: https://deepflow.io/docs/ce-install/special-environment-deployment/
# custom:
#   id: DF-MK-005
#   level: recommended
#   impact: [Server connection, All features]
#   remediation: >-
#     Set `proxy_controller_ip` and `ingester_ip`, and the ports beside them, below
#     `global.communication` of the agent group's configuration to the address that agents reach
#     the server by.
#   source: SRC
#   modes: [multi-k8s]
package dfpolicy.requirements.multi_k8s.pushed_addresses

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.workloads

_verdict(workload) := result.at("required", result.losing(["Agent configuration"], result.violation(
	"vtap-group-id-request is an example's, so the agent gets the default group's configuration",
	"the id or name of an agent group",
))) if {
	agent_group.exemplary(workload)
} else := doubt if {
	doubt := agent_config.doubt(workload, "vtap-group-id-request")
} else := doubt if {
	doubt := agent_config.doubt(workload, "controller-ips")
} else := agent_group.unknown("proxy_controller_ip and ingester_ip below global.communication") if {
	not agent_group.configuration(workload)
} else := _misled(concat("; ", _unreal(workload))) if {
	count(_unreal(workload)) > 0
} else := result.pass(_fixed(workload)) if {
	count(_unset(workload)) == 0
} else := result.pass("request_via_nat_ip is true, so agents get the NAT addresses that the server was given") if {
	agent_group.setting(workload, "request_via_nat_ip") == true
} else := _misled($"{_unset(workload)[0]} is not set") if {
	count(_unset(workload)) == 1
} else := _misled(concat(", ", [
	$"{concat(", ", _outer(workload))} is no address of a node's own",
	$"and {concat(" and ", _unset(workload))} are not set",
])) if {
	count(_outer(workload)) > 0
} else := result.unknown(
	$"whether controller-ips ({concat(", ", agent_config.controllers(workload))}) are addresses of the server's own nodes",
	"kubectl get nodes -o wide, in the server's cluster",
)

_keys := ["proxy_controller_ip", "ingester_ip"]

_misled(observed) := result.violation(
	observed,
	"proxy_controller_ip and ingester_ip are the address that agents reach the server by",
)

_fixed(workload) := concat(", ", [$"{key} is {_address(workload, key)}" | some key in _keys])

# 127.0.0.1 is the default, which the server takes for none.
_address(workload, key) := "" if {
	agent_group.setting(workload, key) in {null, "127.0.0.1"}
} else := value.plain(agent_group.setting(workload, key))

_unset(workload) := [key | some key in _keys; _address(workload, key) == ""]

_unreal(workload) := [$"{key} is {value.shown(_address(workload, key))}" |
	some key in _keys
	_address(workload, key) != ""
	_no_address(_address(workload, key))
]

_no_address(text) if placeholders.found(text)

_no_address(text) if not agent_config.literal(text)

# Names and public addresses; those of private networks may be a node's own.
_outer(workload) := [address |
	some address in agent_config.controllers(workload)
	not regex.match(
		`^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2[0-9]|3[01])\.|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.|f[cd]|fe80)`,
		_lowered(address),
	)
]

_lowered(address) := lower(address) if {
	agent_config.literal(address)
} else := ""
