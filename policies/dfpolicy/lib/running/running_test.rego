package dfpolicy.lib.running_test

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.running

_named(name) := object.union(fixture.workload("DaemonSet", {}, {}), {"metadata": {"name": name, "namespace": "deepflow"}})

_watcher := object.union(fixture.workload("Deployment", {}, {}), {"metadata": {"name": "deepflow-agent-watcher", "namespace": "deepflow"}})

_server(image) := {
	"apiVersion": "apps/v1", "kind": "Deployment",
	"metadata": {"name": "deepflow-server", "namespace": "deepflow"},
	"spec": {"template": {"spec": {"containers": [{"name": "deepflow-server", "image": image}]}}},
}

_from(resources) := {"from": {"resources": resources}}

test_stated[name] if {
	some name, case in {
		"nothing": {"document": {}, "want": set()},
		"null": {"document": {"from": null}, "want": set()},
		"string": {"document": {"from": "v6.5"}, "want": set()},
		"version": {"document": {"from": {"version": "v6.5"}}, "want": {true}},
		"resources": {"document": _from([]), "want": {true}},
	}
	found := {stated | stated := running.stated} with input as case.document
	found == case.want
}

test_agents[name] if {
	old := {"image": "deepflow-agent:v6.5.8"}
	some name, case in {
		"image": {"from": {"resources": [fixture.workload("DaemonSet", {}, old)]}, "want": [[6, 5, 8]]},
		"image before version": {
			"from": {"resources": [fixture.workload("DaemonSet", {}, old)], "version": "v7.0"},
			"want": [[6, 5, 8]],
		},
		"version": {
			"from": {"resources": [fixture.workload("DaemonSet", {}, {"image": "deepflow-agent:latest"})], "version": "7.0"},
			"want": [[7, 0]],
		},
		"neither": {"from": {"resources": [fixture.workload("DaemonSet", {}, {"image": null})]}, "want": [null]},
		"version alone": {"from": {"version": "v7.0"}, "want": []},
		"wrong types": {"from": {"resources": [null, 5, {"kind": "DaemonSet"}], "version": 5}, "want": []},
	}

	# Parameters about the new agent do not apply to the running one.
	document := {"from": case.from, "parameters": {"agentVersion": "v7.1"}}
	found := running.agents with input as document
	[entry.version | some entry in found] == case.want
	every entry in found {
		entry.running
	}
}

test_server_version[name] if {
	some name, case in {
		"image": {"from": {"resources": [_server("deepflow-server:v6.6.9")]}, "want": [6, 6, 9]},
		"version for a moving tag": {"from": {"resources": [_server("deepflow-server:latest")], "version": "v6.6"}, "want": [6, 6]},
		"version alone": {"from": {"version": "v6.5.8"}, "want": [6, 5, 8]},
		"moving tag": {"from": {"resources": [_server("deepflow-server")]}, "want": null},
		"nothing": {"from": null, "want": null},
	}
	found := running.server_version with input as {"from": case.from}
	found == case.want
}

test_summary if {
	found := running.summary with input as _from([_server("deepflow-server:latest"), _named("deepflow-agent")])
	[[entry.role, entry.subject.name, entry.version] | some entry in found] == [
		["collector", "deepflow-agent", "7.1"],
		["server", "deepflow-server", null],
	]
}

test_upgraded[mode] if {
	some mode, want in {"upgrade": ["collector", "watcher"], "single-k8s": []}
	document := {"mode": mode, "resources": [_named("deepflow-agent"), _watcher]}
	found := running.upgraded with input as document
	[entry.role | some entry in found] == want
	collectors := running.collectors with input as document
	collectors == [entry | some entry in found; entry.role == "collector"]
}

# The name of the running agent that each new agent replaces; agents without a counterpart are left out.
test_counterpart[name] if {
	some name, case in {
		"the same": {"from": [_named("other"), _named("deepflow-agent")], "want": {"deepflow-agent": "deepflow-agent"}},
		"renamed": {"from": [_named("former"), _watcher], "want": {"deepflow-agent": "former"}},
		"two others": {"from": [_named("a"), _named("b")], "want": {}},
		"a watcher": {"from": [_watcher], "want": {}},
		"none": {"from": [], "want": {}},
	}
	document := object.union(_from(case.from), {"resources": [_named("deepflow-agent")]})
	found := {workload.subject.name: running.counterpart(workload).subject.name | some workload in agent.workloads} with input as document
	found == case.want
}

test_continued[name] if {
	some name, case in {
		"the same": {"from": [_named("deepflow-agent")], "want": {"deepflow-agent"}},
		"renamed": {"from": [_named("former")], "want": set()},
		"none": {"from": [], "want": set()},
	}
	document := object.union(_from(case.from), {"resources": [_named("deepflow-agent")]})
	found := {workload.subject.name | some workload in agent.workloads; running.continued(workload)} with input as document
	found == case.want
}

test_unmatched[name] if {
	some name, case in {
		"matched": {"from": [_named("deepflow-agent")], "want": []},
		"no agent": {"from": [_server("deepflow-server:v7.1")], "want": ["unknown not known: the running agents (pass them with --from)"]},
		"another role": {"from": [_watcher], "want": ["pass no agent that captures traffic runs, so there is nothing to keep"]},
		"no watcher": {"from": [_named("a")], "new": _watcher, "want": ["pass no watcher runs, so there is nothing to keep"]},
		"two": {"from": [_named("a"), _named("b")], "want": ["unknown not known: the running agent that deepflow-agent replaces (2 candidates)"]},
	}
	document := object.union(_from(case.from), {"resources": [object.get(case, "new", _named("deepflow-agent"))]})
	found := [$"{verdict.outcome} {verdict.observed}" |
		some workload in agent.workloads
		verdict := running.unmatched(workload)
	] with input as document
	found == case.want
}

test_server_unknown[name] if {
	some name, case in {
		"moving tag": {"from": [_server("deepflow-server:latest")], "want": "docker run --rm --entrypoint deepflow-server deepflow-server:latest -v"},
		"no server": {"from": [], "want": "dfpolicy collect cluster -o yaml=running.yaml"},
	}
	found := running.server_unknown with input as _from(case.from)
	found.collect == case.want
}
