package dfpolicy.requirements.multi_k8s.cluster_id_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.multi_k8s.cluster_id
import data.dfpolicy.requirements.multi_k8s.multi_k8s_test as shared

test_verdict[name] if {
	some name, case in {
		"the server's": {"resources": shared.imaged(":v7.1", shared.id("d-a1b2c3d4e5")), "want": "pass"},
		"the server's, before v6.6": {"resources": shared.imaged(":v6.4", shared.id("d-a1b2c3d4e5")), "want": "pass"},
		"a name": {"resources": shared.imaged(":v7.1", shared.id("prod-b")), "want": "pass"},
		"a name before v6.6": {"resources": shared.imaged(":v6.5.8", shared.id("prod-b")), "want": "violation"},
		"a name, version not known": {"resources": shared.imaged(":latest", shared.id("prod-b")), "want": "unknown"},
		"a UUID": {"resources": shared.imaged(":v7.1", shared.id("0f1e2d3c-0f1e-0f1e-0f1e-0f1e2d3c4b5a")), "want": "violation"},
		"underscore": {"resources": shared.imaged(":v7.1", shared.id("prod_b")), "want": "violation"},
		"placeholder": {"resources": shared.imaged(":v7.1", shared.id("d-xxxx")), "want": "violation"},
		"list": {"resources": shared.imaged(":v7.1", shared.id("[a]")), "want": "violation"},
		"absent": {"resources": shared.imaged(":v7.1", ""), "want": "pass"},
		"null": {"resources": shared.imaged(":v7.1", shared.id("")), "want": "pass"},
		"wrong type": {"resources": shared.imaged(":v7.1", shared.id("{a: b}")), "want": "unknown"},
		"one id for two clusters": {
			"resources": array.concat(shared.agent(shared.both("d-1", "a")), shared.agent_in("b", shared.both("d-1", "c"))),
			"want": "violation",
		},
	}
	results := cluster_id.results with input as shared.in_mode("multi-k8s", case.resources)
	fixture.verdicts(results, "DF-MK-004") == {concat(" ", [case.want, "recommended"])}
}
