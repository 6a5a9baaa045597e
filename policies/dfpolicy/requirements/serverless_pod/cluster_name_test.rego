package dfpolicy.requirements.serverless_pod.cluster_name_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.serverless_pod.cluster_name
import data.dfpolicy.requirements.serverless_pod.serverless_pod_test as shared

test_verdict[name] if {
	set := "kubernetes-cluster-name: eks-a"
	some name, case in {
		"a domain's": {"text": set, "domains": [shared.domain({"name": "eks-a", "type": "kubernetes"})], "want": "pass"},
		"no domain's": {"text": set, "domains": [shared.domain({"name": "eks-b", "type": "kubernetes"})], "want": "violation"},
		"a cloud's": {"text": set, "domains": [shared.domain({"name": "eks-a", "type": "tencent"})], "want": "unknown"},
		"no domain in the input": {"text": set, "domains": [], "want": "unknown"},
		"absent": {"text": "", "domains": [], "want": "violation"},
		"null": {"text": "kubernetes-cluster-name:", "domains": [], "want": "violation"},
		"variable": {"text": "kubernetes-cluster-name: $clusterNAME", "domains": [], "want": "violation"},
		"the documentation's": {"text": "kubernetes-cluster-name: your-cluster-name", "domains": [], "want": "violation"},
		"no file": {"text": null, "domains": [], "want": "violation"},
		"wrong type": {"text": "kubernetes-cluster-name: {a: b}", "domains": [], "want": "violation"},
	}
	resources := array.concat([shared.sidecar, fixture.configuration(case.text)], case.domains)
	results := cluster_name.results with input as shared.in_mode("serverless-pod", resources)
	fixture.verdicts(results, "DF-SL-004") == {concat(" ", [case.want, "required"])}
}
