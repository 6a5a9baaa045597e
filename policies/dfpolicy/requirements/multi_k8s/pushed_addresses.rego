# METADATA
# title: The server sends agents an address that they can reach
# description: >-
#   After the first contact the server sends agents the addresses of its own nodes. Behind NAT or a
#   load balancer, agents cannot reach these. The agent group's configuration can set other ones.
# related_resources:
#   - description: DeepFlow documentation, special environments
#     ref: https://deepflow.io/docs/ce-install/special-environment-deployment/
# custom:
#   id: DF-MK-005
#   met: >-
#     the agents reach the server's nodes directly, or their group sets `proxy_controller_ip` and
#     `ingester_ip`, or `request_via_nat_ip`
#   level: recommended
#   asks: deepflow-ctl agent-group-config list -o yaml
#   impact: [Server connection, All features]
#   remediation: >-
#     Set `proxy_controller_ip` and `ingester_ip` to an address at which agents reach the server. Both
#     are below `global.communication` of the agent group's configuration. Set their ports as well.
#   modes: [multi-k8s]
package dfpolicy.requirements.multi_k8s.pushed_addresses

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.file_changes
import data.dfpolicy.lib.group_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.managed

_verdict(workload) := file_changes.asked(workload, file_changes.agent_group, result.losing(["Agent configuration"], result.violation(
	"vtap-group-id-request is a placeholder; the agent gets the configuration of the default group",
	"the ID or name of an agent group",
))) if {
	agent_group.exemplary(workload)
} else := doubt if {
	doubt := agent_config.doubt(workload, "vtap-group-id-request")
} else := doubt if {
	doubt := agent_config.doubt(workload, "controller-ips")
} else := open if {
	open := agent_group.doubt(workload, _keys)
} else := _misled(workload, message.clauses(_unreal(workload))) if {
	count(_unreal(workload)) > 0
} else := result.pass(message.of(
	"proxy_controller_ip is {controller}, ingester_ip is {ingester}",
	{"controller": _address(workload, "proxy_controller_ip"), "ingester": _address(workload, "ingester_ip")},
)) if {
	count(_unset(workload)) == 0
} else := result.pass("request_via_nat_ip is true; agents get the NAT addresses of the server") if {
	agent_group.setting(workload, "request_via_nat_ip") == true
} else := _misled(workload, message.of("{key} is not set", {"key": _unset(workload)[0]})) if {
	count(_unset(workload)) == 1
} else := _misled(workload, message.of(
	"controller-ips has {addresses}, a name or public address; proxy_controller_ip and ingester_ip are not set",
	{"addresses": message.list(_outer(workload))},
)) if {
	count(_outer(workload)) > 0
} else := result.unknown(
	message.of(
		"whether controller-ips ({addresses}) are addresses of nodes in the server's cluster",
		{"addresses": message.list(agent_config.controllers(workload))},
	),
	"kubectl get nodes -o wide",
)

_keys := ["proxy_controller_ip", "ingester_ip"]

_misled(workload, observed) := group_changes.asked([workload], _keys, _server_address, result.violation(
	observed,
	"proxy_controller_ip and ingester_ip set to an address at which agents reach the server",
))

_server_address := {"key": "server-address", "text": _asked_address, "type": "address"}

_asked_address := message.text("Address at which the agents reach the server")

# 127.0.0.1 is the default; the server treats it as not set.
_address(workload, key) := "" if {
	agent_group.setting(workload, key) in {null, "127.0.0.1"}
} else := value.plain(agent_group.setting(workload, key))

_unset(workload) := [key | some key in _keys; _address(workload, key) == ""]

_unreal(workload) := [message.of("{key} is {value}, a placeholder or not an IP address", {"key": key, "value": value.shown(_address(workload, key))}) |
	some key in _keys
	_address(workload, key) != ""
	_no_address(_address(workload, key))
]

_no_address(text) if placeholders.found(text)

_no_address(text) if not agent_config.literal(text)

# Names and public addresses; a private address can belong to a node.
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
