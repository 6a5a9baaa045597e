package dfpolicy.requirements.acme_test

import data.dfpolicy.requirements.acme

test_registry[name] if {
	cases := {
		"of Acme": {"image": "registry.acme.example/deepflow-agent:v7.1", "outcome": "pass"},
		"of another": {"image": "registry.acme.example.org/deepflow-agent:v7.1", "outcome": "violation"},
	}
	some name, case in cases
	case.outcome == [found.outcome |
		some found in acme.results with input as {"mode": "single-k8s", "resources": [_agent(case.image)]}
		found.id == "DF-ACME-001"
	][0]
}

test_cpus[name] if {
	cases := {
		"enough": {"spec": {"cpus": 4}, "outcome": "pass"},
		"too few": {"spec": {"cpus": 2}, "outcome": "violation"},
		"not known": {"spec": {}, "outcome": "unknown"},
	}
	some name, case in cases
	nodes := [{"apiVersion": "dfpolicy.dev/v1", "kind": "NodeFacts", "metadata": {"name": "a"}, "spec": case.spec}]
	case.outcome == [found.outcome |
		some found in acme.results with input as {"mode": "single-k8s", "resources": [_agent("deepflow-agent")], "nodes": nodes}
		found.id == "DF-ACME-002"
	][0]
}

_agent(image) := {
	"apiVersion": "apps/v1",
	"kind": "DaemonSet",
	"metadata": {"name": "deepflow-agent", "namespace": "deepflow"},
	"spec": {"template": {"spec": {"containers": [{"name": "deepflow-agent", "image": image}]}}},
}
