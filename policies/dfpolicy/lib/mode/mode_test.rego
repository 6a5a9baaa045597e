package dfpolicy.lib.mode_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.mode

_agent(args, text) := [
	fixture.workload("DaemonSet", {}, {"args": args}),
	fixture.configuration(text),
]

_workload(kind, name, container, volumes) := {
	"apiVersion": "apps/v1",
	"kind": kind,
	"metadata": {"name": name},
	"spec": {"template": {"spec": {"containers": [container], "volumes": volumes}}},
}

_service(name, spec) := {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "obs"}, "spec": spec}

_server := _workload("Deployment", "deepflow-server", {"image": "registry.example.com/deepflow-server:v7.1"}, [])

_database := _workload("StatefulSet", "mysql", {"image": "mysql:8"}, [{"hostPath": {"path": "/opt/mysql"}}])

_document(kind, spec) := {"apiVersion": "dfpolicy.dev/v1", "kind": kind, "metadata": {"name": "a"}, "spec": spec}

_default := "controller-ips:\n- deepflow-server\n"

_real := "controller-ips:\n  - 172.20.14.7 # one\n  - \"fd00::1\"\n"

_composed := _document("ComposeProject", {"services": {"b": {"image": "r/deepflow-server:v7.1"}}})

test_detection[name] if {
	some name, case in {
		"nothing": {"resources": [], "want": ["single-k8s", []], "reason": "nothing in the input points to another mode"},
		"default name": {
			"resources": _agent([], _default), "want": ["single-k8s", []],
			"reason": "the agent connects to deepflow-server in its own cluster",
		},
		"default name with its namespace": {"resources": _agent([], "controller-ips: [deepflow-server.deepflow]\n"), "want": ["single-k8s", []]},
		"addresses": {"resources": _agent([], _real), "want": ["multi-k8s", []], "reason": "controller-ips contains 172.20.14.7"},
		"addresses in a flow": {
			"resources": _agent([], "controller-ips: [ '10.0.0.1' , b]\n"), "want": ["multi-k8s", ["single-k8s"]],
			"reason": "controller-ips contains 10.0.0.1",
		},
		"a name that only a cluster resolves": {"resources": _agent([], "controller-ips: [obs-server]\n"), "want": ["single-k8s", []]},
		"a full name in a cluster": {"resources": _agent([], "controller-ips: [df.obs.svc.cluster.local]\n"), "want": ["single-k8s", []]},
		"a placeholder": {"resources": _agent([], "controller-ips: [changeme]\n"), "want": ["multi-k8s", []]},
		"a Service with its namespace": {
			"resources": array.concat([_service("df", {"selector": {"a": "b"}})], _agent([], "controller-ips: [df.obs]\n")),
			"want": ["single-k8s", []],
			"reason": "the agent connects to df.obs in its own cluster",
		},
		"a Service that leads to another cluster": {
			"resources": array.concat([_service("df", {})], _agent([], "controller-ips: [df]\n")),
			"want": ["multi-k8s", []],
		},
		"the cluster's address of the server": {
			"resources": array.concat(
				[_service("deepflow-server", {"clusterIP": "10.96.0.7"})],
				_agent([], "controller-ips: [10.96.0.7]\n"),
			),
			"want": ["single-k8s", []],
		},
		"a name of its own": {"resources": _agent([], "controller-ips:\n- server.example.com\n"), "want": ["multi-k8s", []]},
		"no item": {"resources": _agent([], "controller-ips:\nteam-id: a\n"), "want": ["single-k8s", []]},
		"cluster id": {
			"resources": _agent([], concat("", [_real, "kubernetes-cluster-id: d-1\n"])), "want": ["managed-k8s", ["multi-k8s"]],
			"reason": "kubernetes-cluster-id is set and kubernetes-cluster-name is not",
		},
		"cluster id and name": {
			"resources": _agent([], concat("", [_real, "kubernetes-cluster-id: d-1\nkubernetes-cluster-name: a\n"])),
			"want": ["multi-k8s", []],
		},
		"cluster id empty": {"resources": _agent([], concat("", [_real, "kubernetes-cluster-id: # later\n"])), "want": ["multi-k8s", []]},
		"sidecar": {
			"resources": _agent(["-f", "x", "--sidecar"], _real), "want": ["serverless-pod", ["multi-k8s"]],
			"reason": "DaemonSet deepflow-agent runs with --sidecar",
		},
		"sidecar of a shell": {"resources": _agent(["agent --sidecar -f x"], _real), "want": ["serverless-pod", ["multi-k8s"]]},
		"option of another container": {
			"resources": json.patch(
				_agent([], _default),
				[{"op": "add", "path": "/0/spec/template/spec/containers/-", "value": {"name": "b", "args": ["--sidecar"]}}],
			),
			"want": ["single-k8s", []],
		},
		"another option": {"resources": _agent(["--sidecars"], _default), "want": ["single-k8s", []]},
		"server": {"resources": [_server], "want": ["single-k8s", []], "reason": "Deployment deepflow-server runs deepflow-server"},
		"server with another image": {
			"resources": [_workload("Deployment", "a", {"name": "deepflow-server", "image": "mirror/other:v7.1"}, [])],
			"want": ["single-k8s", []], "reason": "Deployment a runs deepflow-server",
		},
		"server with local storage": {
			"resources": [_database, _server], "want": ["all-in-one", ["single-k8s"]],
			"reason": "StatefulSet mysql stores data on the host in /opt/mysql",
		},
		"local storage alone": {"resources": [_database], "want": ["single-k8s", []], "reason": "nothing in the input points to another mode"},
		"compose": {"resources": [_document("ComposeProject", {})], "want": ["legacy-host", []], "reason": "the input has ComposeProject a"},
		"server in compose together with a unit": {
			"resources": [_composed, _document("SystemdUnit", {})],
			"want": ["all-in-one", ["legacy-host"]],
			"reason": "the Compose project a runs deepflow-server",
		},
		"unit and cloud": {
			"resources": [_document("SystemdUnit", {}), _document("Domain", {"type": "aws"})], "want": ["cloud-host", ["legacy-host"]],
			"reason": "domain a has type aws",
		},
		"compose, its server and its domain": {
			"resources": [_server, _document("ComposeProject", {}), _document("Domain", {"type": "agent_sync"})],
			"want": ["legacy-host", []],
		},
		"compose together with an agent of the cluster": {
			"resources": array.concat([_server, _document("ComposeProject", {})], _agent([], _default)),
			"want": ["single-k8s", ["legacy-host"]],
		},
		"unit and agent_sync": {
			"resources": [_document("SystemdUnit", {}), _document("Domain", {"type": "agent_sync"})],
			"want": ["legacy-host", []],
		},
		"garbage": {"resources": [null, 3, {}, {"kind": "ConfigMap", "data": null}], "want": ["single-k8s", []]},
	}
	chosen := mode.chosen with input as {"mode": "auto", "resources": case.resources}
	[chosen.name, chosen.candidates] == case.want
	chosen.source == "detected"
	object.get(case, "reason", chosen.reason) == chosen.reason
}

