package dfpolicy.requirements.serverless_pod_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.serverless_pod

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

test_components[name] if {
	some name, case in {
		"both": {"resources": [sidecar, watcher({"replicas": 1}, {})], "want": "pass"},
		"replicas absent": {"resources": [sidecar, watcher({}, {})], "want": "pass"},
		"replicas null": {"resources": [sidecar, watcher({"replicas": null}, {})], "want": "pass"},
		"a plain chart": {"resources": [fixture.workload("DaemonSet", {}, {})], "want": "violation"},
		"no watcher": {"resources": [sidecar], "want": "violation"},
		"no DaemonSet": {"resources": [watcher({}, {})], "want": "violation"},
		"no replica": {"resources": [sidecar, watcher({"replicas": 0}, {})], "want": "violation"},
		"two replicas": {"resources": [sidecar, watcher({"replicas": 2}, {})], "want": "violation"},
		"replicas of a wrong type": {"resources": [sidecar, watcher({"replicas": "1"}, {})], "want": "violation"},
	}
	results := serverless_pod.results with input as in_mode("serverless-pod", case.resources)
	fixture.verdicts(results, "DF-SL-001") == {concat(" ", [case.want, "required"])}
}

test_components_of_a_part[name] if {
	some name, case in {
		"both": {"resources": [sidecar, watcher({"replicas": 1}, {})], "want": "pass"},
		"no watcher": {"resources": [sidecar], "want": "unknown"},
		"no DaemonSet": {"resources": [watcher({}, {})], "want": "unknown"},
		"two replicas": {"resources": [watcher({"replicas": 2}, {})], "want": "violation"},
	}
	document := object.union(in_mode("serverless-pod", case.resources), {"partial": true})
	results := serverless_pod.results with input as document
	fixture.verdicts(results, "DF-SL-001") == {concat(" ", [case.want, "required"])}
}

test_sidecar[name] if {
	environment := [interface, address]
	some name, case in {
		"all": {"workload": sidecar, "want": []},
		"one argument": {
			"workload": annotated(injection, {
				"command": ["sh", "-c", "deepflow-agent --config-file=/etc/deepflow-agent/deepflow-agent.yaml --sidecar"],
				"env": environment,
			}),
			"want": [],
		},
		"no annotation": {
			"workload": annotated({}, {"args": arguments, "env": environment}),
			"want": [`the annotation eks.tke.cloud.tencent.com/ds-injection is not set`],
		},
		"annotation that is no text": {
			"workload": annotated({"eks.tke.cloud.tencent.com/ds-injection": true}, {"args": arguments, "env": environment}),
			"want": ["the annotation eks.tke.cloud.tencent.com/ds-injection is true"],
		},
		"no --sidecar": {
			"workload": annotated(injection, {"args": array.slice(arguments, 1, 3), "env": environment}),
			"want": ["the arguments hold no --sidecar"],
		},
		"no configuration": {
			"workload": annotated(injection, {"args": ["--sidecar"], "env": environment}),
			"want": ["the arguments do not name /etc/deepflow-agent/deepflow-agent.yaml with -f"],
		},
		"another configuration": {
			"workload": annotated(injection, {"args": ["--sidecar", "-f", "/etc/deepflow-agent.yaml"], "env": environment}),
			"want": ["the arguments do not name /etc/deepflow-agent/deepflow-agent.yaml with -f"],
		},
		"no interface": {
			"workload": annotated(injection, {"args": arguments, "env": [object.union(interface, {"value": ""}), address]}),
			"want": ["CTRL_NETWORK_INTERFACE is not set"],
		},
		"interface from elsewhere": {
			"workload": annotated(injection, {
				"args": arguments,
				"env": [{"name": "CTRL_NETWORK_INTERFACE", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}}, address],
			}),
			"want": [],
		},
		"no address": {
			"workload": annotated(injection, {"args": arguments, "env": [interface]}),
			"want": ["K8S_POD_IP_FOR_DEEPFLOW is not taken from status.hostIP or status.podIP"],
		},
		"one address for all": {
			"workload": annotated(injection, {"args": arguments, "env": [interface, {"name": "K8S_POD_IP_FOR_DEEPFLOW", "value": "10.0.0.1"}]}),
			"want": ["K8S_POD_IP_FOR_DEEPFLOW is not taken from status.hostIP or status.podIP"],
		},
		"a plain chart": {
			"workload": fixture.workload("DaemonSet", {}, {}),
			"want": [
				`the annotation eks.tke.cloud.tencent.com/ds-injection is not set`,
				"the arguments hold no --sidecar",
				"CTRL_NETWORK_INTERFACE is not set",
				"K8S_POD_IP_FOR_DEEPFLOW is not taken from status.hostIP or status.podIP",
			],
		},
		"nulls": {
			"workload": annotated({"eks.tke.cloud.tencent.com/ds-injection": null}, {"args": null, "command": null, "env": null}),
			"want": [
				`the annotation eks.tke.cloud.tencent.com/ds-injection is not set`,
				"the arguments hold no --sidecar",
				"CTRL_NETWORK_INTERFACE is not set",
				"K8S_POD_IP_FOR_DEEPFLOW is not taken from status.hostIP or status.podIP",
			],
		},
		"in the pod of another workload": {
			"workload": fixture.workload("Deployment", {}, {"args": arguments, "env": environment}),
			"want": [],
		},
	}
	results := serverless_pod.results with input as in_mode("serverless-pod", [case.workload])
	fixture.verdicts(results, "DF-SL-002") == {_outcome(case.want)}
	fixture.observed(results, "DF-SL-002") == {_observed(case.want)}
}

