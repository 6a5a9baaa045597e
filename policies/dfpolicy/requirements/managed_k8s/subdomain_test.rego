package dfpolicy.requirements.managed_k8s.subdomain_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.managed_k8s.managed_k8s_test as shared
import data.dfpolicy.requirements.managed_k8s.subdomain

test_verdict[name] if {
	cloud := shared.document("Domain", "a", {"name": "aliyun", "type": "aliyun", "config": {"secret_id": "id", "secret_key": "key"}})
	some name, case in {
		"complete": {"spec": shared.complete, "domains": [cloud], "want": "pass"},
		"no credentials shown": {"spec": shared.complete, "domains": [shared.document("Domain", "aliyun", {"type": "aliyun"})], "want": "pass"},
		"no domain_name": {"spec": object.remove(shared.complete, ["domain_name"]), "domains": [cloud], "want": "violation"},
		"no VPC": {"spec": {"domain_name": "aliyun"}, "domains": [cloud], "want": "violation"},
		"null": {"spec": {"domain_name": null, "config": null}, "domains": [cloud], "want": "violation"},
		"wrong type": {"spec": object.union(shared.complete, {"domain_name": 5}), "domains": [cloud], "want": "violation"},
		"spec of a wrong type": {"spec": [1], "domains": [cloud], "want": "violation"},
		"the documentation's": {
			"spec": object.union(shared.complete, {"config": {"vpc_uuid": "xxxxx-xxxx-xxxx-xxxx-xxxx"}}),
			"domains": [cloud],
			"want": "violation",
		},
		"another domain": {"spec": object.union(shared.complete, {"domain_name": "aws"}), "domains": [cloud], "want": "violation"},
		"a domain that is not a cloud": {
			"spec": shared.complete,
			"domains": [shared.document("Domain", "a", {"name": "aliyun", "type": "kubernetes"})],
			"want": "violation",
		},
		"a placeholder for the key": {
			"spec": shared.complete,
			"domains": [object.union(cloud, {"spec": {"config": {"secret_key": "xxxxxxx"}}})],
			"want": "violation",
		},
		"no domain in the input": {"spec": shared.complete, "domains": [], "want": "unknown"},
	}
	results := subdomain.results with input as shared.managed("", array.concat([shared.document("Subdomain", "s", case.spec)], case.domains))
	fixture.verdicts(results, "DF-MG-002") == {concat(" ", [case.want, "required"])}
}

test_each_subdomain_has_a_result if {
	results := subdomain.results with input as shared.managed("", [shared.document("Subdomain", "s", shared.complete), shared.document("Subdomain", "t", {})])
	{[result.subject.kind, result.subject.name, result.outcome] | some result in results; result.id == "DF-MG-002"} == {
		["Subdomain", "s", "unknown"],
		["Subdomain", "t", "violation"],
	}
}

test_no_subdomain if {
	results := subdomain.results with input as shared.managed("", [])
	{[result.subject, result.outcome] | some result in results; result.id == "DF-MG-002"} == {[{"kind": "Cluster", "name": "*"}, "unknown"]}
}

test_secrets_are_not_shown if {
	cloud := shared.document("Domain", "a", {"name": "aliyun", "type": "aliyun", "config": {"secret_id": "visible", "secret_key": ["hidden"]}})
	results := subdomain.results with input as shared.managed("", [shared.document("Subdomain", "s", shared.complete), cloud])
	fixture.observed(results, "DF-MG-002") == {"secret_key of domain aliyun is empty or a placeholder"}
}
