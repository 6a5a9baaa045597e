package dfpolicy.main_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.main

_nothing := {"agents": [], "features": [], "mode": _mode, "results": []}

_mode := {"name": "single-k8s", "source": "given", "reason": "", "candidates": []}

test_nothing[name] if {
	some name, document in {
		"empty": {},
		"null": null,
		"text": "a",
		"list": [{"resources": []}],
		"keys null": {
			"mode": null,
			"profile": null,
			"release": null,
			"resources": null,
			"nodes": null,
			"cluster": null,
			"parameters": null,
		},
		"garbage": {
			"release": [],
			"resources": [null, 3, {}, "a", {"kind": 5, "metadata": null}],
			"nodes": {"a": 1},
			"cluster": 5,
			"parameters": [],
		},
	}
	decision := main.decision with input as document
	object.filter(decision, ["agents", "features", "mode"]) == object.remove(_nothing, ["results"])
	{result.outcome | some result in decision.results} & {"pass", "violation"} == set()
}

_entry(order, id, subject) := {
	"order": order,
	"id": id,
	"subject": subject,
	"outcome": "pass",
}

_subject(change) := object.union({"kind": "Pod", "name": "a"}, change)

# This includes values that no consumer accepts: they must not look as if nothing was found.
test_an_invalid_result_is_not_lost[name] if {
	some name, result in {
		"text": "DF-A-001 is violated",
		"no order": object.remove(_entry(1, "DF-A-001", _subject({})), ["order"]),
		"no id": object.remove(_entry(1, "DF-A-001", _subject({})), ["id"]),
		"no subject": object.remove(_entry(1, "DF-A-001", _subject({})), ["subject"]),
		"a subject without a name": _entry(1, "DF-A-001", {"kind": "Pod"}),
		"an id that is a number": _entry(1, 7, _subject({})),
	}
	decision := main.decision with input as {} with data.dfpolicy.requirements as {"a": {"b": {"results": {result}}}}
	decision.results == [result]
}

# By group, id, namespace, kind, name, container, and without the order.
test_results_are_sorted if {
	groups := {
		"a": {"first": {"results": {_entry(10, "DF-A-001", _subject({}))}}, "second": {"results": {
			_entry(10, "DF-A-002", _subject({"namespace": "b", "name": "a"})),
			_entry(10, "DF-A-002", _subject({"namespace": "a", "name": "b"})),
			_entry(10, "DF-A-002", _subject({"namespace": "a", "name": "a", "container": "z"})),
			_entry(10, "DF-A-002", _subject({"namespace": "a", "name": "a", "container": "c", "apiVersion": "v2"})),
			_entry(10, "DF-A-002", _subject({"namespace": "a", "name": "a", "container": "c", "apiVersion": "v1"})),
			_entry(10, "DF-A-002", _subject({"namespace": "a", "kind": "Job", "name": "z"})),
		}}},
		"b": {"first": {"results": {_entry(2, "DF-Z-009", _subject({}))}}},
		"c": {"first": {"results": set()}},
	}
	decision := main.decision with input as {} with data.dfpolicy.requirements as groups
	decision == object.union(_nothing, {"results": [
		{"id": "DF-Z-009", "outcome": "pass", "subject": {"kind": "Pod", "name": "a"}},
		{"id": "DF-A-001", "outcome": "pass", "subject": {"kind": "Pod", "name": "a"}},
		{"id": "DF-A-002", "outcome": "pass", "subject": {"kind": "Job", "name": "z", "namespace": "a"}},
		{"id": "DF-A-002", "outcome": "pass", "subject": {
			"kind": "Pod",
			"name": "a",
			"namespace": "a",
			"container": "c",
			"apiVersion": "v1",
		}},
		{"id": "DF-A-002", "outcome": "pass", "subject": {
			"kind": "Pod",
			"name": "a",
			"namespace": "a",
			"container": "c",
			"apiVersion": "v2",
		}},
		{"id": "DF-A-002", "outcome": "pass", "subject": {"kind": "Pod", "name": "a", "namespace": "a", "container": "z"}},
		{"id": "DF-A-002", "outcome": "pass", "subject": {"kind": "Pod", "name": "b", "namespace": "a"}},
		{"id": "DF-A-002", "outcome": "pass", "subject": {"kind": "Pod", "name": "a", "namespace": "b"}},
	]})
}

