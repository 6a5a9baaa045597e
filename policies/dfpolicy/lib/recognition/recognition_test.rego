package dfpolicy.lib.recognition_test

import data.dfpolicy.lib.recognition

_labels := {"app": "deepflow", "component": "deepflow-agent"}

_daemon_set(labels, pod_labels, image) := {
	"kind": "DaemonSet",
	"metadata": {"name": "any", "labels": labels},
	"spec": {"template": {"metadata": {"labels": pod_labels}, "spec": {"containers": [{"name": "any", "image": image}]}}},
}

_hooked := {"metadata": {"annotations": {"helm.sh/hook": "test"}}}

test_agent[name] if {
	some name, resource in {
		"labels of the resource": _daemon_set(_labels, {}, "x"),
		"labels of the pod": _daemon_set({}, _labels, "x"),
		"both labels among others": _daemon_set(object.union(_labels, {"release": "r"}), null, "x"),
		"second official manifest": _daemon_set({}, {"app": "deepflow-agent"}, "x"),
		"its label on the resource": _daemon_set({"app": "deepflow-agent"}, {}, "x"),
		"recommended label": _daemon_set({}, {"app.kubernetes.io/name": "deepflow-agent"}, "x"),
		"image": _daemon_set({}, {}, "deepflowce/deepflow-agent:v7.1"),
		"image on a mirror": _daemon_set({}, {}, "mirror.example.com:5000/a/b/deepflow-agent@sha256:0a"),
		"image of an architecture": _daemon_set({}, {}, "r.io/deepflow-agent-arm64:v7.1"),
		"image of a flat mirror": _daemon_set({}, {}, "r.io/deepflow-ce_deepflow-agent:v7.1"),
		"name of the container": {"kind": "Pod", "spec": {"containers": [{"name": "deepflow-agent", "image": "x"}]}},
		"native sidecar": {"kind": "Pod", "spec": {"initContainers": [{"image": "deepflow-agent", "restartPolicy": "Always"}]}},
		"hook that stays": object.union(_daemon_set({}, {}, "deepflow-agent"), _hooked),
		"workload of Argo Rollouts": object.union(_daemon_set(_labels, {}, "x"), {"kind": "Rollout"}),
		"image, labels a list": _daemon_set(["app"], 5, "deepflow-agent"),
		"labels, no containers": {"kind": "DaemonSet", "metadata": {"labels": _labels}},
		"labels, containers an object": {
			"kind": "Deployment",
			"metadata": {"labels": _labels},
			"spec": {"template": {"spec": {"containers": {"a": 1}}}},
		},
		"second container": {
			"kind": "Pod",
			"spec": {"containers": [{"image": "x"}, {"image": "deepflow-agent:v7.1"}]},
		},
		"CronJob": {
			"kind": "CronJob",
			"spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"image": "deepflow-agent"}]}}}}},
		},
	}
	found := recognition.workloads with input as {"resources": [resource]}
	[entry.resource | some entry in found] == [resource]
}

test_no_agent[name] if {
	some name, resource in {
		"name alone": object.union(_daemon_set({}, {}, "x"), {"metadata": {"name": "deepflow-agent"}}),
		"one label of two": _daemon_set({"app": "deepflow"}, {"component": "deepflow-agent"}, "x"),
		"server": _daemon_set({"app": "deepflow", "component": "deepflow-server"}, {}, "deepflow-server:v7.1"),
		"image of another word": _daemon_set({}, {}, "r.io/mydeepflow-agents:v7.1"),
		"image in a repository of that name": _daemon_set({}, {}, "r.io/deepflow-agent/side:v7.1"),
		"image null": _daemon_set(null, null, null),
		"image number": _daemon_set({}, {}, 5),
		"init container alone": {
			"kind": "DaemonSet",
			"spec": {"template": {"spec": {
				"initContainers": [{"image": "deepflow-agent:v7.1"}],
				"containers": [{"image": "x"}],
			}}},
		},
		"hook of Helm": object.union(_hooked, {"kind": "Pod", "spec": {"containers": [{"image": "deepflow-agent"}]}}),
		"no workload": {"kind": "Service", "metadata": {"labels": _labels}},
		"kind number": {"kind": 5, "metadata": {"labels": _labels}},
		"metadata null": {"kind": "DaemonSet", "metadata": null, "spec": null},
		"empty": {},
	}
	found := recognition.workloads with input as {"resources": [resource]}
	found == []
}

