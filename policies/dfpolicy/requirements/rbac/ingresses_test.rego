package dfpolicy.requirements.rbac.ingresses_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.rbac.ingresses
import data.dfpolicy.requirements.rbac.rbac_test as shared

extensions := object.union(shared.reading("ingresses"), {"apiGroups": ["extensions"]})

test_ingresses_of_the_extensions_group[name] if {
	some name, case in {
		"v1.13": {"version": "v1.13.12", "rules": [extensions], "want": "pass required"},
		"v1.14": {"version": "v1.14.0", "rules": [extensions], "want": "violation recommended"},
		"v1.21": {"version": "v1.21.3-vendor.1", "rules": [extensions], "want": "violation recommended"},
		"v1.22": {"version": "v1.22.0", "rules": [extensions], "want": "violation required"},
		"v1.30": {"version": "v1.30", "rules": [extensions], "want": "violation required"},
		"version not known": {"version": null, "rules": [extensions], "want": "violation required"},
		"version of a wrong type": {"version": 1.13, "rules": [extensions], "want": "violation required"},
		"v1.13 with a verb less": {
			"version": "v1.13.12",
			"rules": [object.union(extensions, {"verbs": ["get", "list"]})],
			"want": "violation required",
		},
		"v1.13 and both groups": {
			"version": "v1.13.12",
			"rules": [extensions, shared.reading("ingresses")],
			"want": "pass required",
		},
	}
	results := ingresses.results with input as object.union(
		shared.granted(case.rules),
		{"cluster": {"spec": {"version": case.version}}},
	)
	fixture.verdicts(results, "DF-RBAC-011") == {case.want}
}
