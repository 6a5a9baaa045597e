package dfpolicy.requirements.multi_k8s.multi_k8s_test

import data.dfpolicy.lib.fixture_test as fixture

# The results of all requirements of the group.
answers := union({found | found := data.dfpolicy.requirements.multi_k8s[_].results})

in_mode(mode, resources) := {"mode": mode, "resources": resources}

agent(text) := agent_in("deepflow", text)

agent_in(namespace, text) := [
	object.union(fixture.workload("DaemonSet", {}, {}), {"metadata": {"namespace": namespace}}),
	object.union(fixture.configuration(text), {"metadata": {"namespace": namespace}}),
]

addresses(items) := concat("", ["controller-ips: [", concat(", ", items), "]\n"])

service(namespace, name) := {
	"apiVersion": "v1",
	"kind": "Service",
	"metadata": {"name": name, "namespace": namespace},
}

id(text) := concat("", ["kubernetes-cluster-id: ", text, "\n"])

named(text) := concat("", ["kubernetes-cluster-name: ", text, "\n"])

both(identifier, name) := concat("", [id(identifier), named(name)])

imaged(tag, text) := [
	fixture.workload("DaemonSet", {}, {"image": concat("", ["deepflow-agent", tag])}),
	fixture.configuration(text),
]

test_modes[mode] if {
	some mode, want in {
		"multi-k8s": {"DF-MK-001", "DF-MK-002", "DF-MK-003", "DF-MK-004", "DF-MK-005"},
		"managed-k8s": {"DF-MK-001", "DF-MK-004"},
		"serverless-pod": {"DF-MK-001"},
		"single-k8s": set(),
	}
	results := answers with input as in_mode(mode, agent(""))
	{result.id | some result in results} == want
}

test_no_subject_no_result if {
	results := answers with input as in_mode("multi-k8s", [service("a", "b")])
	results == set()
}
