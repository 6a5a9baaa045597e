package dfpolicy.requirements.kubernetes_info.process_namespaces_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.kubernetes_info.process_namespaces

test_sys_ptrace[name] if {
	some name, case in {
		"held": {"container": {}, "want": "pass required"},
		"missing": {"container": fixture.without("SYS_PTRACE"), "want": "violation required"},
		"wrong type": {"container": {"securityContext": "privileged"}, "want": "violation required"},
	}
	results := process_namespaces.results with input as fixture.agent({}, case.container)
	fixture.verdicts(results, "DF-K8S-003") == {case.want}
}
