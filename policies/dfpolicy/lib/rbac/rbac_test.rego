package dfpolicy.lib.rbac_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.rbac_fixture_test as access

test_a_subject_is_the_account[name] if {
	some name, case in {
		"service account": {"subject": access.subject, "granted": true},
		"without apiGroup": {"subject": object.remove(access.subject, ["apiGroup"]), "granted": true},
		"null apiGroup": {"subject": object.union(access.subject, {"apiGroup": null}), "granted": true},
		"group of users": {"subject": object.union(access.subject, {"apiGroup": "rbac.authorization.k8s.io"}), "granted": false},
		"apiGroup of a wrong type": {"subject": object.union(access.subject, {"apiGroup": 1}), "granted": false},
		"another namespace": {"subject": object.union(access.subject, {"namespace": "default"}), "granted": false},
		"no namespace": {"subject": object.remove(access.subject, ["namespace"]), "granted": false},
		"empty namespace": {"subject": object.union(access.subject, {"namespace": ""}), "granted": false},
		"another name": {"subject": object.union(access.subject, {"name": "default"}), "granted": false},
		"another case": {"subject": object.union(access.subject, {"kind": "serviceaccount"}), "granted": false},
		"all accounts": {"subject": {"kind": "Group", "name": "system:serviceaccounts"}, "granted": true},
		"accounts of the namespace": {
			"subject": {"kind": "Group", "name": "system:serviceaccounts:deepflow"},
			"granted": true,
		},
		"accounts of another namespace": {
			"subject": {"kind": "Group", "name": "system:serviceaccounts:default"},
			"granted": false,
		},
		"everyone": {
			"subject": {"kind": "Group", "name": "system:authenticated", "apiGroup": "rbac.authorization.k8s.io"},
			"granted": true,
		},
		"nobody": {"subject": {"kind": "Group", "name": "system:unauthenticated"}, "granted": false},
		"another group": {
			"subject": {"kind": "Group", "name": "system:authenticated", "apiGroup": "v1"},
			"granted": false,
		},
		"user": {"subject": {"kind": "User", "name": "system:serviceaccount:deepflow:deepflow-agent"}, "granted": true},
		"another user": {"subject": {"kind": "User", "name": "deepflow-agent"}, "granted": false},
		"text": {"subject": "deepflow-agent", "granted": false},
		"null": {"subject": null, "granted": false},
	}
	bound := access.document("ClusterRoleBinding", "a", {"subjects": [case.subject], "roleRef": access.reference("a")})
	missing := rbac.missing(access.account, "", "pods") with input as access.resources([access.role("a", [access.rule]), bound])
	missing == {true: set(), false: rbac.reading}[case.granted]
}

test_a_binding_refers_to_a_cluster_role[name] if {
	some name, case in {
		"without apiGroup": {"content": {}, "granted": true},
		"empty apiGroup": {"content": {"roleRef": {"apiGroup": ""}}, "granted": true},
		"apiGroup": {"content": {"roleRef": {"apiGroup": "rbac.authorization.k8s.io"}}, "granted": true},
		"another apiGroup": {"content": {"roleRef": {"apiGroup": "v1"}}, "granted": false},
		"kind Role": {"content": {"roleRef": {"kind": "Role"}}, "granted": false},
		"no name": {"content": {"roleRef": {"name": null}}, "granted": false},
		"null": {"content": {"roleRef": null}, "granted": false},
		"no subjects": {"content": {"subjects": null}, "granted": false},
		"subjects of a wrong type": {"content": {"subjects": {"kind": "ServiceAccount"}}, "granted": false},
		"RoleBinding": {"content": {"kind": "RoleBinding"}, "granted": false},
		"another API": {"content": {"apiVersion": "v1"}, "granted": false},
		"an old version": {"content": {"apiVersion": "rbac.authorization.k8s.io/v1beta1"}, "granted": true},
	}
	bound := object.union(access.binding("a"), case.content)
	missing := rbac.missing(access.account, "", "pods") with input as access.resources([access.role("a", [access.rule]), bound])
	missing == {true: set(), false: rbac.reading}[case.granted]
}

