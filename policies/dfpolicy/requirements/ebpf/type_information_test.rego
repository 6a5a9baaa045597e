package dfpolicy.requirements.ebpf.type_information_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.type_information

test_verdict[name] if {
	some name, case in {
		"btf": {"facts": {"btf": true}, "want": "pass recommended"},
		"5.2": {"facts": {"kernelRelease": "5.2.0"}, "want": "pass recommended"},
		"4.19 without": {"facts": {"kernelRelease": "4.19.0", "btf": false}, "want": "violation recommended"},
		"4.19 unknown": {"facts": {"kernelRelease": "4.19.0"}, "want": "unknown recommended"},
		"el7": {"facts": {"kernelRelease": "3.10.0-1160.el7.x86_64", "btf": false}, "want": "pass recommended"},
		"nothing": {"facts": {}, "want": "unknown recommended"},
		"no release": {"facts": {"kernelRelease": 5.2}, "want": "unknown recommended"},
		"reported": {"facts": {"kernelRelease": "4.19.113-300.el7.x86_64"}, "want": "violation required"},
		"reported, with BTF": {"facts": {"kernelRelease": "4.19.113-300.el7.x86_64", "btf": true}, "want": "pass recommended"},
	}
	results := type_information.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-EBPF-011") == {case.want}
}
