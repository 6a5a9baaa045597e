package dfpolicy.requirements.single_k8s.replicas_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.server_fixture_test as release
import data.dfpolicy.requirements.single_k8s.replicas
import data.dfpolicy.requirements.single_k8s.single_k8s_test as shared

_apart := {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
	null,
	{"topologyKey": "kubernetes.io/hostname"},
]}}}

_free := {"taints": [], "labels": {}}

_tainted := {"taints": [{"key": "a", "effect": "NoSchedule"}], "labels": {}}

test_verdict[name] if {
	some name, case in {
		"one, nodes unknown": {"replicas": 1, "pod": _apart, "nodes": [], "want": "unknown required"},
		"default": {"replicas": null, "pod": _apart, "nodes": [_free], "want": "pass required"},
		"two on two": {"replicas": 2, "pod": _apart, "nodes": [_free, _free], "want": "pass required"},
		"two on one": {"replicas": 2, "pod": _apart, "nodes": [_free], "want": "violation required"},
		"two, one node tainted": {"replicas": 2, "pod": _apart, "nodes": [_free, _tainted], "want": "violation required"},
		"one, the node tainted": {"replicas": 1, "pod": {}, "nodes": [_tainted], "want": "violation required"},
		"two, nodes unknown": {"replicas": 2, "pod": _apart, "nodes": [], "want": "unknown required"},
		"two, taints unknown": {"replicas": 2, "pod": _apart, "nodes": [_free, {"cpus": 4}], "want": "unknown required"},
		"two that share a node": {"replicas": 2, "pod": {}, "nodes": [_free], "want": "pass required"},
		"two with hostNetwork": {"replicas": 2, "pod": {"hostNetwork": true}, "nodes": [_free], "want": "violation required"},
		"two, apart by zone": {
			"replicas": 2,
			"pod": {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "zone"}]}}},
			"nodes": [_free],
			"want": "pass required",
		},
		"none": {"replicas": 0, "pod": _apart, "nodes": [_free], "want": "violation required"},
		"fraction": {"replicas": 1.5, "pod": _apart, "nodes": [_free], "want": "violation required"},
		"string": {"replicas": "2", "pod": _apart, "nodes": [_free], "want": "violation required"},
	}
	nodes := [fixture.node(format_int(i, 10), spec) | some i, spec in case.nodes]
	resources := [release.server(case.pod, {"replicas": case.replicas})]
	results := replicas.results with input as {"resources": resources, "nodes": nodes}
	fixture.verdicts(results, "DF-SK-004") == {case.want}
}

test_clickhouse if {
	clickhouse := release.part("StatefulSet", "clickhouse", _apart, {"replicas": 3})
	document := object.union(release.changed(["clickhouse"], {"clickhouse": clickhouse}), {"nodes": [fixture.node("a", _free)]})
	results := replicas.results with input as document
	{result.subject.name: result.outcome | some result in results; result.id == "DF-SK-004"} == {
		"deepflow-server": "pass",
		"clickhouse": "violation",
	}
}

test_server_defined_twice if {
	resources := [release.server(_apart, {"replicas": 1}), release.server(_apart, {"replicas": 2})]
	results := replicas.results with input as {"resources": resources, "nodes": [fixture.node("a", _free)]}
	fixture.verdicts(results, "DF-SK-004") == {"pass required", "violation required"}
}

test_without_a_server if {
	nowhere := replicas.results with input as shared.nothing
	fixture.verdicts(nowhere, "DF-SK-004") == {"unknown required"}
	composed := replicas.results with input as shared.composed
	fixture.verdicts(composed, "DF-SK-004") == {"pass required"}
}
