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

test_the_example_address_of_an_external_database if {
	map := release.configuration("controller:\n  mysql:\n    host: 10.1.2.3\ningester:\n  ckdb:\n    external: true\n")
	document := release.changed(["server", "mysql", "clickhouse"], {"server": release.configured, "map": map})
	results := answers with input as document
	[found] := [one | some one in results; one.id == "DF-SK-002"]
	[found.outcome, found.observed] == ["violation", "the external MySQL is at 10.1.2.3, a placeholder"]
	found.change.alternatives[0].operations == [{
		"op": "set",
		"target": {"kind": "HelmValues", "name": "deepflow"},
		"path": ["global", "externalMySQL", "ip"],
		"answer": "mysql-address",
	}]
}

test_no_subject_no_result if {
	results := answers with input as object.union(nothing, {"mode": "multi-k8s"})
	results == set()
}
