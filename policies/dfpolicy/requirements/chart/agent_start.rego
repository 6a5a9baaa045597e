# METADATA
# title: The agent's container can start the agent
# description: >-
#   The command, the init containers and the node selection of the pod decide whether the agent
#   ever runs. The API server accepts a pod that never starts it.
# related_resources:
#   - description: Kubernetes documentation, Define a Command and Arguments for a Container
#     ref: https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
# custom:
#   id: DF-CH-008
#   met: the pod can be scheduled and starts `deepflow-agent`
#   level: required
#   reads: [manifests]
#   impact: [Agent start]
#   remediation: >-
#     Remove `command` and `args` from the agent's container, or start `deepflow-agent` with them,
#     and correct what else the finding names.
package dfpolicy.requirements.chart.agent_start

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.command
import data.dfpolicy.lib.message
import data.dfpolicy.lib.pod_changes
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in _judged

_judged := [workload | some workload in agent.workloads; workload.form == "kubernetes"]

_verdict(workload) := pod_changes.started(workload, result.violation(message.clauses(_obstacles(workload)), "a pod that starts the agent")) if {
	count(_obstacles(workload)) > 0
} else := result.pass("the image decides what the container runs") if {
	count(command.words(workload.container)) == 0
} else := result.pass("the command starts the agent") if {
	command.starts(workload.container, "deepflow-agent")
} else := result.unknown(
	message.of("whether the command {command} starts the agent", {"command": value.shown(agent.command_line(workload))}),
	$"docker inspect --format '\{\{.Config.Entrypoint}} \{\{.Config.Cmd}}' {result.word(workload.image)}",
)

_obstacles(workload) := sort(union({
	{message.of("the command {command} does not start the agent", {"command": value.shown(agent.command_line(workload))}) |
		command.idles(workload.container)
		not command.starts(workload.container, "deepflow-agent")
	},
	{message.of("the agent prints something and exits with the option {option}", {"option": option}) |
		command.starts(workload.container, "deepflow-agent")
		some option in command.words(workload.container)
		option in command.idle_options
	},
	{message.of("the init container {name} always fails", {"name": init.name}) |
		some init in _first(workload)
		command.fails(init)
	},
	{message.of("the init container {name} never ends", {"name": init.name}) |
		some init in _first(workload)
		command.never_ends(init)
	},
	{message.of("the pod selects nodes with the operating system {system}, for which there is no agent", {"system": system}) |
		some system in _systems(workload)
		not lower(system) in {"", "linux"}
	},
	{message.of("the ConfigMap {name} has no key {key}, which the variable {variable} needs", {
		"name": value.string_at(entry, ["valueFrom", "configMapKeyRef", "name"]),
		"key": value.string_at(entry, ["valueFrom", "configMapKeyRef", "key"]),
		"variable": value.string_at(entry, "name"),
	}) |
		some entry in workload.missing_variables
	},
	{message.text("runAsNonRoot is true, but runAsUser is 0") |
		_setting(workload, "runAsNonRoot") == true
		_setting(workload, "runAsUser") == 0
	},
}))

# Sidecars need not end.
_first(workload) := [init |
	some init in value.objects_at(workload.pod, "initContainers")
	is_string(init.name)
	value.at(init, "restartPolicy", "") != "Always"
]

_systems(workload) := {value.string_at(workload.pod, ["os", "name"])} | {system |
	some label in ["kubernetes.io/os", "beta.kubernetes.io/os"]
	system := value.string_at(workload.pod, ["nodeSelector", label])
}

_setting(workload, field) := value.at(
	workload.container,
	["securityContext", field],
	value.at(workload.pod, ["securityContext", field], null),
)