# What our own requirements never do, and a user's may.
test_two_answers_of_one_requirement_are_kept if {
	violation := object.union(_entry(1, "DF-A-002", _subject({})), {"outcome": "violation"})
	unknown := object.union(_entry(1, "DF-A-002", _subject({})), {"outcome": "unknown"})
	given := {"a": {"b": {"results": {violation, _entry(1, "DF-A-001", _subject({})), unknown}}}}
	decision := main.decision with input as {} with data.dfpolicy.requirements as given
	[[result.id, result.outcome] | some result in decision.results] == [
		["DF-A-001", "pass"],
		["DF-A-002", "unknown"],
		["DF-A-002", "violation"],
	]
}

test_agents if {
	decision := main.decision with input as fixture.agent({}, {})
	decision.agents == [{
		"subject": {
			"apiVersion": "apps/v1",
			"kind": "DaemonSet",
			"namespace": "deepflow",
			"name": "deepflow-agent",
			"container": "deepflow-agent",
		},
		"role": "collector",
		"image": "registry.example.com/deepflow-ce/deepflow-agent:v7.1",
		"version": "7.1",
	}]
}

# Two agents, one of them without a single usable field, have results of the same requirements.
test_broken_agent_loses_no_requirement if {
	broken := {
		"apiVersion": null,
		"kind": "DaemonSet",
		"metadata": {"name": 5, "namespace": [], "labels": {"app": "deepflow-agent"}},
		"spec": {"template": {"metadata": 5, "spec": {
			"containers": [null, 3, {"name": null, "image": 5, "env": [{"valueFrom": null}], "volumeMounts": [{"mountPath": null}]}],
			"volumes": {"a": 1},
			"securityContext": [],
			"tolerations": "a",
		}}},
	}
	whole := main.decision with input as fixture.agent({}, {})
	decision := main.decision with input as {"resources": [broken]}
	{result.id | some result in whole.results} == {result.id | some result in decision.results}
}

_running(decision) := [[entry.role, entry.version] | some entry in decision.running] if {
	decision.running
} else := "not there"

test_running_release[name] if {
	some name, case in {
		"resources": {"from": {"resources": [fixture.workload("DaemonSet", {}, {})]}, "want": [["collector", "7.1"]]},
		"version": {"from": {"version": "v6.5.8"}, "want": []},
		"none": {"from": null, "want": "not there"},
	}
	decision := main.decision with input as object.union(fixture.agent({}, {}), {"from": case.from})
	_running(decision) == case.want
}

# A running agent without a single usable field removes no requirement's results either.
test_broken_running_agent_loses_no_requirement if {
	broken := {
		"apiVersion": null,
		"kind": "DaemonSet",
		"metadata": {"name": 5, "namespace": [], "labels": {"app": "deepflow-agent"}},
		"spec": {"selector": 5, "template": {"metadata": 5, "spec": {"containers": [null, {"image": 5}], "volumes": {"a": 1}}}},
	}
	upgrade := object.union(fixture.agent({}, {}), {"mode": "upgrade"})
	whole := main.decision with input as object.union(upgrade, {"from": fixture.agent({}, {})})
	decision := main.decision with input as object.union(upgrade, {"from": {"resources": [broken]}})
	{result.id | some result in whole.results} == {result.id | some result in decision.results}
}

test_a_host_can_leave_out_what_is_out_of_scope if {
	agent := fixture.workload("DaemonSet", {}, {})
	other := {"kind": "Pod", "metadata": {"name": "a", "namespace": "other"}}
	part := main.part with input as {"resources": [agent, other]}
	part.kept == [true, false]
	places := main.places with input as {"sightings": [part.sighting]}
	places == {"", "default", agent.metadata.namespace}
	whole := main.decision with input as {"resources": [agent, other]}
	rest := main.decision with input as {"resources": [agent]}
	whole == rest
}

test_what_is_read_of_nodes_is_an_entry_point if {
	found := main.nodes_read with input as {"resources": []}
	["spec", "unschedulable"] in found.objects
}

test_servers_and_unjudged_objects[name] if {
	project := {
		"apiVersion": "dfpolicy.dev/v1",
		"kind": "ComposeProject",
		"metadata": {"name": "a"},
		"spec": {"services": {"s": {"image": "deepflow-server:v7.1"}}},
	}
	release := {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": "deepflow"}}
	some name, case in {
		"servers": {"resource": project, "want": [{
			"subject": {"apiVersion": "dfpolicy.dev/v1", "kind": "ComposeProject", "name": "a"},
			"role": "server",
			"image": "deepflow-server:v7.1",
			"version": "7.1",
		}]},
		"unjudged": {"resource": release, "want": [{
			"subject": {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "namespace": "default", "name": "deepflow"},
			"command": "helm template deepflow deepflow/deepflow -n deepflow -f values.yaml | dfpolicy eval -",
		}]},
	}
	decision := main.decision with input as {"mode": "auto", "resources": [case.resource]}
	decision[name] == case.want
}
