package dfpolicy.requirements.upgrade.own_config_map_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.upgrade.own_config_map
import data.dfpolicy.requirements.upgrade.upgrade_test as shared

_verdicts(document, id) := fixture.verdicts(results, id) if {
	results := own_config_map.results with input as document
}

_role(rules) := {
	"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
	"metadata": {"name": "deepflow-agent-update", "namespace": "deepflow"},
	"rules": rules,
}

_binding := {
	"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
	"metadata": {"name": "deepflow-agent-update", "namespace": "deepflow"},
	"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "deepflow-agent-update"},
	"subjects": [{"kind": "ServiceAccount", "name": "deepflow-agent"}],
}

_rule(names) := {
	"apiGroups": [""],
	"resources": ["configmaps"],
	"resourceNames": names,
	"verbs": ["get", "list", "watch", "update", "patch"],
}

test_verdict[name] if {
	some name, case in {
		"granted": {"more": [_role([_rule(["deepflow-agent"])]), _binding], "want": "pass informational"},
		"any name": {"more": [_role([object.remove(_rule([]), ["resourceNames"])]), _binding], "want": "pass informational"},
		"the chart's name": {"more": [_role([_rule(["deepflow-agent-config"])]), _binding], "want": "violation informational"},
		"nothing bound": {"more": [_role([_rule(["deepflow-agent"])])], "want": "violation informational"},
		"null": {"more": [_role(null), _binding], "want": "violation informational"},
		"wrong type": {"more": [_role("all"), _binding], "want": "violation informational"},
		"role not in the input": {"more": [_binding], "want": "unknown informational"},
		"no roles": {"more": [], "want": "unknown informational"},
	}
	document := shared.upgrade([], array.concat([shared.agent], case.more))
	_verdicts(document, "DF-UPG-005") == {case.want}
}

test_without_a_mounted_config_map if {
	document := shared.upgrade([], [fixture.workload("DaemonSet", {"volumes": null}, {})])
	_verdicts(document, "DF-UPG-005") == {"unknown informational"}
}
