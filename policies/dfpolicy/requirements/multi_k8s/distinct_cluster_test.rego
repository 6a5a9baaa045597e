package dfpolicy.requirements.multi_k8s.distinct_cluster_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.multi_k8s.distinct_cluster
import data.dfpolicy.requirements.multi_k8s.multi_k8s_test as shared

test_verdict[name] if {
	some name, case in {
		"an id": {"resources": shared.agent(shared.id("d-a1b2c3")), "want": "pass"},
		"an id that agents of one cluster share": {
			"resources": array.concat(shared.agent(shared.both("d-1", "a")), shared.agent_in("b", shared.both("d-1", "a"))),
			"want": "pass",
		},
		"one id for two clusters": {
			"resources": array.concat(shared.agent(shared.both("d-1", "a")), shared.agent_in("b", shared.both("d-1", "c"))),
			"want": "violation",
		},
		"placeholder": {"resources": shared.agent(shared.id("g-xxxxx")), "want": "violation"},
		"the documentation's": {"resources": shared.agent(shared.id("fffffff")), "want": "violation"},
		"an ID that DF-MK-004 rejects": {"resources": shared.agent(shared.id("prod_b")), "want": "violation"},
		"a name, version not known": {"resources": shared.imaged(":latest", shared.id("prod-b")), "want": "unknown"},
		"no id": {"resources": shared.agent(""), "want": "unknown"},
		"null": {"resources": shared.agent(shared.id("~")), "want": "unknown"},
		"wrong type": {"resources": shared.agent("kubernetes-cluster-id:\n  a: b"), "want": "unknown"},
	}
	results := distinct_cluster.results with input as shared.in_mode("multi-k8s", case.resources)
	fixture.verdicts(results, "DF-MK-002") == {concat(" ", [case.want, "required"])}
}

test_by_certificate[name] if {
	some name, case in {
		"known": {"facts": {"caCertificateMd5": "0f1e"}, "want": "not known: whether another cluster has the same CA certificate (MD5 0f1e)"},
		"wrong type": {"facts": {"caCertificateMd5": 5}, "want": "not known: whether another cluster has the same CA certificate; compare the MD5 of all clusters"},
		"null": {"facts": null, "want": "not known: whether another cluster has the same CA certificate; compare the MD5 of all clusters"},
	}
	results := distinct_cluster.results with input as object.union(shared.in_mode("multi-k8s", shared.agent("")), {"cluster": {"spec": case.facts}})
	fixture.observed(results, "DF-MK-002") == {case.want}
}
