package dfpolicy.requirements.managed_k8s.managed_k8s_test

import data.dfpolicy.lib.fixture_test as fixture

# The results of all requirements of the group.
answers := union({found | found := data.dfpolicy.requirements.managed_k8s[_].results})

managed(text, others) := object.union(fixture.configured({}, text), {
	"mode": "managed-k8s",
	"resources": array.concat(fixture.configured({}, text).resources, others),
})

document(kind, name, spec) := {"apiVersion": "dfpolicy.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}

complete := {"domain_name": "aliyun", "config": {"vpc_uuid": "0f1e2d3c-4b5a-5968-8776-a5b4c3d2e1f0"}}

test_no_subject_no_result if {
	results := answers with input as {"mode": "managed-k8s", "resources": [document("Subdomain", "s", complete)]}
	results == set()
}
