package dfpolicy.requirements.legacy_host.local_addresses_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.legacy_host.legacy_host_test as shared
import data.dfpolicy.requirements.legacy_host.local_addresses

_results(document) := results if {
	results := local_addresses.results with input as document
}

_verdicts(document, id) := fixture.verdicts(_results(document), id)

# A node with these addresses, an agent and these documents.
_addressed(addresses, others) := object.union(
	fixture.started({}, others),
	{"nodes": [fixture.node("host", {"addresses": addresses})]},
)

_running(tag) := {
	"apiVersion": "apps/v1", "kind": "Deployment",
	"metadata": {"name": "deepflow-server"},
	"spec": {"template": {"spec": {"containers": [{"name": "a", "image": concat(":", ["r/deepflow-server", tag])}]}}},
}

test_verdict[name] if {
	ranged := shared.server({"genesis": {"local_ip_ranges": ["10.0.0.0/8", "7.8.0.0/16", "fd00::/8"]}})
	some name, case in {
		"default ranges": {"addresses": ["10.1.2.9", "192.168.0.4"], "others": [], "want": "pass required"},
		"default ranges of a server": {"addresses": ["10.1.2.9"], "others": [shared.server({})], "want": "pass required"},
		"loopback and link": {"addresses": ["127.0.0.1", "::1", "fe80::1%eth0", "10.0.0.9"], "others": [], "want": "pass required"},
		"none": {"addresses": [], "others": [], "want": "unknown required"},
		"outside, server unknown": {"addresses": ["7.8.9.10"], "others": [], "want": "unknown required"},
		"outside the default": {"addresses": ["10.0.0.1", "7.8.9.10"], "others": [shared.server({})], "want": "violation required"},
		"in a range of its own": {"addresses": ["7.8.9.10", "fd00::5"], "others": [ranged], "want": "pass required"},
		"the default was replaced": {"addresses": ["192.168.0.4"], "others": [ranged], "want": "violation required"},
		"IPv6 outside": {"addresses": ["2001:db8::1"], "others": [ranged], "want": "violation required"},
		"IPv6 together with ranges of IPv4": {
			"addresses": ["10.0.0.1", "2001:db8::1"],
			"others": [shared.server({})],
			"want": "violation recommended",
		},
		"IPv6, server unknown": {"addresses": ["2001:db8::1"], "others": [], "want": "unknown recommended"},
		"both outside": {"addresses": ["7.8.9.10", "2001:db8::1"], "others": [shared.server({})], "want": "violation required"},
		"two ends": {
			"addresses": ["240.0.0.1"],
			"others": [shared.server({"genesis": {"local_ip_ranges": ["224.0.0.0-240.255.255.255"]}})],
			"want": "pass required",
		},
		"from the domain": {
			"addresses": ["7.8.9.10"],
			"others": [shared.domain("a", "agent_sync", {"local_ip_ranges": "10.0.0.0/8, 7.8.0.0/16"})],
			"want": "unknown required",
		},
		"from the domain, after v7.1": {
			"addresses": ["7.8.9.10"],
			"others": [_running("v7.2.0"), ranged, shared.domain("a", "agent_sync", {"local_ip_ranges": "7.8.0.0/16"})],
			"want": "pass required",
		},
		"from the file, after v7.1": {"addresses": ["7.8.9.10"], "others": [_running("v7.2.0"), ranged], "want": "violation required"},
		"from the domain, up to v7.1": {
			"addresses": ["7.8.9.10"],
			"others": [_running("v7.1"), shared.server({}), shared.domain("a", "agent_sync", {"local_ip_ranges": "7.8.0.0/16"})],
			"want": "violation required",
		},
		"of another domain": {
			"addresses": ["7.8.9.10"],
			"others": [shared.domain("a", "aws", {"local_ip_ranges": "7.8.0.0/16"})],
			"want": "unknown required",
		},
		"malformed": {
			"addresses": ["10.0.0.1"],
			"others": [shared.server({"genesis": {"local_ip_ranges": ["10.0.0.0/8", 5, null]}})],
			"want": "violation required",
		},
		"an object": {"addresses": ["10.0.0.1"], "others": [shared.server({"genesis": {"local_ip_ranges": {"a": 1}}})], "want": "violation required"},
		"no ranges": {"addresses": ["10.0.0.1"], "others": [shared.server({"genesis": null})], "want": "pass required"},
		"garbage": {"addresses": [null, 5, "x"], "others": [shared.server({})], "want": "violation required"},
		"not collected": {"addresses": null, "others": [], "want": "unknown required"},
		"a string": {"addresses": "10.0.0.1", "others": [], "want": "unknown required"},
	}
	_verdicts(_addressed(case.addresses, case.others), "DF-LH-004") == {case.want}
}

test_without_a_node if {
	_verdicts(fixture.started({}, []), "DF-LH-004") == {"unknown required"}
	_verdicts(shared.cloud(fixture.started({}, [])), "DF-LH-004") == set()
}
