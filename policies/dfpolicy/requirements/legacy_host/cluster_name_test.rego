package dfpolicy.requirements.legacy_host.cluster_name_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.legacy_host.cluster_name
import data.dfpolicy.requirements.legacy_host.legacy_host_test as shared

_results(document) := results if {
	results := cluster_name.results with input as document
}

_verdicts(document, id) := fixture.verdicts(_results(document), id)

_watcher := object.union(
	fixture.workload("Deployment", {}, {}),
	{"metadata": {"name": "deepflow-agent-watcher"}},
)

test_verdict[name] if {
	some name, case in {
		"both": {"spec": {"kubernetes-cluster-id": "d-1a2b3c"}, "others": [_watcher], "want": {"pass required"}},
		"no watcher": {"spec": {"kubernetes-cluster-id": "d-1a2b3c"}, "others": [], "want": {"unknown required"}},
		"no id": {"spec": {}, "others": [_watcher], "want": {"violation required"}},
		"null": {"spec": {"kubernetes-cluster-id": null}, "others": [_watcher], "want": {"violation required"}},
		"a placeholder": {"spec": {"kubernetes-cluster-id": "d-xxxx"}, "others": [_watcher], "want": {"violation required"}},
		"a list": {"spec": {"kubernetes-cluster-id": ["a"]}, "others": [_watcher], "want": {"violation required"}},
		"an object": {"spec": {"kubernetes-cluster-id": {"a": "b"}}, "others": [_watcher], "want": {"unknown required"}},
		"neither": {"spec": {}, "others": [], "want": set()},
		"a collector is not a watcher": {"spec": {}, "others": [fixture.workload("DaemonSet", {}, {})], "want": set()},
	}
	_verdicts(fixture.started({}, array.concat([shared.file(case.spec)], case.others)), "DF-LH-010") == case.want
}

test_without_the_file if {
	_verdicts(fixture.started({}, [_watcher]), "DF-LH-010") == {"unknown required"}
}
