package dfpolicy.adapters.gatekeeper_test

import data.dfpolicy.adapters.gatekeeper
import data.dfpolicy.lib.fixture_test as fixture

_review(reviewed, parameters) := {
	"review": {"object": reviewed, "namespace": "deepflow", "operation": "CREATE"},
	"parameters": parameters,
}

_broken := fixture.workload("DaemonSet", {"hostPID": false}, {})

_ids(violations) := {violation.details.id | some violation in violations}

test_violation[name] if {
	some name, case in {
		"its level": {"parameters": {"levels": ["required"]}, "want": {"DF-K8S-001"}},
		"another level": {"parameters": {"levels": ["informational"]}, "want": set()},
		"exempt": {"parameters": {"levels": ["required"], "exempt": ["DF-K8S-001"]}, "want": set()},
		"no level": {"parameters": {}, "want": set()},
		"no parameters": {"parameters": null, "want": set()},
		"another mode": {"parameters": {"levels": ["required"], "mode": "serverless-pod"}, "want": set()},
	}
	found := gatekeeper.violation with input as _review(_broken, case.parameters)
	_ids(found) & {"DF-K8S-001"} == case.want
}

test_violation_has_the_remediation if {
	found := gatekeeper.violation with input as _review(_broken, {"levels": ["required"]})
	some violation in found
	violation.details.id == "DF-K8S-001"
	startswith(violation.msg, "DF-K8S-001 The agent shares the host's process namespace: hostPID is false; expected hostPID is true; Set ")
	violation.details.level == "required"
	violation.details.subject == {"apiVersion": "apps/v1", "kind": "DaemonSet", "namespace": "deepflow", "name": "deepflow-agent"}
}

test_other_objects_have_no_violation[name] if {
	some name, reviewed in {
		"service": {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}},
		"deleted": null,
	}
	found := gatekeeper.violation with input as _review(reviewed, {"levels": ["required", "recommended", "informational"]})
	found == set()
}

test_the_namespace_comes_from_the_review if {
	unplaced := json.remove(_broken, ["metadata/namespace"])
	found := gatekeeper.violation with input as _review(unplaced, {"levels": ["required"]})
	{violation.details.subject.namespace | some violation in found; violation.details.subject.kind == "DaemonSet"} == {"deepflow"}
}

_group := "rbac.authorization.k8s.io/v1"

_role(rules) := {
	"apiVersion": _group,
	"kind": "ClusterRole",
	"metadata": {"name": "deepflow-agent"},
	"rules": rules,
}

_binding := {
	"apiVersion": _group,
	"kind": "ClusterRoleBinding",
	"metadata": {"name": "deepflow-agent"},
	"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "deepflow-agent"},
	"subjects": [{"kind": "ServiceAccount", "name": "deepflow-agent", "namespace": "deepflow"}],
}

_local_binding := object.union(_binding, {"kind": "RoleBinding", "metadata": {"namespace": "deepflow"}})

test_synchronised_objects_count[name] if {
	reading := [{"apiGroups": [""], "resources": ["nodes"], "verbs": ["get", "list", "watch"]}]
	some name, case in {
		"nothing": {"inventory": {}, "want": set()},
		"granted": {
			"inventory": {"cluster": {_group: {
				"ClusterRole": {"deepflow-agent": _role(reading)},
				"ClusterRoleBinding": {"deepflow-agent": _binding},
			}}},
			"want": set(),
		},
		"not granted": {
			"inventory": {"cluster": {_group: {
				"ClusterRole": {"deepflow-agent": _role([])},
				"ClusterRoleBinding": {"deepflow-agent": _binding},
			}}},
			"want": {"DF-RBAC-001"},
		},
		"granted in one namespace": {
			"inventory": {
				"cluster": {_group: {"ClusterRole": {"deepflow-agent": _role(reading)}}},
				"namespace": {"deepflow": {_group: {"RoleBinding": {"deepflow-agent": _local_binding}}}},
			},
			"want": {"DF-RBAC-001"},
		},
	}
	agent := fixture.workload("DaemonSet", {}, {})
	found := gatekeeper.violation with input as _review(agent, {"levels": ["required"]}) with data.inventory as case.inventory
	_ids(found) & {"DF-RBAC-001"} == case.want
}
