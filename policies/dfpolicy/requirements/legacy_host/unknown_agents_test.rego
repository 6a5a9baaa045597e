package dfpolicy.requirements.legacy_host.unknown_agents_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.legacy_host.legacy_host_test as shared
import data.dfpolicy.requirements.legacy_host.unknown_agents

_results(document) := results if {
	results := unknown_agents.results with input as document
}

_verdicts(document, id) := fixture.verdicts(_results(document), id)

test_unknown_type[name] if {
	some name, case in {
		"3": {"trisolaris": {"trident-type-for-unkonw-vtap": 3}, "want": "pass required"},
		"3 in the chart's spelling": {"trisolaris": {"trident-type-for-unknow-vtap": 3}, "want": "pass required"},
		"another": {"trisolaris": {"trident-type-for-unknow-vtap": 0}, "want": "violation required"},
		"two that differ": {
			"trisolaris": {"trident-type-for-unkonw-vtap": 3, "trident-type-for-unknown-vtap": 1},
			"want": "violation required",
		},
		"a string": {"trisolaris": {"trident-type-for-unkonw-vtap": "3"}, "want": "violation required"},
		"null": {"trisolaris": {"trident-type-for-unkonw-vtap": null}, "want": "pass required"},
		"absent": {"trisolaris": {}, "want": "pass required"},
		"wrong type": {"trisolaris": [3], "want": "pass required"},
	}
	_verdicts(fixture.started({}, [shared.server({"trisolaris": case.trisolaris})]), "DF-LH-005") == {case.want}
}

test_unknown_type_without_the_server[name] if {
	some name, case in {
		"from v7.1 on": {"image": "deepflow-agent:v7.1.3", "want": "pass required"},
		"before": {"image": "deepflow-agent:v6.6", "want": "unknown required"},
		"unknown": {"image": "deepflow-agent:latest", "want": "unknown required"},
	}
	_verdicts(fixture.composed({"image": case.image}, []), "DF-LH-005") == {case.want}
}

test_the_server_is_the_subject if {
	map := object.union(shared.server({}), {"metadata": {"namespace": "deepflow"}})
	results := _results(fixture.started({}, [map]))
	subjects := {result.subject | some result in results; result.id == "DF-LH-005"}
	subjects == {{"apiVersion": "dfpolicy.dev/v1", "kind": "ServerConfig", "namespace": "deepflow", "name": "deepflow"}}
}
