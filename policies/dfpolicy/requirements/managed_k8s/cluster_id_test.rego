package dfpolicy.requirements.managed_k8s.cluster_id_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.managed_k8s.cluster_id
import data.dfpolicy.requirements.managed_k8s.managed_k8s_test as shared

test_verdict[name] if {
	some name, case in {
		"set": {"text": "kubernetes-cluster-id: d-a1b2c3", "want": "pass"},
		"a name": {"text": "kubernetes-cluster-id: prod", "want": "pass"},
		"absent": {"text": "controller-ips: [172.20.1.1]", "want": "violation"},
		"empty": {"text": "kubernetes-cluster-id: ''", "want": "violation"},
		"null": {"text": "kubernetes-cluster-id:", "want": "violation"},
		"the documentation's": {"text": "kubernetes-cluster-id: fffffff", "want": "violation"},
		"placeholder": {"text": "kubernetes-cluster-id: g-xxxxx", "want": "violation"},
		"an ID that DF-MK-004 rejects": {"text": "kubernetes-cluster-id: prod_b", "want": "violation"},
		"no file": {"text": null, "want": "violation"},
		"wrong type": {"text": "kubernetes-cluster-id: {a: b}", "want": "violation"},
		"not a mapping": {"text": "a b", "want": "violation"},
	}
	results := cluster_id.results with input as shared.managed(case.text, [])
	fixture.verdicts(results, "DF-MG-001") == {concat(" ", [case.want, "required"])}
}

test_a_name_with_an_agent_of_unknown_version if {
	document := object.union(shared.managed("kubernetes-cluster-id: prod", []), {"parameters": {"agentVersion": "latest"}})
	results := cluster_id.results with input as document
	fixture.verdicts(results, "DF-MG-001") == {"unknown required"}
}

test_without_the_file if {
	results := cluster_id.results with input as object.union(fixture.agent({}, {}), {"mode": "managed-k8s"})
	fixture.verdicts(results, "DF-MG-001") == {"unknown required"}
}