_outcome([]) := "pass required"

_outcome(flaws) := "violation required" if count(flaws) > 0

_observed([]) := "the container is injected, and runs with --sidecar"

_observed(flaws) := concat("; ", flaws) if count(flaws) > 0

former := {"name": "ONLY_WATCH_K8S_RESOURCE", "value": "true"}

collector(container) := fixture.workload("DaemonSet", {}, container)

test_watch_policy[name] if {
	some name, case in {
		"normal": {"mode": "single-k8s", "resources": [collector({})], "want": {"pass"}},
		"said to be normal": {"mode": "single-k8s", "resources": [collector({"env": [policy("normal")]})], "want": {"pass"}},
		"null": {"mode": "single-k8s", "resources": [collector({"env": [policy(null)]})], "want": {"pass"}},
		"with a watcher": {"mode": "single-k8s", "resources": [collector({"env": [policy("watch-disabled")]}), watcher({}, {})], "want": {"pass"}},
		"both watch": {"mode": "single-k8s", "resources": [collector({}), watcher({}, {})], "want": {"pass"}},
		"nobody watches": {"mode": "single-k8s", "resources": [collector({"env": [policy("watch-disabled")]})], "want": {"violation"}},
		"captures nothing": {"mode": "single-k8s", "resources": [collector({"env": [policy("watch-only")]})], "want": {"violation"}},
		"capitals": {"mode": "multi-k8s", "resources": [collector({"env": [policy("Watch-Disabled")]})], "want": {"violation"}},
		"wrong type": {"mode": "managed-k8s", "resources": [collector({"env": [policy(5)]})], "want": {"violation"}},
		"from elsewhere": {
			"mode": "single-k8s",
			"resources": [collector({"env": [{"name": "K8S_WATCH_POLICY", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}}]})],
			"want": {"unknown"},
		},
		"serverless": {"mode": "serverless-pod", "resources": [sidecar, watcher({}, {})], "want": {"pass"}},
		"serverless, no watcher": {"mode": "serverless-pod", "resources": [sidecar], "want": {"violation"}},
		"serverless, any pod watches": {"mode": "serverless-pod", "resources": [collector({}), watcher({}, {})], "want": {"pass", "violation"}},
		"watcher with capitals": {"mode": "single-k8s", "resources": [watcher({}, {"env": [policy("Watch-Only")]})], "want": {"violation"}},
		"watcher without a policy": {"mode": "single-k8s", "resources": [watcher({}, {"env": []})], "want": {"violation"}},
		"former watcher": {
			"mode": "single-k8s",
			"resources": [watcher({}, {"env": [former], "image": "deepflow-agent:v6.3.5"})],
			"want": {"pass"},
		},
		"former DaemonSet": {
			"mode": "single-k8s",
			"resources": [collector({"env": [former], "image": "deepflow-agent:v6.3.5"})],
			"want": {"violation"},
		},
		"former, agent from v6.6": {"mode": "single-k8s", "resources": [watcher({}, {"env": [former]})], "want": {"violation"}},
		"former, version not known": {
			"mode": "single-k8s",
			"resources": [watcher({}, {"env": [former], "image": "deepflow-agent:latest"})],
			"want": {"unknown"},
		},
	}
	results := serverless_pod.results with input as in_mode(case.mode, case.resources)
	fixture.verdicts(results, "DF-SL-003") == {concat(" ", [outcome, "required"]) | some outcome in case.want}
}