test_workloads_in_the_order_of_the_input if {
	first := _daemon_set({}, {}, "z/deepflow-agent")
	second := _daemon_set({}, {}, "a/deepflow-agent")
	found := recognition.workloads with input as {"resources": [null, first, 3, {}, second]}
	found == [
		{"resource": first, "template": first.spec.template},
		{"resource": second, "template": second.spec.template},
	]
}

test_resources[name] if {
	some name, case in {
		"objects": {"input": {"resources": [{"a": 1}]}, "want": [{"a": 1}]},
		"garbage among them": {"input": {"resources": [null, 3, {}]}, "want": [{}]},
		"absent": {"input": {}, "want": []},
		"null": {"input": {"resources": null}, "want": []},
		"object": {"input": {"resources": {"a": {}}}, "want": []},
		"input null": {"input": null, "want": []},
	}
	resources := recognition.resources with input as case.input
	resources == case.want
}

test_service_accounts if {
	named := {"kind": "Pod", "spec": {"serviceAccountName": "a", "containers": [{"image": "deepflow-agent"}]}}
	unnamed := {"kind": "Pod", "spec": {"containers": [{"image": "deepflow-agent"}]}}
	another := {"kind": "Pod", "spec": {"serviceAccountName": "b", "containers": [{"image": "x"}]}}
	accounts := recognition.service_accounts with input as {"resources": [named, unnamed, another]}
	accounts == {"a", "default"}
}

_owned(kind, name, owner) := {
	"kind": kind,
	"metadata": {
		"namespace": "a",
		"name": name,
		"labels": _labels,
		"ownerReferences": [owner],
	},
	"spec": {"containers": []},
}

test_controlled_resources_are_skipped[name] if {
	daemon_set := object.union(_daemon_set(_labels, {}, "x"), {"metadata": {"namespace": "a", "uid": "1"}})
	some name, case in {
		"its pod": {"owner": {"kind": "DaemonSet", "name": "any", "controller": true, "uid": "1"}, "want": ["any"]},
		"another uid": {"owner": {"kind": "DaemonSet", "name": "any", "controller": true, "uid": "2"}, "want": ["any", "any-1"]},
		"no uid": {"owner": {"kind": "DaemonSet", "name": "any", "controller": true}, "want": ["any", "any-1"]},
		"a DaemonSet owns no ReplicaSet": {
			"kind": "ReplicaSet",
			"owner": {"kind": "DaemonSet", "name": "any", "controller": true, "uid": "1"},
			"want": ["any", "any-1"],
		},
		"the owner is elsewhere": {
			"owner": {"kind": "DaemonSet", "name": "other", "controller": true},
			"want": ["any", "any-1"],
		},
		"an owner that controls nothing": {
			"owner": {"kind": "DaemonSet", "name": "any", "controller": false},
			"want": ["any", "any-1"],
		},
	}
	found := recognition.workloads with input as {"resources": [daemon_set, _owned(object.get(case, "kind", "Pod"), "any-1", case.owner)]}
	[entry.resource.metadata.name | some entry in found] == case.want
}

test_rendered_owner_has_no_uid if {
	rendered := object.union(_daemon_set(_labels, {}, "x"), {"metadata": {"namespace": "a"}})
	pod := _owned("Pod", "any-1", {"kind": "DaemonSet", "name": "any", "controller": true, "uid": "1"})
	found := recognition.workloads with input as {"resources": [rendered, pod]}
	[entry.resource.metadata.name | some entry in found] == ["any"]
}

test_among[component] if {
	some component, want in {"deepflow-agent": ["a"], "deepflow-server": ["s", "labelled"], "deepflow-app": []}
	documents := [
		object.union(_daemon_set({}, {}, "deepflow-agent:v7.1"), {"metadata": {"name": "a"}}),
		object.union(_daemon_set({}, {}, "deepflow-server:v7.1"), {"metadata": {"name": "s"}}),
		object.union(
			_daemon_set({}, {"app": "deepflow", "component": "deepflow-server"}, "x"),
			{"metadata": {"name": "labelled"}},
		),
	]
	found := recognition.among(documents, component)
	[entry.resource.metadata.name | some entry in found] == want
}
