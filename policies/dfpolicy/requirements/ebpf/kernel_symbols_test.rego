package dfpolicy.requirements.ebpf.kernel_symbols_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.kernel_symbols

test_verdict[name] if {
	some name, case in {
		"v7.1 loses the profiler": {"image": "deepflow-agent:v7.1", "want": {["AutoProfiling"]}},
		"v6.6 loses the profiler": {"image": "deepflow-agent:v6.6", "want": {["AutoProfiling"]}},
		"v6.5 loses tracing too": {"image": "deepflow-agent:v6.5.9", "want": {["AutoTracing", "AutoProfiling"]}},
		"unknown version loses both": {"image": "deepflow-agent", "want": {["AutoTracing", "AutoProfiling"]}},
	}
	container := object.union(fixture.without("SYSLOG"), {"image": case.image})
	results := kernel_symbols.results with input as fixture.agent({}, container)
	fixture.verdicts(results, "DF-EBPF-004") == {"violation required"}
	{result.impact | some result in results; result.id == "DF-EBPF-004"} == case.want
}

test_readable if {
	results := kernel_symbols.results with input as fixture.agent({}, {})
	fixture.verdicts(results, "DF-EBPF-004") == {"pass required"}
}
