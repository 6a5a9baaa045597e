package dfpolicy.requirements.serverless_pod.watch_policy_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.serverless_pod.serverless_pod_test as shared
import data.dfpolicy.requirements.serverless_pod.watch_policy

former := {"name": "ONLY_WATCH_K8S_RESOURCE", "value": "true"}

test_verdict[name] if {
	some name, case in {
		"normal": {"mode": "single-k8s", "resources": [shared.collector({})], "want": {"pass"}},
		"set to normal": {"mode": "single-k8s", "resources": [shared.collector({"env": [shared.policy("normal")]})], "want": {"pass"}},
		"null": {"mode": "single-k8s", "resources": [shared.collector({"env": [shared.policy(null)]})], "want": {"pass"}},
		"with a watcher": {
			"mode": "single-k8s",
			"resources": [shared.collector({"env": [shared.policy("watch-disabled")]}), shared.watcher({}, {})],
			"want": {"pass"},
		},
		"both watch": {"mode": "single-k8s", "resources": [shared.collector({}), shared.watcher({}, {})], "want": {"pass"}},
		"nobody watches": {"mode": "single-k8s", "resources": [shared.collector({"env": [shared.policy("watch-disabled")]})], "want": {"violation"}},
		"captures nothing": {"mode": "single-k8s", "resources": [shared.collector({"env": [shared.policy("watch-only")]})], "want": {"violation"}},
		"capitals": {"mode": "multi-k8s", "resources": [shared.collector({"env": [shared.policy("Watch-Disabled")]})], "want": {"violation"}},
		"wrong type": {"mode": "managed-k8s", "resources": [shared.collector({"env": [shared.policy(5)]})], "want": {"violation"}},
		"valueFrom": {
			"mode": "single-k8s",
			"resources": [shared.collector({"env": [{"name": "K8S_WATCH_POLICY", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}}]})],
			"want": {"unknown"},
		},
		"with a watcher whose policy is not in the input": {
			"mode": "single-k8s",
			"resources": [
				shared.collector({"env": [shared.policy("watch-disabled")]}),
				shared.watcher({}, {"env": [{"name": "K8S_WATCH_POLICY", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}}]}),
			],
			"want": {"unknown"},
		},
		"serverless": {"mode": "serverless-pod", "resources": [shared.sidecar, shared.watcher({}, {})], "want": {"pass"}},
		"serverless, no watcher": {"mode": "serverless-pod", "resources": [shared.sidecar], "want": {"violation"}},
		"serverless, any pod watches": {"mode": "serverless-pod", "resources": [shared.collector({}), shared.watcher({}, {})], "want": {"pass", "violation"}},
		"serverless, normal": {"mode": "serverless-pod", "resources": [shared.collector({"env": [shared.policy("normal")]})], "want": {"violation"}},
		"watcher with capitals": {"mode": "single-k8s", "resources": [shared.watcher({}, {"env": [shared.policy("Watch-Only")]})], "want": {"violation"}},
		"watcher that is normal": {
			"mode": "single-k8s",
			"resources": [shared.watcher({}, {"env": [shared.policy("normal")]})],
			"want": {"violation"},
		},
		"watcher without a policy": {"mode": "single-k8s", "resources": [shared.watcher({}, {"env": []})], "want": {"violation"}},
		"former watcher": {
			"mode": "single-k8s",
			"resources": [shared.watcher({}, {"env": [former], "image": "deepflow-agent:v6.3.5"})],
			"want": {"pass"},
		},
		"former DaemonSet": {
			"mode": "single-k8s",
			"resources": [shared.collector({"env": [former], "image": "deepflow-agent:v6.3.5"})],
			"want": {"violation"},
		},
		"former, agent from v6.6": {"mode": "single-k8s", "resources": [shared.watcher({}, {"env": [former]})], "want": {"violation"}},
		"former, agent v6.6.5": {
			"mode": "single-k8s",
			"resources": [shared.watcher({}, {"env": [former], "image": "deepflow-agent:v6.6.5"})],
			"want": {"pass"},
		},
		"former, version not known": {
			"mode": "single-k8s",
			"resources": [shared.watcher({}, {"env": [former], "image": "deepflow-agent:latest"})],
			"want": {"unknown"},
		},
	}
	results := watch_policy.results with input as shared.in_mode(case.mode, case.resources)
	fixture.verdicts(results, "DF-SL-003") == {concat(" ", [outcome, "required"]) | some outcome in case.want}
}

test_partial_input[name] if {
	some name, case in {
		"with a watcher": {"resources": [shared.sidecar, shared.watcher({}, {})], "want": "pass"},
		"nobody watches": {"resources": [shared.sidecar], "want": "unknown"},
		"captures nothing": {"resources": [shared.collector({"env": [shared.policy("watch-only")]})], "want": "violation"},
	}
	document := object.union(shared.in_mode("single-k8s", case.resources), {"partial": true})
	results := watch_policy.results with input as document
	fixture.verdicts(results, "DF-SL-003") == {concat(" ", [case.want, "required"])}
}

test_shows_the_value if {
	results := watch_policy.results with input as shared.in_mode("single-k8s", [shared.collector({"env": [shared.policy("Watch-Disabled")]})])
	fixture.observed(results, "DF-SL-003") == {`K8S_WATCH_POLICY is "Watch-Disabled", which the agent treats as normal`}
}

test_before_the_policy[name] if {
	old := "deepflow-agent:v6.6.5"
	disabled := {"env": [shared.policy("watch-disabled")]}
	some name, case in {
		"collector": {"mode": "single-k8s", "image": old, "resource": shared.collector(disabled), "want": "violation recommended"},
		"collector, serverless": {"mode": "serverless-pod", "image": old, "resource": shared.collector(disabled), "want": "violation required"},
		"watcher": {"mode": "single-k8s", "image": old, "resource": shared.watcher({}, {}), "want": "violation required"},
		"unknown version": {"mode": "single-k8s", "image": "deepflow-agent:latest", "resource": shared.watcher({}, {}), "want": "unknown required"},
		"newest of its line": {"mode": "single-k8s", "image": "deepflow-agent:v6.6", "resource": shared.watcher({}, {}), "want": "pass required"},
	}
	container := object.union(case.resource.spec.template.spec.containers[0], {"image": case.image})
	resource := object.union(case.resource, {"spec": {"template": {"spec": {"containers": [container]}}}})
	results := watch_policy.results with input as shared.in_mode(case.mode, [resource])
	fixture.verdicts(results, "DF-SL-003") == {case.want}
}
