# METADATA
# title: The agents
# description: >-
#   The workloads of the DeepFlow agent in one shape: the pod, the one container
#   that is the agent, its image's version, its role, and what it watches.
package dfpolicy.lib.agent

import data.dfpolicy.lib.compose
import data.dfpolicy.lib.form
import data.dfpolicy.lib.identity
import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.systemd
import data.dfpolicy.lib.value
import data.dfpolicy.lib.workload

# METADATA
# title: Agents
# description: >-
#   Every agent of the input that the mode installs, in its order. In a host mode that is
#   an agent of Docker Compose or systemd, and a watcher that a cluster runs beside it.
workloads := [object.union(candidate, _stated) | some candidate in array.concat(_watchers, _on_hosts)] if {
	_host_mode
} else := [object.union(candidate, _stated) | some candidate in _in_clusters]

_host_mode if {
	some mode in {"legacy-host", "cloud-host"}
	settings.modes[mode]
}

# A cluster's own collectors belong to another mode.
_watchers := [candidate | some candidate in _in_clusters; candidate.role == "watcher"]

_in_clusters := [of(found) | some found in recognition.workloads]

_on_hosts := [of(found) | some found in array.concat(compose.workloads, systemd.workloads)]

# What the user says of the version wins over the image.
default _stated := {}

_stated := {"version": image.version_of_tag(value.string_at(settings.parameters, ["agentVersion"]))} if {
	settings.parameters.agentVersion
}

# METADATA
# title: Collectors
# description: The agents that capture; what capturing takes is asked of them.
collectors := [candidate | some candidate in workloads; candidate.role in {"collector", "sidecar"}]

# METADATA
# title: Collectors on nodes
# description: >-
#   The collectors that capture for their whole node, from its namespaces. What gives an
#   agent the node is asked of them.
on_node := [candidate | some candidate in workloads; candidate.role == "collector"]

# METADATA
# title: Sidecars
# description: >-
#   The collectors that run in each pod of a serverless cluster and capture in that pod alone.
sidecars := [candidate | some candidate in workloads; candidate.role == "sidecar"]

# METADATA
# title: Watchers
# description: The workloads that watch the API server and capture nothing.
watchers := [candidate | some candidate in workloads; candidate.role == "watcher"]

# METADATA
# title: Collectors in containers
# description: The collectors that a container runtime confines.
contained := [candidate | some candidate in collectors; candidate.form != "systemd"]

# METADATA
# title: Confined collectors on nodes
# description: The collectors on nodes that a container runtime confines.
confined := [candidate | some candidate in on_node; candidate.form != "systemd"]

# METADATA
# title: Watching agents
# description: >-
#   The agents that list and watch the API server: each watcher, and each
#   collector whose watching is not switched off.
watching := [candidate | some candidate in workloads; candidate.watches]

# METADATA
# title: Summary
# description: What the report says of each agent that was found.
summary := [entry |
	some candidate in workloads
	entry := {
		"subject": candidate.container_subject,
		"role": candidate.role,
		"image": candidate.image,
		"version": image.version_text(candidate.version),
	}
]

# METADATA
# title: Agent of a resource
# description: The common shape of what lib/recognition found.
of(found) := {
	"subject": subject,
	"container_subject": object.union(subject, _container_key(container)),
	"form": _form(found),
	"role": _role(found, environment),
	"watches": _watches(found, environment),
	"pod": value.object_at(found.template, ["spec"]),
	"annotations": value.object_at(found.template, ["metadata", "annotations"]),
	"container": container,
	"containers": workload.containers(found.template),
	"image": value.string_at(container, ["image"]),
	"version": image.version(value.string_at(container, ["image"])),
	"environment": environment,
	"service_account": workload.service_account(found.template),
	"spec": value.object_at(found.resource, ["spec"]),
} if {
	subject := _subject(found)
	container := _container(found.template)
	environment := {value.string_at(entry, ["name"]): entry |
		some entry in _last_entries(value.objects_at(container, ["env"]))
	}
}

# A file of a host is in no namespace; of a Compose file one service is the agent.
_subject(found) := identity.subject(found.resource) if {
	_form(found) == "kubernetes"
} else := object.union(
	object.remove(identity.subject(found.resource), ["namespace"]),
	object.filter(found, ["container"]),
)

# A name that stands twice in `env` takes its last value, as the kubelet does it.
_last_entries(entries) := [entry |
	some i, entry in entries
	name := value.string_at(entry, ["name"])
	later := [1 | some k, other in entries; k > i; value.string_at(other, ["name"]) == name]
	count(later) == 0
]

