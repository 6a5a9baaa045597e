# METADATA
# title: Each agent watches the API server as it is meant to
# description: >-
#   `K8S_WATCH_POLICY` is exact: any text but `watch-disabled` and `watch-only` means normal.
#   Where no agent watches, nothing gets Kubernetes tags. Agents from v6.6 on exit at
#   `ONLY_WATCH_K8S_RESOURCE`, its former form.
# custom:
#   id: DF-SL-003
#   level: required
#   impact: [AutoTagging]
#   remediation: >-
#     Set `K8S_WATCH_POLICY` to `watch-disabled` on the DaemonSet and to `watch-only` on the
#     watcher; in the chart `daemonsetWatchDisabled` together with `watcher` in `deployComponent`.
#     A DaemonSet that watches itself, without a watcher, leaves it out.
package dfpolicy.requirements.serverless_pod.watch_policy

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.workloads

_verdict(workload) := _former_policy(workload) if {
	workload.environment.ONLY_WATCH_K8S_RESOURCE
} else := result.unknown(
	"the value of K8S_WATCH_POLICY, which comes from elsewhere",
	$"kubectl get configmaps -n {workload.subject.namespace} -o yaml",
) if {
	value.at(workload.environment, ["K8S_WATCH_POLICY", "valueFrom"], null) != null
} else := result.violation(
	$"K8S_WATCH_POLICY is {value.shown(_policy(workload))}, which the agent takes for normal",
	$"K8S_WATCH_POLICY is {_meant(workload)}",
) if {
	not _policy(workload) in {"", "normal", "watch-normal", "watch-disabled", "watch-only"}
} else := _watcher_policy(workload) if {
	workload.role == "watcher"
} else := _collector_policy(workload)

_policy(workload) := value.plain(value.at(workload.environment, ["K8S_WATCH_POLICY", "value"], ""))

_meant(workload) := "watch-only" if {
	workload.role == "watcher"
} else := "watch-disabled"

_former_policy(workload) := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := result.losing(["Agent start", "AutoTagging"], result.violation(
	$"ONLY_WATCH_K8S_RESOURCE is set, and the agent {agent.shown_version(workload)} exits at it",
	$"K8S_WATCH_POLICY is {_meant(workload)}, and no ONLY_WATCH_K8S_RESOURCE",
)) if {
	agent.at_least(workload, [6, 6])
} else := result.pass("ONLY_WATCH_K8S_RESOURCE is set, which agents before v6.6 know") if {
	workload.role == "watcher"
} else := _blind("ONLY_WATCH_K8S_RESOURCE is set")

_blind(observed) := result.losing(["All features"], result.violation(
	$"{observed}, so the agent watches and captures nothing",
	"an agent that captures",
))

_watcher_policy(workload) := result.pass("K8S_WATCH_POLICY is watch-only") if {
	_policy(workload) == "watch-only"
} else := result.violation(
	$"K8S_WATCH_POLICY of the watcher is {value.shown_or_unset(_policy(workload))}",
	"K8S_WATCH_POLICY is watch-only",
)

_collector_policy(workload) := _blind("K8S_WATCH_POLICY is watch-only") if {
	_policy(workload) == "watch-only"
} else := agent.others if {
	_policy(workload) == "watch-disabled"
	count(agent.watching) == 0
	settings.partial
} else := result.violation(
	"K8S_WATCH_POLICY is watch-disabled, and no other workload watches the API server",
	"a watcher, or an agent that watches",
) if {
	_policy(workload) == "watch-disabled"
	count(agent.watching) == 0
} else := result.pass("K8S_WATCH_POLICY is watch-disabled, and another workload watches") if {
	_policy(workload) == "watch-disabled"
} else := result.violation(
	$"K8S_WATCH_POLICY is {value.shown_or_unset(_policy(workload))}, so the server may have any pod watch the API server",
	"K8S_WATCH_POLICY is watch-disabled",
) if {
	settings.mode == "serverless-pod"
} else := result.pass("the agent watches the API server itself")
