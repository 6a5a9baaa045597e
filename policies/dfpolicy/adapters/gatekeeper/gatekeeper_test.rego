package dfpolicy.adapters.gatekeeper_test

import data.dfpolicy.adapters.gatekeeper
import data.dfpolicy.lib.fixture_test as fixture

_review(reviewed, parameters) := {
	"review": {"object": reviewed, "namespace": "deepflow", "operation": "CREATE"},
	"parameters": parameters,
}

_broken := fixture.workload("DaemonSet", {"hostPID": false}, {})

_ids(violations) := {violation.details.id | some violation in violations}

# Results of one requirement, in place of the catalogue: what the parameters select does not depend
# on which requirement it is.
_results(level) := {"group": {"requirement": {"results": {{"id": "DF-K8S-001", "outcome": "violation", "level": level, "message": "m", "remediation": "r"}}}}}

test_violation[name] if {
	some name, case in {
		"its level": {"parameters": {"levels": ["required"]}, "want": {"DF-K8S-001"}},
		"another level": {"parameters": {"levels": ["informational"]}, "want": set()},
		"exempt": {"parameters": {"levels": ["required"], "exempt": ["DF-K8S-001"]}, "want": set()},
		"no level": {"parameters": {}, "want": set()},
		"no parameters": {"parameters": null, "want": set()},
	}
	found := gatekeeper.violation with input as _review(_broken, case.parameters)
		with data.dfpolicy.requirements as _results("required")
	_ids(found) == case.want
}

test_the_constraint_sets_mode_and_profile if {
	judged := gatekeeper._input with input as _review(_broken, {"mode": "serverless-pod", "profile": "strict"})
	[judged.mode, judged.profile] == ["serverless-pod", "strict"]
	unset := gatekeeper._input with input as _review(_broken, {})
	[unset.mode, unset.profile] == ["auto", "default"]
}

test_waiver[name] if {
	some name, case in {
		"any subject": {"waiver": {}, "want": set()},
		"its subject": {"waiver": {"subject": "DaemonSet/deepflow/*"}, "want": set()},
		"another subject": {"waiver": {"subject": "DaemonSet/other/*"}, "want": {"DF-K8S-001"}},
		"another requirement": {"waiver": {"id": "DF-K8S-002"}, "want": {"DF-K8S-001"}},
		"expired": {"waiver": {"expires": "2026-06-01"}, "want": {"DF-K8S-001"}},
		"its last day": {"waiver": {"expires": "2026-06-02"}, "want": set()},
		"wrong types": {"waiver": {"expires": 1, "subject": []}, "want": {"DF-K8S-001"}},
	}
	waiver := object.union({"id": "DF-K8S-001", "subject": "*", "expires": "2030-01-01"}, case.waiver)
	found := gatekeeper.violation with input as _review(_broken, {"levels": ["required"], "waivers": [waiver]})
		with time.now_ns as 1780358400000000000
	_ids(found) & {"DF-K8S-001"} == case.want
}

test_waiver_of_a_container[name] if {
	some name, want in {"*:deepflow-agent": set(), "*:other": {"DF-NET-002"}}
	waiver := {"id": "DF-NET-002", "subject": name, "expires": "2999-01-01"}
	weak := fixture.workload("DaemonSet", {}, {"securityContext": {"capabilities": {"add": []}}})
	found := gatekeeper.violation with input as _review(weak, {"levels": ["required"], "waivers": [waiver]})
	_ids(found) & {"DF-NET-002"} == want
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
	judged := gatekeeper._input with input as _review(unplaced, {"levels": ["required"]})
	[resource.metadata.namespace | some resource in judged.resources] == ["deepflow"]
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

# What is judged together with the agent. That a missing permission is a violation is asserted with
# the requirements; the whole catalogue would take seconds for each case here.
test_synchronised_objects_count[name] if {
	some name, case in {
		"nothing": {"inventory": {}, "want": ["DaemonSet"]},
		"role and binding": {
			"inventory": {"cluster": {_group: {
				"ClusterRole": {"deepflow-agent": _role([])},
				"ClusterRoleBinding": {"deepflow-agent": _binding},
			}}},
			"want": ["DaemonSet", "ClusterRole", "ClusterRoleBinding"],
		},
		"in one namespace": {
			"inventory": {
				"cluster": {"v1": {"Namespace": {"deepflow": {"kind": "Namespace"}}}},
				"namespace": {"deepflow": {_group: {"RoleBinding": {"deepflow-agent": _local_binding}}}},
			},
			"want": ["DaemonSet", "Namespace", "RoleBinding"],
		},
		"other kinds": {
			"inventory": {
				"cluster": {"v1": {"Node": {"a": {"kind": "Node"}}}},
				"namespace": {"deepflow": {"v1": {"Secret": {"a": {"kind": "Secret"}}}}},
			},
			"want": ["DaemonSet"],
		},
	}
	judged := gatekeeper._input with input as _review(_broken, {"levels": ["required"]})
		with data.inventory as case.inventory
	[resource.kind | some resource in judged.resources] == case.want
}

test_a_synchronised_role_has_violations if {
	inventory := {"cluster": {_group: {
		"ClusterRole": {"deepflow-agent": _role([])},
		"ClusterRoleBinding": {"deepflow-agent": _binding},
	}}}
	found := gatekeeper.violation with input as _review(_broken, {"levels": ["required"]})
		with data.inventory as inventory
	"DF-RBAC-001" in _ids(found)
}
