package dfpolicy.requirements.all_in_one.machine_size_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.all_in_one.all_in_one_test as shared
import data.dfpolicy.requirements.all_in_one.machine_size

test_verdict[name] if {
	some name, case in {
		"enough": {"spec": {"cpus": 4, "memoryBytes": 8589934592}, "want": "pass recommended"},
		"8 GB minus reserved memory": {"spec": {"cpus": 8, "memoryBytes": 8100000000}, "want": "pass recommended"},
		"quantities of a Node": {"spec": {"cpus": "4", "memoryBytes": "16Gi"}, "want": "pass recommended"},
		"few CPUs": {"spec": {"cpus": 2, "memoryBytes": 17179869184}, "want": "violation recommended"},
		"little memory": {"spec": {"cpus": 8, "memoryBytes": 4294967296}, "want": "violation recommended"},
		"few CPUs, memory unknown": {"spec": {"cpus": 2}, "want": "violation recommended"},
		"memory unknown": {"spec": {"cpus": 4}, "want": "unknown recommended"},
		"CPUs unknown": {"spec": {"memoryBytes": 17179869184}, "want": "unknown recommended"},
		"null": {"spec": {"cpus": null, "memoryBytes": null}, "want": "unknown recommended"},
		"wrong type": {"spec": {"cpus": [4], "memoryBytes": "plenty"}, "want": "unknown recommended"},
	}
	results := machine_size.results with input as shared.on(shared.nothing, [case.spec])
	fixture.verdicts(results, "DF-AIO-001") == {case.want}
}

test_shows_cpus_and_memory if {
	results := machine_size.results with input as shared.on(shared.nothing, [{"cpus": 2, "memoryBytes": "4194304Ki"}])
	fixture.observed(results, "DF-AIO-001") == {"2 CPUs, 4096 MiB of memory"}
}
