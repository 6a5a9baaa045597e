package dfpolicy.lib.agent_test

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.value

_pod(containers) := {
	"kind": "Pod",
	"metadata": {"name": "p", "labels": {"app": "deepflow-agent"}},
	"spec": {"containers": containers},
}

test_complete_agent if {
	found := agent.workloads with input as {"resources": [fixture.workload("DaemonSet", {}, {})]}
	subject := {"apiVersion": "apps/v1", "kind": "DaemonSet", "namespace": "deepflow", "name": "deepflow-agent"}
	found == [{
		"subject": subject,
		"container_subject": object.union(subject, {"container": "deepflow-agent"}),
		"form": "kubernetes",
		"role": "collector",
		"watches": true,
		"pod": object.union(fixture.pod, {"containers": [fixture.container]}),
		"annotations": {"container.apparmor.security.beta.kubernetes.io/deepflow-agent": "unconfined"},
		"container": fixture.container,
		"containers": [fixture.container],
		"image": "registry.example.com/deepflow-ce/deepflow-agent:v7.1",
		"version": [7, 1],
		"environment": {"K8S_NAMESPACE_FOR_DEEPFLOW": {
			"name": "K8S_NAMESPACE_FOR_DEEPFLOW",
			"value": "deepflow",
		}},
		"open_environment": [],
		"missing_variables": [],
		"service_account": "deepflow-agent",
		"spec": fixture.workload("DaemonSet", {}, {}).spec,
		"origin": {},
		"number": 0,
	}]
}

test_agent_with_an_empty_pod[name] if {
	some name, spec in {
		"absent": {},
		"null": {"containers": null, "volumes": null},
		"object": {"containers": {"a": 1}},
		"garbage": {"containers": [null, 3, "x", []]},
	}
	resource := {"kind": "DaemonSet", "metadata": {"labels": {"app": "deepflow-agent"}}, "spec": {"template": {"spec": spec}}}
	subject := {"apiVersion": "", "kind": "DaemonSet", "namespace": "default", "name": ""}
	found := agent.workloads with input as {"resources": [resource]}
	found == [{
		"subject": subject,
		"container_subject": subject,
		"form": "kubernetes",
		"role": "collector",
		"watches": true,
		"pod": spec,
		"annotations": {},
		"container": {},
		"containers": [],
		"image": "",
		"version": null,
		"environment": {},
		"open_environment": [],
		"missing_variables": [],
		"service_account": "default",
		"spec": {"template": {"spec": spec}},
		"origin": {"assumedNamespace": []},
		"number": 0,
	}]
}

test_no_agents[name] if {
	some name, document in {
		"empty": {},
		"null": {"resources": null},
		"garbage": {"resources": [null, 3, {}, {"kind": 5}, {"kind": "DaemonSet", "metadata": null}]},
		"input null": null,
	}
	found := [
		agent.workloads, agent.collectors, agent.on_node, agent.sidecars,
		agent.watchers, agent.watching, agent.summary,
	] with input as document
	found == [[], [], [], [], [], [], []]
}

test_container[name] if {
	some name, case in {
		"name and image": {
			"containers": [{"name": "b", "image": "r/deepflow-agent"}, {"name": "deepflow-agent", "image": "r/deepflow-agent"}],
			"want": ["deepflow-agent"],
		},
		"the name on one, the image on another": {
			"containers": [{"name": "deepflow-agent", "image": "r/x"}, {"name": "b", "image": "r/deepflow-agent"}, {"name": "c"}],
			"want": ["deepflow-agent", "b"],
		},
		"the image on all": {
			"containers": [{"name": "a", "image": "deepflow-agent"}, {"name": "b", "image": "deepflow-agent-arm64"}],
			"default": "b",
			"want": ["a", "b"],
		},
		"the name": {"containers": [{"name": "a"}, {"name": "deepflow-agent"}], "default": "a", "want": ["deepflow-agent"]},
		"the command": {
			"containers": [{"name": "a"}, {"name": "b", "command": ["/bin/deepflow-agent"]}],
			"default": "a",
			"want": ["b"],
		},
		"the annotation": {"containers": [{"name": "a"}, {"name": "b"}], "default": "b", "want": ["b"]},
		"nothing": {"containers": [{"name": "a"}, {"name": "b"}], "want": ["a", "b"]},
		"an annotation of no container": {"containers": [{"name": "a"}, {"name": "b"}], "default": "c", "want": ["a", "b"]},
		"an annotation that is a number": {"containers": [{"name": "a"}], "default": 5, "want": ["a"]},
		"garbage": {"containers": [null, 3, {"name": null, "image": 5}], "want": [""]},
		"no container": {"containers": [], "want": [""]},
	}
	annotations := {"metadata": {"annotations": {"kubectl.kubernetes.io/default-container": object.get(case, "default", null)}}}
	found := agent.workloads with input as {"resources": [object.union(_pod(case.containers), annotations)]}
	[object.get(entry.container_subject, "container", "") | some entry in found] == case.want
}

