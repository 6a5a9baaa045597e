package dfpolicy.requirements.single_k8s.server_parts_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.server_fixture_test as release
import data.dfpolicy.requirements.single_k8s.server_parts
import data.dfpolicy.requirements.single_k8s.single_k8s_test as shared

test_verdict[name] if {
	some name, case in {
		"complete": {"document": release.changed([], {}), "want": "pass required"},
		"no app": {"document": release.changed(["app"], {}), "want": "violation required"},
		"no mysql": {"document": release.changed(["mysql"], {}), "want": "violation required"},
		"no clickhouse": {"document": release.changed(["clickhouse"], {}), "want": "violation required"},
		"no agent": {"document": release.changed(["agent"], {}), "want": "violation required"},
		"no grafana": {"document": release.changed(["grafana"], {}), "want": "violation recommended"},
		"byconity": {
			"document": release.changed(["clickhouse"], {"byconity": {
				"kind": "StatefulSet",
				"metadata": {"name": "b", "namespace": "deepflow", "labels": {"app.kubernetes.io/name": "byconity"}},
			}}),
			"want": "pass required",
		},
		"StatefulSets were not collected": {
			"document": object.union(release.changed(["clickhouse"], {}), {"cluster": {"spec": {"version": "v1.31.0"}}}),
			"want": "unknown required",
		},
		"StatefulSets were given": {
			"document": object.union(
				release.changed(["clickhouse"], {"other": {"kind": "StatefulSet", "metadata": {"name": "a"}}}),
				{"cluster": {"spec": {"version": "v1.31.0"}}},
			),
			"want": "violation required",
		},
		"no server": {"document": shared.nothing, "want": "unknown required"},
		"under Docker Compose": {"document": shared.composed, "want": "pass required"},
	}
	results := server_parts.results with input as case.document
	fixture.verdicts(results, "DF-SK-002") == {case.want}
}

test_partial_input[name] if {
	some name, case in {
		"complete": {"without": [], "want": "pass required"},
		"no app": {"without": ["app"], "want": "unknown required"},
		"no agent": {"without": ["agent"], "want": "unknown required"},
		"no grafana": {"without": ["grafana"], "want": "unknown required"},
	}
	results := server_parts.results with input as object.union(release.changed(case.without, {}), {"partial": true})
	fixture.verdicts(results, "DF-SK-002") == {case.want}
}

test_names_missing_components if {
	results := server_parts.results with input as release.changed(["app", "mysql"], {})
	fixture.observed(results, "DF-SK-002") == {"missing: deepflow-app, mysql"}
}

test_without_grafana_only_dashboards_are_lost if {
	results := server_parts.results with input as release.changed(["grafana"], {})
	{result.impact | some result in results} == {["Dashboards"]}
}
