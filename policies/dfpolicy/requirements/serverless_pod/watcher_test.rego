package dfpolicy.requirements.serverless_pod.watcher_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.serverless_pod.serverless_pod_test as shared
import data.dfpolicy.requirements.serverless_pod.watcher

test_components[name] if {
	some name, case in {
		"both": {"resources": [shared.sidecar, shared.watcher({"replicas": 1}, {})], "want": "pass"},
		"replicas absent": {"resources": [shared.sidecar, shared.watcher({}, {})], "want": "pass"},
		"replicas null": {"resources": [shared.sidecar, shared.watcher({"replicas": null}, {})], "want": "pass"},
		"a plain chart": {"resources": [fixture.workload("DaemonSet", {}, {})], "want": "violation"},
		"no watcher": {"resources": [shared.sidecar], "want": "violation"},
		"no DaemonSet": {"resources": [shared.watcher({}, {})], "want": "violation"},
		"no replica": {"resources": [shared.sidecar, shared.watcher({"replicas": 0}, {})], "want": "violation"},
		"two replicas": {"resources": [shared.sidecar, shared.watcher({"replicas": 2}, {})], "want": "violation"},
		"replicas of a wrong type": {"resources": [shared.sidecar, shared.watcher({"replicas": "1"}, {})], "want": "violation"},
	}
	results := watcher.results with input as shared.in_mode("serverless-pod", case.resources)
	fixture.verdicts(results, "DF-SL-001") == {concat(" ", [case.want, "required"])}
}

test_partial_input[name] if {
	some name, case in {
		"both": {"resources": [shared.sidecar, shared.watcher({"replicas": 1}, {})], "want": "pass"},
		"no watcher": {"resources": [shared.sidecar], "want": "unknown"},
		"no DaemonSet": {"resources": [shared.watcher({}, {})], "want": "unknown"},
		"two replicas": {"resources": [shared.watcher({"replicas": 2}, {})], "want": "violation"},
	}
	document := object.union(shared.in_mode("serverless-pod", case.resources), {"partial": true})
	results := watcher.results with input as document
	fixture.verdicts(results, "DF-SL-001") == {concat(" ", [case.want, "required"])}
}
