package dfpolicy.lib.environment_test

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.environment
import data.dfpolicy.lib.fixture_test as fixture

_map(name, texts) := {
	"apiVersion": "v1",
	"kind": "ConfigMap",
	"metadata": {"name": name, "namespace": "deepflow"},
	"data": texts,
}

_maps := [
	_map("settings", {"A": "1", "B": "2"}),
	_map("later", {"A": "3", "A_B": "4"}),
	_map("redacted", {"A": "(hidden)"}),
]

_whole(name) := {"configMapRef": {"name": name}}

_key(map, key) := {"name": "A", "valueFrom": {"configMapKeyRef": {"name": map, "key": key}}}

_agents(container) := found if {
	found := agent.workloads with input as {"resources": array.concat([fixture.workload("DaemonSet", {}, container)], _maps)}
}

test_text[name] if {
	some name, case in {
		"none": {"container": {"env": null}, "want": ""},
		"objects": {"container": {"env": {"A": "1"}, "envFrom": {"A": "1"}}, "want": ""},
		"garbage": {"container": {"env": [null, 3, [], {}, {"name": null}], "envFrom": [null, 3, {}, {"configMapRef": 5}]}, "want": ""},
		"a number": {"container": {"env": [{"name": "A", "value": 5}]}, "want": "5"},
		"twice, the last counts": {"container": {"env": [{"name": "A", "value": "8"}, {"name": "A", "value": "9"}]}, "want": "9"},
		"a ConfigMap": {"container": {"envFrom": [_whole("settings")]}, "want": "1"},
		"two ConfigMaps, the last counts": {"container": {"envFrom": [_whole("settings"), _whole("later")]}, "want": "3"},
		"with a prefix": {"container": {"envFrom": [object.union(_whole("settings"), {"prefix": "X_"})]}, "want": ""},
		"env counts, not envFrom": {"container": {"env": [{"name": "A", "value": "9"}], "envFrom": [_whole("settings")]}, "want": "9"},
		"a key": {"container": {"env": [_key("later", "A_B")]}, "want": "4"},
		"a missing key": {"container": {"env": [_key("later", "C")]}, "want": ""},
		# The kubelet skips the entry.
		"an optional key that is missing": {
			"container": {"env": [object.union(_key("later", "C"), {"valueFrom": {"configMapKeyRef": {"optional": true}}})], "envFrom": [_whole("settings")]},
			"want": "1",
		},
		"the namespace": {"container": {"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}}]}, "want": "deepflow"},
		"a label": {"container": {"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}}]}, "want": "deepflow"},
		"another variable": {"container": {"env": [{"name": "B", "value": "9"}, {"name": "A", "value": "$(B)"}]}, "want": "9"},
	}
	[environment.text(found, "A") | some found in _agents(case.container)] == [case.want]
	[1 | some found in _agents(case.container); environment.unknown(found, "A")] == []
}

# [what is not known, whether the variable is set]
test_unknown[name] if {
	some name, case in {
		"a ConfigMap": {
			"container": {"envFrom": [_whole("settings"), _whole("absent")]},
			"want": ["from the ConfigMap absent, which is not in the input", "get configmap -n deepflow absent -o yaml", 1],
		},
		"a Secret with a prefix": {
			"container": {"envFrom": [{"prefix": "", "secretRef": {"name": "s"}}]},
			"want": ["from the Secret s", "get secret -n deepflow s -o jsonpath='{.data.A}'", 0],
		},
		"a key of a Secret": {
			"container": {"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "a.b"}}}]},
			"want": ["from the Secret s", `get secret -n deepflow s -o jsonpath='{.data.a\.b}'`, 1],
		},
		"an optional key": {
			"container": {"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "absent", "key": "a", "optional": true}}}]},
			"want": ["from the ConfigMap absent, which is not in the input", "get configmap -n deepflow absent -o yaml", 0],
		},
		"a field": {
			"container": {"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}]},
			"want": ["from a field of the running pod", "get pods -n deepflow -o yaml", 1],
		},
		"a hidden value": {
			"container": {"envFrom": [_whole("redacted")]},
			"want": ["it contains another variable", "get pods -n deepflow -o yaml", 1],
		},
		"an expression": {
			"container": {"env": [{"name": "A", "value": "x$(S_SERVICE_HOST)"}]},
			"want": ["it contains another variable", "get pods -n deepflow -o yaml", 1],
		},
	}
	some found in _agents(case.container)
	verdict := environment.unknown(found, "A")
	verdict.observed == $"not known: the value of A ({case.want[0]})"
	verdict.collect == $"kubectl {case.want[1]}"
	count([1 | environment.present(found, "A")]) == case.want[2]
}

test_open_source_decides_nothing_that_others_decide[name] if {
	some name, container in {
		"env": {"env": [{"name": "A", "value": "9"}], "envFrom": [_whole("absent")]},
		"a later source": {"envFrom": [_whole("absent"), _whole("settings")]},
		"another prefix": {"envFrom": [{"prefix": "X_", "configMapRef": {"name": "absent"}}]},
	}
	[1 | some found in _agents(container); environment.unknown(found, "A")] == []
}

test_missing_keys if {
	optional := {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "later", "key": "C", "optional": true}}}
	some found in _agents({"env": [_key("later", "C"), optional, _key("absent", "C")]})
	found.missing_variables == [_key("later", "C")]
}

test_field if {
	some found in _agents({"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}]})
	environment.field(found, "A") == "status.podIP"
	environment.field(found, "B") == ""
}

test_running_agents_read_running_config_maps if {
	running := {"resources": [
		fixture.workload("DaemonSet", {}, {"envFrom": [_whole("settings")]}),
		_map("settings", {"A": "9"}),
	]}
	found := data.dfpolicy.lib.running.agents with input as {"resources": _maps, "from": running}
	[environment.text(one, "A") | some one in found] == ["9"]
}

test_compose[name] if {
	some name, case in {
		"literal": {"service": {"environment": {"A": "1"}, "env_file": ".env"}, "want": [], "set": 1},
		"from the shell": {"service": {"environment": ["A"]}, "want": ["from the environment of Docker Compose"], "set": 0},
		"from a file": {"service": {"env_file": ".env"}, "want": ["from the environment of Docker Compose"], "set": 0},
		"an expression": {"service": {"environment": {"A": "${B}"}}, "want": ["it contains another variable"], "set": 1},
		"a default": {"service": {"environment": {"A": "${B:-c}"}}, "want": [], "set": 1},
	}
	found := agent.workloads with input as fixture.composed(case.service, [])
	verdicts := [verdict | some one in found; verdict := environment.unknown(one, "A")]
	[verdict.observed | some verdict in verdicts] == [$"not known: the value of A ({origin})" | some origin in case.want]
	every verdict in verdicts {
		verdict.collect == "docker compose config"
	}
	count([1 | some one in found; environment.present(one, "A")]) == case.set
}
