package dfpolicy.requirements.rbac_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_test as access
import data.dfpolicy.requirements.rbac
import data.dfpolicy.tables.rbac_resources

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

extensions := object.union(reading("ingresses"), {"apiGroups": ["extensions"]})

idle := {"env": [{"name": "K8S_WATCH_POLICY", "value": "watch-disabled"}]}

reading_all(change) := granted([object.union(reading(resource), change) | some resource, _ in rbac_resources.api_groups])

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
		"granted beside a role that is not in the input": {
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
	results := rbac.results with input as case.input
	{[result.id, result.outcome, result.level] |
		some result in results
		resources[result.id]
	} == {[id, case.want, _level(id, case.want)] | some id, _ in resources}
}

_level(id, outcome) := "recommended" if {
	[id, outcome] == ["DF-RBAC-012", "violation"]
} else := "required"

test_a_resource_is_missing_alone[resource] if {
	some id, resource in resources
	results := rbac.results with input as granted(all_but(resource))
	{result.id |
		some result in results
		result.outcome != "pass"
		resources[result.id]
	} == {id}
}

test_access_tells_verbs_and_reason if {
	results := rbac.results with input as granted([object.union(reading("nodes"), {"verbs": ["get"]})])
	fixture.observed(results, "DF-RBAC-001") == {"deepflow/deepflow-agent may not list, watch nodes: no rule of the ClusterRole a grants it"}
	fixture.observed(results, "DF-RBAC-007") == {"deepflow/deepflow-agent may not get, list, watch daemonsets: no rule of the ClusterRole a grants it"}
}

test_ingresses_of_extensions[name] if {
	some name, case in {
		"v1.13": {"version": "v1.13.12", "rules": [extensions], "want": "pass required"},
		"v1.14": {"version": "v1.14.0", "rules": [extensions], "want": "violation recommended"},
		"v1.21": {"version": "v1.21.3-vendor.1", "rules": [extensions], "want": "violation recommended"},
		"v1.22": {"version": "v1.22.0", "rules": [extensions], "want": "violation required"},
		"v1.30": {"version": "v1.30", "rules": [extensions], "want": "violation required"},
		"version not known": {"version": null, "rules": [extensions], "want": "violation required"},
		"version of a wrong type": {"version": 1.13, "rules": [extensions], "want": "violation required"},
		"v1.13 with a verb less": {
			"version": "v1.13.12",
			"rules": [object.union(extensions, {"verbs": ["get", "list"]})],
			"want": "violation required",
		},
		"v1.13 and both groups": {
			"version": "v1.13.12",
			"rules": [extensions, reading("ingresses")],
			"want": "pass required",
		},
	}
	results := rbac.results with input as object.union(
		granted(case.rules),
		{"cluster": {"spec": {"version": case.version}}},
	)
	fixture.verdicts(results, "DF-RBAC-011") == {case.want}
}

test_routes_where_they_matter[name] if {
	some name, case in {
		"cluster not known": {"more": {}, "want": "violation recommended"},
		"another distribution": {"more": {"cluster": {"spec": {"distribution": "tke"}}}, "want": "violation recommended"},
		"wrong types": {
			"more": {"cluster": {"spec": {"distribution": ["openshift"], "apiGroups": "route.openshift.io"}}},
			"want": "violation recommended",
		},
		"OpenShift": {"more": {"cluster": {"spec": {"distribution": "openshift"}}}, "want": "violation required"},
		"API group": {
			"more": {"cluster": {"spec": {"apiGroups": ["apps", "route.openshift.io"]}}},
			"want": "violation required",
		},
		"API group and version": {
			"more": {"cluster": {"spec": {"apiGroups": ["route.openshift.io/v1"]}}},
			"want": "violation required",
		},
		"strict": {"more": {"profile": "strict"}, "want": "violation required"},
	}
	results := rbac.results with input as object.union(granted(all_but("routes")), case.more)
	fixture.verdicts(results, "DF-RBAC-012") == {case.want}
}

