# METADATA
# title: No agent from v6.6.6 on sets ONLY_WATCH_K8S_RESOURCE
# description: >-
#   Charts before 6.6.011 set `ONLY_WATCH_K8S_RESOURCE` on the watcher. Agents from v6.6.6 on exit
#   when this variable is set; `K8S_WATCH_POLICY` replaces it.
# related_resources:
#   - description: DeepFlow source code, environment of the agent
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/utils/environment.rs
# custom:
#   id: DF-UPG-008
#   met: no agent from v6.6.6 on has the variable `ONLY_WATCH_K8S_RESOURCE`
#   related: [DF-SL-003]
#   level: required
#   reads: [manifests]
#   impact: [Agent start, AutoTagging]
#   remediation: >-
#     Remove the variable `ONLY_WATCH_K8S_RESOURCE`, and set `K8S_WATCH_POLICY` to `watch-only` on
#     the watcher.
package dfpolicy.requirements.upgrade.watch_variable

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.environment
import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in running.upgraded

_verdict(workload) := result.pass("ONLY_WATCH_K8S_RESOURCE is not set") if {
	not environment.present(workload, _variable)
	not environment.unknown(workload, _variable)
} else := environment.unknown(workload, _variable) if {
	not environment.present(workload, _variable)
} else := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := result.pass(message.of("agents before v6.6.6 support ONLY_WATCH_K8S_RESOURCE ({image})", {"image": workload.image})) if {
	agent.former(workload)
} else := agent_changes.watching_only(workload, result.following("DF-SL-003", result.violation(
	message.of("ONLY_WATCH_K8S_RESOURCE is set on an agent v{version}", {"version": image.version_text(workload.version)}),
	"K8S_WATCH_POLICY instead",
)))

_variable := "ONLY_WATCH_K8S_RESOURCE"