test_given[name] if {
	some name, document in {
		"given": {"mode": "single-k8s", "resources": _agent([], _real)},
		"absent": {"resources": _agent([], _real)},
		"null": {"mode": null},
	}
	mode.chosen == {"name": "single-k8s", "source": "given", "reason": "", "candidates": []} with input as document
}

test_upgrade if {
	document := {"mode": "upgrade", "resources": _agent([], concat("", [_real, "kubernetes-cluster-id: d-1\n"]))}
	reason := {"template": "kubernetes-cluster-id is set and kubernetes-cluster-name is not"}
	mode.chosen == {
		"name": "upgrade",
		"source": "given",
		"reason": "the deployment is managed-k8s: kubernetes-cluster-id is set and kubernetes-cluster-name is not",
		"messages": {"reason": {
			"template": "the deployment is {mode}: {reason}",
			"values": {"mode": "managed-k8s", "reason": reason},
		}},
		"candidates": ["managed-k8s", "multi-k8s"],
	} with input as document
	mode.applied == {"upgrade", "managed-k8s"} with input as document
}

test_applied if {
	mode.applied == {"multi-k8s"} with input as {"mode": "auto", "resources": _agent([], _real)}
	mode.applied == {"single-k8s"} with input as {"mode": "single-k8s", "resources": _agent([], _real)}
}

test_server_in_compose if {
	document := {"mode": "auto", "resources": [_composed]}
	mode.applied == {"all-in-one", "legacy-host"} with input as document
	mode.applied == {"legacy-host"} with input as object.union(document, {"mode": "legacy-host"})
	applying := [modes |
		some modes in [["all-in-one"], ["legacy-host", "cloud-host"], ["all-in-one", "single-k8s"]]
		mode.applies(modes) with input as document
	]
	applying == [["all-in-one"], ["legacy-host", "cloud-host"]]
}

test_running_release_means_upgrade[name] if {
	some name, case in {
		"resources": {"from": {"resources": []}, "want": "upgrade"},
		"version": {"from": {"version": "v6.5.8"}, "want": "upgrade"},
		"empty": {"from": {}, "want": "single-k8s"},
		"null": {"from": null, "want": "single-k8s"},
		"wrong type": {"from": ["a"], "want": "single-k8s"},
	}
	document := {"mode": "auto", "resources": _agent([], _default), "from": case.from}
	chosen := mode.chosen with input as document
	chosen.name == case.want
}

test_upgrade_keeps_the_mode_of_its_release if {
	document := {"mode": "auto", "resources": _agent([], _real), "from": {"version": "v6.5.8"}}
	chosen := mode.chosen with input as document
	object.remove(chosen, ["messages"]) == {
		"name": "upgrade",
		"source": "detected",
		"reason": "the input has a running release, which is multi-k8s: controller-ips contains 172.20.14.7",
		"candidates": ["multi-k8s"],
	}
	mode.applied == {"upgrade", "multi-k8s"} with input as document
}
