package dfpolicy.requirements.ebpf.ebpf_test

import data.dfpolicy.lib.fixture_test as fixture

# The results of all requirements of the group.
answers := union({found | found := data.dfpolicy.requirements.ebpf[_].results})

# Outcome, level and observed text of an agent, or of its host, with known facts.
_hosted(document, id) := _answered(document, id, ["ComposeProject", "SystemdUnit"])

_of_host(document, id) := _answered(document, id, ["Node"])

_answered(document, id, kinds) := verdict if {
	facts := {
		"kernelRelease": "5.15.0-91-generic",
		"architecture": "x86_64",
		"paths": {"/sys/kernel/debug": {"exists": true, "mounted": true}},
	}
	results := answers with input as object.union(document, {"nodes": [fixture.node("host", facts)]})
	[verdict] := [[result.outcome, result.level, result.observed] |
		some result in results
		result.id == id
		result.subject.kind in kinds
	]
}

test_unknown_without_nodes if {
	results := answers with input as fixture.agent({}, {})
	{result.id | some result in results; result.subject == {"kind": "Node", "name": "*"}; result.outcome == "unknown"} == {
		"DF-EBPF-001",
		"DF-EBPF-005",
		"DF-EBPF-007",
		"DF-EBPF-008",
		"DF-EBPF-011",
		"DF-EBPF-012",
		"DF-EBPF-014",
	}
}

test_no_result_without_subject if {
	results := answers with input as object.union(fixture.on_node({}), {"mode": "none"})
	results == set()
}

test_of_compose[name] if {
	some name, case in {
		"loading": {"id": "DF-EBPF-002", "change": {}, "want": ["pass", "recommended", "cap_add has SYS_ADMIN"]},
		"debugfs": {"id": "DF-EBPF-005", "change": {}, "want": ["pass", "required", "the host's /sys/kernel/debug is mounted read-only"]},
		"no debugfs": {
			"id": "DF-EBPF-005",
			"change": {"volumes": []},
			"want": ["violation", "required", "/sys/kernel/debug is not mounted"],
		},
		"root": {"id": "DF-EBPF-006", "change": {"user": "root"}, "want": ["pass", "required", "user is 0"]},
		"another user": {"id": "DF-EBPF-006", "change": {"user": 1000}, "want": ["violation", "required", "user is 1000"]},
		"AppArmor's default": {
			"id": "DF-EBPF-009",
			"change": {},
			"want": ["violation", "informational", "security_opt has no apparmor:unconfined"],
		},
		"no AppArmor": {
			"id": "DF-EBPF-009",
			"change": {"security_opt": ["apparmor:unconfined"]},
			"want": ["pass", "informational", "security_opt has apparmor:unconfined"],
		},
		"seccomp's default": {
			"id": "DF-EBPF-010",
			"change": {},
			"want": ["pass", "informational", "with SYS_ADMIN, RuntimeDefault allows these system calls"],
		},
		"seccomp's default, fewer capabilities": {
			"id": "DF-EBPF-010",
			"change": {"cap_add": ["BPF"]},
			"want": ["violation", "informational", "without SYS_ADMIN, Docker's default seccomp profile refuses bpf and perf_event_open"],
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
			"want": ["pass", "recommended", "the unit runs as root and keeps every capability"],
		},
		"debugfs": {"id": "DF-EBPF-005", "change": {}, "want": ["pass", "required", "the unit sees the host's /sys/kernel/debug"]},
		"root": {"id": "DF-EBPF-006", "change": {}, "want": ["pass", "required", "the unit runs as root"]},
		"another user": {"id": "DF-EBPF-006", "change": {"User": ["a"]}, "want": ["violation", "required", `User is "a"`]},
		"compiled": {
			"id": "DF-EBPF-008",
			"change": {},
			"want": ["pass", "recommended", "the agent runs as root on the host and sets net.core.bpf_jit_enable itself"],
		},
		"compiled by a unit with SYS_ADMIN alone": {
			"id": "DF-EBPF-008",
			"change": {"CapabilityBoundingSet": ["CAP_SYS_ADMIN"]},
			"want": ["pass", "recommended", "the agent runs as root on the host and sets net.core.bpf_jit_enable itself"],
		},
		"read-only": {
			"id": "DF-EBPF-013",
			"change": {"ProtectSystem": ["strict"]},
			"want": [
				"violation",
				"recommended",
				"ProtectSystem= is strict and no writable volume covers /tmp, /var/log/deepflow-agent",
			],
		},
	}
	_hosted(fixture.started(case.change, []), case.id) == case.want
}

test_units_that_cannot_set_the_sysctl[name] if {
	some name, change in {
		"without SYS_ADMIN": {"CapabilityBoundingSet": ["CAP_SYSLOG"]},
		"another user": {"User": ["1001"], "AmbientCapabilities": ["CAP_SYS_ADMIN"]},
		"read-only sysctls": {"ProtectKernelTunables": ["yes"]},
	}
	_of_host(fixture.started(change, []), "DF-EBPF-008") == ["unknown", "recommended", "not known: net.core.bpf_jit_enable"]
}

test_container_requirements_skip_units if {
	results := answers with input as fixture.started({}, [])
	{result.id | some result in results; result.id in {"DF-EBPF-009", "DF-EBPF-010"}} == set()
}
