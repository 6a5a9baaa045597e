package dfpolicy.requirements.kubernetes_info.host_pid_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.kubernetes_info.host_pid

test_verdict[name] if {
	some name, case in {
		"true": {"pod": {"hostPID": true}, "want": "pass required"},
		"false": {"pod": {"hostPID": false}, "want": "violation required"},
		"null": {"pod": {"hostPID": null}, "want": "violation required"},
		"string": {"pod": {"hostPID": "true"}, "want": "violation required"},
	}
	results := host_pid.results with input as fixture.agent(case.pod, {})
	fixture.verdicts(results, "DF-K8S-001") == {case.want}
}

test_all_fields_of_a_result if {
	results := host_pid.results with input as fixture.agent({"hostPID": false}, {})
	{result | some result in results; result.id == "DF-K8S-001"} == {{
		"id": "DF-K8S-001",
		"title": "The agent shares the host's process namespace",
		"level": "required",
		"group": "kubernetes-info",
		"order": 1,
		"outcome": "violation",
		"subject": {"apiVersion": "apps/v1", "kind": "DaemonSet", "namespace": "deepflow", "name": "deepflow-agent"},
		"observed": "hostPID is false",
		"expected": "hostPID is true",
		"message": "The agent shares the host's process namespace: hostPID is false; expected hostPID is true",
		"impact": ["AutoTagging", "AutoTracing", "AutoProfiling", "AutoMetrics"],
		"remediation": "Set `spec.template.spec.hostPID: true` on the agent's workload.",
		"messages": {"observed": {"template": "hostPID is {value}", "values": {"value": "false"}}},
		"change": {
			"cause": "host-pid",
			"proof": "manifests",
			"alternatives": [{"risk": "restart", "operations": [{
				"op": "set",
				"target": {"apiVersion": "apps/v1", "kind": "DaemonSet", "namespace": "deepflow", "name": "deepflow-agent"},
				"path": ["spec", "template", "spec", "hostPID"],
				"value": true,
			}]}],
		},
	}}
}

test_of_compose[name] if {
	some name, case in {
		"host": {"pid": "host", "want": "pass required"},
		"another": {"pid": "service:a", "want": "violation required"},
		"null": {"pid": null, "want": "violation required"},
		"wrong type": {"pid": true, "want": "violation required"},
	}
	results := host_pid.results with input as fixture.composed({"pid": case.pid}, [])
	fixture.verdicts(results, "DF-K8S-001") == {case.want}
}
