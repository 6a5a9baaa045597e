package dfpolicy.requirements.serverless_pod.sidecar_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.serverless_pod.serverless_pod_test as shared
import data.dfpolicy.requirements.serverless_pod.sidecar

_outcome([]) := "pass required"

_outcome(flaws) := "violation required" if count(flaws) > 0

_observed([]) := "the container is injected and runs with --sidecar"

_observed(flaws) := concat("; ", flaws) if count(flaws) > 0

test_verdict[name] if {
	environment := [shared.interface, shared.address]
	some name, case in {
		"all": {"workload": shared.sidecar, "want": []},
		"one argument": {
			"workload": shared.annotated(shared.injection, {
				"command": ["sh", "-c", "deepflow-agent --config-file=/etc/deepflow-agent/deepflow-agent.yaml --sidecar"],
				"env": environment,
			}),
			"want": [],
		},
		"no annotation": {
			"workload": shared.annotated({}, {"args": shared.arguments, "env": environment}),
			"want": [`annotation eks.tke.cloud.tencent.com/ds-injection is not set`],
		},
		"annotation that is not a string": {
			"workload": shared.annotated({"eks.tke.cloud.tencent.com/ds-injection": true}, {"args": shared.arguments, "env": environment}),
			"want": ["annotation eks.tke.cloud.tencent.com/ds-injection is true"],
		},
		"no --sidecar": {
			"workload": shared.annotated(shared.injection, {"args": array.slice(shared.arguments, 1, 3), "env": environment}),
			"want": ["the arguments do not contain --sidecar"],
		},
		"no configuration": {
			"workload": shared.annotated(shared.injection, {"args": ["--sidecar"], "env": environment}),
			"want": ["the arguments do not contain -f /etc/deepflow-agent/deepflow-agent.yaml"],
		},
		"another configuration": {
			"workload": shared.annotated(shared.injection, {"args": ["--sidecar", "-f", "/etc/deepflow-agent.yaml"], "env": environment}),
			"want": ["the arguments do not contain -f /etc/deepflow-agent/deepflow-agent.yaml"],
		},
		"no interface": {
			"workload": shared.annotated(shared.injection, {"args": shared.arguments, "env": [object.union(shared.interface, {"value": ""}), shared.address]}),
			"want": ["CTRL_NETWORK_INTERFACE is not set"],
		},
		"interface from elsewhere": {
			"workload": shared.annotated(shared.injection, {
				"args": shared.arguments,
				"env": [{"name": "CTRL_NETWORK_INTERFACE", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}}, shared.address],
			}),
			"want": [],
		},
		"no address": {
			"workload": shared.annotated(shared.injection, {"args": shared.arguments, "env": [shared.interface]}),
			"want": ["K8S_POD_IP_FOR_DEEPFLOW does not come from status.hostIP or status.podIP"],
		},
		"one address for all": {
			"workload": shared.annotated(shared.injection, {
				"args": shared.arguments,
				"env": [shared.interface, {"name": "K8S_POD_IP_FOR_DEEPFLOW", "value": "10.0.0.1"}],
			}),
			"want": ["K8S_POD_IP_FOR_DEEPFLOW does not come from status.hostIP or status.podIP"],
		},
		"a plain chart": {
			"workload": fixture.workload("DaemonSet", {}, {}),
			"want": [
				`annotation eks.tke.cloud.tencent.com/ds-injection is not set`,
				"the arguments do not contain --sidecar",
				"CTRL_NETWORK_INTERFACE is not set",
				"K8S_POD_IP_FOR_DEEPFLOW does not come from status.hostIP or status.podIP",
			],
		},
		"nulls": {
			"workload": shared.annotated({"eks.tke.cloud.tencent.com/ds-injection": null}, {"args": null, "command": null, "env": null}),
			"want": [
				`annotation eks.tke.cloud.tencent.com/ds-injection is not set`,
				"the arguments do not contain --sidecar",
				"CTRL_NETWORK_INTERFACE is not set",
				"K8S_POD_IP_FOR_DEEPFLOW does not come from status.hostIP or status.podIP",
			],
		},
		"in the pod of another workload": {
			"workload": fixture.workload("Deployment", {}, {"args": shared.arguments, "env": environment}),
			"want": [],
		},
	}
	results := sidecar.results with input as shared.in_mode("serverless-pod", [case.workload])
	fixture.verdicts(results, "DF-SL-002") == {_outcome(case.want)}
	fixture.observed(results, "DF-SL-002") == {_observed(case.want)}
}

test_interface_that_is_perhaps_in_a_config_map if {
	workload := shared.annotated(shared.injection, {
		"args": shared.arguments,
		"env": [shared.address],
		"envFrom": [{"configMapRef": {"name": "a"}}],
	})
	results := sidecar.results with input as shared.in_mode("serverless-pod", [workload])
	fixture.verdicts(results, "DF-SL-002") == {"unknown required"}
}
