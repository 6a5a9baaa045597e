package dfpolicy.requirements.ebpf.apparmor_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.apparmor

test_verdict[name] if {
	some name, case in {
		"annotation": {"name": "deepflow-agent", "context": {}, "want": "pass informational"},
		"annotation of another container": {"name": "agent", "context": {}, "want": "violation informational"},
		"field": {
			"name": "agent",
			"context": {"appArmorProfile": {"type": "Unconfined"}},
			"want": "pass informational",
		},
		"field beats annotation": {
			"name": "deepflow-agent",
			"context": {"appArmorProfile": {"type": "RuntimeDefault"}},
			"want": "violation informational",
		},
		"privileged": {"name": "agent", "context": {"privileged": true}, "want": "pass informational"},
	}
	results := apparmor.results with input as fixture.agent({}, {"name": case.name, "securityContext": case.context})
	fixture.verdicts(results, "DF-EBPF-009") == {case.want}
}
