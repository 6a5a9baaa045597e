# METADATA
# title: Services
# description: The Services of the input, and those of the DeepFlow server among them.
package dfpolicy.lib.service

import data.dfpolicy.lib.identity
import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.value

# METADATA
# title: Services by place
# description: >-
#   The Services by their place [namespace, name]: those of the server, and those whose name an agent's
#   file contains. A cluster has thousands of others, and an index of all of them is slow.
by_place := value.indexed([[[identity.namespace(resource), name], resource] |
	some resource in recognition.resources
	resource.kind == "Service"
	resource.apiVersion == "v1"
	name := value.string_at(resource, ["metadata", "name"])
	name != ""
	_relevant(resource, name)
])

_relevant(_, name) if _words[name]

_relevant(resource, name) if _leads_to_server(resource, name)

# More words than the names of servers do no harm.
_words[lower(word[0])] if {
	some text in _texts
	some word in regex.find_all_string_submatch_n(`[A-Za-z0-9_-]+`, text, -1)
}

_texts contains text if {
	some resource in recognition.resources
	resource.kind == "ConfigMap"
	some text in value.object_at(resource, "data")
	is_string(text)
	contains(text, "controller-ips")
}

_texts contains text if {
	some resource in recognition.resources
	text := json.marshal(_decoded(resource))
	contains(text, "controller-ips")
}

# A host document, and what the host of the policies decoded beforehand.
_decoded(resource) := resource.decoded

_decoded(resource) := resource.spec if {
	not resource.decoded
	resource.kind == "AgentConfig"
}

_namespaces[name] contains namespace if some [namespace, name], _ in by_place

# Computed once, because many agents use it.
_by_name := {name: sort(namespaces) | some name, namespaces in _namespaces}

# METADATA
# title: Namespaces of a Service
# description: The namespaces that have a Service of this name, sorted.
namespaces(name) := object.get(_by_name, name, [])

# METADATA
# title: Services of the server
# description: >-
#   The Services of the input that lead to deepflow-server: they select its pods or have its name.
#   The release's name is a part of theirs, so the name alone is not enough.
of_server := [row[1] |
	some row in sort([[place, found] |
		some place, found in by_place
		_leads_to_server(found, place[1])
	])
]

_leads_to_server(_, name) if regex.match(`(^|-)deepflow-server$`, name)

_leads_to_server(found, _) if {
	some label in ["app", "app.kubernetes.io/name", "component"]
	value.string_at(found, ["spec", "selector", label]) == "deepflow-server"
}

_leads_to_server(found, _) if {
	selector := value.object_at(found, ["spec", "selector"])
	count(selector) > 0
	some labels in _server_pods[identity.namespace(found)]
	object.union(labels, selector) == labels
}

_server_pods[identity.namespace(server.resource)] contains value.object_at(server.template, ["metadata", "labels"]) if {
	some server in recognition.servers
}

# METADATA
# title: Service without its own pods
# description: >-
#   True for a Service that selects no pods, and therefore leads out of the cluster or to its own
#   endpoints.
leads_outward(found) if count(value.object_at(found, ["spec", "selector"])) == 0

# METADATA
# title: Addresses of a Service
# description: The addresses at which the Service is reached, as far as the input shows them.
addresses(found) := {given |
	some given in array.flatten([
		value.string_at(found, ["spec", "clusterIP"]),
		value.strings_at(found, ["spec", "clusterIPs"]),
		value.strings_at(found, ["spec", "externalIPs"]),
		value.string_at(found, ["spec", "loadBalancerIP"]),
		[value.string_at(entry, field) |
			some entry in value.objects_at(found, ["status", "loadBalancer", "ingress"])
			some field in ["hostname", "ip"]
		],
	])
	not given in {"", "None"}
}