test_token[name] if {
	account := {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "deepflow-agent"}}
	silent := {"automountServiceAccountToken": false}
	mounted := {"volumeMounts": [{"name": "token", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount/"}]}
	token := {"serviceAccountToken": {"path": "token"}}
	some name, case in {
		"mounted": {"documents": [account], "pod": {}, "container": {}, "want": "pass"},
		"null": {
			"documents": [object.union(account, {"automountServiceAccountToken": null})],
			"pod": {"automountServiceAccountToken": null},
			"container": {},
			"want": "pass",
		},
		"account not in the input": {"documents": [], "pod": {}, "container": {}, "want": "unknown"},
		"account of another namespace": {
			"documents": [object.union(account, {"metadata": {"namespace": "default"}})],
			"pod": {},
			"container": {},
			"want": "unknown",
		},
		"object of another API": {
			"documents": [object.union(account, {"apiVersion": "example.com/v1"})],
			"pod": {},
			"container": {},
			"want": "unknown",
		},
		"default account": {
			"documents": [],
			"pod": {"serviceAccountName": null},
			"container": {},
			"want": "pass",
		},
		"the pod refuses": {"documents": [account], "pod": silent, "container": {}, "want": "violation"},
		"the pod refuses, account not in the input": {
			"documents": [],
			"pod": silent,
			"container": {},
			"want": "violation",
		},
		"the account refuses": {
			"documents": [object.union(account, silent)],
			"pod": {},
			"container": {},
			"want": "violation",
		},
		"the pod beats the account": {
			"documents": [object.union(account, silent)],
			"pod": {"automountServiceAccountToken": true},
			"container": {},
			"want": "pass",
		},
		"the pod beats the account the other way": {
			"documents": [object.union(account, {"automountServiceAccountToken": true})],
			"pod": silent,
			"container": {},
			"want": "violation",
		},
		"wrong type": {
			"documents": [account],
			"pod": {"automountServiceAccountToken": "false"},
			"container": {},
			"want": "violation",
		},
		"projected": {
			"documents": [account],
			"pod": object.union(silent, {"volumes": [{"name": "token", "projected": {"sources": [token]}}]}),
			"container": mounted,
			"want": "pass",
		},
		"projected, not mounted": {
			"documents": [account],
			"pod": object.union(silent, {"volumes": [{"name": "token", "projected": {"sources": [token]}}]}),
			"container": {},
			"want": "violation",
		},
		"projected without a token": {
			"documents": [account],
			"pod": object.union(silent, {"volumes": [{"name": "token", "projected": {"sources": null}}]}),
			"container": mounted,
			"want": "violation",
		},
	}
	results := rbac.results with input as {"resources": array.flatten([
		fixture.workload("DaemonSet", case.pod, case.container),
		case.documents,
		access.binding("a"),
	])}
	fixture.verdicts(results, "DF-RBAC-013") == {$"{case.want} required"}
}

test_binding[name] if {
	some name, case in {
		"ClusterRoleBinding": {"documents": [access.binding("a")], "want": "pass"},
		"one that everyone has": {
			"documents": [object.union(access.binding("system:discovery"), {"subjects": [{
				"kind": "Group",
				"name": "system:authenticated",
			}]})],
			"want": "violation",
		},
		"RoleBinding": {
			"documents": [object.union(access.binding("a"), {"kind": "RoleBinding"})],
			"want": "violation",
		},
		"another account": {
			"documents": [object.union(access.binding("a"), {"subjects": [{
				"kind": "ServiceAccount",
				"name": "default",
				"namespace": "deepflow",
			}]})],
			"want": "violation",
		},
		"wrong type": {"documents": [object.union(access.binding("a"), {"subjects": "a"})], "want": "violation"},
		"no roles at all": {"documents": [], "want": "unknown"},
	}
	results := rbac.results with input as access.resources(case.documents)
	fixture.verdicts(results, "DF-RBAC-014") == {$"{case.want} required"}
}

test_binding_tells_the_reach if {
	results := rbac.results with input as access.resources([object.union(access.binding("a"), {"kind": "RoleBinding"})])
	fixture.observed(results, "DF-RBAC-014") == {concat("", [
		"deepflow/deepflow-agent: bound only by the RoleBinding deepflow/a, which reaches one namespace; ",
		"nodes and namespaces are cluster scoped and lists are cluster wide",
	])}
}

test_verbs[name] if {
	some name, case in {
		"all": {"input": granted(all_but("")), "want": "pass"},
		"one resource not granted": {"input": granted(all_but("routes")), "want": "pass"},
		"one without watch": {
			"input": granted(array.concat(
				all_but("pods"),
				[object.union(reading("pods"), {"verbs": ["get", "list"]})],
			)),
			"want": "violation",
		},
		"from two rules": {
			"input": granted([
				object.union(reading("pods"), {"verbs": ["get", "list"]}),
				object.union(reading("pods"), {"verbs": ["watch"]}),
			]),
			"want": "pass",
		},
		"nothing granted": {"input": granted([]), "want": "violation"},
		"wrong type": {"input": granted("*"), "want": "violation"},
		"role not in the input": {"input": access.resources([access.binding("a")]), "want": "unknown"},
		"all, beside a role that is not in the input": {
			"input": access.resources([
				access.role("a", all_but("")),
				access.binding("a"),
				access.binding("b"),
			]),
			"want": "pass",
		},
		"some, beside a role that is not in the input": {
			"input": access.resources([
				access.role("a", all_but("pods")),
				access.binding("a"),
				access.binding("b"),
			]),
			"want": "unknown",
		},
		"no roles at all": {"input": access.resources([]), "want": "unknown"},
	}
	results := rbac.results with input as case.input
	fixture.verdicts(results, "DF-RBAC-015") == {$"{case.want} required"}
}

test_verbs_names_what_is_missing if {
	results := rbac.results with input as granted([
		object.union(reading("pods"), {"verbs": ["get"]}),
		object.union(reading("daemonsets"), {"verbs": ["list", "watch"]}),
	])
	fixture.observed(results, "DF-RBAC-015") == {"daemonsets without get; pods without list, watch"}
}

test_discovery[name] if {
	some name, case in {
		"by default": {"documents": [], "want": "pass"},
		"redefined for everyone": {
			"documents": [access.document("ClusterRoleBinding", "system:discovery", {
				"subjects": [{"kind": "Group", "name": "system:authenticated"}],
				"roleRef": access.reference("system:discovery"),
			})],
			"want": "pass",
		},
		"redefined for nobody": {
			"documents": [access.document("ClusterRoleBinding", "system:discovery", {"subjects": null})],
			"want": "violation",
		},
		"redefined to nothing": {"documents": [access.role("system:discovery", "*")], "want": "violation"},
		"granted otherwise": {
			"documents": [access.role("system:discovery", []), access.binding("cluster-admin")],
			"want": "pass",
		},
		"redefined beside a role that is not in the input": {
			"documents": [access.role("system:discovery", []), access.binding("a")],
			"want": "unknown",
		},
	}
	results := rbac.results with input as access.resources(case.documents)
	fixture.verdicts(results, "DF-RBAC-016") == {$"{case.want} informational"}
}

test_own_daemonset[name] if {
	rule := {"apiGroups": ["apps"], "resources": ["daemonsets"], "verbs": ["get", "list", "watch", "update", "patch"]}
	named := object.union(rule, {"resourceNames": ["deepflow-agent"]})
	bound := access.document("RoleBinding", "update", {
		"subjects": [{"kind": "ServiceAccount", "name": "deepflow-agent", "apiGroup": ""}],
		"roleRef": {"kind": "Role", "name": "update"},
	})
	some name, case in {
		"granted": {
			"tag": "v7.1",
			"documents": [access.document("Role", "update", {"rules": [named]}), bound],
			"want": "pass",
		},
		"granted to any version": {
			"tag": "latest",
			"documents": [access.document("Role", "update", {"rules": [named]}), bound],
			"want": "pass",
		},
		"by a ClusterRole": {
			"tag": "v7.1",
			"documents": [access.role("a", [rule]), access.binding("a")],
			"want": "pass",
		},
		"no patch": {
			"tag": "v7.1",
			"documents": [access.document("Role", "update", {"rules": [object.union(named, {"verbs": ["get", "update"]})]}), bound],
			"want": "violation",
		},
		"another name": {
			"tag": "v7.1",
			"documents": [access.document("Role", "update", {"rules": [object.union(named, {"resourceNames": ["a"]})]}), bound],
			"want": "violation",
		},
		"wrong type": {
			"tag": "v7.1",
			"documents": [access.document("Role", "update", {"rules": "*"}), bound],
			"want": "violation",
		},
		"an old agent": {"tag": "v6.4.9", "documents": [], "want": "pass"},
		"no version": {"tag": "latest", "documents": [bound], "want": "unknown"},
		"role not in the input": {"tag": "v7.1", "documents": [bound], "want": "unknown"},
		"no roles at all": {"tag": "v7.1", "documents": [], "want": "unknown"},
	}
	agent := fixture.workload("DaemonSet", {}, {"image": $"registry.example.com/deepflow-ce/deepflow-agent:{case.tag}"})
	results := rbac.results with input as {"resources": array.concat([agent], case.documents)}
	fixture.verdicts(results, "DF-RBAC-017") == {$"{case.want} recommended"}
}

test_nobody_watches if {
	results := rbac.results with input as {"resources": [
		fixture.workload("DaemonSet", {}, idle),
		access.role("a", all_but("")),
		access.binding("a"),
	]}
	watching := {result | some result in results; result.id != "DF-RBAC-017"}
	count(watching) == 16
	{result.observed | some result in watching} == {"not known: the workload that watches the API server"}
	{result.collect | some result in watching} == {"kubectl get deployments -n deepflow -l app=deepflow,component=deepflow-agent -o yaml"}
}

test_the_watcher_is_asked if {
	watcher := object.union(
		fixture.workload("Deployment", {}, {"env": [{"name": "K8S_WATCH_POLICY", "value": "watch-only"}]}),
		{"metadata": {"name": "deepflow-agent-watcher"}},
	)
	results := rbac.results with input as {"resources": [
		fixture.workload("DaemonSet", {}, idle),
		watcher,
		access.role("a", all_but("")),
		access.binding("a"),
	]}
	{result.subject.name | some result in results; result.id == "DF-RBAC-001"} == {"deepflow-agent-watcher"}
	{result.subject.name | some result in results; result.id == "DF-RBAC-017"} == {"deepflow-agent"}
	fixture.verdicts(results, "DF-RBAC-001") == {"pass required"}
}

test_result_is_whole if {
	results := rbac.results with input as granted(all_but("nodes"))
	{result | some result in results; result.id == "DF-RBAC-001"} == {{
		"id": "DF-RBAC-001",
		"title": "The agent can get, list and watch nodes",
		"level": "required",
		"group": "rbac",
		"order": 5,
		"outcome": "violation",
		"subject": {"apiVersion": "apps/v1", "kind": "DaemonSet", "namespace": "deepflow", "name": "deepflow-agent"},
		"observed": "deepflow/deepflow-agent may not get, list, watch nodes: no rule of the ClusterRole a grants it",
		"expected": "get, list and watch on nodes in the whole cluster",
		"message": concat("", [
			"The agent can get, list and watch nodes: deepflow/deepflow-agent may not get, list, watch nodes: ",
			"no rule of the ClusterRole a grants it; expected get, list and watch on nodes in the whole cluster",
		]),
		"impact": ["AutoTagging"],
		"remediation": concat(" ", [
			"Add `nodes` of the core API group (`\"\"`) with the verbs `get`, `list` and `watch` in a rule",
			"without `resourceNames` to the ClusterRole that the agent's service account is bound to.",
		]),
		"source": "SEED",
		"url": "https://dfpolicy.dev/requirements/DF-RBAC-001",
	}}
}

test_no_subject_no_result[name] if {
	some name, case in {
		"nothing": {},
		"roles alone": {"resources": [access.role("a", all_but("")), access.binding("a")]},
		"a mode without containers": object.union(fixture.agent({}, {}), {"mode": "legacy-host"}),
	}
	results := rbac.results with input as case
	results == set()
}

# What the collector was refused can only grant more: no violation follows from its absence.
test_refused_kinds_leave_it_open[name] if {
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
	results := rbac.results with input as document
	outcomes := {outcome | some id in case.ids; some outcome in fixture.verdicts(results, id)}
	outcomes & {"violation required", "violation recommended", "violation informational"} == set()
	some result in results
	result.outcome == "unknown"
	contains(result.observed, "forbidden")
}
