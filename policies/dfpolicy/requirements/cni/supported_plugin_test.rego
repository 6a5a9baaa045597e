package dfpolicy.requirements.cni.supported_plugin_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.cni.cni_test as shared
import data.dfpolicy.requirements.cni.supported_plugin

test_adapted[name] if {
	some name, case in {
		"calico": {"cni": "calico", "profile": "default", "want": "pass required"},
		"canal": {"cni": "Canal", "profile": "default", "want": "pass required"},
		"aws": {"cni": "aws-cni", "profile": "default", "want": "violation required"},
		"one of two": {"cni": "multus, azure-vnet", "profile": "default", "want": "violation required"},
		"nobody's": {"cni": "mine", "profile": "default", "want": "violation required"},
		"yangtse": {"cni": "yangtse", "profile": "default", "want": "violation recommended"},
		"yangtse, strict": {"cni": "yangtse", "profile": "strict", "want": "violation required"},
		"yangtse and aws": {"cni": "yangtse,aws", "profile": "default", "want": "violation required"},
		"nothing": {"cni": "", "profile": "default", "want": "unknown required"},
		"null": {"cni": null, "profile": "default", "want": "unknown required"},
		"number": {"cni": 7, "profile": "default", "want": "unknown required"},
	}
	results := supported_plugin.results with input as object.union(shared.stated(fixture.agent({}, {}), case.cni), {"profile": case.profile})
	fixture.verdicts(results, "DF-CNI-001") == {case.want}
}

test_accepted[name] if {
	some name, case in {
		"accepted": {"cni": "aws-cni", "accept": ["AWS CNI"], "profile": "default", "want": "pass required"},
		"nobody's": {"cni": "mine", "accept": ["Mine"], "profile": "default", "want": "pass required"},
		"one together with an adapted one": {"cni": "multus, mine", "accept": ["mine"], "profile": "default", "want": "pass required"},
		"one of two": {"cni": "mine, yours", "accept": ["mine"], "profile": "default", "want": "violation required"},
		"another": {"cni": "mine", "accept": ["yours"], "profile": "default", "want": "violation required"},
		"strict": {"cni": "mine", "accept": ["mine"], "profile": "strict", "want": "violation required"},
		"not known": {"cni": "", "accept": ["mine"], "profile": "default", "want": "unknown required"},
		"null": {"cni": "mine", "accept": null, "profile": "default", "want": "violation required"},
		"text": {"cni": "mine", "accept": "mine", "profile": "default", "want": "violation required"},
		"number in the list": {"cni": "mine", "accept": [7, "mine"], "profile": "default", "want": "pass required"},
	}
	stated := shared.stated(fixture.agent({}, {}), case.cni)
	results := supported_plugin.results with input as object.union(stated, {"profile": case.profile, "parameters": {"acceptedCnis": case.accept}})
	fixture.verdicts(results, "DF-CNI-001") == {case.want}
}

test_accepted_plugin_is_named if {
	stated := shared.stated(fixture.agent({}, {}), "mine")
	results := supported_plugin.results with input as object.union(stated, {"parameters": {"acceptedCnis": ["mine"]}})
	some found in results
	found.id == "DF-CNI-001"
	found.observed == "in use: mine (from ClusterFacts); accepted in dfpolicy.yaml: mine"
}
