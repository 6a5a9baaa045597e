# METADATA
# title: All components of the server are installed
# description: >-
#   Without deepflow-server the agent sends nothing. The server needs MySQL and ClickHouse, in this
#   release or external. deepflow-app assembles traces, and Grafana shows them.
# custom:
#   id: DF-SK-002
#   met: >-
#     the input has deepflow-server, deepflow-app, MySQL, ClickHouse, Grafana and the agent; the
#     databases may be external
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Install the chart `deepflow` and set the value `enabled` of each missing part to true, for
#     example `grafana.enabled`. For MySQL and ClickHouse, you can configure an external one.
#   modes: [all-in-one, single-k8s]
package dfpolicy.requirements.single_k8s.server_parts

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.chart_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.settings

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in server.asked

_verdict(workload) := server.missing if {
	server.absent(workload)
} else := result.unknown(
	message.of("whether {parts} run elsewhere", {"parts": message.whole(_elsewhere_perhaps(workload))}),
	$"kubectl get deployments,statefulsets,daemonsets -n {result.word(workload.subject.namespace)} -o yaml",
) if {
	count(_elsewhere_perhaps(workload)) > 0
} else := _enabled(_lacking(workload), _incomplete(message.whole(_lacking(workload)))) if {
	count(_lacking(workload)) > 0
} else := chart_changes.asked("deepflow", ["global", "externalMySQL", "ip"], _mysql_question, result.violation(
	message.of("the external MySQL is at {host}, a placeholder", {"host": server.exemplary_host(workload)}),
	"the address of an external MySQL",
)) if {
	server.exemplary_host(workload)
} else := result.unknown(
	"where ClickHouse runs (StatefulSets were not collected)",
	$"kubectl get statefulset -n {result.word(workload.subject.namespace)} -o yaml",
) if {
	not _run(workload, "clickhouse")
} else := result.at("recommended", result.losing(["Dashboards"], _enabled(["grafana"], _incomplete("grafana")))) if {
	count(server.parts(workload, "grafana")) == 0
} else := result.pass(message.of("components: {parts}", {"parts": message.whole(array.flatten([
	"deepflow-server",
	"deepflow-app",
	[_database(workload, role) | some role in ["mysql", "clickhouse"]],
	"grafana",
	"deepflow-agent",
]))}))

_mysql_question := {"key": "mysql-address", "text": message.text("Address of the external MySQL"), "type": "text"}

# The chart always renders the server and its app.
_enabled(parts, verdict) := chart_changes.values(
	"deepflow",
	"server-parts",
	[{"path": [part, "enabled"], "value": true} | some part in parts; part != "deepflow-app"],
	verdict,
)

_incomplete(parts) := result.violation(
	message.of("missing: {parts}", {"parts": parts}),
	"deepflow-server, deepflow-app, mysql, clickhouse, grafana and deepflow-agent",
)

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
	["deepflow-agent" | count(agent.workloads) == 0],
])

_run(workload, role) if count(server.parts(workload, role)) > 0

_run(workload, role) if server.elsewhere(workload, role)

# Another finding says that its address is a placeholder.
_run(workload, "mysql") if server.exemplary_host(workload)

# dfpolicy does not collect StatefulSets.
_uncollected("clickhouse") if {
	count(settings.cluster) > 0
	count([1 | some resource in settings.resources; resource.kind == "StatefulSet"]) == 0
}

_database(workload, role) := role if {
	count(server.parts(workload, role)) > 0
} else := server.external(workload, role) if {
	server.external(workload, role)
} else := "byconity"
