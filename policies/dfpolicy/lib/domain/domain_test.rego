package dfpolicy.lib.domain_test

import data.dfpolicy.lib.domain
import data.dfpolicy.lib.fixture_test as fixture

_domain(type, config) := fixture.document("Domain", "d", {"type": type, "config": config})

test_type[name] if {
	some name, case in {
		"string": {"spec": {"type": "aws"}, "want": "aws"},
		"number": {"spec": {"type": 11}, "want": ""},
		"null": {"spec": {"type": null}, "want": ""},
		"not an object": {"spec": "aws", "want": ""},
	}
	domain.type(fixture.document("Domain", "d", case.spec)) == case.want
}

test_lacking[name] if {
	some name, case in {
		"nothing": {"domain": _domain("aws", {"secret_id": "(hidden)", "secret_key": "(hidden)"}), "want": []},
		"not a cloud": {"domain": _domain("agent_sync", {}), "want": []},
		"everything": {"domain": _domain("aws", null), "want": ["secret_id of d is not set", "secret_key of d is not set"]},
		"each flaw": {
			"domain": _domain("volcengine", {"secret_id": "xxxx", "secret_key": 5, "include_regions": ""}),
			"want": ["secret_id of d is a placeholder", "secret_key of d is not a string", "include_regions of d is not set"],
		},
	}
	[flaw.text | some flaw in domain.lacking(case.domain)] == case.want
}

test_everywhere[name] if {
	some name, case in {
		"neither": {"domain": _domain("aws", {}), "want": ["d"]},
		"null": {"domain": _domain("aws", {"include_regions": null, "exclude_regions": null}), "want": ["d"]},
		"some": {"domain": _domain("aws", {"include_regions": "a"}), "want": []},
		"all but some": {"domain": _domain("aliyun", {"exclude_regions": "a"}), "want": []},
		"no choice": {"domain": _domain("huawei", {}), "want": []},
	}
	domain.everywhere([case.domain]) == case.want
}

test_crowded[name] if {
	some name, case in {
		"one": {"regions": ["a"], "want": []},
		"one each": {"regions": ["a", "b"], "want": []},
		"two of one": {"regions": ["a", "b", "a"], "want": ["region a has 2 domains of the type agent_sync"]},
		"two of the default": {
			"regions": [null, "ffffffff-ffff-ffff-ffff-ffffffffffff"],
			"want": ["region ffffffff-ffff-ffff-ffff-ffffffffffff has 2 domains of the type agent_sync"],
		},
		"numbers": {"regions": [1, 1], "want": ["region 1 has 2 domains of the type agent_sync"]},
	}
	found := domain.crowded([_domain("agent_sync", {"region_uuid": region}) | some region in case.regions])
	[flaw.text | some flaw in found] == case.want
}

test_documents if {
	found := domain.documents with input as {"resources": [_domain("aws", {}), fixture.document("Subdomain", "s", {})]}
	found == [_domain("aws", {})]
}

_document(kind, name, spec) := {"apiVersion": "dfpolicy.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}

test_kinds if {
	resources := [
		_document("Domain", "a", {"type": "aliyun"}),
		_document("Subdomain", "b", {}),
		_document("Domain", "c", {"name": "d", "type": "kubernetes"}),
		object.union(_document("Domain", "e", {}), {"apiVersion": "other/v1"}),
	]
	found := [domain.names(domain.documents), domain.names(domain.subdomains), domain.names(domain.clusters)] with input as {"resources": resources}
	found == [["a", "d"], ["b"], ["d"]]
}

test_none[name] if {
	some name, document in {"absent": {}, "null": {"resources": null}, "garbage": {"resources": [null, 3, {"kind": 5}]}}
	found := [domain.documents, domain.subdomains, domain.clusters] with input as document
	found == [[], [], []]
}

test_name[name] if {
	some name, case in {
		"own": {"spec": {"name": "n"}, "want": "n"},
		"null": {"spec": {"name": null}, "want": "file"},
		"wrong type": {"spec": {"name": 5}, "want": "file"},
		"spec of a wrong type": {"spec": [1], "want": "file"},
	}
	domain.name(_document("Domain", "file", case.spec)) == case.want
}

test_cloud[name] if {
	some name, case in {
		"cloud": {"type": "tencent", "want": true},
		"cluster": {"type": "kubernetes", "want": false},
		"agents": {"type": "agent_sync", "want": false},
		"null": {"type": null, "want": false},
		"wrong type": {"type": ["aws"], "want": false},
	}
	found := [1 | domain.cloud(_document("Domain", "a", {"type": case.type}))]
	found == [1 | case.want]
}
