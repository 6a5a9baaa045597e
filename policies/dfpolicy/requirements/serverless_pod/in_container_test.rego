package dfpolicy.requirements.serverless_pod.in_container_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.serverless_pod.in_container
import data.dfpolicy.requirements.serverless_pod.serverless_pod_test as shared

test_verdict[name] if {
	own := "registry.example.com/own:v7.1"
	some name, case in {
		"official image": {"container": {}, "want": "pass"},
		"variable": {"container": {"image": own, "env": [{"name": "IN_CONTAINER", "value": ""}]}, "want": "pass"},
		"custom image": {"container": {"image": own}, "want": "unknown"},
		"image null": {"container": {"image": null}, "want": "unknown"},
		"no watching": {"container": {"image": own, "env": [shared.policy("watch-disabled")]}, "want": "pass"},
		"environment cleared": {"container": {"command": ["/usr/bin/env", "-i", "PATH=/usr/bin", "deepflow-agent"]}, "want": "violation"},
		"cleared and set": {"container": {"command": ["env", "-i", "IN_CONTAINER=yes", "deepflow-agent"]}, "want": "pass"},
		"variable cleared": {"container": {"command": ["env", "A=b", "-u", "IN_CONTAINER", "deepflow-agent"]}, "want": "violation"},
		"unset": {"container": {"args": ["-c", "unset IN_CONTAINER; exec deepflow-agent"]}, "want": "violation"},
		"another env": {"container": {"command": ["env", "bash", "-i"]}, "want": "pass"},
		"wrong type": {"container": {"command": {"a": "env -i"}}, "want": "pass"},
	}
	results := in_container.results with input as shared.in_mode("single-k8s", [shared.collector(case.container)])
	fixture.verdicts(results, "DF-SL-005") == {concat(" ", [case.want, "required"])}
}
