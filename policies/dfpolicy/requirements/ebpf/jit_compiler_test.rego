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
		"without a fact": {"pod": own, "container": {}, "value": null, "want": "unknown recommended"},
		"node 1": {"pod": own, "container": {}, "value": 1, "want": "pass recommended"},
		"node 0": {"pod": own, "container": {}, "value": 0, "want": "violation recommended"},
		"node 2": {"pod": own, "container": {}, "value": 2, "want": "violation recommended"},
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
	fixture.verdicts({result | some result in results; result.subject.kind == "Node"}, "DF-EBPF-008") == {case.want}
}

test_init_container[name] if {
	own := {"hostNetwork": false}
	sysctl := "sysctl -w net.core.bpf_jit_enable=1"
	some name, case in {
		"none": {"pod": own, "want": "pass recommended"},
		"that can fail the pod": {"pod": object.union(own, init(sysctl)), "want": "violation recommended"},
		"that cannot": {"pod": object.union(own, init(concat("", [sysctl, " || true"]))), "want": "pass recommended"},
		"on the host network": {"pod": init(sysctl), "want": "pass recommended"},
	}
	results := jit_compiler.results with input as fixture.agent(case.pod, {})
	fixture.verdicts({result | some result in results; result.subject.kind != "Node"}, "DF-EBPF-008") == {case.want}
}

# The undo restores the value of this node.
test_each_node if {
	document := object.union(fixture.agent({}, {}), {"nodes": [
		fixture.node("compiled", {"sysctls": {"net.core.bpf_jit_enable": 1}}),
		fixture.node("debugged", {"sysctls": {"net.core.bpf_jit_enable": 2}}),
		fixture.node("interpreted", {"sysctls": {"net.core.bpf_jit_enable": 0}}),
	]})
	results := jit_compiler.results with input as document
	{result.subject.name: undo |
		some result in results
		some way in result.change.alternatives
		some command in way.commands
		undo := split(command.undo, "; ")[1]
	} == {"debugged": "sysctl -w net.core.bpf_jit_enable=2", "interpreted": "sysctl -w net.core.bpf_jit_enable=0"}
}
