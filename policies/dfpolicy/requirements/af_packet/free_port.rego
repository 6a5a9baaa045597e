# METADATA
# title: The agent's port is free on the host
# description: On the host network the agent's listening port 38086 is the node's own port.
# custom:
#   id: DF-NET-006
#   level: informational
#   reads: [manifests, nodes]
#   impact: [Agent configuration]
#   remediation: Free TCP port 38086 on the node, or leave `hostNetwork` false.
#   source: SRC
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, legacy-host, cloud-host, upgrade]
package dfpolicy.requirements.af_packet.free_port

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.form
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.on_node

_verdict(workload) := form.remedied(workload, host_remedies.port, _port(workload))

_port(workload) := result.pass(form.words(workload, {
	"kubernetes": "hostNetwork is false, the port is the pod's own",
	"compose": "network_mode is not host, the port is the container's own",
	"systemd": "PrivateNetwork= is set, the port is the unit's own",
})) if {
	not value.true_at(workload.pod, ["hostNetwork"])
} else := result.violation($"port 38086 is in use on {result.abridged(_occupied)}", "port 38086 is free") if {
	count(_occupied) > 0
} else := result.unknown("whether port 38086 is free on each node", "ss -Hltn 'sport = :38086'") if {
	some node in facts.asked
	not is_array(value.at(node.spec, ["portsInUse"], null))
} else := result.pass("port 38086 is free on every node")

_occupied := [node.name |
	some node in facts.reachable
	ports := value.at(node.spec, ["portsInUse"], [])
	is_array(ports)
	38086 in ports
]
