package dfpolicy.requirements.ebpf.known_capabilities_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.known_capabilities

_node(version) := {
	"apiVersion": "v1",
	"kind": "Node",
	"metadata": {"name": "a"},
	"status": {"nodeInfo": {"containerRuntimeVersion": version}},
}

_context(names, others) := {"securityContext": object.union({"capabilities": {"add": names}}, others)}

_filtered := {"seccompProfile": {"type": "RuntimeDefault"}}

test_verdict[name] if {
	some name, case in {
		"an old Docker": {"container": _context(["BPF", "PERFMON"], {}), "runtime": "docker://19.3.15", "want": {"violation required"}},
		"an old containerd": {"container": _context(["bpf"], {}), "runtime": "containerd://1.4.13", "want": {"violation required"}},
		"together with SYS_ADMIN": {"container": _context(["SYS_ADMIN", "BPF"], _filtered), "runtime": "docker://19.3.15", "want": {"violation required"}},
		"known": {"container": _context(["BPF", "PERFMON"], {}), "runtime": "containerd://1.5.18", "want": {"pass required"}},
		"known, but filtered": {"container": _context(["BPF", "PERFMON"], _filtered), "runtime": "containerd://1.5.18", "want": {"violation required"}},
		"filtered by the capabilities": {"container": _context(["BPF", "PERFMON"], _filtered), "runtime": "containerd://1.6.20", "want": {"pass required"}},
		"filtered, not measured": {"container": _context(["BPF", "PERFMON"], _filtered), "runtime": "containerd://1.6.9", "want": {"unknown required"}},
		"SYS_ADMIN passes the filter": {"container": _context(["SYS_ADMIN", "BPF"], _filtered), "runtime": "containerd://1.5.18", "want": {"pass required"}},
		"another runtime": {"container": _context(["BPF"], {}), "runtime": "own://1.0", "want": {"unknown required"}},
		"wrong type": {"container": _context(["BPF"], {}), "runtime": 5, "want": {"unknown required"}},
		"neither is added": {"container": _context(["SYS_ADMIN"], {}), "runtime": "docker://19.3.15", "want": set()},
		"privileged": {"container": _context(["BPF"], {"privileged": true}), "runtime": "docker://19.3.15", "want": set()},
	}
	results := known_capabilities.results with input as {"resources": [fixture.workload("DaemonSet", {}, case.container), _node(case.runtime)]}
	fixture.verdicts(results, "DF-EBPF-016") == case.want
}

test_no_node_is_unknown if {
	results := known_capabilities.results with input as fixture.agent({}, _context(["BPF"], {}))
	fixture.verdicts(results, "DF-EBPF-016") == {"unknown required"}
}
