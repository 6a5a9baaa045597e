package dfpolicy.requirements.ebpf.cpu_count_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.cpu_count

test_verdict[name] if {
	some name, case in {
		"256": {"facts": {"cpus": 256}, "want": "pass required"},
		"257": {"facts": {"cpus": 257}, "want": "violation required"},
		"text of a Node": {"facts": {"cpus": "64"}, "want": "pass required"},
		"absent": {"facts": {}, "want": "unknown required"},
		"wrong type": {"facts": {"cpus": ["4"]}, "want": "unknown required"},
	}
	results := cpu_count.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-EBPF-012") == {case.want}
}
