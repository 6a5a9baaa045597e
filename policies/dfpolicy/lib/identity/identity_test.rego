package dfpolicy.lib.identity_test

import data.dfpolicy.lib.identity

test_namespace[name] if {
	some name, case in {
		"own": {"resource": {"metadata": {"namespace": "own"}}, "want": "own"},
		"absent": {"resource": {"metadata": {}}, "want": "release"},
		"empty": {"resource": {"metadata": {"namespace": ""}}, "want": "release"},
		"null": {"resource": {"metadata": {"namespace": null}}, "want": "release"},
		"wrong type": {"resource": {"metadata": {"namespace": 5}}, "want": "release"},
		"metadata null": {"resource": {"metadata": null}, "want": "release"},
		"no object": {"resource": "a", "want": "release"},
	}
	namespace := identity.namespace(case.resource) with input as {"release": {"namespace": "release"}}
	namespace == case.want
}

_daemon_set := {
	"kind": "DaemonSet",
	"spec": {"template": {"spec": {
		"serviceAccountName": "agent",
		"containers": [{"image": "deepflow-agent"}],
	}}},
}

_binding(kind, name, namespace) := {
	"kind": kind,
	"subjects": [{"kind": "ServiceAccount", "name": name, "namespace": namespace}],
}

test_assumed[name] if {
	role := {"kind": "Role", "metadata": {"name": "a", "namespace": "deepflow"}}
	some name, case in {
		"nothing says it": {"object": {}, "input": {"resources": [_daemon_set, role]}, "want": {"assumedNamespace": ["deepflow"]}},
		"nothing at all": {"object": {}, "input": {"resources": [_daemon_set]}, "want": {"assumedNamespace": []}},
		"its own": {"object": {"metadata": {"namespace": "a"}}, "input": {"resources": [role]}, "want": {}},
		"given": {"object": {}, "input": {"release": {"namespace": "a"}, "resources": [role]}, "want": {}},
		"in a binding": {
			"object": {},
			"input": {"resources": [_daemon_set, _binding("ClusterRoleBinding", "agent", "b")]},
			"want": {},
		},
	}
	found := identity.assumed(case.object) with input as case.input
	found == case.want
}

test_release_namespace[name] if {
	some name, case in {
		"given": {
			"input": {"release": {"namespace": "given"}, "resources": [
				_daemon_set,
				_binding("ClusterRoleBinding", "agent", "a"),
			]},
			"want": "given",
		},
		"of the agent's account": {
			"input": {"resources": [
				_daemon_set,
				_binding("ClusterRoleBinding", "another", "a"),
				_binding("ClusterRoleBinding", "agent", "b"),
			]},
			"want": "b",
		},
		"of the agent's account in a RoleBinding": {
			"input": {"release": {"namespace": ""}, "resources": [_daemon_set, _binding("RoleBinding", "agent", "b")]},
			"want": "b",
		},
		"of its ServiceAccount, not of the binding": {
			"input": {"resources": [
				_daemon_set,
				{"kind": "ServiceAccount", "metadata": {"name": "agent", "namespace": "own"}},
				_binding("ClusterRoleBinding", "agent", "b"),
			]},
			"want": "own",
		},
		"of a RoleBinding without another": {
			"input": {"resources": [
				_daemon_set,
				object.union(_binding("RoleBinding", "agent", null), {"metadata": {"namespace": "own"}}),
				_binding("ClusterRoleBinding", "agent", "b"),
			]},
			"want": "own",
		},
		"of Helm": {
			"input": {"resources": [
				object.union(_daemon_set, {"metadata": {"annotations": {"meta.helm.sh/release-namespace": "own"}}}),
				_binding("ClusterRoleBinding", "agent", "b"),
			]},
			"want": "own",
		},
		"of the binding, with ServiceAccounts in several": {
			"input": {"resources": [
				_daemon_set,
				{"kind": "ServiceAccount", "metadata": {"name": "agent", "namespace": "x"}},
				{"kind": "ServiceAccount", "metadata": {"name": "agent", "namespace": "y"}},
				_binding("ClusterRoleBinding", "agent", "b"),
			]},
			"want": "b",
		},
		"first of several": {
			"input": {"resources": [
				_daemon_set,
				_binding("ClusterRoleBinding", "agent", "c"),
				_binding("RoleBinding", "agent", "b"),
			]},
			"want": "b",
		},
		"of another account": {
			"input": {"resources": [_daemon_set, _binding("ClusterRoleBinding", "another", "a")]},
			"want": "a",
		},
		"no agent": {"input": {"resources": [_binding("ClusterRoleBinding", "another", "a")]}, "want": "a"},
		"another kind": {"input": {"resources": [_daemon_set, _binding("Thing", "agent", "a")]}, "want": "default"},
		"a user": {
			"input": {"resources": [{
				"kind": "RoleBinding",
				"subjects": [{"kind": "User", "name": "agent", "namespace": "a"}],
			}]},
			"want": "default",
		},
		"subject without a namespace": {"input": {"resources": [_binding("RoleBinding", "agent", null)]}, "want": "default"},
		"subjects null": {"input": {"resources": [{"kind": "RoleBinding", "subjects": null}]}, "want": "default"},
		"subjects garbage": {"input": {"resources": [{"kind": "RoleBinding", "subjects": [null, 3, {}]}]}, "want": "default"},
		"nothing": {"input": {}, "want": "default"},
		"release null": {"input": {"release": null}, "want": "default"},
		"wrong type": {"input": {"release": {"namespace": 5}}, "want": "default"},
	}
	namespace := identity.release_namespace with input as case.input
	namespace == case.want
}

test_subject[name] if {
	nothing := {"apiVersion": "", "kind": "", "namespace": "default", "name": ""}
	some name, case in {
		"whole": {
			"resource": {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "a", "namespace": "b"}},
			"want": {"apiVersion": "apps/v1", "kind": "DaemonSet", "namespace": "b", "name": "a"},
		},
		"generated name": {
			"resource": {"kind": "Pod", "metadata": {"generateName": "a-"}},
			"want": {"kind": "Pod", "name": "a-"},
		},
		"name number": {
			"resource": {"kind": "Pod", "metadata": {"name": 5, "generateName": "a-"}},
			"want": {"kind": "Pod", "name": "a-"},
		},
		"name null": {"resource": {"metadata": {"name": null}}, "want": {}},
		"names of wrong types": {"resource": {"metadata": {"name": [], "generateName": 5, "namespace": {}}}, "want": {}},
		"metadata null": {"resource": {"kind": 5, "apiVersion": null, "metadata": null}, "want": {}},
		"metadata list": {"resource": {"metadata": [{"name": "a"}]}, "want": {}},
		"empty": {"resource": {}, "want": {}},
	}
	subject := identity.subject(case.resource) with input as {}
	subject == object.union(nothing, case.want)
}
