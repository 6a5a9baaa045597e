# METADATA
# title: An agent captures traffic
# description: >-
#   A watcher only reads the API server. Without an agent on the nodes or hosts nothing is captured.
# related_resources:
#   - description: DeepFlow chart, values of the agent
#     ref: https://github.com/deepflowio/deepflow-charts/blob/main/charts/deepflow-agent/values.yaml
# custom:
#   id: DF-NET-007
#   met: the input has a DaemonSet of the agent, or an agent on each host, and not only a watcher
#   level: required
#   impact: [All features]
#   remediation: >-
#     Set `deployComponent` of the chart to a list that contains `daemonset`. On a host, install the
#     agent with Docker Compose or systemd.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, legacy-host, cloud-host, upgrade]
package dfpolicy.requirements.af_packet.collector

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_release
import data.dfpolicy.lib.settings

results contains result.of(rego.metadata.chain(), _subject, _verdict) if count(agent.workloads) + count(server_release.composed) > 0

default _subject := {"kind": "Cluster", "name": "*"}

_subject := agent.watchers[0].container_subject if count(agent.collectors) == 0

_verdict := result.pass(message.counted(
	"{count} agent captures traffic",
	"{count} agents capture traffic",
	{"count": count(agent.collectors)},
)) if {
	count(agent.collectors) > 0
} else := agent.others if {
	settings.partial
} else := result.violation(
	message.of("{name} only watches the API server, and no other agent is in the input", {"name": agent.watchers[0].subject.name}),
	"a DaemonSet of the agent, or an agent on each host",
) if {
	count(agent.watchers) > 0
} else := result.unknown("the agent of the machine (not in the input)", "docker ps --filter name=deepflow-agent")
