# METADATA
# title: The running release
# description: >-
#   The start of an upgrade: the agents and servers of `from`, in the same shape as those of the
#   input, and which running agent a new one replaces.
package dfpolicy.lib.running

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.result
import data.dfpolicy.lib.server
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

_resources := value.objects_at(input, ["from", "resources"])

# METADATA
# title: Running release is stated
# description: True when the input says anything about the running release.
stated if count(value.object_at(input, "from")) > 0

# The version that the user states counts when the image has none.
_version := image.version_of_tag(value.string_at(input, ["from", "version"]))

# METADATA
# title: Running agents
# description: The agents of the running release, with `running` set. Their numbers continue those of the input.
agents := [object.union(found, {
	"running": true,
	"version": _known(found.version),
	"number": count(agent.workloads) + i,
}) |
	some i, found in _found
]

_found := [found |
	some workload in recognition.among(_resources, "deepflow-agent")
	some found in agent.of(object.union(workload, {"running": true}))
]

# METADATA
# title: All agents
# description: The agents of the input and those of the running release, each at its `number`.
all_agents := array.concat(agent.workloads, agents)

_servers := [object.union(found, {"version": _known(found.version)}) | some found in server.among(_resources)]

# METADATA
# title: Version of the running server
# description: The version as numbers; null when neither an image nor the user gives it.
server_version := server.version(_servers) if {
	count(_servers) > 0
} else := _version

_known(version) := version if {
	version != null
} else := _version

# METADATA
# title: Summary
# description: What the report shows of the running release.
summary := array.concat(
	[_entry(found.container_subject, found.role, found) | some found in agents],
	[_entry(found.subject, "server", found) | some found in _servers],
)

_entry(subject, role, found) := {
	"subject": subject,
	"role": role,
	"image": found.image,
	"version": image.version_text(found.version),
}

# METADATA
# title: Agents of the upgrade
# description: The agents of the input in the mode upgrade; none in other modes.
upgraded := [workload | settings.mode == "upgrade"; some workload in agent.workloads]

# METADATA
# title: Managed agents of the upgrade
# description: The agents of the upgrade that a server manages.
managed := [workload | some workload in upgraded; not agent.standalone(workload)]

# METADATA
# title: Managed collectors of the upgrade
# description: The managed agents that capture traffic on their node.
managed_collectors := [workload | some workload in managed; workload.role == "collector"]

# METADATA
# title: Collectors of the upgrade
# description: The agents that capture traffic on their node.
collectors := [workload | some workload in upgraded; workload.role == "collector"]

# METADATA
# title: Running agent that a new one replaces
# description: >-
#   The running agent with the same kind, namespace and name, else the only one with the same role.
#   Undefined when there is none, or more than one.
counterpart(workload) := _by_object[_object(workload.subject)] if {
	_by_object[_object(workload.subject)]
} else := alike[0] if {
	alike := _alike(workload)
	count(alike) == 1
}

# METADATA
# title: Same object
# description: True when the running agent and the new one are the same object in the API server.
continued(workload) if _object(counterpart(workload).subject) == _object(workload.subject)

_object(subject) := object.filter(subject, ["kind", "namespace", "name"])

# Of several containers of one object, the first counts.
_by_object := value.indexed(array.reverse([[_object(other.subject), other] | some other in agents]))

_alike(workload) := object.get(_by_role, workload.role, [])

_by_role := {role: [other | some other in agents; other.role == role] |
	some role in {other.role | some other in agents}
}

# METADATA
# title: The running agent as a missing fact
# description: >-
#   The verdict when no running agent can be compared with the new one; undefined when one can.
unmatched(workload) := _unknown if {
	count(agents) == 0
} else := result.pass("no watcher runs, so there is nothing to keep") if {
	_new(workload)
	workload.role == "watcher"
} else := result.pass("no agent that captures traffic runs, so there is nothing to keep") if {
	_new(workload)
} else := result.unknown(
	message.of(
		"the running agent that {name} replaces ({count} candidates)",
		{"name": workload.subject.name, "count": count(_alike(workload))},
	),
	"kubectl get daemonsets,deployments -A -l app=deepflow",
) if {
	not counterpart(workload)
}

_new(workload) if {
	count(_alike(workload)) == 0
	not counterpart(workload)
}

_unknown := result.unknown("the running agents (pass them with --from)", _collecting)

# METADATA
# title: The running server as a missing fact
# description: The verdict when the running server's version decides and is not in the input.
server_unknown := server.version_unknown(_servers) if {
	count(_servers) > 0
} else := result.unknown("the version of the running server (pass manifests or a version with --from)", _collecting)

_collecting := "dfpolicy collect cluster -o yaml=running.yaml"