test_watch_policy_of_a_part[name] if {
	some name, case in {
		"with a watcher": {"resources": [sidecar, watcher({}, {})], "want": "pass"},
		"nobody watches": {"resources": [sidecar], "want": "unknown"},
		"captures nothing": {"resources": [collector({"env": [policy("watch-only")]})], "want": "violation"},
	}
	document := object.union(in_mode("single-k8s", case.resources), {"partial": true})
	results := serverless_pod.results with input as document
	fixture.verdicts(results, "DF-SL-003") == {concat(" ", [case.want, "required"])}
}

test_watch_policy_shows_the_text if {
	results := serverless_pod.results with input as in_mode("single-k8s", [collector({"env": [policy("Watch-Disabled")]})])
	fixture.observed(results, "DF-SL-003") == {`K8S_WATCH_POLICY is "Watch-Disabled", which the agent takes for normal`}
}

domain(spec) := {"apiVersion": "dfpolicy.dev/v1", "kind": "Domain", "metadata": {"name": "a"}, "spec": spec}

test_cluster_name[name] if {
	set := "kubernetes-cluster-name: eks-a"
	some name, case in {
		"a domain's": {"text": set, "domains": [domain({"name": "eks-a", "type": "kubernetes"})], "want": "pass"},
		"no domain's": {"text": set, "domains": [domain({"name": "eks-b", "type": "kubernetes"})], "want": "violation"},
		"a cloud's": {"text": set, "domains": [domain({"name": "eks-a", "type": "tencent"})], "want": "unknown"},
		"no domain in the input": {"text": set, "domains": [], "want": "unknown"},
		"absent": {"text": "", "domains": [], "want": "violation"},
		"null": {"text": "kubernetes-cluster-name:", "domains": [], "want": "violation"},
		"variable": {"text": "kubernetes-cluster-name: $clusterNAME", "domains": [], "want": "violation"},
		"the documentation's": {"text": "kubernetes-cluster-name: your-cluster-name", "domains": [], "want": "violation"},
		"no file": {"text": null, "domains": [], "want": "violation"},
		"wrong type": {"text": "kubernetes-cluster-name: {a: b}", "domains": [], "want": "unknown"},
	}
	resources := array.concat([sidecar, fixture.configuration(case.text)], case.domains)
	results := serverless_pod.results with input as in_mode("serverless-pod", resources)
	fixture.verdicts(results, "DF-SL-004") == {concat(" ", [case.want, "required"])}
}

