package dfpolicy.requirements.rbac.enabled_resources_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.rbac.enabled_resources

_group(entries) := {
	"apiVersion": "dfpolicy.dev/v1",
	"kind": "AgentGroupConfig",
	"metadata": {"name": "default"},
	"spec": {"inputs": {"resources": {"kubernetes": {"api_resources": entries}}}},
}

_former(entries) := object.union(_group([]), {"spec": {"static_config": {"kubernetes-resources": entries}}})

_rule(group, resource) := {"apiGroups": [group], "resources": [resource], "verbs": ["list", "watch"]}

_pools := [{"name": "ippools"}]

_roles(rules) := [access.role("a", rules), access.binding("a")]

test_verdict[name] if {
	some name, case in {
		"granted": {"group": _group(_pools), "roles": _roles([_rule("crd.projectcalico.org", "ippools")]), "want": {"pass"}},
		"of another group": {"group": _group(_pools), "roles": _roles([_rule("", "ippools")]), "want": {"violation"}},
		"no rule": {"group": _group(_pools), "roles": _roles([]), "want": {"violation"}},
		"the former name, which v7.1 ignores": {"group": _former(_pools), "roles": _roles([]), "want": set()},
		"clone sets": {"group": _group([{"name": "clonesets"}]), "roles": _roles([_rule("apps.kruise.io", "clonesets")]), "want": {"pass"}},
		"StatefulSets of Kruise": {
			"group": _group([{"name": "statefulsets", "group": "apps.kruise.io"}]),
			"roles": _roles([_rule("apps", "statefulsets")]),
			"want": {"violation"},
		},
		"StatefulSets of Kubernetes": {"group": _group([{"name": "statefulsets"}]), "roles": _roles([]), "want": set()},
		"disabled": {"group": _group([{"name": "ippools", "disabled": true}]), "roles": _roles([]), "want": set()},
		"wrong type": {"group": _group("ippools"), "roles": _roles([]), "want": set()},
		"no roles": {"group": _group(_pools), "roles": [], "want": {"unknown"}},
		"a role that is not in the input": {"group": _group(_pools), "roles": [access.binding("a")], "want": {"unknown"}},
	}
	results := enabled_resources.results with input as access.resources(array.concat([case.group], case.roles))
	fixture.verdicts(results, "DF-RBAC-018") == {$"{outcome} recommended" | some outcome in case.want}
}
