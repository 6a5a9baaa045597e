# METADATA
# title: The agents
# description: >-
#   The workloads of the DeepFlow agent in one shape: the pod, the agent's container, its version,
#   its role, and whether it watches the API server.
package dfpolicy.lib.agent

import data.dfpolicy.lib.command
import data.dfpolicy.lib.compose
import data.dfpolicy.lib.environment as variables
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
#   Every agent of the input that the mode installs, in input order. In a host mode these are the
#   agents of Docker Compose and systemd, and the watchers that run in a cluster. `number` is the
#   agent's place in the list: under it, libraries keep what they compute once for each agent.
workloads := [object.union(_stated(candidate), {"number": i}) | some i, candidate in _candidates]

_candidates := array.concat(_in_clusters, _on_hosts) if {
	settings.modes["all-in-one"]
	settings.modes["legacy-host"]
} else := array.concat(_watchers, _on_hosts) if {
	_host_mode
} else := _in_clusters

_host_mode if {
	some mode in {"legacy-host", "cloud-host"}
	settings.modes[mode]
}

# The collectors of a cluster belong to another mode.
_watchers := [candidate | some candidate in _in_clusters; candidate.role == "watcher"]

_in_clusters := [candidate | some found in recognition.workloads; some candidate in of(found)]

_on_hosts := [candidate | some found in array.concat(compose.workloads, systemd.workloads); some candidate in of(found)]

# A version that the user sets overrides the tag of the image.
_stated(candidate) := object.union(stated, {"watches": _watches(stated)}) if {
	settings.parameters.agentVersion
	stated := object.union(candidate, {"version": image.version_of_tag(value.string_at(settings.parameters, "agentVersion"))})
} else := candidate

# METADATA
# title: Managed agents
# description: The agents that a server manages. An agent with --standalone connects to none.
managed := [candidate | some candidate in workloads; not standalone(candidate)]

# METADATA
# scope: document
# title: Standalone agent
# description: >-
#   True for an agent with --standalone. It connects to no server, does not watch the API server, and
#   reads from its own file what a group configures.
standalone(candidate) if regex.match(`(^|\s)--standalone(\s|$)`, command_line(candidate))

# METADATA
# title: Managed collectors
# description: The managed agents that capture traffic.
managed_collectors := [candidate | some candidate in collectors; not standalone(candidate)]

# METADATA
# title: Agents with a policy for the API server
# description: >-
#   The managed agents, and the standalone ones whose variables stop them, or stop their capture.
instructed := [candidate | some candidate in workloads; _instructed(candidate)]

_instructed(candidate) if not standalone(candidate)

_instructed(candidate) if variables.present(candidate, "ONLY_WATCH_K8S_RESOURCE")

_instructed(candidate) if variables.text(candidate, "K8S_WATCH_POLICY") == "watch-only"

# METADATA
# title: Managed agents on hosts
# description: The managed collectors that run under Docker Compose or systemd.
managed_hosts := [candidate | some candidate in hosted; not standalone(candidate)]

# METADATA
# title: Collectors
# description: The agents that capture traffic. Requirements of capture apply to them.
collectors := [candidate | some candidate in workloads; candidate.role in {"collector", "sidecar"}]

# METADATA
# title: Collectors on nodes
# description: >-
#   The collectors that capture the traffic of their whole node. Requirements of access to the
#   node apply to them.
on_node := [candidate | some candidate in workloads; candidate.role == "collector"]

# METADATA
# title: Sidecars
# description: >-
#   The collectors that run in each pod of a serverless cluster and capture in that pod only.
sidecars := [candidate | some candidate in workloads; candidate.role == "sidecar"]

# METADATA
# title: Watchers
# description: The workloads that watch the API server and capture nothing.
watchers := [candidate | some candidate in workloads; candidate.role == "watcher"]

# METADATA
# title: Collectors in containers
# description: The collectors that run in a container.
contained := [candidate | some candidate in collectors; candidate.form != "systemd"]

# METADATA
# title: Collectors in containers on nodes
# description: The collectors on nodes that run in a container.
confined := [candidate | some candidate in on_node; candidate.form != "systemd"]

# METADATA
# title: Watching agents
# description: >-
#   The agents that list and watch the API server: each watcher, and each collector for which
#   watching is not disabled.
watching := [candidate | some candidate in workloads; candidate.watches]

# METADATA
# title: Intended policy
# description: >-
#   The K8S_WATCH_POLICY that the agent should have. Without a watcher, the collectors watch, except
#   in serverless pods.
watch_policy(agent) := "watch-only" if {
	agent.role == "watcher"
} else := "watch-disabled" if {
	settings.mode == "serverless-pod"
} else := "watch-disabled" if {
	some candidate in workloads
	candidate.role == "watcher"
} else := "normal"

# METADATA
# title: Summary
# description: The entry of each agent in the report.
summary := [entry |
	some candidate in workloads
	entry := object.union_n([candidate.origin, _mode_of(candidate), {
		"subject": candidate.container_subject,
		"role": candidate.role,
		"image": candidate.image,
		"version": image.version_text(candidate.version),
	}])
]

_mode_of(candidate) := {"standalone": true} if {
	standalone(candidate)
} else := {}

# The chart that rendered it, and a namespace that had to be assumed.
_origin(found) := object.union(_chart(value.string_at(found.resource, ["metadata", "labels", "helm.sh/chart"])), identity.assumed(found.resource)) if {
	_form(found) == "kubernetes"
} else := {}