test_rules_grant_all_combinations[name] if {
	some name, case in {
		"exact": {"rules": [access.rule], "want": set()},
		"any group": {"rules": [object.union(access.rule, {"apiGroups": ["*"]})], "want": set()},
		"any resource": {"rules": [object.union(access.rule, {"resources": ["*"]})], "want": set()},
		"any verb": {"rules": [object.union(access.rule, {"verbs": ["*"]})], "want": set()},
		"another group": {"rules": [object.union(access.rule, {"apiGroups": ["apps"]})], "want": rbac.reading},
		"no group": {"rules": [object.remove(access.rule, ["apiGroups"])], "want": rbac.reading},
		"another case": {"rules": [object.union(access.rule, {"resources": ["Pods"]})], "want": rbac.reading},
		"verbs in another case": {"rules": [object.union(access.rule, {"verbs": ["GET", "List", "watch"]})], "want": {"get", "list"}},
		"singular": {"rules": [object.union(access.rule, {"resources": ["pod"]})], "want": rbac.reading},
		"subresource": {"rules": [object.union(access.rule, {"resources": ["pods/log"]})], "want": rbac.reading},
		"any subresource": {"rules": [object.union(access.rule, {"resources": ["pods/*", "*/log"]})], "want": rbac.reading},
		"prefix": {"rules": [object.union(access.rule, {"resources": ["po*"]})], "want": rbac.reading},
		"names": {"rules": [object.union(access.rule, {"resourceNames": ["a"]})], "want": rbac.reading},
		"names of a wrong type": {"rules": [object.union(access.rule, {"resourceNames": "a"})], "want": rbac.reading},
		"the empty name": {"rules": [object.union(access.rule, {"resourceNames": ["a", ""]})], "want": {"get"}},
		"empty names": {"rules": [object.union(access.rule, {"resourceNames": []})], "want": set()},
		"null names": {"rules": [object.union(access.rule, {"resourceNames": null})], "want": set()},
		"two rules": {
			"rules": [object.union(access.rule, {"verbs": ["get"]}), object.union(access.rule, {"verbs": ["list"]})],
			"want": {"watch"},
		},
		"no product over rules": {
			"rules": [object.union(access.rule, {"apiGroups": ["apps"]}), object.union(access.rule, {"resources": ["nodes"]})],
			"want": rbac.reading,
		},
		"URLs": {"rules": [{"nonResourceURLs": ["*"], "verbs": ["*"]}], "want": rbac.reading},
		"wrong types": {"rules": [1, null, {"apiGroups": "", "resources": {}, "verbs": null}], "want": rbac.reading},
		"null": {"rules": null, "want": rbac.reading},
		"text": {"rules": "*", "want": rbac.reading},
	}
	missing := rbac.missing(access.account, "", "pods") with input as access.resources([access.role("a", case.rules), access.binding("a")])
	missing == case.want
}

test_several_roles_add_up if {
	missing := rbac.missing(access.account, "", "pods") with input as access.resources([
		access.role("a", [object.union(access.rule, {"verbs": ["get"]})]),
		access.role("b", [object.union(access.rule, {"verbs": ["list", "watch"]})]),
		access.binding("a"),
		access.binding("b"),
	])
	missing == set()
}

test_the_last_of_a_name_counts if {
	missing := rbac.missing(access.account, "", "pods") with input as access.resources([
		access.role("a", [access.rule]),
		access.role("a", [object.union(access.rule, {"verbs": ["get"]})]),
		access.binding("a"),
	])
	missing == {"list", "watch"}
}

test_nameless_bindings_are_separate if {
	missing := rbac.missing(access.account, "", "pods") with input as access.resources([
		access.role("a", [access.rule]),
		object.remove(access.binding("a"), ["metadata"]),
		object.union(object.remove(access.binding("b"), ["metadata"]), {"subjects": null}),
	])
	missing == set()
}