_container_key(container) := {"container": name} if {
	name := value.string_at(container, ["name"])
	name != ""
} else := {}

# By its image, else by the name that the agent hard-codes, else what kubectl
# takes as the default container of a pod.
_container(template) := candidates[0] if {
	candidates := array.flatten([
		_imaged(template),
		_named(template, "deepflow-agent"),
		_named(template, _default_container(template)),
		workload.containers(template),
	])
} else := {}

_imaged(template) := [container |
	some container in workload.containers(template)
	image.repository_name(value.string_at(container, ["image"])) == "deepflow-agent"
]

_named(template, name) := [container |
	some container in workload.containers(template)
	name != ""
	value.string_at(container, ["name"]) == name
]

_default_container(template) := value.string_at(
	template,
	["metadata", "annotations", "kubectl.kubernetes.io/default-container"],
)

# A watcher is a workload of its own beside the DaemonSet; both carry the same
# labels. Any case of the policy counts here: a misspelt one is a requirement's
# business, not a reason to ask a Deployment for the host's namespaces.
_role(found, environment) := "watcher" if {
	_watcher(found, environment)
} else := "sidecar" if {
	_form(found) == "kubernetes"
	regex.match(`(^|\s)--sidecar(\s|$)`, _command_line(_container(found.template)))
} else := "collector"

_watcher(found, environment) if {
	_form(found) == "kubernetes"
	found.resource.kind != "DaemonSet"
	_meant_to_watch(found.resource, environment)
}

# What runs in a cluster has no other word for it.
_form(found) := object.get(found, "form", "kubernetes")

_meant_to_watch(_, environment) if lower(_text(environment, "K8S_WATCH_POLICY")) == "watch-only"

_meant_to_watch(_, environment) if environment.ONLY_WATCH_K8S_RESOURCE

_meant_to_watch(resource, _) if endswith(value.string_at(resource, ["metadata", "name"]), "-watcher")

_watches(found, environment) if {
	_watcher(found, environment)
} else := false if {
	form.host({"form": _form(found)})
} else := _text(environment, "K8S_WATCH_POLICY") != "watch-disabled"

_text(environment, name) := value.string_at(environment, [name, "value"])

# METADATA
# title: Command line
# description: What the manifest gives the agent's container to run; empty where the image decides.
command_line(agent) := _command_line(agent.container)

_command_line(container) := concat(" ", array.concat(
	value.strings_at(container, ["command"]),
	value.strings_at(container, ["args"]),
))

# METADATA
# title: Version is known
# description: Holds when the image's tag, or the user, tells the agent's version.
versioned(agent) if agent.version != null

# METADATA
# title: Shown version
# description: The version as the image or the user gives it, such as 7.1.
shown_version(agent) := image.version_text(agent.version) if {
	agent.version != null
} else := "of unknown version"

# METADATA
# title: Version at least
# description: Holds when the version is known and not before the one given as numbers.
at_least(agent, minimum) if {
	agent.version != null
	agent.version >= minimum
}

# METADATA
# title: The version as a missing fact
# description: >-
#   The verdict where a grade depends on a version that the image reference does
#   not tell; `docker run` answers it, `--set agentVersion=` hands it over.
version_unknown(agent) := result.unknown(
	"the agent's version (state it with --set agentVersion=VERSION)",
	$"{agent.container.args[0]} -v",
) if {
	agent.form == "systemd"
} else := result.unknown(
	message.of("the agent's version (image {image}; state it with --set agentVersion=VERSION)", {"image": value.shown(agent.image)}),
	$"docker run --rm --entrypoint deepflow-agent {agent.image} -v",
)

# METADATA
# title: Agents on hosts
# description: The collectors that run under Docker Compose or systemd.
hosted := [candidate | some candidate in collectors; form.host(candidate)]

# METADATA
# title: Security profile
# description: The type of the container's seccomp or AppArmor profile (the field's name), else that of its pod, else empty.
profile(workload, field) := value.at(
	workload.container,
	["securityContext", field, "type"],
	value.at(workload.pod, ["securityContext", field, "type"], ""),
)

# METADATA
# title: Other agents are not known
# description: The unknown verdict where the other agents of the deployment decide and the input is a part.
others := result.unknown(
	"the other agents of the deployment",
	"kubectl get daemonsets,deployments -A -l app=deepflow,component=deepflow-agent -o yaml",
)
