package dfpolicy.requirements.ebpf.seccomp_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.seccomp

test_verdict[name] if {
	some name, case in {
		"unset": {"context": {}, "want": "pass informational"},
		"unconfined": {"context": {"seccompProfile": {"type": "Unconfined"}}, "want": "pass informational"},
		"runtime default": {"context": {"seccompProfile": {"type": "RuntimeDefault"}}, "want": "pass informational"},
		"runtime default without SYS_ADMIN": {
			"context": {"seccompProfile": {"type": "RuntimeDefault"}, "capabilities": {"add": ["BPF"]}},
			"want": "violation informational",
		},
		"a file": {"context": {"seccompProfile": {"type": "Localhost"}}, "want": "unknown informational"},
		"privileged": {
			"context": {"seccompProfile": {"type": "Localhost"}, "privileged": true},
			"want": "pass informational",
		},
	}
	results := seccomp.results with input as fixture.agent({}, {"securityContext": case.context})
	fixture.verdicts(results, "DF-EBPF-010") == {case.want}
}

test_command[name] if {
	some name, case in {
		"of the container": {"pod": _localhost("b"), "container": _localhost("a b.json"), "want": "cat '/var/lib/kubelet/seccomp/a b.json'"},
		"of the pod": {"pod": _localhost("b"), "container": {}, "want": "cat /var/lib/kubelet/seccomp/b"},
		"without a name": {"pod": {}, "container": _localhost(5), "want": "ls /var/lib/kubelet/seccomp"},
	}
	results := seccomp.results with input as fixture.agent({"securityContext": case.pod}, {"securityContext": case.container})
	{one.collect | some one in results} == {case.want}
}

_localhost(name) := {"seccompProfile": {"type": "Localhost", "localhostProfile": name}}

test_pair[name] if {
	some name, case in {
		"a runtime that allows it": {"runtimes": ["containerd", "containerd"], "versions": ["1.7.0", "2.1.4"], "want": "pass informational"},
		"a runtime that refuses it": {"runtimes": ["containerd", "containerd"], "versions": ["1.7.0", "1.6.0"], "want": "violation informational"},
		"a runtime that was not measured": {"runtimes": ["containerd", "cri-o"], "versions": ["1.7.0", "1.30.0"], "want": "unknown informational"},
	}
	context := {"seccompProfile": {"type": "RuntimeDefault"}, "capabilities": {"add": ["BPF", "PERFMON"]}}
	document := object.union(fixture.agent({}, {"securityContext": context}), {"nodes": [
	fixture.node(node, {"containerRuntime": {"name": case.runtimes[i], "version": case.versions[i]}}) |
		some i, node in ["a", "b"]
	]})
	results := seccomp.results with input as document
	fixture.verdicts(results, "DF-EBPF-010") == {case.want}
}
