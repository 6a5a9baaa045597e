package dfpolicy.requirements.kernel.host_kernel_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.kernel.host_kernel

test_verdict[name] if {
	some name, case in {
		"no class": {"class": null, "handler": "", "want": "pass"},
		"empty class": {"class": "", "handler": "", "want": "pass"},
		"wrong type": {"class": 5, "handler": "", "want": "pass"},
		"gVisor by name": {"class": "gvisor", "handler": "", "want": "violation"},
		"Kata by name": {"class": "kata-qemu", "handler": "", "want": "violation"},
		"gVisor by handler": {"class": "safe", "handler": "runsc", "want": "violation"},
		"the handler wins over the name": {"class": "gvisor", "handler": "runc", "want": "pass"},
		"runc": {"class": "fast", "handler": "runc", "want": "pass"},
		"unknown handler": {"class": "fast", "handler": "own", "want": "unknown"},
		"unknown class": {"class": "fast", "handler": "", "want": "unknown"},
	}
	class := {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": case.class}, "handler": case.handler}
	results := host_kernel.results with input as {"resources": [fixture.workload("DaemonSet", {"runtimeClassName": case.class}, {}), class]}
	fixture.verdicts(results, "DF-KERNEL-005") == {$"{case.want} required"}
}

test_no_agent_no_result if {
	count(host_kernel.results) == 0 with input as {"resources": []}
}
