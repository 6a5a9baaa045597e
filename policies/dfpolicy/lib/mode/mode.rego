# METADATA
# title: Deployment mode
# description: >-
#   The mode that is judged: the one that is given, or, for `auto`, the first one that the
#   input shows, with the reason. It always answers.
package dfpolicy.lib.mode

import data.dfpolicy.lib.image
import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.value
import data.dfpolicy.lib.workload

# METADATA
# title: Mode
# description: >-
#   {name, source, reason, candidates}: source is given or detected, candidates are the
#   other modes that the input shows too. In an upgrade the first of them is the mode of
#   what is upgraded.
chosen := _upgrade(_detected, "given", "of") if {
	_given == "upgrade"
} else := {"name": _given, "source": "given", "reason": "", "candidates": []} if {
	_given != "auto"
} else := _upgrade(_detected, "detected", "a running release is given; of") if {
	_running
} else := _detected

_upgrade(base, source, words) := {
	"name": "upgrade",
	"source": source,
	"reason": $"{words} {base.name}: {base.reason}",
	"candidates": array.concat([base.name], base.candidates),
}

# METADATA
# title: Modes that apply
# description: >-
#   The names of the modes whose requirements are asked: an upgrade is asked those of the
#   mode of what is upgraded as well.
applied := {chosen.name} | {_detected.name | chosen.name == "upgrade"}

default _detected := {
	"name": "single-k8s",
	"source": "detected",
	"reason": "nothing in the input tells another one",
	"candidates": [],
}

_detected := {
	"name": _shown[0].name,
	"source": "detected",
	"reason": _shown[0].reason,
	"candidates": [candidate.name | some i, candidate in _shown; i > 0],
} if {
	count(_shown) > 0
}

_given := value.at(input, ["mode"], "single-k8s")

# In the order of their precedence.
_shown := [{"name": entry[0], "reason": sort(entry[1])[0]} |
	some entry in [
		["serverless-pod", _sidecars],
		["managed-k8s", _identified],
		["multi-k8s", _addressed],
		["all-in-one", _local],
		["single-k8s", (_servers | _default_servers)],
		["cloud-host", _clouds],
		["legacy-host", _hosts],
	]
	count(entry[1]) > 0
]

_running if count(value.object_at(input, ["from"])) > 0

_sidecars contains $"{found.resource.kind} {_name(found.resource)} runs with --sidecar" if {
	some found in recognition.workloads
	some container in workload.containers(found.template)
	some field in ["command", "args"]
	some argument in value.strings_at(container, [field])
	regex.match(`(^|\s)--sidecar(\s|$)`, argument)
}

_identified contains "kubernetes-cluster-id is set, kubernetes-cluster-name is not" if {
	some text in _files
	regex.match(`(?m)^\s*kubernetes-cluster-id:[ \t]*[^\s#]`, text)
	not regex.match(`(?m)^\s*kubernetes-cluster-name:[ \t]*[^\s#]`, text)
}

_addressed contains $"controller-ips holds {controller}" if {
	some controller in _controllers
	not _of_chart(controller)
}

_default_servers contains $"controller-ips holds {controller}, the name of a server in the same cluster" if {
	some controller in _controllers
	_of_chart(controller)
}

_of_chart(controller) if regex.match(`^deepflow-server(\.|$)`, controller)

_controllers := {trim(item[1], `"' `) |
	some text in _files
	some block in regex.find_all_string_submatch_n(`controller-ips:((?:[ \t]*\n\s*-[ \t][^\n]*)+|[ \t]*\[[^\]\n]*\])`, text, -1)
	some item in regex.find_all_string_submatch_n(`(?m)(?:^\s*-[ \t]+|[\[,])[ \t]*([^\s,\]#]+)`, block[1], -1)
}

# The agents' files; they are read to the letter where a verdict hangs on them.
_files := [text |
	some resource in recognition.resources
	resource.kind == "ConfigMap"
	text := value.string_at(resource, ["data", "deepflow-agent.yaml"])
]

# The server of agents on hosts runs in a cluster too, but is not what is installed there.
_servers contains $"{resource.kind} {_name(resource)} is a server" if {
	not _for_hosts
	some resource in recognition.resources
	some container in workload.containers(workload.template(resource))
	image.repository_name(value.string_at(container, ["image"])) == "deepflow-server"
}

_local contains $"{resource.kind} {_name(resource)} stores on the host at {path}" if {
	count(_servers) > 0
	some resource in recognition.resources
	some volume in value.objects_at(workload.template(resource), ["spec", "volumes"])
	path := value.string_at(volume, ["hostPath", "path"])
	startswith(path, "/opt/")
}

_clouds contains $"the domain {_name(resource)} is of type {type}" if {
	some resource in recognition.resources
	resource.kind == "Domain"
	type := value.string_at(resource, ["spec", "type"])
	not type in {"", "agent_sync", "kubernetes"}
}

_hosts contains $"{resource.kind} {_name(resource)}" if {
	some resource in recognition.resources
	resource.apiVersion == "dfpolicy.dev/v1"
	resource.kind in {"AgentConfig", "ComposeProject", "SystemdUnit"}
}

_for_hosts if {
	count(_hosts) > 0
	count(recognition.workloads) == 0
}

_name(resource) := value.string_at(resource, ["metadata", "name"])
