# METADATA
# title: The server can hold its leader election lease
# description: The server starts its work after it knows the leader, which a Lease of its namespace names.
# related_resources:
#   - description: DeepFlow source code, leader election of the server
#     ref: https://github.com/deepflowio/deepflow/blob/main/server/controller/election/election.go
# custom:
#   id: DF-SK-005
#   met: >-
#     the server's account may get, create and update `leases.coordination.k8s.io` in its namespace,
#     or the server is older than v6.1.2
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Add `leases` of the API group `coordination.k8s.io` with the verbs `get`, `create` and
#     `update` to the Role that the server's service account is bound to.
#   modes: [all-in-one, single-k8s]
package dfpolicy.requirements.single_k8s.leader_election

import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.rbac_changes
import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.value
import data.dfpolicy.lib.workload as pods

results contains result.of(rego.metadata.chain(), found.subject, _verdict(found)) if some found in server.asked

_verdict(found) := server.missing if {
	server.absent(found)
} else := result.pass(message.of(
	"servers before v6.1.2 elect no leader (image {image})",
	{"image": value.string_at(found.container, "image")},
)) if {
	image.up_to(image.version(value.string_at(found.container, "image")), [6, 1, 1])
} else := result.pass("get, create and update on leases are granted") if {
	count(_lacking(_account(found))) == 0
} else := result.unknown(
	message.of("the roles and bindings of the server's service account {account}", {"account": rbac.shown(_account(found))}),
	$"kubectl get roles,rolebindings -n {result.word(found.subject.namespace)} -o yaml",
) if {
	count(rbac.cluster_bindings(_account(found))) + count(rbac.role_bindings(_account(found))) == 0
} else := verdict if {
	verdict := rbac.unresolved_in_namespace(_account(found))
} else := rbac_changes.electing(_account(found), result.violation(
	message.of(
		"the service account {account} lacks {verbs} on leases in its namespace",
		{"account": rbac.shown(_account(found)), "verbs": message.whole(_lacking(_account(found)))},
	),
	"get, create and update on leases.coordination.k8s.io",
))

_account(found) := {"namespace": found.subject.namespace, "name": pods.service_account({"spec": found.pod})}

# A request that creates an object has no name, so a rule with names does not grant it.
_lacking(account) := sort(_ungranted(account, "deepflow-server", {"get", "update"}) | _ungranted(account, "", {"create"}))

_ungranted(account, name, verbs) := verbs - rbac.on_object(account, _lease(name), verbs)

_lease(name) := {"group": "coordination.k8s.io", "resource": "leases", "name": name}
