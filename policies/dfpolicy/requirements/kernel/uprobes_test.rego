package dfpolicy.requirements.kernel.uprobes_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.kernel.kernel_test as shared
import data.dfpolicy.requirements.kernel.uprobes

test_verdict[name] if {
	some name, case in {
		"4.17": {"facts": shared.x86("4.17.0"), "want": "pass recommended"},
		"4.16": {"facts": shared.x86("4.16.0"), "want": "violation recommended"},
		"el7": {"facts": shared.x86("3.10.0-957.el7.x86_64"), "want": "violation recommended"},
		"unknown": {"facts": {}, "want": "unknown recommended"},
	}
	results := uprobes.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-KERNEL-002") == {case.want}
}

test_uprobe_pmu[name] if {
	some name, case in {
		"7.1.4": {"tag": "v7.1.4", "facts": {"uprobePmu": false}, "want": "violation"},
		"a moving tag": {"tag": "v7.1", "facts": {"uprobePmu": false}, "want": "violation"},
		"unknown": {"tag": "latest", "facts": {"uprobePmu": false}, "want": "violation"},
		"earlier": {"tag": "v7.1.3", "facts": {"uprobePmu": false}, "want": "pass"},
		"with a uprobe PMU": {"tag": "v7.1.4", "facts": {"uprobePmu": true}, "want": "pass"},
		"not collected": {"tag": "v7.1.4", "facts": {}, "want": "pass"},
	}
	results := uprobes.results with input as shared.with_agent(case.tag, object.union(shared.x86("5.4.0"), case.facts))
	fixture.verdicts(results, "DF-KERNEL-002") == {$"{case.want} recommended"}
}

test_uprobe_pmu_of_an_old_kernel if {
	results := uprobes.results with input as shared.with_agent("v7.1.4", shared.x86("4.16.0"))
	fixture.observed(results, "DF-KERNEL-002") == {concat("", [
		"kernel 4.16.0: OpenSSL uprobes do not attach; ",
		"deepflow-agent 7.1.4 cannot attach Go and TLS probes: no uprobe PMU",
	])}
	unversioned := uprobes.results with input as shared.with_agent("latest", shared.x86("4.16.0"))
	fixture.observed(unversioned, "DF-KERNEL-002") == {concat("", [
		"kernel 4.16.0: OpenSSL uprobes do not attach; ",
		"deepflow-agent from v7.1.4 on cannot attach Go and TLS probes: no uprobe PMU",
	])}
}
