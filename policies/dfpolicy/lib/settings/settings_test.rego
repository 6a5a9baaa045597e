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

test_partial[name] if {
	some name, case in {
		"true": {"input": {"partial": true}, "want": [true]},
		"false": {"input": {"partial": false}, "want": []},
		"absent": {"input": {}, "want": []},
		"wrong type": {"input": {"partial": "true"}, "want": []},
	}
	got := [settings.partial | settings.partial] with input as case.input
	got == case.want
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
		"items of wrong types": {
			"input": {"resources": [null, 3, {}], "cluster": {"spec": 5}, "parameters": ["a"]},
			"want": object.union(nothing, {"resources": [{}]}),
		},
		"wrong type": {"input": {"resources": {"a": {}}, "cluster": 5, "parameters": "a"}, "want": nothing},
		"input null": {"input": null, "want": nothing},
		"input string": {"input": "a", "want": nothing},
	}
	got := {"resources": settings.resources, "cluster": settings.cluster, "parameters": settings.parameters} with input as case.input
	got == case.want
}

test_unread[name] if {
	some name, case in {
		"refused": {
			"cluster": {"status": {"unread": [{"fact": "nodes", "path": "/api/v1/nodes", "reason": "forbidden"}]}},
			"want": {"nodes": "forbidden"},
		},
		"twice": {
			"cluster": {"status": {"unread": [{"fact": "roles", "reason": "timed out"}, {"fact": "roles", "reason": "forbidden"}]}},
			"want": {"roles": "forbidden"},
		},
		"nothing": {"cluster": {"spec": {}}, "want": {}},
		"items of wrong types": {"cluster": {"status": {"unread": [null, 3, {}]}}, "want": {"": ""}},
	}
	settings.unread == case.want with input as {"cluster": case.cluster}
}

test_refused if {
	refused := {"cluster": {"status": {"unread": [{"fact": "nodes", "reason": "forbidden"}]}}}
	settings.refused("which nodes", "nodes").text == "which nodes (forbidden)" with input as refused
	settings.refused("which pods", "pods") == "which pods" with input as refused
}