test_aggregated_roles_take_the_rules_of_others[name] if {
	part := access.labelled("part", {"tier": "agent", "side": "read"}, {"rules": [access.rule]})
	tiered := {"key": "tier", "operator": "Exists"}
	some name, case in {
		"label": {"selectors": [{"matchLabels": {"tier": "agent"}}], "want": "granted"},
		"two labels": {"selectors": [{"matchLabels": {"tier": "agent", "side": "read"}}], "want": "granted"},
		"one label of two": {"selectors": [{"matchLabels": {"tier": "agent", "side": "write"}}], "want": "unknown"},
		"second selector": {
			"selectors": [{"matchLabels": {"tier": "a"}}, {"matchLabels": {"tier": "agent"}}],
			"want": "granted",
		},
		"In": {
			"selectors": [{"matchExpressions": [{"key": "tier", "operator": "In", "values": ["a", "agent"]}]}],
			"want": "granted",
		},
		"In others": {
			"selectors": [{"matchExpressions": [{"key": "tier", "operator": "In", "values": ["a", "b"]}]}],
			"want": "unknown",
		},
		"In nothing": {"selectors": [{"matchExpressions": [{"key": "tier", "operator": "In"}]}], "want": "unknown"},
		"NotIn": {
			"selectors": [{"matchExpressions": [tiered, {"key": "tier", "operator": "NotIn", "values": ["a"]}]}],
			"want": "granted",
		},
		"NotIn the label": {
			"selectors": [{"matchExpressions": [tiered, {"key": "tier", "operator": "NotIn", "values": ["agent"]}]}],
			"want": "unknown",
		},
		"NotIn nothing": {
			"selectors": [{"matchExpressions": [tiered, {"key": "tier", "operator": "NotIn", "values": []}]}],
			"want": "unknown",
		},
		"Exists": {"selectors": [{"matchExpressions": [{"key": "tier", "operator": "Exists"}]}], "want": "granted"},
		"Exists not": {"selectors": [{"matchExpressions": [{"key": "a", "operator": "Exists"}]}], "want": "unknown"},
		"DoesNotExist": {
			"selectors": [{"matchExpressions": [tiered, {"key": "a", "operator": "DoesNotExist"}]}],
			"want": "granted",
		},
		"DoesNotExist but does": {
			"selectors": [{"matchExpressions": [tiered, {"key": "tier", "operator": "DoesNotExist"}]}],
			"want": "unknown",
		},
		"label and expression": {
			"selectors": [{
				"matchLabels": {"tier": "agent"},
				"matchExpressions": [{"key": "side", "operator": "DoesNotExist"}],
			}],
			"want": "unknown",
		},
		"unknown operator": {"selectors": [{"matchExpressions": [{"key": "tier", "operator": "Has"}]}], "want": "unknown"},
		"everything": {"selectors": [{}], "want": "granted"},
		"nothing": {"selectors": [], "want": "unknown"},
		"null": {"selectors": null, "want": "unknown"},
		"wrong types": {
			"selectors": [1, {"matchLabels": "tier"}, {"matchExpressions": {}}, {"matchExpressions": [1]}],
			"want": "unknown",
		},
	}
	_access([part, access.aggregate("a", case.selectors), access.binding("a")]) == case.want
}

_access(documents) := "granted" if {
	missing := rbac.missing(access.account, "", "pods") with input as access.resources(documents)
	missing == set()
} else := verdict.outcome if {
	verdict := rbac.unresolved(access.account) with input as access.resources(documents)
} else := "missing"

test_aggregation[name] if {
	part := access.labelled("part", {"tier": "agent"}, {"rules": [access.rule]})
	select := [{"matchLabels": {"tier": "agent"}}]
	some name, case in {
		"own rules are overwritten": {
			"documents": [
				object.union(access.aggregate("a", select), {"rules": [access.rule]}),
				access.labelled("part", {"tier": "agent"}, {"rules": []}),
			],
			"want": "missing",
		},
		"no part and own rules": {
			"documents": [object.union(access.aggregate("a", select), {"rules": [access.rule]})],
			"want": "unknown",
		},
		"itself is no part": {
			"documents": [object.union(access.aggregate("a", select), {"metadata": {"labels": {"tier": "agent"}}, "rules": [access.rule]})],
			"want": "unknown",
		},
		"over two steps": {
			"documents": [
				part,
				object.union(access.aggregate("b", select), {"metadata": {"labels": {"step": "2"}}}),
				access.aggregate("a", [{"matchLabels": {"step": "2"}}]),
			],
			"want": "granted",
		},
		"a second step without parts": {
			"documents": [
				object.union(access.aggregate("b", select), {"metadata": {"labels": {"step": "2"}}}),
				access.aggregate("a", [{"matchLabels": {"step": "2"}}]),
			],
			"want": "unknown",
		},
		"in a circle": {
			"documents": [
				object.union(access.aggregate("b", [{"matchLabels": {"x": "a"}}]), {"metadata": {"labels": {"x": "b"}}}),
				object.union(access.aggregate("a", [{"matchLabels": {"x": "b"}}]), {"metadata": {"labels": {"x": "a"}}}),
			],
			"want": "missing",
		},
		"null is no aggregation": {"documents": [object.union(access.role("a", [access.rule]), {"aggregationRule": null})], "want": "granted"},
		"added to view": {
			"documents": [access.labelled("b", {"rbac.authorization.k8s.io/aggregate-to-view": "true"}, {"rules": [access.rule]})],
			"want": "unknown",
		},
	}
	_access(array.concat(case.documents, [access.binding("a")])) == case.want
}

