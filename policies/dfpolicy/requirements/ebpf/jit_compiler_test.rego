package dfpolicy.requirements.ebpf.jit_compiler_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.jit_compiler

init(command) := {"initContainers": [{
	"name": "configure-sysctl",
	"securityContext": {"privileged": true},
	"command": ["/bin/sh", "-c", command],
}]}

test_verdict[name] if {
	sysctl := "sysctl -w net.core.bpf_jit_enable=1"
	safe := init(concat("", [sysctl, " || true"]))
	own := {"hostNetwork": false}
	some name, case in {
		"node 1": {"pod": own, "container": {}, "value": 1, "want": "pass recommended"},
		"node 0": {"pod": own, "container": {}, "value": 0, "want": "violation recommended"},
		"node 2": {"pod": own, "container": {}, "value": 2, "want": "violation recommended"},
		"unknown": {"pod": own, "container": {}, "value": null, "want": "unknown recommended"},
		"init on the host network": {"pod": safe, "container": {}, "value": null, "want": "pass recommended"},
		"init on the own network": {
			"pod": object.union(own, safe),
			"container": {},
			"value": null,
			"want": "unknown recommended",
		},
		"init on the own network, node 0": {
			"pod": object.union(own, safe),
			"container": {},
			"value": 0,
			"want": "violation recommended",
		},
		"init that can fail the pod": {
			"pod": object.union(own, init(sysctl)),
			"container": {},
			"value": 1,
			"want": "violation recommended",
		},
		"init that can fail on the host network": {
			"pod": init(sysctl),
			"container": {},
			"value": null,
			"want": "pass recommended",
		},
		"init that sets 0": {
			"pod": init("sysctl -w net.core.bpf_jit_enable=0"),
			"container": {},
			"value": null,
			"want": "unknown recommended",
		},
		"init that echoes": {
			"pod": init("echo 1 > /proc/sys/net/core/bpf_jit_enable"),
			"container": {},
			"value": null,
			"want": "pass recommended",
		},
		"init without privilege": {
			"pod": {"initContainers": [{"name": "a", "command": [sysctl]}]},
			"container": {},
			"value": null,
			"want": "unknown recommended",
		},
		"privileged agent on the host network": {
			"pod": {},
			"container": {"securityContext": {"privileged": true}},
			"value": null,
			"want": "pass recommended",
		},
	}
	document := object.union(
		fixture.agent(case.pod, case.container),
		{"nodes": [fixture.node("a", {"sysctls": {"net.core.bpf_jit_enable": case.value}})]},
	)
	results := jit_compiler.results with input as document
	fixture.verdicts(results, "DF-EBPF-008") == {case.want}
}
