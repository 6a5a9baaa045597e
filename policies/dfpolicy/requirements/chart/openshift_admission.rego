# METADATA
# title: OpenShift admits the agent's pod
# description: >-
#   OpenShift creates a pod only where security context constraints that its service account may
#   use allow all that it asks for. The default ones allow the agent nothing, and only the
#   DaemonSet's events say so.
# related_resources:
#   - description: OpenShift documentation, security context constraints
#     ref: https://docs.redhat.com/en/documentation/openshift_container_platform/4.17/html/authentication_and_authorization/managing-pod-security-policies
# custom:
#   id: DF-CH-004
#   level: required
#   impact: [Agent start]
#   remediation: >-
#     Run `oc adm policy add-scc-to-user privileged -z NAME -n NAMESPACE` for the agent's service
#     account, or bind the account to the ClusterRole `system:openshift:scc:privileged`.
#   source: SRC
package dfpolicy.requirements.chart.openshift_admission

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.openshift
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := _elsewhere if {
	not openshift.evidence
} else := result.pass($"the constraints {_admitting(workload)[0]} admit the pod") if {
	count(_admitting(workload)) > 0
} else := result.unknown(
	$"the security context constraints {concat(", ", _unread(workload))}",
	$"oc get scc {concat(" ", _unread(workload))} -o yaml",
) if {
	count(_unread(workload)) > 0
} else := result.violation(
	concat("; ", [$"the constraints {name} refuse {result.abridged(openshift.refusals(name, workload))}" |
		some name in openshift.granted(workload)
	]),
	"constraints such as privileged",
) if {
	count(openshift.granted(workload)) > 0
} else := doubt if {
	doubt := rbac.unresolved_in_namespace(rbac.account(workload))
} else := result.violation(
	$"the service account {rbac.shown(rbac.account(workload))} is granted no constraints",
	"constraints such as privileged",
)

_elsewhere := result.pass($"the cluster is no OpenShift: {openshift.other}") if {
	openshift.other
} else := result.at("informational", result.unknown("whether the cluster is an OpenShift", "kubectl api-versions"))

_admitting(workload) := [name |
	some name in openshift.granted(workload)
	count(openshift.refusals(name, workload)) == 0
]

_unread(workload) := [name |
	some name in openshift.granted(workload)
	openshift.undefined_constraints(name)
]
