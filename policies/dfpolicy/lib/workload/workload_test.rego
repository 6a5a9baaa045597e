package dfpolicy.lib.workload_test

import data.dfpolicy.lib.workload

test_template[name] if {
	template := {"spec": {"containers": []}}
	some name, case in {
		"DaemonSet": {"resource": {"kind": "DaemonSet", "spec": {"template": template}}, "want": template},
		"Deployment": {"resource": {"kind": "Deployment", "spec": {"template": template}}, "want": template},
		"StatefulSet": {"resource": {"kind": "StatefulSet", "spec": {"template": template}}, "want": template},
		"ReplicaSet": {"resource": {"kind": "ReplicaSet", "spec": {"template": template}}, "want": template},
		"ReplicationController": {
			"resource": {"kind": "ReplicationController", "spec": {"template": template}},
			"want": template,
		},
		"Job": {"resource": {"kind": "Job", "spec": {"template": template}}, "want": template},
		"CronJob": {
			"resource": {"kind": "CronJob", "spec": {"jobTemplate": {"spec": {"template": template}}}},
			"want": template,
		},
		"Pod": {"resource": {"kind": "Pod", "spec": {"a": 1}}, "want": {"kind": "Pod", "spec": {"a": 1}}},
		"spec absent": {"resource": {"kind": "DaemonSet"}, "want": {}},
		"template null": {"resource": {"kind": "DaemonSet", "spec": {"template": null}}, "want": {}},
		"wrong type": {"resource": {"kind": "DaemonSet", "spec": [template]}, "want": {}},
	}
	workload.template(case.resource) == case.want
}

test_no_template[name] if {
	some name, resource in {
		"another kind": {"kind": "Service", "spec": {"template": {}}},
		"kind absent": {"spec": {"template": {}}},
		"kind null": {"kind": null, "spec": {"template": {}}},
		"kind number": {"kind": 5, "spec": {"template": {}}},
		"kind list": {"kind": ["Pod"], "spec": {"template": {}}},
		"no object": "DaemonSet",
	}
	not workload.template(resource)
}

test_containers[name] if {
	some name, case in {
		"some": {
			"pod": {"spec": {"containers": [{"name": "a"}, {"name": "b"}], "initContainers": [{"name": "c"}]}},
			"want": [{"name": "a"}, {"name": "b"}],
		},
		"garbage among them": {"pod": {"spec": {"containers": [null, 3, {"name": "a"}]}}, "want": [{"name": "a"}]},
		"absent": {"pod": {"spec": {}}, "want": []},
		"null": {"pod": {"spec": {"containers": null}}, "want": []},
		"object": {"pod": {"spec": {"containers": {"a": 1}}}, "want": []},
		"pod null": {"pod": null, "want": []},
	}
	workload.containers(case.pod) == case.want
}

test_service_account[name] if {
	some name, case in {
		"named": {"template": {"spec": {"serviceAccountName": "a"}}, "want": "a"},
		"older field": {"template": {"spec": {"serviceAccount": "b"}}, "want": "b"},
		"both": {"template": {"spec": {"serviceAccountName": "a", "serviceAccount": "b"}}, "want": "a"},
		"empty together with the older": {"template": {"spec": {"serviceAccountName": "", "serviceAccount": "b"}}, "want": "b"},
		"absent": {"template": {"spec": {}}, "want": "default"},
		"null": {"template": {"spec": {"serviceAccountName": null}}, "want": "default"},
		"wrong type": {"template": {"spec": {"serviceAccountName": 5, "serviceAccount": ["b"]}}, "want": "default"},
		"template null": {"template": null, "want": "default"},
	}
	workload.service_account(case.template) == case.want
}
