# METADATA
# title: Names in an agent's pod
# description: >-
#   Whether the agent's pod resolves a server name, with the name servers and search domains that the
#   kubelet writes from `dnsPolicy`, `hostNetwork`, `dnsConfig` and `hostAliases`.
package dfpolicy.lib.name_resolution

import data.dfpolicy.lib.address
import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.identity
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.service
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

# METADATA
# title: Names of the server
# description: The entries of controller-ips that are names, without placeholders.
names(workload) := [given |
	some given in agent_config.controllers(workload)
	not agent_config.literal(given)
	not placeholders.found(given)
]

_policy(workload) := given if {
	given := value.plain(value.at(workload.pod, "dnsPolicy", ""))
	given != ""
} else := "ClusterFirst"

# METADATA
# title: Resolver
# description: >-
#   Whose name servers the pod asks first: of the cluster, of the node, or its own. Empty when the pod
#   has none, which the API server refuses.
resolver(workload) := "cluster" if {
	_policy(workload) == "ClusterFirstWithHostNet"
} else := "cluster" if {
	_policy(workload) == "ClusterFirst"
	not value.true_at(workload.pod, "hostNetwork")
} else := "node" if {
	_policy(workload) in {"ClusterFirst", "Default"}
} else := "own" if {
	_policy(workload) == "None"
	count(_servers(workload)) > 0
} else := ""

_servers(workload) := value.strings_at(workload.pod, ["dnsConfig", "nameservers"])

_searches(workload) := [trim_suffix(domain, ".") |
	some domain in value.strings_at(workload.pod, ["dnsConfig", "searches"])
]

# METADATA
# scope: document
# title: Name in the hosts file
# description: >-
#   True for a name that `hostAliases`, or `extra_hosts` of Docker Compose, writes to the hosts file.
aliased(workload, name) if {
	some alias in value.objects_at(workload.pod, "hostAliases")
	_host_address(workload, value.string_at(alias, "ip"))
	some hostname in value.strings_at(alias, "hostnames")
	lower(hostname) == lower(name)
}

_host_address(_, ip) if address.key(ip)

# Docker replaces it with the host's address.
_host_address(workload, "host-gateway") if workload.form == "compose"

# METADATA
# title: Places of a name
# description: The Services [namespace, name] that the cluster's DNS can answer with, in the order of the search.
places(workload, name) := _listed_places[workload.number][name]

# Computed once for each agent, since several requirements ask for them.
_listed_places := {workload.number: {name: _searched(workload, name) | some name in names(workload)} |
	some workload in agent.workloads
}

_searched(workload, name) := _places(name, array.concat(_cluster_searches(workload), _searches(workload)), _dots(workload, 5))

# The places with the pod's own search domains only.
_own_places(workload, name) := _places(name, _searches(workload), _dots(workload, 1))

_cluster_searches(workload) := [
	concat(".", [workload.subject.namespace, "svc", "cluster.local"]),
	"svc.cluster.local",
	"cluster.local",
]

# A Service is at NAME.NAMESPACE.svc.DOMAIN, a pod of it at HOST.NAME.NAMESPACE.svc.DOMAIN.
_places(name, searches, dots) := [[labels[i - 1], labels[i - 2]] |
	some complete in _completed(name, searches, dots)
	contains(complete, ".svc.")
	labels := split(complete, ".")
	some i in _positions
	labels[i] == "svc"
	labels[i + 1]
	_spelled(name, i)
]

_positions := [2, 3]

_spelled(_, 2)

_spelled(name, 3) if split(name, ".")[3] == "svc"

# The agent is linked with musl: a name with `ndots` dots, or with a dot at its end, is not completed.
_completed(name, searches, dots) := array.concat([concat(".", [name, domain]) | some domain in searches], [name]) if {
	not endswith(name, ".")
	count(split(name, ".")) <= dots
} else := [trim_suffix(name, ".")]

_dots(workload, fallback) := given[0] if {
	given := [value.whole(value.plain(value.at(option, "value", ""))) |
		some option in value.objects_at(workload.pod, ["dnsConfig", "options"])
		value.at(option, "name", "") == "ndots"
	]
	count(given) > 0
} else := fallback

# METADATA
# scope: document
# title: Service name
# description: True for a name that only the DNS of a cluster resolves, by its spelling or by the Services of the input.
of_service(workload, name) if {
	regex.match(`^[^.]+\.?$|^deepflow-server\.[^.]+\.?$|\.svc(\.|$)|\.cluster\.local\.?$`, name)
} else if {
	some place in places(workload, name)
	service.by_place[place]
}

# METADATA
# title: Failed names
# description: Why names of the server do not resolve in the agent's pod, as messages.
failed(workload) := [why |
	some name in names(workload)
	why := _failure(workload, name)
]

