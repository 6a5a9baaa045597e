package dfpolicy.requirements.acme.image_registry_test

import data.dfpolicy.requirements.acme.image_registry

test_verdict[name] if {
	some name, case in {
		"Acme's registry": {"image": "registry.acme.example/deepflow-agent:v7.1", "want": "pass"},
		"another registry": {"image": "registry.acme.example.org/deepflow-agent:v7.1", "want": "violation"},
	}
	agent := {
		"apiVersion": "apps/v1",
		"kind": "DaemonSet",
		"metadata": {"name": "deepflow-agent", "namespace": "deepflow"},
		"spec": {"template": {"spec": {"containers": [{"name": "deepflow-agent", "image": case.image}]}}},
	}
	results := image_registry.results with input as {"mode": "single-k8s", "resources": [agent]}
	{result.outcome | some result in results} == {case.want}
}
