package dfpolicy.lib.server_objects_test

import data.dfpolicy.lib.server_objects as server

_document(kind, name, spec) := {"apiVersion": "dfpolicy.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}

test_kinds if {
	resources := [
		_document("Domain", "a", {"type": "aliyun"}),
		_document("Subdomain", "b", {}),
		_document("Domain", "c", {"name": "d", "type": "kubernetes"}),
		object.union(_document("Domain", "e", {}), {"apiVersion": "other/v1"}),
	]
	found := [server.names(server.domains), server.names(server.subdomains), server.names(server.clusters)] with input as {"resources": resources}
	found == [["a", "d"], ["b"], ["d"]]
}

test_none[name] if {
	some name, document in {"absent": {}, "null": {"resources": null}, "garbage": {"resources": [null, 3, {"kind": 5}]}}
	found := [server.domains, server.subdomains, server.clusters] with input as document
	found == [[], [], []]
}

test_name[name] if {
	some name, case in {
		"own": {"spec": {"name": "n"}, "want": "n"},
		"null": {"spec": {"name": null}, "want": "file"},
		"wrong type": {"spec": {"name": 5}, "want": "file"},
		"spec of a wrong type": {"spec": [1], "want": "file"},
	}
	server.name(_document("Domain", "file", case.spec)) == case.want
}

test_cloud[name] if {
	some name, case in {
		"cloud": {"type": "tencent", "want": true},
		"cluster": {"type": "kubernetes", "want": false},
		"agents": {"type": "agent_sync", "want": false},
		"null": {"type": null, "want": false},
		"wrong type": {"type": ["aws"], "want": false},
	}
	found := [1 | server.cloud(_document("Domain", "a", {"type": case.type}))]
	found == [1 | case.want]
}
