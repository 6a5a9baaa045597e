package dfpolicy.requirements.ebpf.lockdown_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.lockdown

test_verdict[name] if {
	some name, case in {
		"none": {"facts": {"lockdown": "none"}, "want": "pass recommended"},
		"integrity": {"facts": {"lockdown": "integrity"}, "want": "pass recommended"},
		"confidentiality": {"facts": {"lockdown": "confidentiality"}, "want": "violation recommended"},
		"absent": {"facts": {}, "want": "unknown recommended"},
		"wrong type": {"facts": {"lockdown": true}, "want": "violation recommended"},
	}
	results := lockdown.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-EBPF-014") == {case.want}
}
