package dfpolicy.requirements.kubernetes_info.kubernetes_info_test

import data.dfpolicy.lib.fixture_test as fixture

# The results of all requirements of the group.
answers := union({found | found := data.dfpolicy.requirements.kubernetes_info[_].results})

test_no_result_without_agent[name] if {
	some name, case in {
		"nothing": {},
		"another workload": {"resources": [{
			"apiVersion": "apps/v1",
			"kind": "DaemonSet",
			"metadata": {"name": "node-exporter"},
			"spec": {"template": {"spec": {"containers": [{"name": "a", "image": "node-exporter:v1"}]}}},
		}]},
		"a mode without containers": object.union(fixture.agent({}, {}), {"mode": "legacy-host"}),
	}
	results := answers with input as case
	results == set()
}

test_requirements_on_hosts if {
	composed := answers with input as fixture.composed({}, [])
	{result.id | some result in composed} == {"DF-K8S-001", "DF-K8S-003"}
	started := answers with input as fixture.started({}, [])
	started == set()
}
