package dfpolicy.requirements.multi_k8s.cluster_name_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.multi_k8s.cluster_name
import data.dfpolicy.requirements.multi_k8s.multi_k8s_test as shared

domain(spec) := {"apiVersion": "dfpolicy.dev/v1", "kind": "Domain", "metadata": {"name": "a"}, "spec": spec}

test_verdict[name] if {
	created := [domain({"name": "prod", "type": "kubernetes"})]
	some name, case in {
		"set": {"resources": shared.agent(shared.named("prod")), "want": "pass recommended"},
		"name of a domain": {"resources": array.concat(shared.agent(shared.named("prod")), created), "want": "pass recommended"},
		"name of no domain": {"resources": array.concat(shared.agent(shared.named("test")), created), "want": "violation required"},
		"not set, with a domain": {"resources": array.concat(shared.agent(""), created), "want": "violation required"},
		"with a cloud": {"resources": array.concat(shared.agent(shared.named("prod")), [domain({"type": "aws"})]), "want": "pass recommended"},
		"placeholder": {"resources": shared.agent(shared.named("FIXME")), "want": "violation required"},
		"variable": {"resources": shared.agent(shared.named("$CLUSTER_NAME")), "want": "violation required"},
		"absent": {"resources": shared.agent(""), "want": "violation recommended"},
		"null": {"resources": shared.agent(shared.named("")), "want": "violation recommended"},
		"one name for two clusters": {
			"resources": array.concat(shared.agent(shared.both("d-1", "a")), shared.agent_in("b", shared.both("d-2", "a"))),
			"want": "violation recommended",
		},
		"wrong type": {"resources": shared.agent("kubernetes-cluster-name: {a: b}"), "want": "unknown recommended"},
	}
	results := cluster_name.results with input as shared.in_mode("multi-k8s", case.resources)
	fixture.verdicts(results, "DF-MK-003") == {case.want}
}