test_in_container[name] if {
	own := "registry.example.com/own:v7.1"
	some name, case in {
		"official image": {"container": {}, "want": "pass"},
		"variable": {"container": {"image": own, "env": [{"name": "IN_CONTAINER", "value": ""}]}, "want": "pass"},
		"own image": {"container": {"image": own}, "want": "unknown"},
		"image null": {"container": {"image": null}, "want": "unknown"},
		"no watching": {"container": {"image": own, "env": [policy("watch-disabled")]}, "want": "pass"},
		"environment cleared": {"container": {"command": ["/usr/bin/env", "-i", "PATH=/usr/bin", "deepflow-agent"]}, "want": "violation"},
		"cleared and set": {"container": {"command": ["env", "-i", "IN_CONTAINER=yes", "deepflow-agent"]}, "want": "pass"},
		"variable cleared": {"container": {"command": ["env", "A=b", "-u", "IN_CONTAINER", "deepflow-agent"]}, "want": "violation"},
		"unset": {"container": {"args": ["-c", "unset IN_CONTAINER; exec deepflow-agent"]}, "want": "violation"},
		"another env": {"container": {"command": ["env", "bash", "-i"]}, "want": "pass"},
		"wrong type": {"container": {"command": {"a": "env -i"}}, "want": "pass"},
	}
	results := serverless_pod.results with input as in_mode("single-k8s", [collector(case.container)])
	fixture.verdicts(results, "DF-SL-005") == {concat(" ", [case.want, "required"])}
}

test_serverless_nodes[name] if {
	some name, case in {
		"none virtual": {"nodes": [["a", {"labels": {"type": "x"}, "taints": []}]], "want": "pass"},
		"taints alone": {"nodes": [["a", {"taints": []}]], "want": "pass"},
		"a label": {"nodes": [["a", {}], ["b", {"labels": {"type": "virtual-kubelet"}}]], "want": "violation"},
		"TKE's label": {"nodes": [["a", {"labels": {"node.kubernetes.io/instance-type": "eklet"}}]], "want": "violation"},
		"Fargate": {"nodes": [["a", {"labels": {"eks.amazonaws.com/compute-type": "fargate"}}]], "want": "violation"},
		"a taint": {"nodes": [["a", {"taints": [{"key": "virtual-kubelet.io/provider", "effect": "NoSchedule"}]}]], "want": "violation"},
		"a name": {"nodes": [["eklet-subnet-1a2b-0", {}]], "want": "violation"},
		"neither labels nor taints": {"nodes": [["a", {"btf": true}]], "want": "unknown"},
		"wrong types": {"nodes": [["a", {"labels": [1], "taints": "x"}]], "want": "pass"},
		"nulls": {"nodes": [["a", {"labels": null, "taints": null}]], "want": "unknown"},
		"no nodes": {"nodes": [], "want": "unknown"},
	}
	document := object.union(in_mode("managed-k8s", [collector({})]), {"nodes": [fixture.node(given[0], given[1]) | some given in case.nodes]})
	results := serverless_pod.results with input as document
	fixture.verdicts(results, "DF-SL-006") == {concat(" ", [case.want, "recommended"])}
}

test_serverless_nodes_with_sidecars if {
	document := object.union(in_mode("managed-k8s", [sidecar]), {"nodes": [fixture.node("eklet-1", {})]})
	results := serverless_pod.results with input as document
	fixture.verdicts(results, "DF-SL-006") == {"pass recommended"}
}

test_modes[mode] if {
	some mode, want in {
		"serverless-pod": {"DF-SL-001", "DF-SL-002", "DF-SL-003", "DF-SL-004", "DF-SL-005"},
		"managed-k8s": {"DF-SL-003", "DF-SL-005", "DF-SL-006"},
		"all-in-one": {"DF-SL-003", "DF-SL-005"},
		"legacy-host": set(),
	}
	results := serverless_pod.results with input as in_mode(mode, [collector({})])
	{result.id | some result in results} == want
}

test_no_subject_no_result if {
	results := serverless_pod.results with input as in_mode("serverless-pod", [domain({})])
	results == set()
}