# METADATA
# title: Open names
# description: The entries {fact, command} for names that the input does not decide.
open(workload) := [found |
	some name in names(workload)
	not _failure(workload, name)
	found := _doubt(workload, name)
]

_failure(workload, name) := message.of("{name} is neither an IP address nor a name", {"name": name}) if {
	not regex.match(`^[0-9A-Za-z_]([-0-9A-Za-z_]*[0-9A-Za-z_])?(\.[0-9A-Za-z_]([-0-9A-Za-z_]*[0-9A-Za-z_])?)*\.?$`, name)
} else := message.of(
	"dnsPolicy is {policy}, which gives the pod no name server",
	{"policy": _policy(workload)},
) if {
	resolver(workload) == ""
	not aliased(workload, name)
} else := why if {
	of_service(workload, name)
	not aliased(workload, name)
	not _completed_outside(workload, name)
	why := _unresolved(workload, name)
}

# A search domain of the pod that is not the cluster's can complete a short name to a name elsewhere.
_completed_outside(workload, name) if {
	some complete in _completed(name, _searches(workload), _dots(workload, 1))
	complete != trim_suffix(name, ".")
	not regex.match(`\.svc(\.|$)|\.cluster\.local$`, complete)
}

_unresolved(workload, name) := message.of(
	"hostNetwork is {host_network}, dnsPolicy is {policy}, and {name} is the name of a Service",
	{
		"host_network": value.plain(value.true_at(workload.pod, "hostNetwork")),
		"policy": _policy(workload),
		"name": name,
	},
) if {
	resolver(workload) == "node"
	count(_inner(_servers(workload))) == 0
} else := message.of(
	"dnsPolicy is None, the name server {server} is not the cluster's, and {name} is the name of a Service",
	{"server": _servers(workload)[0], "name": name},
) if {
	resolver(workload) == "own"
	count(_inner([_servers(workload)[0]])) == 0
} else := misplaced(name, _looked_up(workload, name))

_looked_up(workload, name) := places(workload, name) if {
	resolver(workload) == "cluster"
} else := _own_places(workload, name)

# Only an address of a private range can be the DNS of the cluster; 34.118.224.0/20 is GKE's range of Services.
_inner(servers) := [server |
	some server in servers
	some range in ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7", "34.118.224.0/20"]
	address.within(server, range)
	not address.within(server, "169.254.169.0/24")
]

# METADATA
# scope: document
# title: Misplaced Service
# description: >-
#   The finding that the name leads to no Service: nothing completes it, or none of its places has one
#   although the input shows where the server's Service is. Undefined otherwise.
misplaced(name, []) := message.of("no search domain of the pod completes {name} to the name of a Service", {"name": name})

misplaced(_, candidates) := message.of(
	"Service {name} is in namespace {found}, not in {namespace}",
	{"name": name, "found": service.namespaces(name)[0], "namespace": namespace},
) if {
	not _exists(candidates)
	some [namespace, name] in candidates
	count(service.namespaces(name)) > 0
} else := message.of(
	"the input has no Service {place}; the server's Service is {found}",
	{"place": concat("/", candidates[0]), "found": concat("/", [found.namespace, found.name])},
) if {
	not _exists(candidates)
	not settings.partial
	found := identity.subject(service.of_server[0])
}

_exists(candidates) if {
	some place in candidates
	service.by_place[place]
}

_doubt(workload, name) := _unasked(workload, name) if {
	not of_service(workload, name)
	not aliased(workload, name)
	count(split(trim_suffix(name, "."), ".")) == 2
} else := doubt if {
	of_service(workload, name)
	not aliased(workload, name)
	not _answered(workload, name)
	doubt := _service_doubt(workload, name)
}

_answered(workload, name) if {
	resolver(workload) == "cluster"
	_exists(places(workload, name))
}

_service_doubt(workload, name) := _unasked(workload, name) if {
	_completed_outside(workload, name)
} else := missing(places(workload, name)) if {
	resolver(workload) == "cluster"
} else := {
	"fact": message.of("whether the name server {server} is the cluster's", {"server": _inner(_servers(workload))[0]}),
	"command": "kubectl get service -n kube-system -l k8s-app=kube-dns -o wide",
}

_unasked(workload, name) := {
	"fact": message.of("whether {name} resolves in the agent's pod", {"name": name}),
	"command": _question(workload, name),
}

_question(workload, name) := $"getent hosts {name}, on a node" if {
	resolver(workload) == "node"
} else := $"kubectl run -n {result.word(workload.subject.namespace)} --rm -it --restart=Never --image=busybox resolve -- nslookup {result.word(name)}"

# METADATA
# title: Missing Service
# description: The entry {fact, command} for the first of these places.
missing(candidates) := {
	"fact": message.of("whether the server's Service is {services}", {"services": concat("/", candidates[0])}),
	"command": $"kubectl get service -n {result.word(candidates[0][0])} {result.word(candidates[0][1])}",
}
