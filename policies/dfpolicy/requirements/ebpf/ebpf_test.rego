package dfpolicy.requirements.ebpf.ebpf_test

import data.dfpolicy.lib.fixture_test as fixture

# What all requirements of the group answer.
answers := union({found | found := data.dfpolicy.requirements.ebpf[_].results})

# The verdict and what was observed, of an agent on a host whose facts are known.
_hosted(document, id) := told if {
	facts := {
		"kernelRelease": "5.15.0-91-generic",
		"architecture": "x86_64",
		"paths": {"/sys/kernel/debug": {"exists": true, "mounted": true}},
	}
	results := answers with input as object.union(document, {"nodes": [fixture.node("host", facts)]})
	[told] := [[result.outcome, result.level, result.observed] | some result in results; result.id == id]
}

test_nodes_that_are_not_given_are_unknown if {
	results := answers with input as fixture.agent({}, {})
	{result.id | some result in results; result.subject == {"kind": "Node", "name": "*"}; result.outcome == "unknown"} == {
		"DF-EBPF-001",
		"DF-EBPF-007",
		"DF-EBPF-011",
		"DF-EBPF-012",
		"DF-EBPF-014",
	}
}

test_no_subject_no_result if {
	results := answers with input as object.union(fixture.on_node({}), {"mode": "none"})
	results == set()
}

test_of_compose[name] if {
	some name, case in {
		"loading": {"id": "DF-EBPF-002", "change": {}, "want": ["pass", "recommended", "cap_add holds SYS_ADMIN"]},
		"debugfs": {"id": "DF-EBPF-005", "change": {}, "want": ["pass", "required", "the host's /sys/kernel/debug is mounted read-only"]},
		"no debugfs": {
			"id": "DF-EBPF-005",
			"change": {"volumes": []},
			"want": ["violation", "required", "no mount of /sys/kernel/debug"],
		},
		"root": {"id": "DF-EBPF-006", "change": {"user": "root"}, "want": ["pass", "required", "user is 0"]},
		"another user": {"id": "DF-EBPF-006", "change": {"user": 1000}, "want": ["violation", "required", "user is 1000"]},
		"AppArmor's default": {
			"id": "DF-EBPF-009",
			"change": {},
			"want": ["violation", "informational", "security_opt does not hold apparmor:unconfined"],
		},
		"no AppArmor": {
			"id": "DF-EBPF-009",
			"change": {"security_opt": ["apparmor:unconfined"]},
			"want": ["pass", "informational", "security_opt holds apparmor:unconfined"],
		},
		"seccomp's default": {
			"id": "DF-EBPF-010",
			"change": {},
			"want": ["pass", "informational", "RuntimeDefault lets these calls pass with SYS_ADMIN"],
		},
		"seccomp's default, fewer capabilities": {
			"id": "DF-EBPF-010",
			"change": {"cap_add": ["BPF"]},
			"want": ["violation", "informational", "Docker's default profile without SYS_ADMIN blocks setns"],
		},
		"read-only": {
			"id": "DF-EBPF-013",
			"change": {"read_only": true, "tmpfs": "/tmp", "volumes": ["logs:/var/log/deepflow-agent"]},
			"want": ["pass", "recommended", "writable volumes cover /tmp and /var/log/deepflow-agent"],
		},
	}
	_hosted(fixture.composed(case.change, []), case.id) == case.want
}

test_of_systemd[name] if {
	some name, case in {
		"loading": {
			"id": "DF-EBPF-002",
			"change": {},
			"want": ["pass", "recommended", "the unit's process is root and keeps every capability"],
		},
		"debugfs": {"id": "DF-EBPF-005", "change": {}, "want": ["pass", "required", "debugfs is mounted at /sys/kernel/debug on the host"]},
		"root": {"id": "DF-EBPF-006", "change": {}, "want": ["pass", "required", "the unit's user is root"]},
		"another user": {"id": "DF-EBPF-006", "change": {"User": ["a"]}, "want": ["violation", "required", `User is "a"`]},
		"compiled": {"id": "DF-EBPF-008", "change": {}, "want": ["pass", "recommended", "the agent is root on the host and sets it itself"]},
		"read-only sysctls": {
			"id": "DF-EBPF-008",
			"change": {"ProtectKernelTunables": ["yes"]},
			"want": ["unknown", "recommended", "not known: net.core.bpf_jit_enable of each node"],
		},
		"read-only": {
			"id": "DF-EBPF-013",
			"change": {"ProtectSystem": ["strict"]},
			"want": [
				"violation",
				"recommended",
				"ProtectSystem= is strict and no writable volume covers /tmp and /var/log/deepflow-agent",
			],
		},
	}
	_hosted(fixture.started(case.change, []), case.id) == case.want
}

test_units_are_not_asked_of_containers if {
	results := answers with input as fixture.started({}, [])
	{result.id | some result in results; result.id in {"DF-EBPF-009", "DF-EBPF-010"}} == set()
}
