package dfpolicy.requirements.chart.agent_start_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.chart.agent_start

_init(command) := {"initContainers": [{"name": "first", "image": "busybox", "command": command}]}

test_verdict[name] if {
	some name, case in {
		"the image decides": {"pod": {}, "container": {}, "want": "pass"},
		"the agent": {"pod": {}, "container": {"command": ["/bin/deepflow-agent", "-f", "a"]}, "want": "pass"},
		"only arguments": {"pod": {}, "container": {"args": ["-f", "a"]}, "want": "unknown"},
		"another program": {"pod": {}, "container": {"command": ["/entrypoint.sh"]}, "want": "unknown"},
		"wrong type": {"pod": {}, "container": {"command": "sleep"}, "want": "pass"},
		"sleep": {"pod": {}, "container": {"command": ["sleep", "infinity"]}, "want": "violation"},
		"a script without the agent": {"pod": {}, "container": {"command": ["sh", "-c", "sleep 9"]}, "want": "violation"},
		"version": {"pod": {}, "container": {"command": ["deepflow-agent", "-v"]}, "want": "violation"},
		"an init container succeeds": {"pod": _init(["true"]), "container": {}, "want": "pass"},
		"an init container fails": {"pod": _init(["sh", "-c", "exit 1"]), "container": {}, "want": "violation"},
		"an init container sleeps": {"pod": _init(["sleep", "infinity"]), "container": {}, "want": "violation"},
		"a sidecar sleeps": {
			"pod": {"initContainers": [{"name": "a", "restartPolicy": "Always", "command": ["sleep", "inf"]}]},
			"container": {},
			"want": "pass",
		},
		"Linux": {"pod": {"nodeSelector": {"kubernetes.io/os": "linux"}}, "container": {}, "want": "pass"},
		"Windows": {"pod": {"nodeSelector": {"kubernetes.io/os": "windows"}}, "container": {}, "want": "violation"},
		"a pod of Windows": {"pod": {"os": {"name": "windows"}}, "container": {}, "want": "violation"},
		"not root, but user 0": {
			"pod": {"securityContext": {"runAsNonRoot": true, "runAsUser": 0}},
			"container": {},
			"want": "violation",
		},
		"not root, another user": {
			"pod": {"securityContext": {"runAsNonRoot": true, "runAsUser": 1000}},
			"container": {},
			"want": "pass",
		},
	}
	results := agent_start.results with input as fixture.agent(case.pod, case.container)
	fixture.verdicts(results, "DF-CH-008") == {$"{case.want} required"}
}

test_missing_key_of_a_config_map if {
	variable := {"name": "K8S_WATCH_POLICY", "valueFrom": {"configMapKeyRef": {"name": "deepflow-agent", "key": "policy"}}}
	resources := [fixture.workload("DaemonSet", {}, {"env": [variable]}), fixture.configuration("")]
	results := agent_start.results with input as {"resources": resources}
	fixture.observed(results, "DF-CH-008") == {"the ConfigMap deepflow-agent has no key policy, which the variable K8S_WATCH_POLICY needs"}
}