test_agents_of_one_pod_have_their_own_subjects if {
	image := "deepflow-agent"
	found := agent.workloads with input as {"resources": [_pod([{"name": "a", "image": image}, {"name": "b", "image": image}])]}
	[entry.subject.container | some entry in found] == ["a", "b"]
}

# It runs together with the containers of the pod, from Kubernetes 1.28.
test_init_container_that_always_restarts_is_the_agent if {
	native := {"name": "deepflow-agent", "image": "deepflow-agent", "restartPolicy": "Always"}
	pod := object.union_n([_pod([{"name": "a", "image": "x"}]), {"spec": {"initContainers": [native]}}])
	found := agent.workloads with input as {"resources": [pod]}
	[entry.container | some entry in found] == [native]
}

test_init_container_is_not_the_agent if {
	pod := object.union_n([
		_pod([{"name": "a", "image": "x"}]),
		{"spec": {"initContainers": [{"name": "deepflow-agent", "image": "deepflow-agent"}]}},
	])
	found := agent.workloads with input as {"resources": [pod]}
	[entry.container_subject.container | some entry in found] == ["a"]
}

_policy(text) := [{"name": "K8S_WATCH_POLICY", "value": text}]

test_role[name] if {
	some name, case in {
		"DaemonSet": {"kind": "DaemonSet", "env": [], "want": ["collector", true]},
		"DaemonSet that only watches": {"kind": "DaemonSet", "env": _policy("watch-only"), "want": ["collector", true]},
		"DaemonSet that does not watch": {"kind": "DaemonSet", "env": _policy("watch-disabled"), "want": ["collector", false]},
		"DaemonSet, normal": {"kind": "DaemonSet", "env": _policy("normal"), "want": ["collector", true]},
		"DaemonSet, misspelt": {"kind": "DaemonSet", "env": _policy("Watch-Disabled"), "want": ["collector", true]},
		"DaemonSet with the older variable": {
			"kind": "DaemonSet",
			"env": [{"name": "ONLY_WATCH_K8S_RESOURCE", "value": "true"}],
			"want": ["collector", true],
		},
		"Deployment": {"kind": "Deployment", "env": [], "want": ["collector", true]},
		"Deployment, watch-only": {"kind": "Deployment", "env": _policy("watch-only"), "want": ["watcher", true]},
		"Deployment, Watch-Only": {"kind": "Deployment", "env": _policy("Watch-Only"), "want": ["watcher", true]},
		"Deployment, watch-disabled": {"kind": "Deployment", "env": _policy("watch-disabled"), "want": ["collector", false]},
		"Deployment with the older variable": {
			"kind": "Deployment",
			"env": [{"name": "ONLY_WATCH_K8S_RESOURCE", "value": ""}],
			"want": ["watcher", true],
		},
		"policy from elsewhere": {
			"kind": "Deployment",
			"env": [{"name": "K8S_WATCH_POLICY", "valueFrom": null}],
			"want": ["collector", true],
		},
		"policy null": {"kind": "Deployment", "env": _policy(null), "want": ["collector", true]},
		"policy number": {"kind": "Deployment", "env": _policy(5), "want": ["collector", true]},
	}
	resource := fixture.workload(case.kind, {}, {"env": case.env})
	found := agent.workloads with input as {"resources": [resource]}
	[[entry.role, entry.watches] | some entry in found] == [case.want]
}

test_role_by_name[name] if {
	some name, case in {
		"watcher": {"kind": "Deployment", "name": "deepflow-agent-watcher", "want": ["watcher", true]},
		"watcher of another name": {"kind": "StatefulSet", "name": "any-watcher", "want": ["watcher", true]},
		"DaemonSet": {"kind": "DaemonSet", "name": "deepflow-agent-watcher", "want": ["collector", true]},
		"within the name": {"kind": "Deployment", "name": "a-watcher-b", "want": ["collector", true]},
		"name null": {"kind": "Deployment", "name": null, "want": ["collector", true]},
	}
	resource := object.union(fixture.workload(case.kind, {}, {}), {"metadata": {"name": case.name}})
	found := agent.workloads with input as {"resources": [resource]}
	[[entry.role, entry.watches] | some entry in found] == [case.want]
}

