package dfpolicy.requirements.ebpf_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf

test_selinux[name] if {
	some name, case in {
		"disabled": {"facts": {"selinux": {"mode": "Disabled"}}, "want": "pass required"},
		"not enabled": {"facts": {"selinux": {"enabled": false}}, "want": "pass required"},
		"not enabled, yet enforcing": {
			"facts": {"selinux": {"enabled": false, "mode": "enforcing"}},
			"want": "violation required",
		},
		"not enabled, mode disabled": {
			"facts": {"selinux": {"enabled": false, "mode": "disabled"}},
			"want": "pass required",
		},
		"permissive": {"facts": {"selinux": {"mode": "permissive"}}, "want": "violation recommended"},
		"enforcing": {"facts": {"selinux": {"enabled": true, "mode": "enforcing"}}, "want": "violation required"},
		"enabled, mode not collected": {"facts": {"selinux": {"enabled": true}}, "want": "unknown required"},
		"absent": {"facts": {}, "want": "unknown required"},
		"wrong type": {"facts": {"selinux": "Enforcing"}, "want": "unknown required"},
	}
	results := ebpf.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-EBPF-001") == {case.want}
}

test_selinux_strict if {
	document := object.union(fixture.on_node({"selinux": {"mode": "permissive"}}), {"profile": "strict"})
	results := ebpf.results with input as document
	fixture.verdicts(results, "DF-EBPF-001") == {"violation required"}
}

