package dfpolicy.requirements.ebpf.seccomp_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.seccomp

test_verdict[name] if {
	some name, case in {
		"unset": {"context": {}, "want": "pass informational"},
		"unconfined": {"context": {"seccompProfile": {"type": "Unconfined"}}, "want": "pass informational"},
		"runtime default": {"context": {"seccompProfile": {"type": "RuntimeDefault"}}, "want": "pass informational"},
		"runtime default without SYS_ADMIN": {
			"context": {"seccompProfile": {"type": "RuntimeDefault"}, "capabilities": {"add": ["BPF"]}},
			"want": "violation informational",
		},
		"a file": {"context": {"seccompProfile": {"type": "Localhost"}}, "want": "unknown informational"},
		"privileged": {
			"context": {"seccompProfile": {"type": "Localhost"}, "privileged": true},
			"want": "pass informational",
		},
	}
	results := seccomp.results with input as fixture.agent({}, {"securityContext": case.context})
	fixture.verdicts(results, "DF-EBPF-010") == {case.want}
}