test_builtin_roles[name] if {
	some name, case in {
		"cluster-admin, nodes": {"role": "cluster-admin", "group": "", "resource": "nodes", "want": set()},
		"view, pods": {"role": "view", "group": "", "resource": "pods", "want": set()},
		"view, namespaces": {"role": "view", "group": "", "resource": "namespaces", "want": set()},
		"view, nodes": {"role": "view", "group": "", "resource": "nodes", "want": rbac.reading},
		"view, routes": {"role": "view", "group": "route.openshift.io", "resource": "routes", "want": rbac.reading},
		"edit, deployments": {"role": "edit", "group": "apps", "resource": "deployments", "want": set()},
		"edit, nodes": {"role": "edit", "group": "", "resource": "nodes", "want": rbac.reading},
		"admin, ingresses": {"role": "admin", "group": "networking.k8s.io", "resource": "ingresses", "want": set()},
		"admin, routes": {"role": "admin", "group": "route.openshift.io", "resource": "routes", "want": rbac.reading},
		"basic user": {"role": "system:basic-user", "group": "", "resource": "pods", "want": rbac.reading},
	}
	documents := access.resources([access.binding(case.role)])
	missing := rbac.missing(access.account, case.group, case.resource) with input as documents
	missing == case.want
	not rbac.unresolved(access.account) with input as documents
}

test_labelled_roles_add_to_builtin_ones[name] if {
	some name, case in {
		"view": {"label": "view", "role": "view", "want": set()},
		"view into edit": {"label": "view", "role": "edit", "want": set()},
		"view into admin": {"label": "view", "role": "admin", "want": set()},
		"edit into admin": {"label": "edit", "role": "admin", "want": set()},
		"edit not into view": {"label": "edit", "role": "view", "want": rbac.reading},
		"admin not into edit": {"label": "admin", "role": "edit", "want": rbac.reading},
	}
	labels := {$"rbac.authorization.k8s.io/aggregate-to-{case.label}": "true"}
	more := access.labelled("more", labels, {"rules": [object.union(access.rule, {"resources": ["nodes"]})]})
	missing := rbac.missing(access.account, "", "nodes") with input as access.resources([more, access.binding(case.role)])
	missing == case.want
}

test_the_input_redefines_a_builtin_role if {
	missing := rbac.missing(access.account, "", "nodes") with input as access.resources([
		access.role("cluster-admin", [access.rule]),
		access.binding("cluster-admin"),
	])
	missing == rbac.reading
}

test_a_missing_role_is_unknown if {
	verdict := rbac.unresolved(access.account) with input as access.resources([
		access.binding("a"),
		access.binding("b"),
		access.aggregate("b", null),
	])
	object.remove(verdict, ["messages"]) == {
		"outcome": "unknown",
		"observed": "not known: the roles that the ClusterRole b aggregates; the rules of the ClusterRole a",
		"expected": "",
		"collect": "kubectl get clusterrole a -o yaml; kubectl get clusterroles -o yaml",
	}
}

