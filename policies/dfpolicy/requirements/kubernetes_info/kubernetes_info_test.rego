package dfpolicy.requirements.kubernetes_info_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.kubernetes_info

test_host_pid[name] if {
	some name, case in {
		"true": {"pod": {"hostPID": true}, "want": "pass required"},
		"false": {"pod": {"hostPID": false}, "want": "violation required"},
		"null": {"pod": {"hostPID": null}, "want": "violation required"},
		"text": {"pod": {"hostPID": "true"}, "want": "violation required"},
	}
	results := kubernetes_info.results with input as fixture.agent(case.pod, {})
	fixture.verdicts(results, "DF-K8S-001") == {case.want}
}

test_sys_admin[name] if {
	some name, case in {
		"held": {"pod": {}, "container": {}, "want": "pass recommended"},
		"missing, host network": {
			"pod": {},
			"container": fixture.without("SYS_ADMIN"),
			"want": "violation recommended",
		},
		"missing, own network": {
			"pod": {"hostNetwork": false},
			"container": fixture.without("SYS_ADMIN"),
			"want": "violation required",
		},
		"BPF and PERFMON": {
			"pod": {},
			"container": fixture.only(["BPF", "PERFMON"]),
			"want": "violation recommended",
		},
		"privileged": {
			"pod": {},
			"container": {"securityContext": {"privileged": true, "capabilities": null}},
			"want": "pass recommended",
		},
	}
	results := kubernetes_info.results with input as fixture.agent(case.pod, case.container)
	fixture.verdicts(results, "DF-K8S-002") == {case.want}
}

test_sys_ptrace[name] if {
	some name, case in {
		"held": {"container": {}, "want": "pass required"},
		"missing": {"container": fixture.without("SYS_PTRACE"), "want": "violation required"},
		"wrong type": {"container": {"securityContext": "privileged"}, "want": "violation required"},
	}
	results := kubernetes_info.results with input as fixture.agent({}, case.container)
	fixture.verdicts(results, "DF-K8S-003") == {case.want}
}

test_named_namespaces[name] if {
	mount := {"name": "netns", "mountPath": "/var/run/netns", "mountPropagation": "HostToContainer"}
	some name, case in {
		"mounted": {"mounts": [mount], "want": "pass recommended"},
		"without propagation": {
			"mounts": [object.remove(mount, ["mountPropagation"])],
			"want": "violation recommended",
		},
		"propagation off": {
			"mounts": [object.union(mount, {"mountPropagation": "None"})],
			"want": "violation recommended",
		},
		"absent": {"mounts": [], "want": "violation recommended"},
		"null": {"mounts": null, "want": "violation recommended"},
	}
	results := kubernetes_info.results with input as fixture.agent({}, {"volumeMounts": case.mounts})
	fixture.verdicts(results, "DF-K8S-004") == {case.want}
}

test_result_is_whole if {
	results := kubernetes_info.results with input as fixture.agent({"hostPID": false}, {})
	{result | some result in results; result.id == "DF-K8S-001"} == {{
		"id": "DF-K8S-001",
		"title": "The agent shares the host's process namespace",
		"level": "required",
		"group": "kubernetes-info",
		"order": 1,
		"outcome": "violation",
		"subject": {"apiVersion": "apps/v1", "kind": "DaemonSet", "namespace": "deepflow", "name": "deepflow-agent"},
		"observed": "hostPID is false",
		"expected": "hostPID is true",
		"message": "The agent shares the host's process namespace: hostPID is false; expected hostPID is true",
		"impact": ["AutoTagging", "AutoTracing", "AutoMetrics"],
		"remediation": "Set `spec.template.spec.hostPID: true` on the agent's workload.",
		"source": "SEED",
		"url": "https://dfpolicy.dev/requirements/DF-K8S-001",
	}}
}

test_no_agent_no_result[name] if {
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
	results := kubernetes_info.results with input as case
	results == set()
}

test_host_pid_of_compose[name] if {
	some name, case in {
		"host": {"pid": "host", "want": "pass required"},
		"another": {"pid": "service:a", "want": "violation required"},
		"null": {"pid": null, "want": "violation required"},
		"wrong type": {"pid": true, "want": "violation required"},
	}
	results := kubernetes_info.results with input as fixture.composed({"pid": case.pid}, [])
	fixture.verdicts(results, "DF-K8S-001") == {case.want}
}

test_what_hosts_are_asked if {
	composed := kubernetes_info.results with input as fixture.composed({}, [])
	{result.id | some result in composed} == {"DF-K8S-001", "DF-K8S-003"}
	started := kubernetes_info.results with input as fixture.started({}, [])
	started == set()
}
