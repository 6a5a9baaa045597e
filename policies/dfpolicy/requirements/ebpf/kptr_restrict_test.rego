package dfpolicy.requirements.ebpf.kptr_restrict_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.kptr_restrict

test_verdict[name] if {
	some name, case in {
		"0": {"value": 0, "want": "pass required"},
		"1": {"value": 1, "want": "pass required"},
		"text": {"value": "1", "want": "pass required"},
		"2": {"value": 2, "want": "violation required"},
		"absent": {"value": null, "want": "unknown required"},
		"wrong type": {"value": true, "want": "violation required"},
	}
	results := kptr_restrict.results with input as fixture.on_node({"sysctls": {"kernel.kptr_restrict": case.value}})
	fixture.verdicts(results, "DF-EBPF-007") == {case.want}
}

test_unknown_names_the_command if {
	results := kptr_restrict.results with input as fixture.agent({}, {})
	some result in results
	result.id == "DF-EBPF-007"
	result.observed == "not known: kernel.kptr_restrict"
	result.collect == "sysctl kernel.kptr_restrict"
	result.subject == {"kind": "Node", "name": "*"}
}
