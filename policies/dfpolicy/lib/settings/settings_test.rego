package dfpolicy.lib.settings_test

import data.dfpolicy.lib.settings

test_mode[name] if {
	some name, case in {
		"given": {"input": {"mode": "multi-k8s"}, "want": "multi-k8s"},
		"absent": {"input": {}, "want": "single-k8s"},
		"null": {"input": {"mode": null}, "want": "single-k8s"},
		"input null": {"input": null, "want": "single-k8s"},
		"input list": {"input": [], "want": "single-k8s"},
	}
	mode := settings.mode with input as case.input
	mode == case.want
}

test_strict if {
	settings.strict with input as {"profile": "strict"}
}

test_not_strict[name] if {
	some name, document in {
		"default": {"profile": "default"},
		"absent": {},
		"null": {"profile": null},
		"wrong type": {"profile": true},
	}
	not settings.strict with input as document
}

test_documents[name] if {
	nothing := {"resources": [], "cluster": {}, "parameters": {}}
	some name, case in {
		"given": {
			"input": {
				"resources": [{"kind": "A"}, {"kind": "B"}],
				"cluster": {"spec": {"version": "1.30"}},
				"parameters": {"agentVersion": "v7.1"},
			},
			"want": {
				"resources": [{"kind": "A"}, {"kind": "B"}],
				"cluster": {"version": "1.30"},
				"parameters": {"agentVersion": "v7.1"},
			},
		},
		"absent": {"input": {}, "want": nothing},
		"null": {"input": {"resources": null, "cluster": null, "parameters": null}, "want": nothing},
		"garbage within": {
			"input": {"resources": [null, 3, {}], "cluster": {"spec": 5}, "parameters": ["a"]},
			"want": object.union(nothing, {"resources": [{}]}),
		},
		"wrong type": {"input": {"resources": {"a": {}}, "cluster": 5, "parameters": "a"}, "want": nothing},
		"input null": {"input": null, "want": nothing},
		"input text": {"input": "a", "want": nothing},
	}
	got := {"resources": settings.resources, "cluster": settings.cluster, "parameters": settings.parameters} with input as case.input
	got == case.want
}

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
	namespace := settings.namespace(case.resource) with input as {"release": {"namespace": "release"}}
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
	namespace := settings.release_namespace with input as case.input
	namespace == case.want
}
