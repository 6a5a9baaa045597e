# METADATA
# title: The agent can list and watch the resources that its group enables
# description: >-
#   The setting `api_resources` of the agent group makes the agent watch resources that the
#   chart's ClusterRole does not contain. Without the rights their tags are missing.
# related_resources:
#   - description: DeepFlow documentation, agent configuration
#     ref: https://deepflow.io/docs/configuration/agent/
# custom:
#   id: DF-RBAC-018
#   met: >-
#     the agent's account may list and watch each resource that the group enables, in the whole
#     cluster
#   related: [DF-CFG-003]
#   conditional: true
#   level: recommended
#   remediation: >-
#     Add the resources that the finding names with the verbs `get`, `list` and `watch` to the
#     ClusterRole that the agent's service account is bound to.
package dfpolicy.requirements.rbac.enabled_resources

import data.dfpolicy.lib.access
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.message
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.rbac_changes
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload, _enabled(workload))) if {
	some workload in rbac.asked
	count(_enabled(workload)) > 0
}

_verdict(workload, enabled) := found if {
	found := access.unanswered(workload)
} else := result.pass(message.of("list and watch are granted on {resources}", {"resources": message.whole(enabled)})) if {
	count(_refused(workload, enabled)) == 0
} else := found if {
	found := rbac.unresolved(rbac.account(workload))
} else := access.following(workload, rbac_changes.listing(workload, [part | some name in _refused(workload, enabled); part := _parts[name]], result.violation(
	message.of(
		"{account} may not list and watch {resources}",
		{"account": rbac.shown(rbac.account(workload)), "resources": message.whole(_refused(workload, enabled))},
	),
	"list and watch in the whole cluster on every resource that the group enables",
)))

_refused(workload, enabled) := [name |
	some name in enabled
	[resource, group] := _parts[name]
	count(rbac.missing(rbac.account(workload), group, resource) & {"list", "watch"}) > 0
]

# What the agent supports beyond the resources that it watches by default.
_parts := {
	"clonesets.apps.kruise.io": ["clonesets", "apps.kruise.io"],
	"ippools.crd.projectcalico.org": ["ippools", "crd.projectcalico.org"],
	"opengaussclusters.opengauss.cmbc.com.cn": ["opengaussclusters", "opengauss.cmbc.com.cn"],
	"servicerules.crd.pingan.org": ["servicerules", "crd.pingan.org"],
	"statefulsets.apps.kruise.io": ["statefulsets", "apps.kruise.io"],
	"statefulsets.platform.stke": ["statefulsets", "platform.stke"],
}

_enabled(workload) := sort({name |
	some entry in agent_group.setting(workload, "api_resources")
	is_object(entry)
	not value.true_at(entry, "disabled")
	some name, [resource, group] in _parts
	value.string_at(entry, "name") == resource
	_of_group(entry, group)
})

# Without a group the agent uses the first that the API server has, which is `apps` for
# StatefulSets.
_of_group(entry, group) if value.string_at(entry, "group") == group

_of_group(entry, group) if {
	value.string_at(entry, "group") == ""
	not group in {"apps.kruise.io", "platform.stke"}
}

_of_group(entry, "apps.kruise.io") if {
	value.string_at(entry, "group") == ""
	value.string_at(entry, "name") == "clonesets"
}
