package dfpolicy.requirements.all_in_one.pod_admission_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.server_fixture_test as release
import data.dfpolicy.requirements.all_in_one.all_in_one_test as shared
import data.dfpolicy.requirements.all_in_one.pod_admission

test_verdict[name] if {
	some name, case in {
		"free": {"document": release.changed([], {}), "nodes": [shared.free], "want": "pass required"},
		"tainted": {"document": release.changed([], {}), "nodes": [shared.tainted], "want": "violation required"},
		"free together with a tainted one": {"document": release.changed([], {}), "nodes": [shared.tainted, shared.free], "want": "pass required"},
		"taint that only discourages": {
			"document": release.changed([], {}),
			"nodes": [{"taints": [{"key": "a", "effect": "PreferNoSchedule"}], "labels": {}}],
			"want": "pass required",
		},
		"a selector that no node meets": {
			"document": release.changed(["app"], {"app": release.part("Deployment", "deepflow-app", {"nodeSelector": {"a": "b"}}, {})}),
			"nodes": [shared.free],
			"want": "violation required",
		},
		"taints unknown": {"document": release.changed([], {}), "nodes": [{"cpus": 4}], "want": "unknown required"},
		"taints null": {"document": release.changed([], {}), "nodes": [{"taints": null}], "want": "unknown required"},
		"no nodes": {"document": release.changed([], {}), "nodes": [], "want": "unknown required"},
		"no server": {"document": shared.nothing, "nodes": [shared.free], "want": "unknown required"},
		"under Docker Compose": {"document": shared.composed, "nodes": [shared.tainted], "want": "pass required"},
	}
	results := pod_admission.results with input as shared.on(case.document, case.nodes)
	fixture.verdicts(results, "DF-AIO-003") == {case.want}
}

test_names_workloads_and_taints[name] if {
	tolerant := {"tolerations": [{"operator": "Exists"}]}
	some name, case in {
		"taint": {
			"app": {},
			"node": shared.tainted,
			"want": "no node can run Deployment deepflow-app; taints: node-role.kubernetes.io/control-plane:NoSchedule on 0",
		},
		"selector": {"app": {"nodeSelector": {"a": "b"}}, "node": shared.free, "want": "no node can run Deployment deepflow-app"},
	}
	document := {"resources": [
		release.server(tolerant, {}),
		release.part("Deployment", "deepflow-app", case.app, {}),
	]}
	results := pod_admission.results with input as shared.on(document, [case.node])
	fixture.observed(results, "DF-AIO-003") == {case.want}
}
