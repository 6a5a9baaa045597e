# METADATA
# title: Deployment mode
# description: >-
#   The deployment mode: the given one or, for `auto`, the first one that fits the input, with the
#   reason. It is never undefined.
package dfpolicy.lib.mode

import data.dfpolicy.lib.command
import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.service
import data.dfpolicy.lib.value
import data.dfpolicy.lib.workload
import data.dfpolicy.tables.placeholders

# METADATA
# title: Mode
# description: >-
#   {name, source, reason, candidates, messages}. The source is given or detected. Candidates are the
#   other modes that fit the input. In an upgrade the first candidate is the mode of the deployment.
#   A reason has its template and values under `messages`.
chosen := _upgrade("given", message.of("the deployment is {mode}: {reason}", _base)) if {
	_given == "upgrade"
} else := {"name": _given, "source": "given", "reason": "", "candidates": []} if {
	_given != "auto"
} else := _upgrade("detected", message.of("the input has a running release, which is {mode}: {reason}", _base)) if {
	_running
} else := _explained(_detected)

_base := {"mode": _detected.name, "reason": _detected.reason}

_upgrade(source, reason) := _explained({
	"name": "upgrade",
	"source": source,
	"reason": reason,
	"candidates": array.concat([_detected.name], _detected.candidates),
})

# The reason as English text, with its template and values next to it.
_explained(mode) := object.union(mode, {
	"reason": mode.reason.text,
	"messages": {"reason": mode.reason.message},
})

# METADATA
# title: Modes that apply
# description: >-
#   The names of the modes whose requirements apply. In an upgrade the requirements of the
#   deployment's own mode apply too. If Docker Compose runs an all-in-one server, its agent is on the
#   host.
applied := ({chosen.name} | {_detected.name | chosen.name == "upgrade"}) | {"legacy-host" | _beside_compose}

# METADATA
# scope: document
# title: Modes of a requirement apply
# description: >-
#   True if one of these modes applies. If Docker Compose runs an all-in-one server and Kubernetes no
#   agent, all-in-one applies only to requirements that have no other mode.
applies(modes) if {
	some mode in modes
	applied[mode]
	not _elsewhere(mode)
} else if {
	modes == ["all-in-one"]
	applied["all-in-one"]
}

_elsewhere("all-in-one") if {
	_beside_compose
	count(recognition.workloads) == 0
}

default _beside_compose := false

_beside_compose if {
	chosen.name == "all-in-one"
	count(_composed) > 0
}

_detected := {
	"name": _shown[0].name,
	"source": "detected",
	"reason": _shown[0].reason,
	"candidates": [candidate.name | some i, candidate in _shown; i > 0],
} if {
	count(_shown) > 0
} else := {
	"name": "single-k8s",
	"source": "detected",
	"reason": message.text("nothing in the input points to another mode"),
	"candidates": [],
}

_given := value.at(input, "mode", "single-k8s")

# In order of precedence.
_shown := [{"name": entry[0], "reason": sort(entry[1])[0]} |
	some entry in [
		["serverless-pod", _sidecars],
		["managed-k8s", _identified],
		["multi-k8s", _addressed],
		["all-in-one", (_local | _composed)],
		["single-k8s", (_servers | _default_servers)],
		["cloud-host", _clouds],
		["legacy-host", _hosts],
	]
	count(entry[1]) > 0
]

_running if count(value.object_at(input, "from")) > 0

_sidecars contains message.of("{kind} {name} runs with --sidecar", _called(found.resource)) if {
	some found in recognition.workloads
	some container in recognition.components(found.template, "deepflow-agent")
	command.sidecar(container)
}

_identified contains message.text("kubernetes-cluster-id is set and kubernetes-cluster-name is not") if {
	some text in _files
	regex.match(`(?m)^\s*kubernetes-cluster-id:[ \t]*[^\s#]`, text)
	not regex.match(`(?m)^\s*kubernetes-cluster-name:[ \t]*[^\s#]`, text)
}

