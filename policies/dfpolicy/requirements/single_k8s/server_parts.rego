# METADATA
# title: The server is installed with all its parts
# description: >-
#   An agent without deepflow-server sends nothing. The server needs MySQL and ClickHouse, here or
#   elsewhere; deepflow-app puts traces together, and Grafana shows them.
# custom:
#   id: DF-SK-002
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Install the chart `deepflow` with `deepflow-agent.enabled`, `mysql.enabled`,
#     `clickhouse.enabled` and `grafana.enabled`, or configure external databases.
#   modes: [all-in-one, single-k8s]
package dfpolicy.requirements.single_k8s.server_parts

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.settings

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in server.asked

_verdict(workload) := server.missing if {
	server.absent(workload)
} else := result.unknown(
	$"where {concat(", ", _elsewhere_perhaps(workload))} run",
	$"kubectl get deployments,statefulsets,daemonsets -n {workload.subject.namespace} -o yaml",
) if {
	count(_elsewhere_perhaps(workload)) > 0
} else := result.violation($"no {concat(", no ", _lacking(workload))}", _whole) if {
	count(_lacking(workload)) > 0
} else := result.unknown(
	"where clickhouse runs, since StatefulSets were not collected",
	$"kubectl get statefulset -n {workload.subject.namespace} -o yaml",
) if {
	not _run(workload, "clickhouse")
} else := result.at("recommended", result.violation("no grafana", _whole)) if {
	count(server.parts(workload, "grafana")) == 0
} else := result.pass(concat(", ", array.flatten([
	"deepflow-server",
	"deepflow-app",
	[_shown_database(workload, role) | some role in ["mysql", "clickhouse"]],
	"grafana",
	"agent",
])))

_whole := "deepflow-server, deepflow-app, mysql, clickhouse, grafana and the agent"

_elsewhere_perhaps(workload) := array.concat(
	_lacking(workload),
	["grafana" | count(server.parts(workload, "grafana")) == 0],
) if {
	settings.partial
} else := []

_lacking(workload) := array.flatten([
	[role |
		some role in ["deepflow-app", "mysql", "clickhouse"]
		not _run(workload, role)
		not _uncollected(role)
	],
	["agent" | count(agent.workloads) == 0],
])

_run(workload, role) if count(server.parts(workload, role)) > 0

_run(workload, role) if server.elsewhere(workload, role)

# The collector reads no StatefulSets.
_uncollected("clickhouse") if {
	count(settings.cluster) > 0
	count([1 | some resource in settings.resources; resource.kind == "StatefulSet"]) == 0
}

_shown_database(workload, role) := role if {
	count(server.parts(workload, role)) > 0
} else := server.external(workload, role) if {
	server.external(workload, role)
} else := "byconity"