test_access_in_the_own_namespace[name] if {
	patch := {"apiGroups": ["apps"], "resources": ["daemonsets"], "verbs": ["patch"]}
	some name, case in {
		"Role": {"documents": [access.document("Role", "a", {"rules": [patch]})], "binding": {}, "want": {"patch"}},
		"Role with the name": {
			"documents": [access.document("Role", "a", {"rules": [object.union(patch, {"resourceNames": ["b", "deepflow-agent"]})]})],
			"binding": {},
			"want": {"patch"},
		},
		"Role with another name": {
			"documents": [access.document("Role", "a", {"rules": [object.union(patch, {"resourceNames": ["b"]})]})],
			"binding": {},
			"want": set(),
		},
		"Role of another namespace": {
			"documents": [object.union(access.document("Role", "a", {"rules": [patch]}), {"metadata": {"namespace": "b"}})],
			"binding": {},
			"want": set(),
		},
		"RoleBinding of another namespace": {
			"documents": [access.document("Role", "a", {"rules": [patch]})],
			"binding": {"metadata": {"namespace": "b"}},
			"want": set(),
		},
		"ClusterRole": {
			"documents": [access.role("a", [patch])],
			"binding": {"roleRef": {"kind": "ClusterRole"}},
			"want": {"patch"},
		},
		"ClusterRole, cluster wide": {
			"documents": [access.role("a", [patch])],
			"binding": {"kind": "ClusterRoleBinding", "roleRef": {"kind": "ClusterRole"}},
			"want": {"patch"},
		},
		"Role, cluster wide": {
			"documents": [access.document("Role", "a", {"rules": [patch]})],
			"binding": {"kind": "ClusterRoleBinding"},
			"want": set(),
		},
		"the binding's own namespace": {
			"documents": [access.document("Role", "a", {"rules": [patch]})],
			"binding": {"subjects": [object.remove(access.subject, ["namespace"])]},
			"want": {"patch"},
		},
		"edit": {
			"documents": [],
			"binding": {"roleRef": {"kind": "ClusterRole", "name": "edit"}},
			"want": {"patch"},
		},
	}
	base := access.document("RoleBinding", "a", {"subjects": [access.subject], "roleRef": {"kind": "Role", "name": "a"}})
	documents := array.concat(case.documents, [object.union(base, case.binding)])
	target := {"group": "apps", "resource": "daemonsets", "name": "deepflow-agent"}
	verbs := rbac.on_object(access.account, target, {"patch"}) with input as access.resources(documents)
	verbs == case.want
}

test_a_missing_role_of_the_namespace_is_unknown if {
	bound := access.document("RoleBinding", "a", {"subjects": [access.subject], "roleRef": {"kind": "Role", "name": "a"}})
	verdict := rbac.unresolved_in_namespace(access.account) with input as access.resources([bound])
	verdict.observed == "not known: the rules of the Role deepflow/a"
	verdict.collect == "kubectl get role -n deepflow a -o yaml"
	not rbac.unresolved(access.account) with input as access.resources([bound])
}

test_urls[name] if {
	some name, case in {
		"by default": {"documents": [], "readable": true},
		"discovery for nobody": {
			"documents": [access.document("ClusterRoleBinding", "system:discovery", {})],
			"readable": false,
		},
		"discovery of nothing": {"documents": [access.role("system:discovery", [])], "readable": false},
		"discovery for everyone": {
			"documents": [access.document("ClusterRoleBinding", "system:discovery", {
				"subjects": [{"kind": "Group", "name": "system:authenticated"}],
				"roleRef": access.reference("system:discovery"),
			})],
			"readable": true,
		},
		"granted otherwise": {
			"documents": [
				access.role("system:discovery", []),
				access.role("a", [{"nonResourceURLs": ["/ap*"], "verbs": ["get"]}]),
				access.binding("a"),
			],
			"readable": true,
		},
		"another verb": {
			"documents": [
				access.role("system:discovery", []),
				access.role("a", [{"nonResourceURLs": ["*"], "verbs": ["post"]}]),
				access.binding("a"),
			],
			"readable": false,
		},
		"another URL": {
			"documents": [
				access.role("system:discovery", []),
				access.role("a", [{"nonResourceURLs": ["/api", "/apis/*"], "verbs": ["*"]}]),
				access.binding("a"),
			],
			"readable": false,
		},
	}
	documents := access.resources(case.documents)
	urls := {"/apis" | rbac.readable(access.account, "/apis") with input as documents}
	urls == {true: {"/apis"}, false: set()}[case.readable]
}

