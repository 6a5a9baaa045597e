package dfpolicy.requirements.ebpf.lockdown_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.lockdown

test_verdict[name] if {
	some name, case in {
		"none": {"facts": {"lockdown": "none"}, "want": "pass required"},
		"integrity": {"facts": {"lockdown": "integrity"}, "want": "pass required"},
		"confidentiality": {"facts": {"lockdown": "confidentiality"}, "want": "violation required"},
		"absent": {"facts": {}, "want": "unknown required"},
		"wrong type": {"facts": {"lockdown": true}, "want": "violation required"},
	}
	results := lockdown.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-EBPF-014") == {case.want}
}
