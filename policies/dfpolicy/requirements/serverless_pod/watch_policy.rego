# METADATA
# title: Each agent watches the API server as intended
# description: >-
#   `K8S_WATCH_POLICY` must match exactly: any value except `watch-disabled` and `watch-only` means
#   normal, and agents before v6.6.6 ignore it. If no agent watches, nothing gets Kubernetes tags.
#   Agents from v6.6.6 on exit if the older `ONLY_WATCH_K8S_RESOURCE` is set.
# custom:
#   id: DF-SL-003
#   met: the watcher is watch-only, the other agents are watch-disabled, and an agent watches
#   level: required
#   impact: [AutoTagging]
#   remediation: >-
#     Set `K8S_WATCH_POLICY` to `watch-disabled` on the DaemonSet and to `watch-only` on the
#     watcher. In the chart: `daemonsetWatchDisabled`, and `watcher` in `deployComponent`. Without a
#     watcher, leave the variable out.
package dfpolicy.requirements.serverless_pod.watch_policy

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.environment
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.instructed

_verdict(workload) := _former_policy(workload) if {
	environment.present(workload, "ONLY_WATCH_K8S_RESOURCE")
} else := _unknown(workload) if {
	_unknown(workload)
} else := _misset(
	workload,
	message.of("K8S_WATCH_POLICY is {value}, which the agent treats as normal", {"value": value.shown(_policy(workload))}),
) if {
	not _policy(workload) in {"", "normal", "watch-normal", "watch-disabled", "watch-only"}
} else := agent.version_unknown(workload) if {
	not agent.versioned(workload)
	_policy(workload) in {"watch-disabled", "watch-only"}
} else := _ignored(workload) if {
	agent.former(workload)
	_policy(workload) in {"watch-disabled", "watch-only"}
} else := _watcher_policy(workload) if {
	workload.role == "watcher"
} else := _collector_policy(workload)

_policy(workload) := environment.text(workload, "K8S_WATCH_POLICY")

_unknown(workload) := [open | some name in ["ONLY_WATCH_K8S_RESOURCE", "K8S_WATCH_POLICY"]; open := environment.unknown(workload, name)][0]

_misset(workload, observed) := agent_changes.variable(workload, _setting(workload), result.violation(observed, _expected(workload)))

_setting(workload) := {"name": "K8S_WATCH_POLICY", "value": agent.watch_policy(workload)}

_expected(workload) := message.of("K8S_WATCH_POLICY set to {policy}", {"policy": agent.watch_policy(workload)})

_former_policy(workload) := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := result.losing(["Agent start", "AutoTagging"], agent_changes.watching_only(workload, result.violation(
	message.of("ONLY_WATCH_K8S_RESOURCE is set, and agent {version} exits because of it", {"version": agent.shown_version(workload)}),
	message.of("K8S_WATCH_POLICY set to {policy}, and ONLY_WATCH_K8S_RESOURCE removed", {"policy": agent.watch_policy(workload)}),
))) if {
	agent.recent(workload)
} else := result.pass("ONLY_WATCH_K8S_RESOURCE is set, which agents before v6.6.6 support") if {
	workload.role == "watcher"
} else := _blind(message.text("ONLY_WATCH_K8S_RESOURCE is set, so the agent only watches and captures nothing"))

# A watcher that captures is a second agent on its node. A collector that also watches does less harm.
_ignored(workload) := result.violation(_deaf(workload), "ONLY_WATCH_K8S_RESOURCE, or an agent from v6.6.6 on") if {
	workload.role == "watcher"
} else := result.violation(_deaf(workload), "an agent from v6.6.6 on") if {
	settings.mode == "serverless-pod"
} else := result.at("recommended", result.violation(_deaf(workload), "an agent from v6.6.6 on, or no K8S_WATCH_POLICY"))

_deaf(workload) := message.of("agent {version} ignores K8S_WATCH_POLICY; it captures and watches the API server", {"version": agent.shown_version(workload)})

_blind(observed) := result.losing(["All features"], result.violation(observed, "an agent that captures"))

_watcher_policy(workload) := result.pass("K8S_WATCH_POLICY is watch-only") if {
	_policy(workload) == "watch-only"
} else := _misset(workload, message.text("K8S_WATCH_POLICY of the watcher is not set")) if {
	_policy(workload) == ""
} else := _misset(workload, message.of("K8S_WATCH_POLICY of the watcher is {value}", {"value": value.shown(_policy(workload))}))

_collector_policy(workload) := _blind(message.text("K8S_WATCH_POLICY is watch-only, so the agent only watches and captures nothing")) if {
	_policy(workload) == "watch-only"
} else := _left_to_others(workload) if {
	_policy(workload) == "watch-disabled"
} else := _misset(workload, _unwatched(_policy(workload))) if {
	settings.mode == "serverless-pod"
} else := result.pass("the agent itself watches the API server")

_left_to_others(workload) := agent.others if {
	count(agent.watching) == 0
	settings.partial
} else := _unwatching(workload) if {
	count(agent.watching) == 0
} else := _unknown(agent.watching[0]) if {
	every watching in agent.watching { _unknown(watching) }
} else := result.pass("K8S_WATCH_POLICY is watch-disabled, and another workload watches the API server")

_unwatching(workload) := agent_changes.variable(workload, _setting(workload), result.violation(
	"K8S_WATCH_POLICY is watch-disabled, and no other workload watches the API server",
	"a watcher, or an agent that watches the API server",
))

_unwatched(policy) := message.text("K8S_WATCH_POLICY is not set, so the server can let any pod watch the API server") if {
	policy == ""
} else := message.of("K8S_WATCH_POLICY is {value}, so the server can let any pod watch the API server", {"value": value.shown(policy)})
