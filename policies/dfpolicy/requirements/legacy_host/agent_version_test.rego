package dfpolicy.requirements.legacy_host.agent_version_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.legacy_host.agent_version

_results(document) := results if {
	results := agent_version.results with input as document
}

_verdicts(document, id) := fixture.verdicts(_results(document), id)

_observed(document, id) := fixture.observed(_results(document), id)

_server_image(tag) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "deepflow-server"},
	"spec": {"template": {"spec": {"containers": [{"name": "server", "image": $"r/deepflow-server:{tag}"}]}}},
}

test_verdict[name] if {
	some name, case in {
		"the same": {"agent": "v7.1", "servers": ["v7.1"], "want": "pass required"},
		"older": {"agent": "v6.6.9", "servers": ["v7.0"], "want": "pass required"},
		"older, compared as numbers": {"agent": "v6.6", "servers": ["v6.10"], "want": "pass required"},
		"a build of the moving line": {"agent": "v7.1.2", "servers": ["v7.1"], "want": "pass required"},
		"newer": {"agent": "v7.1", "servers": ["v6.6.9"], "want": "violation required"},
		"a newer build": {"agent": "v7.1.3", "servers": ["v7.1.2"], "want": "violation required"},
		"a moving tag in the server's line": {"agent": "v7.1", "servers": ["v7.1.2"], "want": "unknown required"},
		"the oldest of two counts": {"agent": "v7.1.2", "servers": ["v7.1.3", "v7.1.1"], "want": "violation required"},
		"one of two is unknown": {"agent": "v7.1.2", "servers": ["latest", "v7.1.3"], "want": "unknown required"},
		"no server": {"agent": "v7.1", "servers": [], "want": "unknown required"},
		"no version": {"agent": "latest", "servers": ["v7.1"], "want": "unknown required"},
	}
	servers := [_server_image(tag) | some tag in case.servers]
	document := fixture.composed({"image": $"r/deepflow-agent:{case.agent}"}, servers)
	_verdicts(document, "DF-LH-009") == {case.want}
}

test_server_in_compose if {
	server := fixture.document("ComposeProject", "server", {"services": {
		"server": {"image": "r/deepflow-server:v6.6"},
		"app": {"image": 5},
		"other": null,
	}})
	_observed(fixture.composed({}, [server]), "DF-LH-009") == {"the agent is v7.1, the server is v6.6"}
}
