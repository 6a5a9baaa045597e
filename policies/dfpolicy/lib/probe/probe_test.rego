package dfpolicy.lib.probe_test

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.features
import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result
import data.dfpolicy.requirements.ebpf.debugfs
import data.dfpolicy.requirements.ebpf.jit_compiler
import data.dfpolicy.requirements.ebpf.kernel_symbols
import data.dfpolicy.requirements.ebpf.kptr_restrict
import data.dfpolicy.requirements.ebpf.memory_lock
import data.dfpolicy.requirements.ebpf.program_loading
import data.dfpolicy.requirements.ebpf.root_user
import data.dfpolicy.requirements.ebpf.seccomp
import data.dfpolicy.requirements.ebpf.selinux
import data.dfpolicy.requirements.kernel.fentry

_root := {"uid": 0, "effective": array.concat(fixture.capabilities, ["BPF", "PERFMON", "CHOWN"]), "seccomp": "disabled", "memlock": 8388608}

_probed(privileges, results) := {"version": 1, "as": object.union(_root, privileges), "results": results}

_lacking(name) := {"effective": [kept | some kept in _root.effective; kept != name]}

_input(container, documents) := object.union(fixture.agent({}, container), {"nodes": [fixture.node("a", {"probe": documents})]})

# What a question answers for a verdict.
test_of_agent[name] if {
	zeros := {"kallsyms": "zeros"}
	refused := {"rlimit.memlock": "EPERM"}
	works := {"rlimit.memlock": "ok"}
	some name, case in {
		"no answers": {"outcome": "pass", "documents": [], "want": "pass"},
		"other answers": {"outcome": "unknown", "documents": [_probed({}, zeros)], "want": "unknown"},
		"works, and was expected to": {"outcome": "pass", "documents": [_probed({}, works)], "want": "pass probed"},
		"works, and was not known": {"outcome": "unknown", "documents": [_probed({}, works)], "want": "pass probed"},
		"works, against the finding": {"outcome": "violation", "documents": [_probed({}, works)], "want": "pass probed"},
		"refused, against the finding": {"outcome": "pass", "documents": [_probed({}, refused)], "want": "violation probed"},
		"refused, and was not known": {"outcome": "unknown", "documents": [_probed({}, refused)], "want": "violation probed"},
		"refused, as expected": {"outcome": "violation", "documents": [_probed({}, refused)], "want": "violation probed"},
		"killed": {"outcome": "pass", "documents": [_probed({}, {"rlimit.memlock": "killed"})], "want": "violation probed"},
		"inconclusive": {"outcome": "pass", "documents": [_probed({}, {"rlimit.memlock": "timeout"})], "want": "pass"},
		"refused without the agent's privilege": {"outcome": "pass", "documents": [_probed(_lacking("SYS_RESOURCE"), refused)], "want": "pass"},
		"refused without the agent's privilege, works with it": {
			"outcome": "violation", "want": "pass probed",
			"documents": [_probed(_lacking("SYS_RESOURCE"), refused), _probed({}, works)],
		},
		"works without the agent's privilege": {"outcome": "violation", "documents": [_probed(_lacking("SYS_RESOURCE"), works)], "want": "pass probed"},
		"works by a limit that the agent lacks": {"outcome": "violation", "documents": [_probed({"memlock": "unlimited"}, works)], "want": "violation"},
		"works in a user namespace": {"outcome": "violation", "documents": [_probed({"userNamespace": true}, works)], "want": "pass probed"},
		"refused in a user namespace": {"outcome": "pass", "documents": [_probed({"userNamespace": true}, refused)], "want": "pass"},
		"wrong type": {"outcome": "pass", "documents": [{"as": 1, "results": {"rlimit.memlock": 1}}], "want": "pass"},
	}
	_shown("memory_lock", _verdicts[case.outcome]) == case.want with input as _input({}, case.documents)
}

# A privilege that the agent lacks does not count for it.
test_a_success_with_more_privileges if {
	without := fixture.without("SYS_RESOURCE")
	_shown("memory_lock", _verdicts.violation) == "violation" with input as _input(without, [_probed({}, {"rlimit.memlock": "ok"})])
}

test_literally if {
	document := object.union(_input({}, [_probed({}, {"rlimit.memlock": "ok"})]), {"profile": "strict"})
	_shown("memory_lock", _verdicts.violation) == "violation" with input as document
	_shown("memory_lock", _verdicts.unknown) == "pass probed" with input as document
}