_addressed contains message.of("controller-ips contains {server}", {"server": controller}) if {
	some controller in _controllers
	not _in_cluster(controller)
}

_default_servers contains message.of("the agent connects to {server} in its own cluster", {"server": controller}) if {
	some controller in _controllers
	_in_cluster(controller)
}

# The server is in the agent's own cluster: a Service of the input, an address of the server's
# Service, or a name that only the DNS of a cluster resolves. The name of the release is a part of
# the Service's name, so only Services show which names are the server's.
_in_cluster(controller) if {
	count(_services(controller)) > 0
	some found in _services(controller)
	not service.leads_outward(found)
}

_in_cluster(controller) if {
	some found in service.of_server
	service.addresses(found)[controller]
}

_in_cluster(controller) if {
	not placeholders.found(controller)
	count(_services(controller)) == 0
	regex.match(`^[a-z]([-a-z0-9]*[a-z0-9])?(\.[-a-z0-9]+\.svc(\..*)?)?\.?$|^deepflow-server\.`, controller)
}

_services(controller) := [found |
	labels := split(controller, ".")
	some place in array.concat(
		[[namespace, labels[0]] |
			count(labels) == 1
			some namespace in service.namespaces(labels[0])
		],
		[[labels[1], labels[0]] | labels[1]],
	)
	found := service.by_place[place]
]

_controllers := {trim(item[1], `"' `) |
	some text in _files
	some block in regex.find_all_string_submatch_n(`controller-ips:((?:[ \t]*\n\s*-[ \t][^\n]*)+|[ \t]*\[[^\]\n]*\])`, text, -1)
	some item in regex.find_all_string_submatch_n(`(?m)(?:^\s*-[ \t]+|[\[,])[ \t]*([^\s,\]#]+)`, block[1], -1)
}

# The agents' files. Patterns are enough here; `lib/agent_config` parses them for verdicts.
_files := [text |
	some resource in recognition.resources
	resource.kind == "ConfigMap"
	text := value.string_at(resource, ["data", "deepflow-agent.yaml"])
]

# The server of agents on hosts also runs in a cluster, but that cluster is not what is installed.
_servers contains message.of("{kind} {name} runs deepflow-server", _called(found.resource)) if {
	not _for_hosts
	some found in recognition.servers
}

_local contains message.of(
	"{kind} {name} stores data on the host in {path}",
	object.union(_called(resource), {"path": path}),
) if {
	count(_servers) > 0
	some resource in recognition.resources
	some volume in value.objects_at(workload.template(resource), ["spec", "volumes"])
	path := value.string_at(volume, ["hostPath", "path"])
	startswith(path, "/opt/")
}

_composed contains message.of("the Compose project {name} runs deepflow-server", {"name": _name(resource)}) if {
	some resource in recognition.resources
	resource.kind == "ComposeProject"
	resource.apiVersion == "dfpolicy.dev/v1"
	some service in value.object_at(resource, ["spec", "services"])
	image.of_component(value.string_at(service, "image"), "deepflow-server")
}

_clouds contains message.of("domain {name} has type {type}", {"name": _name(resource), "type": type}) if {
	some resource in recognition.resources
	resource.kind == "Domain"
	type := value.string_at(resource, ["spec", "type"])
	not type in {"", "agent_sync", "kubernetes"}
}

_hosts contains message.of("the input has {kind} {name}", _called(resource)) if {
	some resource in recognition.resources
	resource.apiVersion == "dfpolicy.dev/v1"
	resource.kind in {"AgentConfig", "ComposeProject", "SystemdUnit"}
}

_for_hosts if {
	count(_hosts) > 0
	count(recognition.workloads) == 0
}

_name(resource) := value.string_at(resource, ["metadata", "name"])

_called(resource) := {"kind": resource.kind, "name": _name(resource)}
