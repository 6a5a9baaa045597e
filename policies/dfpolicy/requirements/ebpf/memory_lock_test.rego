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

test_infinite_limit[name] if {
	lacking := {"CapabilityBoundingSet": ["~CAP_SYS_RESOURCE"]}
	some name, case in {
		"a unit": {"document": fixture.started(object.union(lacking, {"LimitMEMLOCK": ["infinity"]}), []), "want": "pass required"},
		"a unit with a soft limit": {"document": fixture.started(object.union(lacking, {"LimitMEMLOCK": ["8M:infinity"]}), []), "want": "pass required"},
		"a unit with a hard limit": {"document": fixture.started(object.union(lacking, {"LimitMEMLOCK": ["8M"]}), []), "want": "violation required"},
		"a service": {"document": fixture.composed({"cap_add": ["SYS_ADMIN"], "ulimits": {"memlock": -1}}, []), "want": "pass required"},
		"a service with two limits": {
			"document": fixture.composed({"cap_add": ["SYS_ADMIN"], "ulimits": {"memlock": {"soft": 65536, "hard": -1}}}, []),
			"want": "pass required",
		},
		"a service with a hard limit": {
			"document": fixture.composed({"cap_add": ["SYS_ADMIN"], "ulimits": {"memlock": {"soft": -1, "hard": 65536}}}, []),
			"want": "violation required",
		},
		"the page, literally": {
			"document": object.union(fixture.started(object.union(lacking, {"LimitMEMLOCK": ["infinity"]}), []), {"profile": "strict"}),
			"want": "violation required",
		},
	}
	results := memory_lock.results with input as case.document
	fixture.verdicts(results, "DF-EBPF-003") == {case.want}
}