test_sidecar_role[name] if {
	some name, case in {
		"argument": {"kind": "DaemonSet", "container": {"args": ["--sidecar"]}, "want": ["sidecar", true]},
		"in the command": {"kind": "DaemonSet", "container": {"command": ["deepflow-agent", "--sidecar"]}, "want": ["sidecar", true]},
		"in a shell": {"kind": "DaemonSet", "container": {"args": ["-c", "exec deepflow-agent --sidecar -f a"]}, "want": ["sidecar", true]},
		"that does not watch": {
			"kind": "DaemonSet",
			"container": {"args": ["--sidecar"], "env": _policy("watch-disabled")},
			"want": ["sidecar", false],
		},
		"in the pod of a Deployment": {"kind": "Deployment", "container": {"args": ["--sidecar"]}, "want": ["sidecar", true]},
		"a watcher is none": {
			"kind": "Deployment",
			"container": {"args": ["--sidecar"], "env": _policy("watch-only")},
			"want": ["watcher", true],
		},
		"part of a word": {"kind": "DaemonSet", "container": {"args": ["--sidecar-mode", "x--sidecar"]}, "want": ["collector", true]},
		"null": {"kind": "DaemonSet", "container": {"args": null, "command": null}, "want": ["collector", true]},
		"wrong type": {"kind": "DaemonSet", "container": {"args": "--sidecar"}, "want": ["collector", true]},
		"garbage": {"kind": "DaemonSet", "container": {"args": [null, 5, {"--sidecar": 1}]}, "want": ["collector", true]},
	}
	found := agent.workloads with input as {"resources": [fixture.workload(case.kind, {}, case.container)]}
	[[entry.role, entry.watches] | some entry in found] == [case.want]
}

test_command_line[name] if {
	some name, case in {
		"both": {"container": {"command": ["a", "b"], "args": ["-c"]}, "want": "a b -c"},
		"neither": {"container": {}, "want": ""},
		"null": {"container": {"command": null, "args": [null]}, "want": ""},
	}
	agent.command_line({"container": case.container}) == case.want
}

_deployment(name) := object.union(fixture.workload("Deployment", {}, {}), {"metadata": {"name": name}})

test_collectors_and_watching if {
	disabled := fixture.workload("DaemonSet", {}, {"env": [{"name": "K8S_WATCH_POLICY", "value": "watch-disabled"}]})
	sidecar := object.union(fixture.workload("DaemonSet", {}, {"args": ["--sidecar"]}), {"metadata": {"name": "c"}})
	resources := [_deployment("a-watcher"), disabled, _deployment("b"), sidecar]
	found := {
		"collectors": [entry.subject.name | some entry in agent.collectors],
		"on_node": [entry.subject.name | some entry in agent.on_node],
		"sidecars": [entry.subject.name | some entry in agent.sidecars],
		"watchers": [entry.subject.name | some entry in agent.watchers],
		"watching": [entry.subject.name | some entry in agent.watching],
	} with input as {"resources": resources}
	found == {
		"collectors": ["deepflow-agent", "b", "c"],
		"on_node": ["deepflow-agent", "b"],
		"sidecars": ["c"],
		"watchers": ["a-watcher"],
		"watching": ["a-watcher", "b", "c"],
	}
}

test_chart_of_the_agent[label] if {
	some label, want in {"deepflow-agent-7.1.002": "deepflow-agent 7.1.002", "a-v1.2-rc.1": "a v1.2-rc.1", "a": ""}
	labelled := json.patch(_deployment("a"), [{"op": "add", "path": "/metadata/labels", "value": {"helm.sh/chart": label}}])
	[entry] := agent.summary with input as {"resources": [labelled]}
	value.string_at(entry, "chart") == want
}

test_summary if {
	unnamed := _pod([{"image": "deepflow-agent"}])
	summary := agent.summary with input as {"resources": [_deployment("a-watcher"), unnamed]}
	summary == [
		{
			"subject": {
				"apiVersion": "apps/v1",
				"kind": "Deployment",
				"namespace": "deepflow",
				"name": "a-watcher",
				"container": "deepflow-agent",
			},
			"role": "watcher",
			"image": "registry.example.com/deepflow-ce/deepflow-agent:v7.1",
			"version": "7.1",
		},
		{
			"subject": {"apiVersion": "", "kind": "Pod", "namespace": "default", "name": "p"},
			"assumedNamespace": [],
			"role": "collector",
			"image": "deepflow-agent",
			"version": null,
		},
	]
}

test_version[name] if {
	some name, case in {
		"of the image": {"image": "deepflow-agent:v6.3.5", "parameters": {}, "want": [6, 3, 5]},
		"stated": {"image": "deepflow-agent:v6.3.5", "parameters": {"agentVersion": "v7.1"}, "want": [7, 1]},
		"stated together with a moving tag": {"image": "deepflow-agent:latest", "parameters": {"agentVersion": "7.1.3"}, "want": [7, 1, 3]},
		"stated, no version": {"image": "deepflow-agent:v7.1", "parameters": {"agentVersion": "latest"}, "want": null},
		"stated, wrong type": {"image": "deepflow-agent:v7.1", "parameters": {"agentVersion": 7.1}, "want": null},
		"parameters null": {"image": "deepflow-agent:v7.1", "parameters": null, "want": [7, 1]},
		"no tag": {"image": "deepflow-agent", "parameters": {}, "want": null},
		"image null": {"image": null, "parameters": {}, "want": null},
	}
	found := agent.workloads with input as {"resources": [_pod([{"image": case.image}])], "parameters": case.parameters}
	[entry.version | some entry in found] == [case.want]
}

