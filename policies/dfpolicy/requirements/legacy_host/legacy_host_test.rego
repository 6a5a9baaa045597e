package dfpolicy.requirements.legacy_host.legacy_host_test

import data.dfpolicy.lib.fixture_test as fixture

# The results of all requirements of the group.
answers := union({found | found := data.dfpolicy.requirements.legacy_host[_].results})

file(spec) := fixture.document("AgentConfig", "deepflow-agent", spec)

configuration := file({"controller-ips": ["172.20.14.7"], "vtap-group-id-request": "g-1a2b3c4d5e"})

server(controller) := fixture.document("ServerConfig", "deepflow", {"controller": controller})

domain(name, kind, config) := fixture.document("Domain", name, {"name": name, "type": kind, "config": config})

_results(document) := results if {
	results := answers with input as document
}

cloud(document) := object.union(document, {"mode": "cloud-host"})

test_each_form_has_its_own_requirements if {
	started := {result.id | some result in _results(fixture.started({}, []))}
	composed := {result.id | some result in _results(fixture.composed({}, []))}
	started - composed == {"DF-LH-006"}
	composed - started == {"DF-LH-007", "DF-LH-012"}
}

test_no_subject_no_result[name] if {
	some name, resources in {
		"nothing": [],
		"configuration alone": [configuration, domain("a", "agent_sync", {}), server({})],
		"a cluster's agent": [fixture.workload("DaemonSet", {}, {})],
	}
	some mode in ["legacy-host", "cloud-host"]
	results := answers with input as {"mode": mode, "resources": resources}
	{result.subject.kind | some result in results} == {"Node"}
}

test_no_result_in_clusters if {
	results := answers with input as object.union(fixture.composed({}, [configuration]), {"mode": "single-k8s"})
	results == set()
}

test_an_unmanaged_agent_has_no_results_about_the_server if {
	results := _results(fixture.composed({"command": "deepflow-agent --standalone -f /etc/agent.yaml"}, []))
	{result.id | some result in results} == {"DF-LH-007", "DF-LH-008", "DF-LH-011", "DF-LH-012"}
}
