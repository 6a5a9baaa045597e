# METADATA
# title: The agent gets the token of its service account
# description: >-
#   The agent uses the token in its pod to access the API server. Without the token it does not
#   detect that it runs in Kubernetes and cannot identify its cluster.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
#   - description: Kubernetes documentation, service accounts of pods
#     ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
# custom:
#   id: DF-RBAC-013
#   met: the ServiceAccount of the pod exists in its namespace, and its token is mounted
#   covers: [rbac-verbs]
#   remediation: >-
#     Remove `automountServiceAccountToken: false` from `spec.template.spec` and from the
#     ServiceAccount. Apply the ServiceAccount that `spec.template.spec.serviceAccountName` names.
package dfpolicy.requirements.rbac.account_token

import data.dfpolicy.lib.access
import data.dfpolicy.lib.change
import data.dfpolicy.lib.identity
import data.dfpolicy.lib.message
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in rbac.asked

_verdict(workload) := verdict if {
	verdict := access.unwatched(workload)
} else := result.fixed_by(_provided(workload), result.violation(
	_withheld(workload),
	"automountServiceAccountToken is not false, or a projected token is mounted",
)) if {
	_withheld(workload)
} else := result.losing(["Agent start", "All features"], result.violation(
	message.of(
		"the ServiceAccount is {found}, the pod runs as {account}",
		{"found": _elsewhere[workload.service_account], "account": rbac.shown(rbac.account(workload))},
	),
	"a ServiceAccount in the namespace of the pod",
)) if {
	count(_service_accounts(workload)) == 0
	_elsewhere[workload.service_account]
	not settings.partial
} else := result.unknown(
	settings.refused(message.of("the ServiceAccount {account}", {"account": rbac.shown(rbac.account(workload))}), "serviceaccounts"),
	$"kubectl get serviceaccount -n {result.word(workload.subject.namespace)} {result.word(workload.service_account)} -o yaml",
) if {
	count(_service_accounts(workload)) == 0
	_service_account_open(workload)
} else := result.pass(message.of(
	"the pod runs as {account} and gets its token",
	{"account": rbac.shown(rbac.account(workload))},
))

# Each namespace has a `default` account, which provides its token unless someone changed it.
_service_account_open(workload) if workload.service_account != "default"

_service_account_open(_) if settings.unread.serviceaccounts

# The pod's setting overrides the ServiceAccount's.
_withheld(workload) := _finding(refusals[0]) if {
	refusals := [found |
		some document in _deciding(workload)
		found := value.at(document, "automountServiceAccountToken", true)
		found != true
	]
	count(refusals) > 0
	not _projected(workload)
}

_provided(workload) := change.manifests(
	"account-token",
	[change.set(workload.subject, change.pod(workload, ["automountServiceAccountToken"]), true)],
)

_finding(found) := message.text("automountServiceAccountToken is false") if {
	found == false
} else := message.text("automountServiceAccountToken is not a boolean")

_deciding(workload) := [workload.pod] if {
	value.at(workload.pod, "automountServiceAccountToken", null) != null
} else := _service_accounts(workload)

_service_accounts(workload) := object.get(_by_account, [[workload.subject.namespace, workload.service_account]], [])

_elsewhere := value.indexed([[account[1], concat("/", account)] | some account, _ in _by_account; account[1] != "default"])

_by_account := {account: resources | some account, resources in _accounts}

_accounts[[identity.namespace(resource), value.string_at(resource, ["metadata", "name"])]] contains resource if {
	some resource in settings.resources
	value.string_at(resource, "kind") == "ServiceAccount"
	value.string_at(resource, "apiVersion") == "v1"
}

_projected(workload) if {
	some mounted in value.objects_at(workload.container, "volumeMounts")
	mount.clean(value.string_at(mounted, "mountPath")) in _token_paths
	value.string_at(mounted, "subPath") == ""
	some source in value.objects_at(mount.volume(workload, mounted), ["projected", "sources"])
	value.string_at(source, ["serviceAccountToken", "path"]) == "token"
}

_token_paths := {$"{run}/secrets/kubernetes.io/serviceaccount" | some run in {"/run", "/var/run"}}
