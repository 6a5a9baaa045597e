package dfpolicy.requirements.rbac.rbac_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.tables.rbac_resources

# The results of all requirements of the group.
answers := union({found | found := data.dfpolicy.requirements.rbac[_].results})

resources := {
	"DF-RBAC-001": "nodes",
	"DF-RBAC-002": "namespaces",
	"DF-RBAC-003": "configmaps",
	"DF-RBAC-004": "services",
	"DF-RBAC-005": "pods",
	"DF-RBAC-006": "replicationcontrollers",
	"DF-RBAC-007": "daemonsets",
	"DF-RBAC-008": "deployments",
	"DF-RBAC-009": "replicasets",
	"DF-RBAC-010": "statefulsets",
	"DF-RBAC-011": "ingresses",
	"DF-RBAC-012": "routes",
}

reading(resource) := {
	"apiGroups": [rbac_resources.api_groups[resource]],
	"resources": [resource],
	"verbs": ["get", "list", "watch"],
}

all_but(left_out) := [reading(resource) | some resource, _ in rbac_resources.api_groups; resource != left_out]

granted(rules) := access.resources([access.role("a", rules), access.binding("a")])

idle := {"env": [{"name": "K8S_WATCH_POLICY", "value": "watch-disabled"}]}

reading_all(change) := granted([object.union(reading(resource), change) | some resource, _ in rbac_resources.api_groups])

_level(id, outcome) := "recommended" if {
	[id, outcome] == ["DF-RBAC-012", "violation"]
} else := "required"

test_access[name] if {
	some name, case in {
		"granted": {"input": reading_all({}), "want": "pass"},
		"another group": {"input": reading_all({"apiGroups": ["batch"]}), "want": "violation"},
		"no watch": {"input": reading_all({"verbs": ["get", "list"]}), "want": "violation"},
		"subresource": {"input": reading_all({"resources": ["*/status"]}), "want": "violation"},
		"names": {"input": reading_all({"resourceNames": ["a"]}), "want": "violation"},
		"wrong type": {"input": granted("*"), "want": "violation"},
		"null": {"input": granted(null), "want": "violation"},
		"only a RoleBinding": {
			"input": access.resources([
				access.role("a", all_but("")),
				object.union(access.binding("a"), {"kind": "RoleBinding"}),
			]),
			"want": "violation",
		},
		"role not in the input": {"input": access.resources([access.binding("a")]), "want": "unknown"},
		"granted together with a role that is not in the input": {
			"input": access.resources([
				access.role("a", all_but("")),
				access.binding("a"),
				access.binding("b"),
			]),
			"want": "pass",
		},
		"no roles at all": {"input": access.resources([]), "want": "unknown"},
		"roles alone": {"input": access.resources([access.role("a", [])]), "want": "violation"},
		"nobody watches": {"input": fixture.agent({}, idle), "want": "unknown"},
	}
	results := answers with input as case.input
	{[result.id, result.outcome, result.level] |
		some result in results
		resources[result.id]
	} == {[id, case.want, _level(id, case.want)] | some id, _ in resources}
}

test_only_the_missing_resource_is_reported[resource] if {
	some id, resource in resources
	results := answers with input as granted(all_but(resource))
	{result.id |
		some result in results
		result.outcome != "pass"
		resources[result.id]
	} == {id}
}

test_verbs_and_reason_are_reported if {
	results := answers with input as granted([object.union(reading("nodes"), {"verbs": ["get"]})])
	fixture.observed(results, "DF-RBAC-001") == {"deepflow/deepflow-agent cannot list, watch nodes: no rule of the ClusterRole a grants it"}
	fixture.observed(results, "DF-RBAC-007") == {"deepflow/deepflow-agent cannot get, list, watch daemonsets: no rule of the ClusterRole a grants it"}
}

test_the_watcher_is_checked if {
	watcher := object.union(
		fixture.workload("Deployment", {}, {"env": [{"name": "K8S_WATCH_POLICY", "value": "watch-only"}]}),
		{"metadata": {"name": "deepflow-agent-watcher"}},
	)
	results := answers with input as {"resources": [
		fixture.workload("DaemonSet", {}, idle),
		watcher,
		access.role("a", all_but("")),
		access.binding("a"),
	]}
	{result.subject.name | some result in results; result.id == "DF-RBAC-001"} == {"deepflow-agent-watcher"}
	{result.subject.name | some result in results; result.id == "DF-RBAC-017"} == {"deepflow-agent"}
	fixture.verdicts(results, "DF-RBAC-001") == {"pass required"}
}

test_no_result_without_an_agent[name] if {
	some name, case in {
		"nothing": {},
		"roles alone": {"resources": [access.role("a", all_but("")), access.binding("a")]},
		"a mode without containers": object.union(fixture.agent({}, {}), {"mode": "legacy-host"}),
	}
	results := answers with input as case
	results == set()
}

# Objects that the collector could not read can only grant more, so their absence is not a violation.
test_refused_kinds_are_unknown[name] if {
	some name, case in {
		"bindings": {"fact": "clusterrolebindings", "ids": ["DF-RBAC-001", "DF-RBAC-014", "DF-RBAC-015", "DF-RBAC-016", "DF-RBAC-017"]},
		"roles": {"fact": "clusterroles", "ids": ["DF-RBAC-001", "DF-RBAC-014", "DF-RBAC-015", "DF-RBAC-016", "DF-RBAC-017"]},
		"roles of the namespace": {"fact": "rolebindings", "ids": ["DF-RBAC-017"]},
		"accounts": {"fact": "serviceaccounts", "ids": ["DF-RBAC-013"]},
	}
	other := {
		"apiVersion": "rbac.authorization.k8s.io/v1",
		"kind": "ClusterRole",
		"metadata": {"name": "other"},
		"rules": [],
	}
	agent := fixture.workload("DaemonSet", {"serviceAccountName": "default"}, {})
	document := {
		"resources": [agent, other],
		"cluster": {"status": {"unread": [{"fact": case.fact, "reason": "forbidden"}]}},
	}
	results := answers with input as document
	outcomes := {outcome | some id in case.ids; some outcome in fixture.verdicts(results, id)}
	outcomes & {"violation required", "violation recommended", "violation informational"} == set()
	some result in results
	result.outcome == "unknown"
	contains(result.observed, "forbidden")
}

test_no_agent_watches if {
	results := answers with input as {"resources": [
		fixture.workload("DaemonSet", {}, idle),
		access.role("a", all_but("")),
		access.binding("a"),
	]}
	watching := {result | some result in results; result.id != "DF-RBAC-017"}
	count(watching) == 16
	{result.observed | some result in watching} == {"not known: the workload that watches the API server"}
	{result.collect | some result in watching} == {"kubectl get deployments -n deepflow -l app=deepflow,component=deepflow-agent -o yaml"}
}
