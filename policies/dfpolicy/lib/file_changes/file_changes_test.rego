package dfpolicy.lib.file_changes_test

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.file_changes
import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.result

_violation := result.violation("a", "b")

# Each operation as [op, key of the file, value].
_operations(verdict) := [[operation.op, operation.inside[0], object.get(operation, "answer", object.get(operation, "value", ""))] |
	some operation in verdict.change.alternatives[0].operations
]

test_renamed[name] if {
	some name, case in {
		"text": {"text": "kubernetes-clustername: prod-a", "want": [
			["set", "kubernetes-cluster-name", "prod-a"],
			["remove", "kubernetes-clustername", ""],
		]},
		"quoted text": {"text": `kubernetes-clustername: "prod a"`, "want": [
			["set", "kubernetes-cluster-name", "prod a"],
			["remove", "kubernetes-clustername", ""],
		]},
		"list": {"text": "controller-ip: ['10.9.2.4']", "want": [
			["set", "controller-ips", ["10.9.2.4"]],
			["remove", "controller-ip", ""],
		]},
		"number": {"text": "controler-port: 30035", "want": [
			["set", "controller-port", 30035],
			["remove", "controler-port", ""],
		]},
		"no similar key": {"text": "a: b", "want": []},
		"the key is there": {"text": "kubernetes-clustername: a\nkubernetes-cluster-name: b", "want": []},
		"null": {"text": "kubernetes-clustername: null", "want": []},
		"two of one": {"text": "kubernetes-clustername: a\nkubernetes-clustename: b", "want": []},
	}
	verdict := _renamed(fixture.configured({}, case.text))
	_operations(verdict) == case.want
}

_renamed(document) := verdict if {
	[found] := agent.workloads with input as document
	verdict := file_changes.renamed(found, _violation) with input as document
}

# The host of the policies marks what has no quotes.
test_words_without_quotes[name] if {
	some name, case in {
		"word": {"value": {"plain": "prod-a"}, "want": [["set", "kubernetes-cluster-name", "prod-a"], ["remove", "kubernetes-clustername", ""]]},
		"list": {"value": [{"plain": "prod-a"}, "b"], "want": [["set", "kubernetes-cluster-name", ["prod-a", "b"]], ["remove", "kubernetes-clustername", ""]]},
		"nested": {"value": [{"nested": true}], "want": []},
		"null": {"value": {"plain": "~"}, "want": []},
	}
	file := {"root": "mapping", "entries": [{"key": "kubernetes-clustername", "value": case.value}]}
	map := object.union(fixture.configuration("a: b"), {"decoded": {"deepflow-agent.yaml": file}})
	_operations(_renamed({"resources": [fixture.workload("DaemonSet", {}, {}), map]})) == case.want
}

test_addressed[name] if {
	some name, case in {
		"an address": {"text": `controller-ips: "10.9.2.4"`, "want": [["set", "controller-ips", ["10.9.2.4"]]]},
		"two families": {"text": `controller-ips: ["10.9.2.4", "fd00::4"]`, "want": [["set", "controller-ips", "controller-ips"]]},
		"other faults": {"text": "controller-ips: a\ncontroller-port: b", "want": []},
	}
	document := fixture.configured({}, case.text)
	[found] := agent.workloads with input as document
	verdict := file_changes.addressed(found, _violation) with input as document
	_operations(verdict) == case.want
}

test_a_file_of_a_host if {
	document := fixture.started({}, [fixture.document("AgentConfig", "deepflow-agent", {"controller-ip": ["10.9.2.4"]})])
	[found] := agent.workloads with input as document
	verdict := file_changes.renamed(found, _violation) with input as document
	[operation.path | some operation in verdict.change.alternatives[0].operations] == [["spec", "controller-ips"], ["spec", "controller-ip"]]
}
