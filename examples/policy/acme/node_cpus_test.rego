package dfpolicy.requirements.acme.node_cpus_test

import data.dfpolicy.requirements.acme.node_cpus

test_verdict[name] if {
	some name, case in {
		"enough": {"spec": {"cpus": 4}, "want": "pass"},
		"too few": {"spec": {"cpus": 2}, "want": "violation"},
		"not known": {"spec": {}, "want": "unknown"},
	}
	node := {"apiVersion": "dfpolicy.dev/v1", "kind": "NodeFacts", "metadata": {"name": "a"}, "spec": case.spec}
	results := node_cpus.results with input as {"mode": "single-k8s", "nodes": [node]}
	{result.outcome | some result in results} == {case.want}
}
