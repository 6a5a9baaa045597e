package dfpolicy.requirements.chart.kubernetes_version_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.server_fixture_test as release
import data.dfpolicy.requirements.chart.kubernetes_version

_kubelet(name, version) := {
	"apiVersion": "v1", "kind": "Node", "metadata": {"name": name},
	"status": {"nodeInfo": {"kubeletVersion": version}},
}

test_verdict[name] if {
	some name, case in {
		"new": {"cluster": {"version": "v1.31.4"}, "nodes": [], "want": "pass required"},
		"least": {"cluster": {"version": "v1.16.0-aliyun.1"}, "nodes": [], "want": "pass required"},
		"without a patch": {"cluster": {"version": "1.16"}, "nodes": [], "want": "pass required"},
		"old": {"cluster": {"version": "v1.15.12"}, "nodes": [], "want": "violation required"},
		"old by its number, not its text": {"cluster": {"version": "v1.9.1"}, "nodes": [], "want": "violation required"},
		"another major version": {"cluster": {"version": "v2.0.0"}, "nodes": [], "want": "pass required"},
		"by the kubelet": {"cluster": {}, "nodes": ["v1.9.0", "v1.16.3"], "want": "pass required"},
		"by old kubelets": {"cluster": {}, "nodes": ["v1.15.3"], "want": "unknown required"},
		"old, whatever the kubelets": {"cluster": {"version": "v1.15.12"}, "nodes": ["v1.20.0"], "want": "violation required"},
		"unknown": {"cluster": {}, "nodes": [], "want": "unknown required"},
		"null": {"cluster": {"version": null}, "nodes": [null], "want": "unknown required"},
		"number": {"cluster": {"version": 1.31}, "nodes": [], "want": "pass required"},
		"no version": {"cluster": {"version": "latest"}, "nodes": [5], "want": "unknown required"},
	}
	nodes := [_kubelet(format_int(i, 10), version) | some i, version in case.nodes]
	document := {"resources": array.concat([fixture.workload("DaemonSet", {}, {})], nodes), "cluster": {"spec": case.cluster}}
	results := kubernetes_version.results with input as document
	fixture.verdicts(results, "DF-CH-002") == {case.want}
}

test_version_for_the_server_chart[version] if {
	some version, want in {"v1.17.9": "violation required", "v1.18.0": "pass required"}
	document := object.union(release.changed([], {}), {"cluster": {"spec": {"version": version}}})
	results := kubernetes_version.results with input as document
	fixture.verdicts(results, "DF-CH-002") == {want}
}
