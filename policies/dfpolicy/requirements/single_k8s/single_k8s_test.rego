package dfpolicy.requirements.single_k8s.single_k8s_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.server_fixture_test as release

# The results of all requirements of the group.
answers := union({found | found := data.dfpolicy.requirements.single_k8s[_].results})

nothing := {"resources": [release.agent]}

composed := {"resources": [release.project({"server": {"image": "deepflow-server:v7.1"}})]}

_external := release.configuration("controller:\n  mysql:\n    host: 172.20.1.9\ningester:\n  ckdb:\n    external: true\n")

test_external_databases if {
	document := release.changed(["server", "mysql", "clickhouse"], {"server": release.configured, "map": _external})
	results := answers with input as document
	fixture.verdicts(results, "DF-SK-001") == {"pass recommended"}
	fixture.observed(results, "DF-SK-002") == {concat(", ", [
		"components: deepflow-server", "deepflow-app", "mysql (external", "at 172.20.1.9)",
		"clickhouse (external)", "grafana", "deepflow-agent",
	])}
}

test_no_subject_no_result if {
	results := answers with input as object.union(nothing, {"mode": "multi-k8s"})
	results == set()
}
