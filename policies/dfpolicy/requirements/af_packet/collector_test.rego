package dfpolicy.requirements.af_packet.collector_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.af_packet.collector

_watcher := object.union(fixture.workload("Deployment", {}, {}), {"metadata": {"name": "deepflow-agent-watcher"}})

_compose := {
	"apiVersion": "dfpolicy.dev/v1", "kind": "ComposeProject",
	"metadata": {"name": "a"},
	"spec": {"services": {"deepflow-server": {"image": "r/deepflow-server:v7.1"}}},
}

test_verdict[name] if {
	some name, case in {
		"DaemonSet and watcher": {"resources": [fixture.workload("DaemonSet", {}, {}), _watcher], "want": {"pass required"}},
		"watcher alone": {"resources": [_watcher], "want": {"violation required"}},
		"watcher alone, a part of the deployment": {"resources": [_watcher], "partial": true, "want": {"unknown required"}},
		"server in Docker Compose": {"mode": "all-in-one", "resources": [_compose], "want": {"unknown required"}},
		"that server for another mode": {"resources": [_compose], "want": set()},
		"nothing": {"resources": [], "want": set()},
	}
	results := collector.results with input as object.union({"mode": "single-k8s"}, object.remove(case, ["want"]))
	fixture.verdicts(results, "DF-NET-007") == case.want
}

test_the_watcher_is_the_subject if {
	results := collector.results with input as {"resources": [_watcher]}
	{result.subject.name | some result in results} == {"deepflow-agent-watcher"}
}
