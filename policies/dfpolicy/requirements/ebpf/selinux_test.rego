package dfpolicy.requirements.ebpf.selinux_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.selinux

test_verdict[name] if {
	some name, case in {
		"disabled": {"facts": {"selinux": {"mode": "Disabled"}}, "want": "pass required"},
		"not enabled": {"facts": {"selinux": {"enabled": false}}, "want": "pass required"},
		"not enabled, yet enforcing": {
			"facts": {"selinux": {"enabled": false, "mode": "enforcing"}},
			"want": "violation required",
		},
		"not enabled, mode disabled": {
			"facts": {"selinux": {"enabled": false, "mode": "disabled"}},
			"want": "pass required",
		},
		"permissive": {"facts": {"selinux": {"mode": "permissive"}}, "want": "violation recommended"},
		"enforcing": {"facts": {"selinux": {"enabled": true, "mode": "enforcing"}}, "want": "violation required"},
		"enabled, mode not collected": {"facts": {"selinux": {"enabled": true}}, "want": "unknown required"},
		"absent": {"facts": {}, "want": "unknown required"},
		"wrong type": {"facts": {"selinux": "Enforcing"}, "want": "unknown required"},
	}
	results := selinux.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-EBPF-001") == {case.want}
}

test_strict if {
	document := object.union(fixture.on_node({"selinux": {"mode": "permissive"}}), {"profile": "strict"})
	results := selinux.results with input as document
	fixture.verdicts(results, "DF-EBPF-001") == {"violation required"}
}
