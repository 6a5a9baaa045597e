package dfpolicy.requirements.ebpf.root_user_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.root_user

test_verdict[name] if {
	some name, case in {
		"image's user": {"pod": {}, "container": {}, "want": "pass required"},
		"user 0": {"pod": {}, "container": {"securityContext": {"runAsUser": 0}}, "want": "pass required"},
		"user 1000": {"pod": {}, "container": {"securityContext": {"runAsUser": 1000}}, "want": "violation required"},
		"pod's user": {"pod": {"securityContext": {"runAsUser": 1000}}, "container": {}, "want": "violation required"},
		"container beats pod": {
			"pod": {"securityContext": {"runAsUser": 1000}},
			"container": {"securityContext": {"runAsUser": 0}},
			"want": "pass required",
		},
		"never root": {
			"pod": {},
			"container": {"securityContext": {"runAsNonRoot": true}},
			"want": "violation required",
		},
		"pod never root": {"pod": {"securityContext": {"runAsNonRoot": true}}, "container": {}, "want": "violation required"},
		"privileged 1000": {
			"pod": {},
			"container": {"securityContext": {"privileged": true, "runAsUser": 1000}},
			"want": "violation required",
		},
		"text": {"pod": {}, "container": {"securityContext": {"runAsUser": "0"}}, "want": "violation required"},
	}
	results := root_user.results with input as fixture.agent(case.pod, case.container)
	fixture.verdicts(results, "DF-EBPF-006") == {case.want}
}