test_reason[name] if {
	some name, case in {
		"nothing bound": {"documents": [access.role("a", [access.rule])], "want": "no ClusterRoleBinding names the account"},
		"another namespace": {
			"documents": [object.union(access.binding("a"), {"subjects": [object.union(access.subject, {"namespace": "default"})]})],
			"want": "the ClusterRoleBinding a names the service account default/deepflow-agent",
		},
		"no namespace": {
			"documents": [object.union(access.binding("a"), {"subjects": [object.remove(access.subject, ["namespace"])]})],
			"want": "the ClusterRoleBinding a names the service account deepflow-agent without a namespace, which is invalid",
		},
		"RoleBinding": {
			"documents": [access.document("RoleBinding", "a", {"subjects": [access.subject], "roleRef": access.reference("a")})],
			"want": "the account is bound only by the RoleBinding deepflow/a, which applies to one namespace",
		},
		"resourceNames": {
			"documents": [access.role("a", [object.union(access.rule, {"resourceNames": ["b", "a"]})]), access.binding("a")],
			"want": "a rule grants it only for the resourceNames a, b",
		},
		"subresource": {
			"documents": [access.role("a", [object.union(access.rule, {"resources": ["pods/log"], "verbs": ["*"]})]), access.binding("a")],
			"want": "only the subresource pods/log is granted",
		},
		"another group": {
			"documents": [access.role("a", [object.union(access.rule, {"apiGroups": ["extensions"]})]), access.binding("a")],
			"want": "it is granted only in the API group extensions",
		},
		"no rule": {
			"documents": [access.role("a", [object.union(access.rule, {"verbs": ["get"]})]), access.role("b", []), access.binding("a"), access.binding("b")],
			"want": "no rule of the ClusterRole a, b grants it",
		},
	}
	why := rbac.why(access.account, "", "pods") with input as access.resources(case.documents)
	why.text == case.want
}

test_the_core_group_is_named if {
	why := rbac.why(access.account, "apps", "pods") with input as access.resources([access.role("a", [access.rule]), access.binding("a")])
	why.text == "it is granted only in the API group core"
}

test_a_name_of_a_wrong_type_is_none if {
	_access([object.union(access.role("a", [access.rule]), {"metadata": {"name": ["a"]}}), access.binding("a")]) == "unknown"
}

test_bindings_that_everyone_has_do_not_count if {
	bindings := rbac.cluster_bindings(access.account) with input as access.resources([
		access.binding("a"),
		object.union(access.binding("system:discovery"), {"subjects": [{"kind": "Group", "name": "system:authenticated"}]}),
	])
	bindings == ["a"]
}

test_agents_to_check[name] if {
	idle := {"env": [{"name": "K8S_WATCH_POLICY", "value": "watch-disabled"}]}
	watcher := {"env": [{"name": "K8S_WATCH_POLICY", "value": "watch-only"}]}
	some name, case in {
		"collector": {"resources": [fixture.workload("DaemonSet", {}, {})], "want": ["DaemonSet"]},
		"watcher alone": {
			"resources": [fixture.workload("DaemonSet", {}, idle), fixture.workload("Deployment", {}, watcher)],
			"want": ["Deployment"],
		},
		"both": {
			"resources": [fixture.workload("DaemonSet", {}, {}), fixture.workload("Deployment", {}, watcher)],
			"want": ["DaemonSet", "Deployment"],
		},
		"nobody watches": {"resources": [fixture.workload("DaemonSet", {}, idle)], "want": ["DaemonSet"]},
		"no agent": {"resources": [], "want": []},
	}
	asked := rbac.asked with input as {"resources": case.resources}
	[workload.subject.kind | some workload in asked] == case.want
}

test_cluster_roles if {
	own := access.document("RoleBinding", "own", {"subjects": [access.subject], "roleRef": {"kind": "Role", "name": "own"}})
	near := access.document("RoleBinding", "near", {"subjects": [access.subject], "roleRef": access.reference("near")})
	far := object.union(
		access.document("RoleBinding", "far", {"subjects": [access.subject], "roleRef": access.reference("far")}),
		{"metadata": {"namespace": "other"}},
	)
	found := rbac.cluster_roles(access.account) with input as access.resources([access.binding("wide"), own, near, far])
	found == ["near", "wide"]
}
