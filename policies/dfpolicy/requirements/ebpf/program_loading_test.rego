package dfpolicy.requirements.ebpf.program_loading_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.program_loading

_after(paranoid) := {"kernelRelease": "5.10.0", "sysctls": {"kernel.perf_event_paranoid": paranoid}}

test_verdict[name] if {
	pair := fixture.only(["BPF", "PERFMON"])
	some name, case in {
		"SYS_ADMIN": {"container": {}, "nodes": [], "want": "pass recommended"},
		"neither": {"container": fixture.without("SYS_ADMIN"), "nodes": [], "want": "violation required"},
		"BPF alone": {"container": fixture.only(["BPF"]), "nodes": [], "want": "violation required"},
		"pair, nodes unknown": {"container": pair, "nodes": [], "want": "unknown required"},
		"pair, 5.8": {"container": pair, "nodes": [fixture.node("a", _after(2))], "want": "violation recommended"},
		"pair, paranoid": {"container": pair, "nodes": [fixture.node("a", _after(3))], "want": "violation required"},
		"pair, paranoid in a text": {"container": pair, "nodes": [fixture.node("a", _after(" 4 "))], "want": "violation required"},
		"pair, paranoid unknown on Debian": {
			"container": pair,
			"nodes": [fixture.node("a", {"kernelRelease": "6.1.0-21-amd64", "osImage": "Debian GNU/Linux 12 (bookworm)"})],
			"want": "unknown required",
		},
		"pair, paranoid unknown elsewhere": {
			"container": pair,
			"nodes": [fixture.node("a", {"kernelRelease": "5.14.0", "osImage": "Rocky Linux 9.4"})],
			"want": "violation recommended",
		},
		"SYS_ADMIN, paranoid": {"container": {}, "nodes": [fixture.node("a", _after(4))], "want": "pass recommended"},
		"pair, one node before 5.8": {
			"container": pair,
			"nodes": [
				fixture.node("a", {"kernelRelease": "5.10.0"}),
				fixture.node("b", {"kernelRelease": "4.18.0-553.el8.x86_64"}),
			],
			"want": "violation required",
		},
		"pair, one node unknown": {
			"container": pair,
			"nodes": [fixture.node("a", {"kernelRelease": "5.10.0"}), fixture.node("b", {})],
			"want": "unknown required",
		},
	}
	document := object.union(fixture.agent({}, case.container), {"nodes": case.nodes})
	results := program_loading.results with input as document
	fixture.verdicts(results, "DF-EBPF-002") == {case.want}
}

test_kernel_command_of_a_host if {
	document := fixture.started({"CapabilityBoundingSet": ["CAP_BPF CAP_PERFMON"]}, [])
	results := program_loading.results with input as document
	{result.collect | some result in results; result.id == "DF-EBPF-002"} == {"uname -r"}
}