test_loading[name] if {
	pair := fixture.only(["BPF", "PERFMON"])
	some name, case in {
		"SYS_ADMIN": {"container": {}, "nodes": [], "want": "pass recommended"},
		"neither": {"container": fixture.without("SYS_ADMIN"), "nodes": [], "want": "violation required"},
		"BPF alone": {"container": fixture.only(["BPF"]), "nodes": [], "want": "violation required"},
		"pair, nodes unknown": {"container": pair, "nodes": [], "want": "unknown required"},
		"pair, 5.8": {
			"container": pair,
			"nodes": [fixture.node("a", {"kernelRelease": "5.10.0"})],
			"want": "violation recommended",
		},
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
	results := ebpf.results with input as document
	fixture.verdicts(results, "DF-EBPF-002") == {case.want}
}

test_memory_lock[name] if {
	some name, case in {
		"held": {"container": {}, "want": "pass required"},
		"missing": {"container": fixture.without("SYS_RESOURCE"), "want": "violation required"},
	}
	results := ebpf.results with input as fixture.agent({}, case.container)
	fixture.verdicts(results, "DF-EBPF-003") == {case.want}
}

test_symbols[name] if {
	some name, case in {
		"v7.1 loses the profiler": {"image": "deepflow-agent:v7.1", "want": {["AutoProfiling"]}},
		"v6.6 loses the profiler": {"image": "deepflow-agent:v6.6", "want": {["AutoProfiling"]}},
		"v6.5 loses tracing too": {"image": "deepflow-agent:v6.5.9", "want": {["AutoTracing", "AutoProfiling"]}},
		"unknown version loses both": {"image": "deepflow-agent", "want": {["AutoTracing", "AutoProfiling"]}},
	}
	container := object.union(fixture.without("SYSLOG"), {"image": case.image})
	results := ebpf.results with input as fixture.agent({}, container)
	fixture.verdicts(results, "DF-EBPF-004") == {"violation required"}
	{result.impact | some result in results; result.id == "DF-EBPF-004"} == case.want
}

test_symbols_readable if {
	results := ebpf.results with input as fixture.agent({}, {})
	fixture.verdicts(results, "DF-EBPF-004") == {"pass required"}
}

test_debugfs[name] if {
	mounted := {"paths": {"/sys/kernel/debug": {"mounted": true}}}
	old := object.union(mounted, {"kernelRelease": "4.14.0"})
	new := object.union(mounted, {"kernelRelease": "5.15.0"})
	debug := {"name": "debug", "mountPath": "/sys/kernel/debug"}
	read_only := object.union(debug, {"readOnly": true})
	host := [{"name": "debug", "hostPath": {"path": "/sys/kernel/debug"}}]
	some name, case in {
		"read-only": {"facts": new, "mounts": [read_only], "volumes": host, "want": "pass required"},
		"read-write": {"facts": new, "mounts": [debug], "volumes": host, "want": "pass required"},
		"read-only below 4.17": {
			"facts": old,
			"mounts": [read_only],
			"volumes": host,
			"want": "violation recommended",
		},
		"read-write below 4.17": {"facts": old, "mounts": [debug], "volumes": host, "want": "pass required"},
		"read-write, kernel unknown": {"facts": mounted, "mounts": [debug], "volumes": host, "want": "pass required"},
		"read-only, kernel unknown": {"facts": mounted, "mounts": [read_only], "volumes": host, "want": "unknown required"},
		"nothing known of the node": {"facts": {}, "mounts": [debug], "volumes": host, "want": "unknown required"},
		"not mounted on the host": {
			"facts": object.union(new, {"paths": {"/sys/kernel/debug": {"mounted": false}}}),
			"mounts": [debug],
			"volumes": host,
			"want": "violation required",
		},
		"emptyDir": {
			"facts": new,
			"mounts": [debug],
			"volumes": [{"name": "debug", "emptyDir": {}}],
			"want": "violation required",
		},
		"other path": {
			"facts": new,
			"mounts": [{"name": "debug", "mountPath": "/debug"}],
			"volumes": host,
			"want": "violation required",
		},
		"absent": {"facts": new, "mounts": [], "volumes": host, "want": "violation required"},
		"wrong type": {"facts": new, "mounts": "debug", "volumes": null, "want": "violation required"},
	}
	document := object.union(
		fixture.agent({"volumes": case.volumes}, {"volumeMounts": case.mounts}),
		{"nodes": [fixture.node("a", case.facts)]},
	)
	results := ebpf.results with input as document
	fixture.verdicts(results, "DF-EBPF-005") == {case.want}
}

test_root[name] if {
	some name, case in {
		"image's user": {"pod": {}, "container": {}, "want": "pass required"},
		"user 0": {"pod": {}, "container": {"securityContext": {"runAsUser": 0}}, "want": "pass required"},
		"user 1000": {"pod": {}, "container": {"securityContext": {"runAsUser": 1000}}, "want": "violation required"},
		"pod's user": {"pod": {"securityContext": {"runAsUser": 1000}}, "container": {}, "want": "violation required"},
		"container beats pod": {
			"pod": {"securityContext": {"runAsUser": 1000}},
			"container": {"securityContext": {"runAsUser": 0}},
			"want": "pass required",
		},
		"never root": {
			"pod": {},
			"container": {"securityContext": {"runAsNonRoot": true}},
			"want": "violation required",
		},
		"pod never root": {"pod": {"securityContext": {"runAsNonRoot": true}}, "container": {}, "want": "violation required"},
		"privileged 1000": {
			"pod": {},
			"container": {"securityContext": {"privileged": true, "runAsUser": 1000}},
			"want": "violation required",
		},
		"text": {"pod": {}, "container": {"securityContext": {"runAsUser": "0"}}, "want": "violation required"},
	}
	results := ebpf.results with input as fixture.agent(case.pod, case.container)
	fixture.verdicts(results, "DF-EBPF-006") == {case.want}
}

test_kptr_restrict[name] if {
	some name, case in {
		"0": {"value": 0, "want": "pass required"},
		"1": {"value": 1, "want": "pass required"},
		"text": {"value": "1", "want": "pass required"},
		"2": {"value": 2, "want": "violation required"},
		"absent": {"value": null, "want": "unknown required"},
		"wrong type": {"value": true, "want": "violation required"},
	}
	results := ebpf.results with input as fixture.on_node({"sysctls": {"kernel.kptr_restrict": case.value}})
	fixture.verdicts(results, "DF-EBPF-007") == {case.want}
}

init(command) := {"initContainers": [{
	"name": "configure-sysctl",
	"securityContext": {"privileged": true},
	"command": ["/bin/sh", "-c", command],
}]}

test_jit[name] if {
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
	results := ebpf.results with input as document
	fixture.verdicts(results, "DF-EBPF-008") == {case.want}
}

test_apparmor[name] if {
	some name, case in {
		"annotation": {"name": "deepflow-agent", "context": {}, "want": "pass informational"},
		"annotation of another container": {"name": "agent", "context": {}, "want": "violation informational"},
		"field": {
			"name": "agent",
			"context": {"appArmorProfile": {"type": "Unconfined"}},
			"want": "pass informational",
		},
		"field beats annotation": {
			"name": "deepflow-agent",
			"context": {"appArmorProfile": {"type": "RuntimeDefault"}},
			"want": "violation informational",
		},
		"privileged": {"name": "agent", "context": {"privileged": true}, "want": "pass informational"},
	}
	results := ebpf.results with input as fixture.agent({}, {"name": case.name, "securityContext": case.context})
	fixture.verdicts(results, "DF-EBPF-009") == {case.want}
}

test_seccomp[name] if {
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
	results := ebpf.results with input as fixture.agent({}, {"securityContext": case.context})
	fixture.verdicts(results, "DF-EBPF-010") == {case.want}
}

test_btf[name] if {
	some name, case in {
		"btf": {"facts": {"btf": true}, "want": "pass recommended"},
		"5.2": {"facts": {"kernelRelease": "5.2.0"}, "want": "pass recommended"},
		"4.19 without": {"facts": {"kernelRelease": "4.19.0", "btf": false}, "want": "violation recommended"},
		"4.19 unknown": {"facts": {"kernelRelease": "4.19.0"}, "want": "unknown recommended"},
		"el7": {"facts": {"kernelRelease": "3.10.0-1160.el7.x86_64", "btf": false}, "want": "pass recommended"},
		"nothing": {"facts": {}, "want": "unknown recommended"},
		"no release": {"facts": {"kernelRelease": 5.2}, "want": "unknown recommended"},
		"reported": {"facts": {"kernelRelease": "4.19.113-300.el7.x86_64"}, "want": "violation required"},
		"reported, with BTF": {"facts": {"kernelRelease": "4.19.113-300.el7.x86_64", "btf": true}, "want": "pass recommended"},
	}
	results := ebpf.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-EBPF-011") == {case.want}
}

test_cpus[name] if {
	some name, case in {
		"256": {"facts": {"cpus": 256}, "want": "pass required"},
		"257": {"facts": {"cpus": 257}, "want": "violation required"},
		"text of a Node": {"facts": {"cpus": "64"}, "want": "pass required"},
		"absent": {"facts": {}, "want": "unknown required"},
		"wrong type": {"facts": {"cpus": ["4"]}, "want": "unknown required"},
	}
	results := ebpf.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-EBPF-012") == {case.want}
}

test_writable[name] if {
	read_only := {"securityContext": {"readOnlyRootFilesystem": true}}
	volumes := {"volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "log", "emptyDir": {}}]}
	tmp := {"name": "tmp", "mountPath": "/tmp"}
	log := {"name": "log", "mountPath": "/var/log"}
	some name, case in {
		"writable": {"container": {}, "want": "pass recommended"},
		"read-only": {"container": read_only, "want": "violation recommended"},
		"read-only with volumes": {
			"container": object.union(read_only, {"volumeMounts": [tmp, log]}),
			"want": "pass recommended",
		},
		"read-only with a read-only volume": {
			"container": object.union(read_only, {"volumeMounts": [tmp, object.union(log, {"readOnly": true})]}),
			"want": "violation recommended",
		},
	}
	results := ebpf.results with input as fixture.agent(volumes, case.container)
	fixture.verdicts(results, "DF-EBPF-013") == {case.want}
}

test_lockdown[name] if {
	some name, case in {
		"none": {"facts": {"lockdown": "none"}, "want": "pass recommended"},
		"integrity": {"facts": {"lockdown": "integrity"}, "want": "pass recommended"},
		"confidentiality": {"facts": {"lockdown": "confidentiality"}, "want": "violation recommended"},
		"absent": {"facts": {}, "want": "unknown recommended"},
		"wrong type": {"facts": {"lockdown": true}, "want": "violation recommended"},
	}
	results := ebpf.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-EBPF-014") == {case.want}
}

test_kernel_options[name] if {
	set_options := {
		"CONFIG_BPF": "y", "CONFIG_BPF_EVENTS": "y", "CONFIG_BPF_JIT": "y", "CONFIG_BPF_SYSCALL": "y",
		"CONFIG_FTRACE_SYSCALLS": "y", "CONFIG_KPROBES": "y", "CONFIG_KPROBE_EVENTS": "y",
		"CONFIG_UPROBES": "y", "CONFIG_UPROBE_EVENTS": "m",
	}
	some name, case in {
		"all": {"facts": {"kernelConfig": set_options}, "want": {"pass required"}},
		"former names, as el7 has them": {
			"facts": {"kernelConfig": object.union(
				object.remove(set_options, ["CONFIG_KPROBE_EVENTS", "CONFIG_UPROBE_EVENTS"]),
				{"CONFIG_KPROBE_EVENT": "y", "CONFIG_UPROBE_EVENT": "y"},
			)},
			"want": {"pass required"},
		},
		"former name, not set": {
			"facts": {"kernelConfig": object.union(
				object.remove(set_options, ["CONFIG_KPROBE_EVENTS"]),
				{"CONFIG_KPROBE_EVENT": "n"},
			)},
			"want": {"violation required"},
		},
		"an unquoted y of YAML": {
			"facts": {"kernelConfig": object.union(set_options, {"CONFIG_KPROBES": true})},
			"want": {"pass required"},
		},
		"an unquoted n of YAML": {
			"facts": {"kernelConfig": object.union(set_options, {"CONFIG_KPROBES": false})},
			"want": {"violation required"},
		},
		"one off": {
			"facts": {"kernelConfig": object.union(set_options, {"CONFIG_KPROBES": "n"})},
			"want": {"violation required"},
		},
		"one absent": {
			"facts": {"kernelConfig": object.remove(set_options, ["CONFIG_BPF"])},
			"want": {"violation required"},
		},
		"not collected": {"facts": {}, "want": set()},
	}
	results := ebpf.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-EBPF-015") == case.want
}

test_nodes_that_are_not_given_are_unknown if {
	results := ebpf.results with input as fixture.agent({}, {})
	{result.id | some result in results; result.subject == {"kind": "Node", "name": "*"}; result.outcome == "unknown"} == {
		"DF-EBPF-001",
		"DF-EBPF-007",
		"DF-EBPF-011",
		"DF-EBPF-012",
		"DF-EBPF-014",
	}
}

test_unknown_names_the_command if {
	results := ebpf.results with input as fixture.agent({}, {})
	some result in results
	result.id == "DF-EBPF-007"
	result.observed == "not known: kernel.kptr_restrict"
	result.collect == "sysctl kernel.kptr_restrict"
	result.subject == {"kind": "Node", "name": "*"}
}

test_no_subject_no_result if {
	results := ebpf.results with input as object.union(fixture.on_node({}), {"mode": "none"})
	results == set()
}

# The verdict and what was observed, of an agent on a host whose facts are known.
_hosted(document, id) := told if {
	facts := {
		"kernelRelease": "5.15.0-91-generic",
		"architecture": "x86_64",
		"paths": {"/sys/kernel/debug": {"exists": true, "mounted": true}},
	}
	results := ebpf.results with input as object.union(document, {"nodes": [fixture.node("host", facts)]})
	[told] := [[result.outcome, result.level, result.observed] | some result in results; result.id == id]
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

test_kernel_command_of_a_host if {
	document := fixture.started({"CapabilityBoundingSet": ["CAP_BPF CAP_PERFMON"]}, [])
	results := ebpf.results with input as document
	{result.collect | some result in results; result.id == "DF-EBPF-002"} == {"uname -r"}
}

test_units_are_not_asked_of_containers if {
	results := ebpf.results with input as fixture.started({}, [])
	{result.id | some result in results; result.id in {"DF-EBPF-009", "DF-EBPF-010"}} == set()
}
