package dfpolicy.requirements.ebpf.memory_lock_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.memory_lock

test_memory_lock[name] if {
	some name, case in {
		"held": {"container": {}, "want": "pass required"},
		"missing": {"container": fixture.without("SYS_RESOURCE"), "want": "violation required"},
	}
	results := memory_lock.results with input as fixture.agent({}, case.container)
	fixture.verdicts(results, "DF-EBPF-003") == {case.want}
}
