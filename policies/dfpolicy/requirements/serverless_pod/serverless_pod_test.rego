package dfpolicy.requirements.serverless_pod.serverless_pod_test

import data.dfpolicy.lib.fixture_test as fixture

# The results of all requirements of the group.
answers := union({found | found := data.dfpolicy.requirements.serverless_pod[_].results})

in_mode(mode, resources) := {"mode": mode, "resources": resources}

policy(text) := {"name": "K8S_WATCH_POLICY", "value": text}

interface := {"name": "CTRL_NETWORK_INTERFACE", "value": "eth0"}

address := {"name": "K8S_POD_IP_FOR_DEEPFLOW", "valueFrom": {"fieldRef": {"fieldPath": "status.hostIP"}}}

injection := {"eks.tke.cloud.tencent.com/ds-injection": "true"}

annotated(annotations, container) := object.union(
	fixture.workload("DaemonSet", {}, container),
	{"spec": {"template": {"metadata": {"annotations": annotations}}}},
)

arguments := ["--sidecar", "-f", "/etc/deepflow-agent/deepflow-agent.yaml"]

sidecar := annotated(injection, {"args": arguments, "env": [policy("watch-disabled"), interface, address]})

watcher(spec, container) := object.union_n([
	fixture.workload("Deployment", {}, object.union({"env": [policy("watch-only")]}, container)),
	{"metadata": {"name": "deepflow-agent-watcher"}},
	{"spec": spec},
])

collector(container) := fixture.workload("DaemonSet", {}, container)

domain(spec) := {"apiVersion": "dfpolicy.dev/v1", "kind": "Domain", "metadata": {"name": "a"}, "spec": spec}

test_modes[mode] if {
	some mode, want in {
		"serverless-pod": {"DF-SL-001", "DF-SL-002", "DF-SL-003", "DF-SL-004", "DF-SL-005"},
		"managed-k8s": {"DF-SL-003", "DF-SL-005", "DF-SL-006"},
		"all-in-one": {"DF-SL-003", "DF-SL-005"},
		"legacy-host": set(),
	}
	results := answers with input as in_mode(mode, [collector({})])
	{result.id | some result in results} == want
}

test_no_subject_no_result if {
	results := answers with input as in_mode("serverless-pod", [domain({})])
	results == set()
}