_chart(label) := {"chart": concat(" ", array.slice(parts, 1, 3))} if {
	[parts] := regex.find_all_string_submatch_n(`^(.+)-(v?\d+\.\d.*)$`, label, 1)
} else := {}

# METADATA
# title: Agents of a resource
# description: >-
#   The agents of a resource that lib/recognition found, in the common shape: one for each container
#   that runs the agent.
of(found) := [_agent(found, _subject(found), container) | some container in containers] if {
	containers := recognition.components(found.template, "deepflow-agent")
	count(containers) == 1
} else := [_agent(found, object.union(_subject(found), _container_key(container)), container) |
	# A subject must not have two results.
	some container in recognition.components(found.template, "deepflow-agent")
]

_agent(found, subject, container) := object.union(shape, {"watches": _watches(shape)}) if {
	shape := _shape(found, subject, container)
}

_shape(found, subject, container) := {
	"subject": subject,
	"container_subject": object.union(subject, _container_key(container)),
	"form": _form(found),
	"role": _role(found, container, environment.variables),
	"pod": value.object_at(found.template, "spec"),
	"annotations": value.object_at(found.template, ["metadata", "annotations"]),
	"container": container,
	"containers": workload.containers(found.template),
	"image": value.string_at(container, "image"),
	"version": image.version(value.string_at(container, "image")),
	"environment": environment.variables,
	"open_environment": environment.open,
	"missing_variables": environment.missing,
	"service_account": workload.service_account(found.template),
	"origin": _origin(found),
	"spec": value.object_at(found.resource, "spec"),
} if {
	environment := variables.of(found, container)
}

# A file of a host has no namespace. In a Compose file, one service is the agent.
_subject(found) := identity.subject(found.resource) if {
	_form(found) == "kubernetes"
} else := object.union(
	object.remove(identity.subject(found.resource), ["namespace"]),
	object.filter(found, ["container"]),
)

_container_key(container) := {"container": name} if {
	name := value.string_at(container, "name")
	name != ""
} else := {}

# A watcher is a separate workload in addition to the DaemonSet; both have the same labels. The
# policy is compared without case: another requirement reports a misspelt one, and a Deployment that
# is meant to watch needs no host namespaces.
_role(found, container, environment) := "watcher" if {
	_watcher(found, environment)
} else := "sidecar" if {
	_form(found) == "kubernetes"
	command.sidecar(container)
} else := "collector"

_watcher(found, environment) if {
	_form(found) == "kubernetes"
	found.resource.kind != "DaemonSet"
	_meant_to_watch(found.resource, environment)
}

# A workload of a cluster does not name its form.
_form(found) := object.get(found, "form", "kubernetes")

_meant_to_watch(_, environment) if lower(variables.text({"environment": environment}, "K8S_WATCH_POLICY")) == "watch-only"

_meant_to_watch(_, environment) if environment.ONLY_WATCH_K8S_RESOURCE

_meant_to_watch(resource, _) if endswith(value.string_at(resource, ["metadata", "name"]), "-watcher")

_watches(shape) := false if {
	standalone(shape)
} else if {
	shape.role == "watcher"
} else := false if {
	form.host(shape)
} else if {
	former(shape)
} else := variables.text(shape, "K8S_WATCH_POLICY") != "watch-disabled"

# METADATA
# title: Command line
# description: The command and arguments of the agent's container. Empty when the manifest sets none.
command_line(agent) := command.line(agent.container)

# METADATA
# title: Version is known
# description: True when the tag of the image, or the user, gives the agent's version.
versioned(agent) if agent.version != null

# METADATA
# title: Shown version
# description: The version as a string, for example 7.1, or the message that it is unknown.
shown_version(agent) := image.version_text(agent.version) if {
	agent.version != null
} else := message.text("of unknown version")

# METADATA
# title: Version at least
# description: True when the version is known and at least the given one, a list of numbers.
at_least(agent, minimum) if {
	agent.version != null
	agent.version >= minimum
}

# METADATA
# title: Release from v6.6.6 on
# description: >-
#   True when the version is known and its agents read K8S_WATCH_POLICY and the paths of the
#   group's configuration. The tag v6.6, without a patch number, is the newest release of its line.
recent(agent) if image.up_to([6, 6, 6], agent.version)

# METADATA
# title: Release before v6.6.6
# description: True when the version is known and its agents read ONLY_WATCH_K8S_RESOURCE and flat names of settings.
former(agent) if {
	agent.version != null
	not recent(agent)
}

# METADATA
# title: The version as a missing fact
# description: >-
#   The unknown verdict when a grade depends on the version and the image's tag does not show it.
#   The command shows it; `--assume agentVersion=` passes it to dfpolicy.
version_unknown(agent) := result.unknown(
	"the agent's version (state it with --assume agentVersion=VERSION)",
	$"{agent.container.args[0]} -v",
) if {
	agent.form == "systemd"
} else := result.unknown(
	message.of("the agent's version (image {image}; state it with --assume agentVersion=VERSION)", {"image": value.shown(agent.image)}),
	$"docker run --rm --entrypoint deepflow-agent {result.word(agent.image)} -v",
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
# title: Unknown other agents
# description: The unknown verdict when the other agents of the deployment decide and the input is only a part of it.
others := result.unknown(
	"the other agents of the deployment",
	"kubectl get daemonsets,deployments -A -l app=deepflow,component=deepflow-agent -o yaml",
)
