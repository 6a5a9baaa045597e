# METADATA
# title: A watcher runs beside the sidecars
# description: >-
#   The sidecars come from a DaemonSet, and one watcher of one replica lists and watches the API
#   server for all of them.
# custom:
#   id: DF-SL-001
#   level: required
#   impact: [AutoTagging, AutoMetrics]
#   remediation: Set `deployComponent` of the chart to the list of `watcher` and `daemonset`.
#   modes: [serverless-pod]
package dfpolicy.requirements.serverless_pod.watcher

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), cluster.subject, _components) if count(agent.workloads) > 0

_components := result.violation(concat("; ", _faults), "a DaemonSet, and a watcher of one replica") if {
	count(_faults) > 0
} else := agent.others if {
	count(_absent) > 0
} else := result.pass("a DaemonSet, and a watcher of one replica")

# In a part of the deployment the other agents are not absent, but elsewhere.
_faults := _scaled if {
	settings.partial
} else := array.concat(_absent, _scaled)

_absent := array.flatten([
	["there is no watcher" | count(agent.watchers) == 0],
	["there is no DaemonSet" | count(agent.collectors) == 0],
])

_scaled := sort([$"the watcher {workload.subject.name} has {value.shown(replicas)} replicas" |
	some workload in agent.watchers
	replicas := value.at(workload.spec, ["replicas"], 1)
	replicas != 1
])
