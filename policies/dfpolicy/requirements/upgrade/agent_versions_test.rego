package dfpolicy.requirements.upgrade.agent_versions_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.upgrade.agent_versions
import data.dfpolicy.requirements.upgrade.upgrade_test as shared

_verdicts(document, id) := fixture.verdicts(results, id) if {
	results := agent_versions.results with input as document
}

test_verdict[name] if {
	some name, case in {
		"equal": {"from": [shared.server("v7.1")], "new": [shared.tagged("v7.1")], "want": "pass required"},
		"older agents": {"from": [shared.server("v7.1")], "new": [shared.tagged("v6.6.9")], "want": "pass required"},
		"a patch of the server's moving line": {"from": [shared.server("v7.1")], "new": [shared.tagged("v7.1.3")], "want": "pass required"},
		"compared as numbers": {"from": [shared.server("v6.6.10")], "new": [shared.tagged("v6.6.9")], "want": "pass required"},
		"newer line": {"from": [shared.server("v7.0")], "new": [shared.tagged("v7.1")], "want": "violation required"},
		"newer patch": {"from": [shared.server("v6.6.8")], "new": [shared.tagged("v6.6.9")], "want": "violation required"},
		"a moving line together with its patch": {"from": [shared.server("v7.1.3")], "new": [shared.tagged("v7.1")], "want": "violation recommended"},
		"the new server decides": {"from": [shared.server("v6.5")], "new": [shared.tagged("v7.1"), shared.server("v7.1")], "want": "pass required"},
		"the new server decides, too old": {"from": [shared.server("v7.1")], "new": [shared.tagged("v7.1"), shared.server("v6.5")], "want": "violation required"},
		"agents by digest": {"from": [shared.server("v7.1")], "new": [shared.tagged("v7.1@sha256:0a")], "want": "unknown required"},
		"server stable": {"from": [shared.server("stable")], "new": [shared.tagged("v7.1")], "want": "unknown required"},
		"new server latest": {"from": [shared.server("v7.1")], "new": [shared.tagged("v7.1"), shared.server("latest")], "want": "unknown required"},
		"no server": {"from": [shared.agent], "new": [shared.tagged("v7.1")], "want": "unknown required"},
	}
	_verdicts(shared.upgrade(case.from, case.new), "DF-UPG-002") == {case.want}
}

test_unknown_servers_have_a_command[name] if {
	some name, case in {
		"new": {
			"from": [shared.server("v7.1")],
			"new": [shared.agent, shared.server("latest")],
			"want": "docker run --rm --entrypoint deepflow-server deepflow-server:latest -v",
		},
		"running": {"from": [shared.server("edge")], "new": [shared.agent], "want": "docker run --rm --entrypoint deepflow-server deepflow-server:edge -v"},
		"none": {"from": [shared.agent], "new": [shared.agent], "want": "dfpolicy collect cluster -o yaml=running.yaml"},
	}
	results := agent_versions.results with input as shared.upgrade(case.from, case.new)
	{result.collect | some result in results; result.id == "DF-UPG-002"} == {case.want}
}
