package dfpolicy.requirements.managed_k8s_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.managed_k8s

managed(text, others) := object.union(fixture.configured({}, text), {
	"mode": "managed-k8s",
	"resources": array.concat(fixture.configured({}, text).resources, others),
})

test_cluster_id[name] if {
	some name, case in {
		"set": {"text": "kubernetes-cluster-id: d-a1b2c3", "want": "pass"},
		"a name": {"text": "kubernetes-cluster-id: prod", "want": "pass"},
		"absent": {"text": "controller-ips: [172.20.1.1]", "want": "violation"},
		"empty": {"text": "kubernetes-cluster-id: ''", "want": "violation"},
		"null": {"text": "kubernetes-cluster-id:", "want": "violation"},
		"the documentation's": {"text": "kubernetes-cluster-id: fffffff", "want": "violation"},
		"placeholder": {"text": "kubernetes-cluster-id: g-xxxxx", "want": "violation"},
		"no file": {"text": null, "want": "violation"},
		"wrong type": {"text": "kubernetes-cluster-id: {a: b}", "want": "unknown"},
		"no mapping": {"text": "a b", "want": "unknown"},
	}
	results := managed_k8s.results with input as managed(case.text, [])
	fixture.verdicts(results, "DF-MG-001") == {concat(" ", [case.want, "required"])}
}

document(kind, name, spec) := {"apiVersion": "dfpolicy.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}

complete := {"domain_name": "aliyun", "config": {"vpc_uuid": "0f1e2d3c-4b5a-5968-8776-a5b4c3d2e1f0"}}

test_subdomain[name] if {
	cloud := document("Domain", "a", {"name": "aliyun", "type": "aliyun", "config": {"secret_id": "id", "secret_key": "key"}})
	some name, case in {
		"complete": {"spec": complete, "domains": [cloud], "want": "pass"},
		"no credentials shown": {"spec": complete, "domains": [document("Domain", "aliyun", {"type": "aliyun"})], "want": "pass"},
		"no domain_name": {"spec": object.remove(complete, ["domain_name"]), "domains": [cloud], "want": "violation"},
		"no VPC": {"spec": {"domain_name": "aliyun"}, "domains": [cloud], "want": "violation"},
		"null": {"spec": {"domain_name": null, "config": null}, "domains": [cloud], "want": "violation"},
		"wrong type": {"spec": object.union(complete, {"domain_name": 5}), "domains": [cloud], "want": "violation"},
		"spec of a wrong type": {"spec": [1], "domains": [cloud], "want": "violation"},
		"the documentation's": {
			"spec": object.union(complete, {"config": {"vpc_uuid": "xxxxx-xxxx-xxxx-xxxx-xxxx"}}),
			"domains": [cloud],
			"want": "violation",
		},
		"another domain": {"spec": object.union(complete, {"domain_name": "aws"}), "domains": [cloud], "want": "violation"},
		"a domain that is no cloud": {
			"spec": complete,
			"domains": [document("Domain", "a", {"name": "aliyun", "type": "kubernetes"})],
			"want": "violation",
		},
		"a placeholder for the key": {
			"spec": complete,
			"domains": [object.union(cloud, {"spec": {"config": {"secret_key": "xxxxxxx"}}})],
			"want": "violation",
		},
		"no domain in the input": {"spec": complete, "domains": [], "want": "unknown"},
	}
	results := managed_k8s.results with input as managed("", array.concat([document("Subdomain", "s", case.spec)], case.domains))
	fixture.verdicts(results, "DF-MG-002") == {concat(" ", [case.want, "required"])}
}

test_each_subdomain_answers if {
	results := managed_k8s.results with input as managed("", [document("Subdomain", "s", complete), document("Subdomain", "t", {})])
	{[result.subject.kind, result.subject.name, result.outcome] | some result in results; result.id == "DF-MG-002"} == {
		["Subdomain", "s", "unknown"],
		["Subdomain", "t", "violation"],
	}
}

test_no_subdomain if {
	results := managed_k8s.results with input as managed("", [])
	{[result.subject, result.outcome] | some result in results; result.id == "DF-MG-002"} == {[{"kind": "Cluster", "name": "*"}, "unknown"]}
}

test_secrets_are_not_shown if {
	cloud := document("Domain", "a", {"name": "aliyun", "type": "aliyun", "config": {"secret_id": "visible", "secret_key": ["hidden"]}})
	results := managed_k8s.results with input as managed("", [document("Subdomain", "s", complete), cloud])
	fixture.observed(results, "DF-MG-002") == {"secret_key of the domain aliyun is empty or a placeholder"}
}

test_no_subject_no_result if {
	results := managed_k8s.results with input as {"mode": "managed-k8s", "resources": [document("Subdomain", "s", complete)]}
	results == set()
}