test_at_least[name] if {
	some name, case in {
		"equal": {"version": [6, 5], "want": true},
		"longer": {"version": [6, 5, 0], "want": true},
		"later": {"version": [7, 0], "want": true},
		"two digits": {"version": [6, 10], "want": true},
		"earlier": {"version": [6, 4, 9], "want": false},
		"unknown": {"version": null, "want": false},
	}
	at_least := [1 | agent.at_least({"version": case.version}, [6, 5])]
	at_least == [1 | case.want]
}

test_versioned if {
	agent.versioned({"version": [7, 1]})
	not agent.versioned({"version": null})
}

test_version_unknown if {
	verdict := agent.version_unknown({"image": "r/deepflow-agent:latest"})
	object.remove(verdict, ["messages"]) == {
		"outcome": "unknown",
		"observed": concat(" ", [
			"not known: the agent's version (image \"r/deepflow-agent:latest\";",
			"state it with --assume agentVersion=VERSION)",
		]),
		"expected": "",
		"collect": "docker run --rm --entrypoint deepflow-agent r/deepflow-agent:latest -v",
	}
}

test_compose_agent if {
	found := agent.workloads with input as fixture.composed({"environment": {"K8S_WATCH_POLICY": "watch-only"}}, [])
	subject := {"apiVersion": "dfpolicy.dev/v1", "kind": "ComposeProject", "name": "host", "container": "deepflow-agent"}
	[[entry.subject, entry.container_subject, entry.form, entry.role, entry.watches, entry.version] | some entry in found] == [[
		subject,
		subject,
		"compose",
		"collector",
		false,
		[7, 1],
	]]
}

test_systemd_agent if {
	found := agent.workloads with input as fixture.started({}, [])
	subject := {"apiVersion": "dfpolicy.dev/v1", "kind": "SystemdUnit", "name": "deepflow-agent.service"}
	[[entry.subject, entry.container_subject, entry.form, entry.role, entry.image, entry.version] | some entry in found] == [[
		subject,
		subject,
		"systemd",
		"collector",
		"",
		null,
	]]
	[entry.version | some entry in found] == [null]
}

test_version_of_a_unit if {
	document := object.union(fixture.started({}, []), {"parameters": {"agentVersion": "v6.6"}})
	found := agent.workloads with input as document
	[entry.version | some entry in found] == [[6, 6]]
	verdict := agent.version_unknown(found[0]) with input as document
	verdict.collect == "/usr/sbin/deepflow-agent -v"
}

test_agents_of_a_mode[name] if {
	resources := array.flatten([
		_deployment("a-watcher"),
		fixture.workload("DaemonSet", {}, {}),
		fixture.composed({}, []).resources,
		fixture.started({}, []).resources,
	])
	some name, case in {
		"a cluster": {"mode": "single-k8s", "want": ["Deployment", "DaemonSet"]},
		"an upgrade of a host": {"mode": "upgrade", "want": ["Deployment", "ComposeProject", "SystemdUnit"]},
		"a server": {"mode": "legacy-host", "want": ["Deployment", "ComposeProject", "SystemdUnit"]},
		"a cloud host": {"mode": "cloud-host", "want": ["Deployment", "ComposeProject", "SystemdUnit"]},
	}
	found := agent.workloads with input as {"mode": case.mode, "resources": resources}
	[entry.subject.kind | some entry in found] == case.want
}

test_contained if {
	resources := array.concat(fixture.composed({}, []).resources, fixture.started({}, []).resources)
	found := agent.contained with input as {"mode": "legacy-host", "resources": resources}
	[entry.form | some entry in found] == ["compose"]
}

test_shown_version if {
	agent.shown_version({"version": [7, 1]}) == "7.1"
	agent.shown_version({"version": null}).text == "of unknown version"
}

test_watch_policy[name] if {
	some name, case in {
		"no watcher": {"mode": "single-k8s", "want": "normal"},
		"serverless": {"mode": "serverless-pod", "want": "watch-disabled"},
	}
	agent.watch_policy({"role": "collector"}) == case.want with input as {"mode": case.mode, "resources": []}
}

test_collectors_do_not_watch_beside_a_watcher if {
	agent.watch_policy({"role": "collector"}) == "watch-disabled" with input as {"resources": [_deployment("a-watcher")]}
}
