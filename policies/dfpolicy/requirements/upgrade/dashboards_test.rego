package dfpolicy.requirements.upgrade.dashboards_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.upgrade.dashboards
import data.dfpolicy.requirements.upgrade.upgrade_test as shared

_verdicts(document, id) := fixture.verdicts(results, id) if {
	results := dashboards.results with input as document
}

_observed(document, id) := fixture.observed(results, id) if {
	results := dashboards.results with input as document
}

_grafana(init) := {
	"apiVersion": "apps/v1", "kind": "Deployment",
	"metadata": {"name": "deepflow-grafana"},
	"spec": {"template": {"spec": {"initContainers": init, "containers": [{"name": "grafana", "image": "grafana:10"}]}}},
}

test_verdict[name] if {
	image := "r/deepflowio-init-grafana"
	some name, case in {
		"latest, always": {
			"init": [{"name": "init-grafana-ds-dh", "image": $"{image}:latest", "imagePullPolicy": "Always"}],
			"want": {"pass recommended"},
		},
		"latest, the default": {"init": [{"name": "a", "image": $"{image}:latest"}], "want": {"pass recommended"}},
		"no tag": {"init": [{"name": "a", "image": image, "imagePullPolicy": null}], "want": {"pass recommended"}},
		"a version": {"init": [{"name": "init-grafana-ds-dh", "image": $"{image}:v6.5"}], "want": {"violation recommended"}},
		"a digest": {"init": [{"name": "init-grafana-ds-dh", "image": $"{image}:latest@sha256:0a"}], "want": {"violation recommended"}},
		"pulled once": {
			"init": [{"name": "a"}, {"name": "b", "image": $"{image}:latest", "imagePullPolicy": "IfNotPresent"}],
			"want": {"violation recommended"},
		},
		"wrong types": {"init": [{"name": "init-grafana-ds-dh", "image": 5, "imagePullPolicy": 5}], "want": {"violation recommended"}},
		"another init container": {"init": [{"name": "a", "image": "busybox"}], "want": set()},
		"no init container": {"init": null, "want": set()},
	}
	_verdicts(shared.upgrade([shared.agent], [shared.agent, _grafana(case.init)]), "DF-UPG-004") == case.want
}

test_observed_lists_both_flaws if {
	init := [{"name": "init-grafana-ds-dh", "image": "a:v6.5", "imagePullPolicy": "Never"}]
	observed := `the image is "a:v6.5"; imagePullPolicy is "Never"`
	_observed(shared.upgrade([], [shared.agent, _grafana(init)]), "DF-UPG-004") == {observed}
}
