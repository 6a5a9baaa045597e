# METADATA
# title: The configured addresses reach the server from this cluster
# description: >-
#   The chart's default `deepflow-server` is a Service name, which resolves only in the server's own
#   cluster and namespace. From another cluster the agent needs addresses of the server's nodes or
#   of a load balancer.
# custom:
#   id: DF-MK-001
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Set `controller-ips` in `deepflow-agent.yaml` to addresses of several fixed nodes of the
#     server's cluster, or of a load balancer. In the chart: `deepflowServerNodeIPS`.
package dfpolicy.requirements.multi_k8s.server_addresses

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.identity
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.workloads

_verdict(workload) := _unreachable(agent_config.unread(workload, "controller-ips")) if {
	agent_config.unread(workload, "controller-ips")
} else := doubt if {
	doubt := agent_config.doubt(workload, "controller-ips")
} else := _unreachable(message.text("controller-ips is empty")) if {
	count(agent_config.controllers(workload)) == 0
} else := _unreachable(message.of(
	"controller-ips contains {address}, a placeholder or an example from the documentation",
	{"address": _placeholders(workload)[0]},
)) if {
	count(_placeholders(workload)) > 0
} else := _unreachable(message.of(
	"controller-ips contains {addresses}, which resolves only in the server's own cluster",
	{"addresses": message.list(_services(workload))},
)) if {
	settings.mode == "multi-k8s"
	count(_services(workload)) > 0
} else := _unreachable(message.clauses(_elsewhere(workload))) if {
	count(_elsewhere(workload)) > 0
} else := result.unknown(
	message.of("whether the server's Service is {services}", {"services": message.list(_unfound(workload))}),
	concat("; ", [$"kubectl get service -n {place[0]} {place[1]}" |
		some address in _unfound(workload)
		place := split(address, "/")
	]),
) if {
	count(_unfound(workload)) > 0
} else := result.pass(message.of("controller-ips is {addresses}", {"addresses": message.list(agent_config.controllers(workload))}))

_unreachable(observed) := result.violation(observed, "addresses of the server's nodes, or of a load balancer")

_placeholders(workload) := [address |
	some address in agent_config.controllers(workload)
	placeholders.found(address)
]

# Names that only the cluster's own DNS resolves: one label, or below svc.
_services(workload) := [address |
	some address in agent_config.controllers(workload)
	not agent_config.literal(address)
	regex.match(`^[^.]+\.?$|^deepflow-server\.|\.svc(\.|$)|\.cluster\.local\.?$`, address)
]

# A Service name without a namespace is in the agent's namespace.
_places(workload) := [[_place(workload, labels), labels[0]] |
	some address in _services(workload)
	labels := split(address, ".")
]

_place(workload, labels) := labels[1] if {
	labels[1] != ""
} else := workload.subject.namespace

_namespaces[resource.metadata.name] contains identity.namespace(resource) if {
	some resource in settings.resources
	resource.kind == "Service"
	resource.apiVersion == "v1"
}

# Computed once, because many agents use it.
_found := {name: namespaces | some name, namespaces in _namespaces}

_elsewhere(workload) := [message.of(
	"Service {name} is in namespace {found}, not in {namespace}",
	{"name": name, "found": found[0], "namespace": namespace},
) |
	some [namespace, name] in _places(workload)
	found := sort(_found[name])
	not namespace in found
]

_unfound(workload) := [concat("/", place) |
	some place in _places(workload)
	not _found[place[1]][place[0]]
]
