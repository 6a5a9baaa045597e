package dfpolicy.requirements.ebpf.kernel_symbols_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.kernel_symbols

test_verdict[name] if {
	some name, case in {
		"v7.1 loses the profiler": {"image": "deepflow-agent:v7.1", "want": {["AutoProfiling"]}},
		"v6.6 loses the profiler": {"image": "deepflow-agent:v6.6", "want": {["AutoProfiling"]}},
		"v6.4 loses the profiler": {"image": "deepflow-agent:v6.4.9", "want": {["AutoProfiling"]}},
		"v6.5 loses tracing too": {"image": "deepflow-agent:v6.5.9", "want": {["AutoTracing", "AutoProfiling"]}},
		"unknown version loses both": {"image": "deepflow-agent", "want": {["AutoTracing", "AutoProfiling"]}},
	}
	container := object.union(fixture.without("SYSLOG"), {"image": case.image})
	results := kernel_symbols.results with input as fixture.agent({}, container)
	fixture.verdicts(results, "DF-EBPF-004") == {"violation required"}
	{result.impact | some result in results; result.id == "DF-EBPF-004"} == case.want
}

test_early_agents_do_not_check[tag] if {
	some tag, want in {"v6.2.6": "pass required", "v6.3.5": "pass required", "v6.3": "violation required"}
	container := object.union(fixture.without("SYSLOG"), {"image": $"deepflow-agent:{tag}"})
	results := kernel_symbols.results with input as fixture.agent({}, container)
	fixture.verdicts(results, "DF-EBPF-004") == {want}
}

test_readable if {
	results := kernel_symbols.results with input as fixture.agent({}, {})
	fixture.verdicts(results, "DF-EBPF-004") == {"pass required"}
}

test_open_symbols[name] if {
	some name, case in {
		"open": {"sysctls": {"kernel.kptr_restrict": 0, "kernel.perf_event_paranoid": 1}, "profile": "default", "want": "pass required"},
		"open, as texts": {"sysctls": {"kernel.kptr_restrict": " 0", "kernel.perf_event_paranoid": "-1"}, "profile": "default", "want": "pass required"},
		"restricted": {"sysctls": {"kernel.kptr_restrict": 1, "kernel.perf_event_paranoid": 1}, "profile": "default", "want": "violation required"},
		"events restricted": {"sysctls": {"kernel.kptr_restrict": 0, "kernel.perf_event_paranoid": 2}, "profile": "default", "want": "violation required"},
		"events unknown": {"sysctls": {"kernel.kptr_restrict": 0}, "profile": "default", "want": "violation required"},
		"the page, literally": {"sysctls": {"kernel.kptr_restrict": 0, "kernel.perf_event_paranoid": 1}, "profile": "strict", "want": "violation required"},
	}
	document := object.union(fixture.agent({}, fixture.without("SYSLOG")), {
		"nodes": [fixture.node("a", {"sysctls": case.sysctls})],
		"profile": case.profile,
	})
	results := kernel_symbols.results with input as document
	fixture.verdicts(results, "DF-EBPF-004") == {case.want}
}