test_every_node_must_answer if {
	answered := fixture.node("a", {"probe": [_probed({}, {"rlimit.memlock": "ok"})]})
	document := object.union(fixture.agent({}, {}), {"nodes": [answered, fixture.node("b", {})]})
	_shown("memory_lock", _verdicts.violation) == "violation" with input as document
}

test_no_node if {
	tainted := {"probe": [_probed({}, {"rlimit.memlock": "ok"})], "taints": [{"key": "a", "effect": "NoSchedule"}]}
	document := object.union(fixture.agent({}, {}), {"nodes": [fixture.node("a", tainted)]})
	_shown("memory_lock", _verdicts.unknown) == "unknown" with input as document
}

# Over the memory lock limit, mmap answers EAGAIN; elsewhere, that is a busy kernel.
test_an_answer_about_a_limit if {
	without := fixture.without("SYS_RESOURCE")
	over := _probed(_lacking("SYS_RESOURCE"), {"memory.lock": "EAGAIN", "load.kprobe": "EAGAIN"})
	_shown("buffer_lock", _verdicts.pass) == "violation probed" with input as _input(without, [over])
	_shown("loading", _verdicts.pass) == "pass" with input as _input(without, [over])
}

# /proc/sys is read-only in most containers. An init container may still set the sysctl.
test_jit[name] if {
	placed := {"for": {"kind": "DaemonSet", "namespace": "deepflow", "name": "deepflow-agent", "container": "deepflow-agent"}}
	some name, case in {
		"on the host": {"document": _probed({}, {"sysctl.jit": "ok"}), "want": "violation recommended"},
		"in the agent's place": {"document": object.union(_probed({}, {"sysctl.jit": "ok"}), placed), "want": "pass recommended"},
		"refused": {"document": object.union(_probed({}, {"sysctl.jit": "EROFS"}), placed), "want": "violation recommended"},
	}
	off := {"sysctls": {"net.core.bpf_jit_enable": 0}}
	document := object.union(fixture.agent({}, {}), {"nodes": [fixture.node("a", object.union(off, {"probe": [case.document]}))]})
	results := jit_compiler.results with input as document
	fixture.verdicts({result | some result in results; result.subject.kind == "Node"}, "DF-EBPF-008") == {case.want}
}

# seccomp filters differ: only an answer in the place of the agent counts.
test_seccomp_filters[name] if {
	local := {"securityContext": object.union(fixture.container.securityContext, {"seccompProfile": {"type": "Localhost"}})}
	works := {"load.kprobe": "ok", "perf.ring": "ok", "namespace.enter": "ok"}
	placed := {"for": {"kind": "DaemonSet", "namespace": "deepflow", "name": "deepflow-agent", "container": "deepflow-agent"}}
	some name, case in {
		"another filter": {"document": _probed({"seccomp": "filter"}, works), "want": "unknown informational"},
		"no filter": {"document": _probed({}, works), "want": "unknown informational"},
		"in its place": {"document": object.union(_probed({"seccomp": "filter"}, works), placed), "want": "pass informational"},
	}
	results := seccomp.results with input as _input(local, [case.document])
	fixture.verdicts(results, "DF-EBPF-010") == {case.want}
}

test_a_filter_hides_nothing_from_an_agent_without_one if {
	documents := [_probed({"seccomp": "filter"}, {"load.kprobe": "EPERM"})]
	results := program_loading.results with input as _input({}, documents)
	fixture.verdicts(results, "DF-EBPF-002") == {"pass recommended"}
}

# A privileged container has no filter, whatever its profile, but its memory lock limit stays.
test_privileged if {
	privileged := {"securityContext": {"privileged": true}}
	unlimited := object.union(_lacking("SYS_RESOURCE"), {"memlock": "unlimited"})
	_shown("memory_lock", _verdicts.violation) == "violation" with input as _input(privileged, [_probed(unlimited, {"rlimit.memlock": "ok"})])
}

# SYS_ADMIN includes BPF and PERFMON, also for the probe.
test_sys_admin_alone if {
	results := program_loading.results with input as _input({}, [_probed({"effective": ["SYS_ADMIN"]}, {"load.kprobe": "EPERM"})])
	fixture.verdicts(results, "DF-EBPF-002") == {"violation required"}
}

