package dfpolicy.requirements.legacy_host.host_domain_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.legacy_host.host_domain
import data.dfpolicy.requirements.legacy_host.legacy_host_test as shared

_results(document) := results if {
	results := host_domain.results with input as document
}

_verdicts(document, id) := fixture.verdicts(_results(document), id)

_secrets := {"secret_id": "(hidden)", "secret_key": "(hidden)"}

test_domain[name] if {
	some name, case in {
		"agent_sync": {"domains": [shared.domain("a", "agent_sync", {})], "want": "pass required"},
		"together with another": {"domains": [shared.domain("b", "kubernetes", {}), shared.domain("a", "agent_sync", null)], "want": "pass required"},
		"two regions": {
			"domains": [shared.domain("a", "agent_sync", {"region_uuid": "1"}), shared.domain("b", "agent_sync", {"region_uuid": "2"})],
			"want": "pass required",
		},
		"two in the default region": {
			"domains": [
				shared.domain("a", "agent_sync", {}),
				shared.domain("b", "agent_sync", {"region_uuid": "ffffffff-ffff-ffff-ffff-ffffffffffff"}),
			],
			"want": "violation required",
		},
		"a cloud's type": {"domains": [shared.domain("a", "aliyun", {})], "want": "violation required"},
		"no type": {"domains": [shared.domain("a", null, {})], "want": "violation required"},
		"none": {"domains": [], "want": "unknown required"},
	}
	_verdicts(fixture.started({}, case.domains), "DF-LH-003") == {case.want}
}

test_cloud_domain[name] if {
	some name, case in {
		"complete": {"type": "aliyun", "config": object.union(_secrets, {"include_regions": "cn-north"}), "want": "pass required"},
		"regions left out": {"type": "aws", "config": object.union(_secrets, {"exclude_regions": "us-east-1"}), "want": "pass required"},
		"no regions": {"type": "tencent", "config": _secrets, "want": "violation recommended"},
		"a cloud without regions": {"type": "qingcloud", "config": _secrets, "want": "pass required"},
		"with an endpoint": {"type": "baidu_bce", "config": object.union(_secrets, {"endpoint": "e"}), "want": "pass required"},
		"without an endpoint": {"type": "baidu_bce", "config": _secrets, "want": "violation required"},
		"a cloud that needs regions": {"type": "volcengine", "config": _secrets, "want": "violation required"},
		"no key": {"type": "aliyun", "config": {"secret_id": "(hidden)", "secret_key": null}, "want": "violation required"},
		"a placeholder": {"type": "aws", "config": {"secret_id": "xxxxxxxx", "secret_key": "(hidden)"}, "want": "violation required"},
		"a number": {"type": "aws", "config": {"secret_id": 5, "secret_key": "(hidden)"}, "want": "violation required"},
		"other keys for Huawei": {"type": "huawei", "config": _secrets, "want": "violation required"},
		"no configuration": {"type": "aws", "config": null, "want": "violation required"},
		"a configuration of a wrong type": {"type": "aws", "config": "x", "want": "violation required"},
		"not a cloud": {"type": "agent_sync", "config": {}, "want": "violation required"},
		"Azure is not supported": {"type": "microsoft_azure", "config": _secrets, "want": "violation required"},
	}
	document := shared.cloud(fixture.started({}, [shared.domain("a", case.type, case.config)]))
	_verdicts(document, "DF-LH-003") == {case.want}
}

test_the_domain_is_the_subject if {
	results := _results(fixture.started({}, [shared.domain("z", "kubernetes", {}), shared.domain("b", "agent_sync", {})]))
	subjects := {result.subject | some result in results; result.id == "DF-LH-003"}
	subjects == {{"apiVersion": "dfpolicy.dev/v1", "kind": "Domain", "name": "b"}}
}
