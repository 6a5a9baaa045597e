package dfpolicy.lib.deepflow_server_test

import data.dfpolicy.lib.deepflow_server
import data.dfpolicy.lib.fixture_test as fixture

_server(name, controller) := fixture.document("ServerConfig", name, {"controller": controller})

test_documents_in_order if {
	other := object.union(_server("c", {}), {"apiVersion": "v1"})
	resources := [_server("b", {}), other, fixture.document("Domain", "d", {}), _server("a", {})]
	found := deepflow_server.documents("ServerConfig") with input as {"resources": resources}
	[document.metadata.name | some document in found] == ["a", "b"]
}

test_subject[name] if {
	some name, case in {
		"a file": {"metadata": {"name": "a"}, "want": {"apiVersion": "v", "kind": "k", "name": "a"}},
		"null": {"metadata": {"name": "a", "namespace": null}, "want": {"apiVersion": "v", "kind": "k", "name": "a"}},
		"a ConfigMap": {
			"metadata": {"name": "a", "namespace": "n", "labels": {}},
			"want": {"apiVersion": "v", "kind": "k", "name": "a", "namespace": "n"},
		},
	}
	deepflow_server.subject({"apiVersion": "v", "kind": "k", "metadata": case.metadata}) == case.want
}

_default := ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/15", "224.0.0.0-240.255.255.255"]

test_ranges[name] if {
	some name, case in {
		"nothing": {"resources": [], "want": _default},
		"a list": {"resources": [_server("a", {"genesis": {"local_ip_ranges": ["7.0.0.0/8", " 8.0.0.0/8"]}})], "want": ["7.0.0.0/8", "8.0.0.0/8"]},
		"a string": {"resources": [_server("a", {"genesis": {"local_ip_ranges": "7.0.0.0/8,8.0.0.0/8"}})], "want": ["7.0.0.0/8", "8.0.0.0/8"]},
		"null": {"resources": [_server("a", {"genesis": {"local_ip_ranges": null}})], "want": _default},
		"empty": {"resources": [_server("a", {"genesis": {"local_ip_ranges": ""}})], "want": _default},
		"numbers": {"resources": [_server("a", {"genesis": {"local_ip_ranges": [7]}})], "want": ["7"]},
		"two documents": {
			"resources": [
				_server("a", {"genesis": {"local_ip_ranges": ["7.0.0.0/8"]}}),
				fixture.document("Domain", "d", {"type": "agent_sync", "config": {"local_ip_ranges": "8.0.0.0/8"}}),
			],
			"want": ["7.0.0.0/8"],
		},
		"wrong types": {"resources": [_server("a", []), fixture.document("Domain", "d", "x")], "want": _default},
	}
	ranges := deepflow_server.ranges with input as {"resources": case.resources}
	ranges == case.want
}

test_unknown_agent_types[name] if {
	some name, case in {
		"every spelling": {
			"trisolaris": {
				"trident-type-for-unkonw-vtap": 1,
				"trident-type-for-unknow-vtap": 2,
				"trident-type-for-unknown-vtap": 3,
			},
			"want": [1, 2, 3],
		},
		"null": {"trisolaris": {"trident-type-for-unknow-vtap": null}, "want": []},
		"wrong type": {"trisolaris": 3, "want": []},
	}
	types := deepflow_server.unknown_agent_types with input as {"resources": [_server("a", {"trisolaris": case.trisolaris})]}
	types == case.want
}

_pod(image) := {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": image}]}}

test_version[name] if {
	some name, case in {
		"none": {"images": [], "want": null},
		"one": {"images": ["r/deepflow-server:v7.1.2"], "want": [7, 1, 2]},
		"several": {"images": ["deepflow-server:v7.1", "deepflow-server:v6.10"], "want": [6, 10]},
		"one unknown": {"images": ["deepflow-server:v7.1", "deepflow-server:latest"], "want": null},
		"others": {"images": ["deepflow-app:v7.1", 5, null], "want": null},
	}
	version := deepflow_server.version with input as {"resources": [_pod(image) | some image in case.images]}
	version == case.want
}

test_version_of_a_mirrored_image if {
	pod := {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "deepflow-server", "image": "mirror/other:v7.0"}]}}
	version := deepflow_server.version with input as {"resources": [pod]}
	version == [7, 0]
}