test_another_filter_says_nothing if {
	local := {"securityContext": object.union(fixture.container.securityContext, {"seccompProfile": {"type": "Localhost"}})}
	refused := {"load.kprobe": "EPERM"}
	filtered := program_loading.results with input as _input(local, [_probed({"seccomp": "filter"}, refused)])
	fixture.verdicts(filtered, "DF-EBPF-002") == {"pass recommended"}
	free := program_loading.results with input as _input(local, [_probed({}, refused)])
	fixture.verdicts(free, "DF-EBPF-002") == {"violation required"}
	privileged := {"securityContext": {"privileged": true, "seccompProfile": {"type": "Localhost"}}}
	open := program_loading.results with input as _input(privileged, [_probed({}, refused)])
	fixture.verdicts(open, "DF-EBPF-002") == {"violation required"}
}

test_selinux_is_answered_in_the_place_of_the_agents[name] if {
	works := {"load.kprobe": "ok", "load.perfEvent": "ok", "kprobe.attach": "ok"}
	placed := {"for": {"kind": "DaemonSet", "namespace": "deepflow", "name": "deepflow-agent", "container": "deepflow-agent"}}
	some name, case in {
		"elsewhere": {"document": _probed({}, works), "want": "violation required"},
		"in its place": {"document": object.union(_probed({}, works), placed), "want": "pass required"},
	}
	node := fixture.node("a", {"selinux": {"mode": "enforcing"}, "probe": [case.document]})
	results := selinux.results with input as object.union(fixture.agent({}, {}), {"nodes": [node]})
	fixture.verdicts(results, "DF-EBPF-001") == {case.want}
	alone := selinux.results with input as {"nodes": [node]}
	fixture.verdicts(alone, "DF-EBPF-001") == {"violation required"}
}

# The texts: the call, the nodes, and the contradiction.
test_findings[name] if {
	some name, case in {
		"refused, although set": {
			"spec": {"sysctls": {"kernel.kptr_restrict": 1}, "probe": [_probed({}, {"kallsyms": "zeros"})]},
			"want": "on a, the kernel refused kallsyms: zeros, although kernel.kptr_restrict is 1",
		},
		"refused, and not known": {
			"spec": {"probe": [object.union(_probed({}, {"kallsyms": "EACCES"}), {"refused": {"kallsyms": "open"}})]},
			"want": "on a, the kernel refused kallsyms: open EACCES",
		},
		"refused, as set": {
			"spec": {"sysctls": {"kernel.kptr_restrict": 2}, "probe": [_probed({}, {"kallsyms": "zeros"})]},
			"want": "kernel.kptr_restrict is 2; on a, the kernel refused kallsyms: zeros",
		},
		"allowed, although set": {
			"spec": {"sysctls": {"kernel.kptr_restrict": 2}, "probe": [_probed({}, {"kallsyms": "ok"})]},
			"want": "on a, the kernel allowed kallsyms, although kernel.kptr_restrict is 2",
		},
		"allowed, and not known": {"spec": {"probe": [_probed({}, {"kallsyms": "ok"})]}, "want": "on a, the kernel allowed kallsyms"},
		"without the privilege": {"spec": {"probe": [_probed(_lacking("SYSLOG"), {"kallsyms": "zeros"})]}, "want": "not known: kernel.kptr_restrict"},
	}
	results := kptr_restrict.results with input as fixture.on_node(case.spec)
	fixture.observed(results, "DF-EBPF-007") == {case.want}
}

test_a_hidden_address_is_no_missing_capability if {
	results := kernel_symbols.results with input as _input({}, [_probed({}, {"kallsyms": "zeros"})])
	fixture.verdicts(results, "DF-EBPF-004") == {"pass required"}
}

test_debugfs_of_the_host_is_not_that_of_the_container if {
	works := [_probed({}, {"tracepoint.debugfs": "ok", "kprobe.attach": "ok"})]
	mounted := debugfs.results with input as _input({}, works)
	fixture.verdicts(mounted, "DF-EBPF-005") == {"pass required"}
	unmounted := debugfs.results with input as _input({"volumeMounts": []}, works)
	fixture.verdicts(unmounted, "DF-EBPF-005") == {"pass required", "violation required"}
}

