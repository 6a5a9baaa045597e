package dfpolicy.requirements.multi_k8s.pushed_addresses_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.multi_k8s.multi_k8s_test as shared
import data.dfpolicy.requirements.multi_k8s.pushed_addresses

group(spec) := {"apiVersion": "dfpolicy.dev/v1", "kind": "AgentGroupConfig", "metadata": {"name": "g"}, "spec": spec}

communication(settings) := group({"global": {"communication": settings}})

grouped(address, resource) := array.concat(shared.imaged(":v7.1", shared.addresses([address])), [resource])

test_verdict[name] if {
	lb := "203.0.113.7"
	some name, case in {
		"both": {"resources": grouped(lb, communication({"proxy_controller_ip": lb, "ingester_ip": lb})), "want": "pass recommended"},
		"NAT": {"resources": grouped(lb, communication({"request_via_nat_ip": true})), "want": "pass recommended"},
		"one": {"resources": grouped(lb, communication({"ingester_ip": lb})), "want": "violation recommended"},
		"neither, public": {"resources": grouped(lb, group({})), "want": "violation recommended"},
		"neither, a name": {"resources": grouped("df.example.com", group({})), "want": "violation recommended"},
		"neither, private": {"resources": grouped("172.20.14.7", group({})), "want": "unknown recommended"},
		"neither, private IPv6": {"resources": grouped("FD00::7", group({})), "want": "unknown recommended"},
		"the default": {
			"resources": grouped(lb, communication({"proxy_controller_ip": "127.0.0.1", "ingester_ip": null})),
			"want": "violation recommended",
		},
		"placeholder": {
			"resources": grouped(lb, communication({"proxy_controller_ip": lb, "ingester_ip": "10.1.2.3"})),
			"want": "violation recommended",
		},
		"wrong type": {
			"resources": grouped(lb, communication({"proxy_controller_ip": 5, "ingester_ip": lb})),
			"want": "violation recommended",
		},
		"no group in the input": {"resources": shared.imaged(":v7.1", shared.addresses([lb])), "want": "unknown recommended"},
		"controller-ips of a wrong type": {"resources": shared.imaged(":v7.1", "controller-ips: {a: b}"), "want": "unknown recommended"},
		"group of a wrong type": {"resources": shared.imaged(":v7.1", "vtap-group-id-request: {a: b}"), "want": "unknown recommended"},
		"placeholder of a group": {"resources": shared.imaged(":v7.1", "vtap-group-id-request: g-xxxxx"), "want": "violation recommended"},
		"names before v6.6": {
			"resources": array.concat(shared.imaged(":v6.4", shared.addresses([lb])), [group({"proxy_controller_ip": lb, "analyzer_ip": lb})]),
			"want": "pass recommended",
		},
	}
	results := pushed_addresses.results with input as shared.in_mode("multi-k8s", case.resources)
	fixture.verdicts(results, "DF-MK-005") == {case.want}
}
