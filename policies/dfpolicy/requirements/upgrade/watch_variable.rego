# METADATA
# title: No agent from v6.6 on is told to watch by a former variable
# description: >-
#   Charts before 6.6.011 set `ONLY_WATCH_K8S_RESOURCE` on the watcher. An agent from v6.6 on
#   exits when it finds it; `K8S_WATCH_POLICY` took its place.
# related_resources:
#   - description: DeepFlow documentation, serverless pods
#     ref: https://deepflow.io/docs/ce-install/serverless-pod/
# custom:
#   id: DF-UPG-008
#   level: required
#   reads: [manifests]
#   impact: [Agent start, AutoTagging]
#   remediation: >-
#     Remove the variable `ONLY_WATCH_K8S_RESOURCE`, and set `K8S_WATCH_POLICY` to `watch-only` on
#     the watcher.
#   source: SRC
package dfpolicy.requirements.upgrade.watch_variable

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.upgrade

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in running.upgraded

_verdict(workload) := result.pass("ONLY_WATCH_K8S_RESOURCE is not set") if {
	not workload.environment.ONLY_WATCH_K8S_RESOURCE
} else := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := result.pass($"agents before v6.6 know ONLY_WATCH_K8S_RESOURCE ({workload.image})") if {
	not agent.at_least(workload, [6, 6])
} else := result.violation(
	$"ONLY_WATCH_K8S_RESOURCE is set for an agent of {upgrade.text(workload.version)}",
	"K8S_WATCH_POLICY in its place",
)