test_another_user if {
	works := {"load.kprobe": "ok", "kprobe.attach": "ok", "tracepoint.debugfs": "ok"}
	user := {"securityContext": {"runAsUser": 1000, "capabilities": {"add": fixture.capabilities}}}
	own := _probed({"uid": 1000, "effective": []}, works)
	results := root_user.results with input as _input(user, [own])
	fixture.verdicts(results, "DF-EBPF-006") == {"pass required"}
	others := root_user.results with input as _input(user, [_probed({}, works)])
	fixture.verdicts(others, "DF-EBPF-006") == {"violation required"}
}

test_an_unlimited_unit if {
	lacking := {"CapabilityBoundingSet": ["~CAP_SYS_RESOURCE"], "LimitMEMLOCK": ["infinity"]}
	documents := [_probed(object.union(_lacking("SYS_RESOURCE"), {"memlock": "unlimited"}), {"rlimit.memlock": "EPERM"})]
	document := object.union(fixture.started(lacking, []), {"nodes": [fixture.node("a", {"probe": documents})]})
	results := memory_lock.results with input as document
	fixture.verdicts(results, "DF-EBPF-003") == {"violation required"}
}

test_fentry if {
	spec := {"kernelRelease": "5.15.0", "architecture": "x86_64", "btf": true, "probe": [_probed({}, {"fentry.attach": "ENOTSUPP"})]}
	results := fentry.results with input as fixture.on_node(spec)
	fixture.observed(results, "DF-KERNEL-004") == {concat(", ", [
		"on a, the kernel refused fentry.attach: ENOTSUPP",
		"although fentry programs can attach; fentry is off by default",
	])}
}

test_feature_rows[name] if {
	base := {"kernelRelease": "6.1.0", "architecture": "x86_64", "btf": true}
	some name, case in {
		"works": {
			"results": {
				"helper.probeRead": "ok", "helper.probeReadKernel": "ok", "helper.probeReadUser": "ok",
				"kprobe.attach": "ok", "fentry.attach": "ok",
			},
			"want": {"kprobe": "yes", "perf": "yes", "fentry": "yes", "certainty": "listed", "probed": ["fentry", "kprobe"]},
			"notes": ["fentry is off by default", "probed on the node: fentry, AutoTracing"],
		},
		"refused": {
			"results": {"uprobe.attach": "EACCES", "perf.cpuClock": "EACCES", "load.kprobe": "EPERM"},
			"want": {
				"kprobe": "no", "perf": "no", "golang_uprobe": "no", "openssl_uprobe": "no",
				"certainty": "probed", "probed": ["golang_uprobe", "kprobe", "openssl_uprobe", "perf"],
			},
			"notes": [
				"fentry is off by default", "probed on the node: AutoProfiling, AutoTracing, uprobe",
				"AutoTracing: the kernel refused load.kprobe: EPERM",
				"AutoTracing: the kernel's version and the node's settings suggest yes",
				"AutoProfiling: the kernel refused perf.cpuClock: EACCES",
				"uprobe: the kernel refused uprobe.attach: EACCES",
				"AutoProfiling: the kernel's version and the node's settings suggest yes",
				"uprobe: the kernel's version and the node's settings suggest yes",
			],
		},
	}
	rows := features.rows with input as fixture.on_node(object.union(base, {"probe": [_probed({}, case.results)]}))
	object.subset(rows[0], case.want)
	{note | some note in rows[0].notes} == {note | some note in case.notes}
	count(rows[0].messages.notes) == count(case.notes)
}

# Programs still attach, but read nothing.
test_confidentiality_lockdown if {
	answers := {
		"helper.probeRead": "EINVAL", "load.perfEvent": "ok", "perf.cpuClock": "ok", "uprobe.attach": "ok",
		"uretprobe.attach": "ok", "fentry.attach": "ok",
	}
	spec := {"kernelRelease": "6.1.0", "architecture": "x86_64", "btf": true, "probe": [_probed({}, answers)]}
	rows := features.rows with input as fixture.on_node(spec)
	object.subset(rows[0], {"kprobe": "no", "perf": "no", "golang_uprobe": "no", "fentry": "no"})
}

_verdicts := {
	"pass": result.pass("it is set"),
	"unknown": result.unknown("whether it is set", "cat"),
	"violation": result.violation("it is not set", "it is set"),
}

# The outcome, and whether the probe decided it.
_shown(question, verdict) := concat(" ", array.concat([found.outcome], [word | word := "probed"; found.probed])) if {
	found := probe.of_agent(agent.collectors[0], question, verdict)
}
