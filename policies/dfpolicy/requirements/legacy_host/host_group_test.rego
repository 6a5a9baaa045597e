package dfpolicy.requirements.legacy_host.host_group_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.legacy_host.host_group
import data.dfpolicy.requirements.legacy_host.legacy_host_test as shared

_results(document) := results if {
	results := host_group.results with input as document
}

_verdicts(document, id) := fixture.verdicts(_results(document), id)

_synced := fixture.document("AgentGroupConfig", "g-1a2b3c4d5e", {"inputs": {"resources": {"workload_resource_sync_enabled": true}}})

_group(resources) := fixture.document("AgentGroupConfig", "g-1a2b3c4d5e", {"inputs": {"resources": resources}})

test_verdict[name] if {
	some name, case in {
		"synced": {"others": [shared.configuration, _synced], "want": "pass required"},
		"not synced": {"others": [shared.configuration, _group({"workload_resource_sync_enabled": false})], "want": "violation required"},
		"not set": {"others": [shared.configuration, _group({})], "want": "violation required"},
		"null": {"others": [shared.configuration, _group({"workload_resource_sync_enabled": null})], "want": "violation required"},
		"a string": {"others": [shared.configuration, _group({"workload_resource_sync_enabled": "true"})], "want": "violation required"},
		"the older setting": {
			"others": [shared.configuration, fixture.document("AgentGroupConfig", "g-1a2b3c4d5e", {"platform_enabled": 1})],
			"want": "violation required",
		},
		"its configuration unknown": {"others": [shared.configuration], "want": "unknown required"},
		"no group": {"others": [shared.file({"controller-ips": ["10.0.0.1"]}), _synced], "want": "violation required"},
		"a placeholder": {"others": [shared.file({"vtap-group-id-request": "g-fffffff"}), _synced], "want": "violation required"},
		"the file unknown": {"others": [_synced], "want": "unknown required"},
		"an object": {"others": [shared.file({"vtap-group-id-request": {"a": "b"}}), _synced], "want": "unknown required"},
	}
	_verdicts(fixture.started({}, case.others), "DF-LH-002") == {case.want}
	_verdicts(shared.cloud(fixture.started({}, case.others)), "DF-LH-002") == set()
}
