# METADATA
# title: OpenShift admits the agent's pod
# description: >-
#   OpenShift creates a pod only if its service account can use security context constraints (SCC)
#   that allow everything the pod requests. The default SCC do not allow what the agent requests.
#   Only the events of the DaemonSet show the refusal.
# related_resources:
#   - description: OpenShift documentation, security context constraints
#     ref: https://docs.redhat.com/en/documentation/openshift_container_platform/4.17/html/authentication_and_authorization/managing-pod-security-policies
# custom:
#   id: DF-CH-004
#   met: the cluster is not OpenShift, or an SCC admits the agent's pod
#   level: required
#   impact: [Agent start]
#   remediation: >-
#     Run `oc adm policy add-scc-to-user privileged -z NAME -n NAMESPACE` for the agent's service
#     account, or bind the account to the ClusterRole `system:openshift:scc:privileged`.
package dfpolicy.requirements.chart.openshift_admission

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.message
import data.dfpolicy.lib.openshift
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.rbac_changes
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := _elsewhere if {
	not openshift.detected
} else := result.pass(message.of("the SCC {name} admits the pod", {"name": _admitting(workload)[0]})) if {
	count(_admitting(workload)) > 0
} else := result.unknown(
	message.of("the SCC {names}", {"names": message.whole(_unread(workload))}),
	$"oc get scc {concat(" ", [result.word(name) | some name in _unread(workload)])} -o yaml",
) if {
	count(_unread(workload)) > 0
} else := rbac_changes.privileged_scc(workload, result.violation(
	message.clauses([_refusal(name, workload) | some name in openshift.granted(workload)]),
	"an SCC that admits the pod, for example privileged",
)) if {
	count(openshift.granted(workload)) > 0
} else := doubt if {
	doubt := rbac.unresolved_in_namespace(rbac.account(workload))
} else := rbac_changes.privileged_scc(workload, result.violation(
	message.of("the service account {account} can use no SCC", {"account": rbac.shown(rbac.account(workload))}),
	"an SCC that admits the pod, for example privileged",
))

_refusal(name, workload) := message.of(
	"the SCC {name} refuses {refusals}",
	{"name": name, "refusals": message.list(openshift.refusals(name, workload))},
)

_elsewhere := result.pass(message.of("the cluster is not OpenShift: {evidence}", {"evidence": openshift.other})) if {
	openshift.other
} else := result.at("informational", result.unknown("whether the cluster is OpenShift", "kubectl api-versions"))

_admitting(workload) := [name |
	some name in openshift.granted(workload)
	count(openshift.refusals(name, workload)) == 0
]

_unread(workload) := [name |
	some name in openshift.granted(workload)
	openshift.undefined_constraints(name)
]
