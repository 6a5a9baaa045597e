# METADATA
# title: The configured addresses reach the server from this cluster
# description: >-
#   The chart's default `deepflow-server` is a Service name, which resolves only in the server's own
#   cluster and namespace. From another cluster the agent needs addresses of the server's nodes or
#   of a load balancer.
# custom:
#   id: DF-MK-001
#   met: >-
#     `controller-ips` are addresses of the server's nodes or of a load balancer, which agents of
#     this cluster reach
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Set `controller-ips` in `deepflow-agent.yaml` to addresses of several fixed nodes of the
#     server's cluster, or of a load balancer. In the chart: `deepflowServerNodeIPS`.
package dfpolicy.requirements.multi_k8s.server_addresses

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.file_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.name_resolution
import data.dfpolicy.lib.result
import data.dfpolicy.lib.service
import data.dfpolicy.lib.settings
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.managed

_verdict(workload) := unusable if {
	unusable := agent_config.unusable(workload, "controller-ips", _expected)
} else := doubt if {
	doubt := agent_config.doubt(workload, "controller-ips")
} else := result.following("DF-CH-001", _unreachable(workload, message.text("controller-ips is empty"))) if {
	count(agent_config.controllers(workload)) == 0
} else := result.following("DF-CH-001", _unreachable(workload, message.of(
	"controller-ips contains {address}, a placeholder or an example from the documentation",
	{"address": found[0]},
))) if {
	found := _placeholders(workload)
	count(found) > 0
} else := _unreachable(workload, message.of(
	"controller-ips contains {addresses}, which resolves only in the server's own cluster",
	{"addresses": message.list(services)},
)) if {
	settings.mode == "multi-k8s"
	services := _services(workload)
	count(services) > 0
} else := _unreachable(workload, message.clauses(reasons)) if {
	reasons := _elsewhere(workload)
	count(reasons) > 0
} else := result.unknown(
	message.clauses([missing.fact | some missing in unfound]),
	concat("; ", [missing.command | some missing in unfound]),
) if {
	unfound := _unfound(workload)
	count(unfound) > 0
} else := result.pass(message.of("controller-ips is {addresses}", {"addresses": message.list(agent_config.controllers(workload))}))

_unreachable(workload, observed) := file_changes.asked(workload, file_changes.addresses, result.violation(observed, _expected))

_expected := message.text("addresses of the server's nodes, or of a load balancer")

_placeholders(workload) := [address |
	some address in agent_config.controllers(workload)
	placeholders.found(address)
]

# Names that only the DNS of the server's own cluster resolves.
_services(workload) := [address |
	some address in name_resolution.names(workload)
	name_resolution.of_service(workload, address)
	not name_resolution.aliased(workload, address)
	not _led_outward(workload, address)
]

# A Service without a selector can lead to a server in another cluster.
_led_outward(workload, address) if {
	some place in name_resolution.places(workload, address)
	service.leads_outward(service.by_place[place])
}

_elsewhere(workload) := [why |
	some address in _services(workload)
	why := name_resolution.misplaced(address, name_resolution.places(workload, address))
]

_unfound(workload) := [name_resolution.missing(places) |
	some address in _services(workload)
	places := name_resolution.places(workload, address)
	every place in places {
		not service.by_place[place]
	}
]
