# METADATA
# title: A watcher runs beside the sidecars
# description: >-
#   The sidecars come from a DaemonSet. One watcher with one replica lists and watches the API server
#   for all of them.
# custom:
#   id: DF-SL-001
#   met: the input has a DaemonSet of the agent and a watcher with one replica
#   related: [DF-SL-003]
#   level: required
#   impact: [AutoTagging, AutoMetrics]
#   remediation: Set `deployComponent` of the chart to a list with `watcher` and `daemonset`.
#   modes: [serverless-pod]
package dfpolicy.requirements.serverless_pod.watcher

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.chart_changes
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), cluster.subject, _components) if count(agent.managed) > 0

_components := chart_changes.components(_absent, result.violation(message.clauses(_faults), "a DaemonSet, and a watcher with one replica")) if {
	count(_faults) > 0
} else := agent.others if {
	count(_absent) > 0
} else := result.pass("a DaemonSet, and a watcher with one replica")

# In a partial input, other agents are outside the input, not missing.
_faults := _scaled if {
	settings.partial
} else := array.concat(_absent, _scaled)

_absent := array.concat(
	[message.text("there is no watcher") | count(agent.watchers) == 0],
	[message.text("there is no DaemonSet") | count(agent.collectors) == 0],
)

_scaled := sort([message.of("replicas of watcher {name} is {replicas}", {"name": workload.subject.name, "replicas": value.shown(replicas)}) |
	some workload in agent.watchers
	some replicas in ({value.at(workload.spec, "replicas", 1)} - {1})
])
