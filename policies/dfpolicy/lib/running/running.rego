# METADATA
# title: The running release
# description: >-
#   What an upgrade starts from: the agents and servers of `from`, in the shape of those of
#   the input, and which running agent a new one takes the place of.
package dfpolicy.lib.running

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.image
import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.result
import data.dfpolicy.lib.server
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

# METADATA
# title: Resources
# description: The objects of the running release; what is no object is passed over.
resources := value.objects_at(input, ["from", "resources"])

# METADATA
# title: Running release is stated
# description: Holds when the input tells anything of the running release.
stated if count(value.object_at(input, ["from"])) > 0

# The version that the user states counts where an image tells none.
_version := image.version_of_tag(value.string_at(input, ["from", "version"]))

# METADATA
# title: Running agents
# description: The agents of the running release, with `running` set.
agents := [object.union(found, {"running": true, "version": _known(found.version)}) |
	some workload in recognition.among(resources, "deepflow-agent")
	found := agent.of(workload)
]

# METADATA
# title: Running servers
# description: The servers of the running release.
servers := [object.union(found, {"version": _known(found.version)}) | some found in server.among(resources)]

# METADATA
# title: Version of the running server
# description: The version as numbers; null where neither an image nor the user tells it.
server_version := server.version(servers) if {
	count(servers) > 0
} else := _version

_known(version) := version if {
	version != null
} else := _version

# METADATA
# title: Summary
# description: What the report says of the running release.
summary := array.concat(
	[_entry(found.container_subject, found.role, found) | some found in agents],
	[_entry(found.subject, "server", found) | some found in servers],
)

_entry(subject, role, found) := {
	"subject": subject,
	"role": role,
	"image": found.image,
	"version": image.version_text(found.version),
}

# METADATA
# title: Agents of the upgrade
# description: The agents of the input in mode upgrade; in another mode nothing is upgraded.
upgraded := [workload | settings.mode == "upgrade"; some workload in agent.workloads]

# METADATA
# title: Collectors of the upgrade
# description: Those of the agents that capture on their node.
collectors := [workload | some workload in upgraded; workload.role == "collector"]

# METADATA
# title: Running agent that a new one replaces
# description: >-
#   The running agent of the same kind, namespace and name, else the only one of the same role.
#   Undefined where there is none, or more than one.
counterpart(workload) := same[0] if {
	same := [other | some other in agents; _same(other.subject, workload.subject)]
	count(same) > 0
} else := alike[0] if {
	alike := _alike(workload)
	count(alike) == 1
}

# METADATA
# title: Same object
# description: Holds when the running agent and the new one are one object of the API server.
continued(workload) if _same(counterpart(workload).subject, workload.subject)

_same(subject, other) if {
	names := ["kind", "namespace", "name"]
	object.filter(subject, names) == object.filter(other, names)
}

_alike(workload) := [other | some other in agents; other.role == workload.role]

# METADATA
# title: The running agent as a missing fact
# description: >-
#   The verdict where no running agent can be compared with the new one; undefined where one can.
unmatched(workload) := unknown if {
	count(agents) == 0
} else := result.pass($"no running agent is a {workload.role}, so there is nothing to keep") if {
	count(_alike(workload)) == 0
	not counterpart(workload)
} else := result.unknown(
	$"which of {count(_alike(workload))} running agents {workload.subject.name} replaces",
	"kubectl get daemonsets,deployments -A -l app=deepflow",
) if {
	not counterpart(workload)
}

# METADATA
# title: The running release as a missing fact
# description: The verdict where the running agents are not in the input.
unknown := result.unknown("the running agents (give them with --from)", _collecting)

# METADATA
# title: The running server as a missing fact
# description: The verdict where the version of the running server decides and is not in the input.
server_unknown := server.version_unknown(servers) if {
	count(servers) > 0
} else := result.unknown("the version of the running server (give manifests or a version with --from)", _collecting)

_collecting := "dfpolicy collect cluster -o yaml=running.yaml"
