package dfpolicy.lib.features_test

import data.dfpolicy.lib.features
import data.dfpolicy.lib.fixture_test as fixture

test_architecture[name] if {
	some name, case in {
		"x86_64": {"spec": {"architecture": "x86_64"}, "want": "x86"},
		"amd64": {"spec": {"architecture": "amd64"}, "want": "x86"},
		"capitals": {"spec": {"architecture": "AMD64"}, "want": "x86"},
		"aarch64": {"spec": {"architecture": "aarch64"}, "want": "arm"},
		"arm64": {"spec": {"architecture": "arm64"}, "want": "arm"},
		"riscv64": {"spec": {"architecture": "riscv64"}, "want": "other"},
		"x86 of the release": {"spec": {"kernelRelease": "3.10.0-957.el7.x86_64"}, "want": "x86"},
		"arm of the release": {"spec": {"kernelRelease": "4.18.0-348.el8.aarch64"}, "want": "arm"},
		"nothing": {"spec": {"kernelRelease": "6.8"}, "want": ""},
		"null": {"spec": {"architecture": null}, "want": ""},
		"wrong type": {"spec": {"architecture": 64}, "want": ""},
	}
	features.architecture({"name": "a", "spec": case.spec}) == case.want
}

test_fentry[name] if {
	some name, case in {
		"x86 5.5": {"spec": {"architecture": "amd64", "kernelRelease": "5.5.0", "btf": true}, "want": "yes"},
		"x86 5.4": {"spec": {"architecture": "amd64", "kernelRelease": "5.4.0", "btf": true}, "want": "no"},
		"arm 5.15": {"spec": {"architecture": "arm64", "kernelRelease": "5.15.0", "btf": true}, "want": "no"},
		"arm 6.1": {"spec": {"architecture": "arm64", "kernelRelease": "6.1.0", "btf": true}, "want": "no"},
		"arm 6.4": {"spec": {"architecture": "arm64", "kernelRelease": "6.4.0", "btf": true}, "want": "yes"},
		"no BTF": {"spec": {"architecture": "amd64", "kernelRelease": "6.8.0", "btf": false}, "want": "no"},
		"BTF unknown": {"spec": {"architecture": "amd64", "kernelRelease": "6.8.0"}, "want": "unknown"},
		"release unknown": {"spec": {"architecture": "amd64", "btf": true}, "want": "unknown"},
		"architecture unknown": {"spec": {"kernelRelease": "6.8.0", "btf": true}, "want": "unknown"},
		"another architecture": {"spec": {"architecture": "s390x", "kernelRelease": "6.8.0", "btf": true}, "want": "no"},
	}
	features.fentry({"name": "a", "spec": case.spec}) == case.want
}

test_all_fields_of_rows if {
	nodes := [
		fixture.node("b", {"architecture": "arm64", "kernelRelease": "6.8.0-31-generic", "btf": true, "osImage": "Ubuntu 24.04"}),
		fixture.node("a", {}),
	]
	rows := features.rows with input as {"nodes": nodes}
	rows == [
		{
			"node": "a",
			"architecture": "unknown",
			"kernelRelease": "unknown",
			"os": "unknown",
			"kprobe": "unknown",
			"golang_uprobe": "unknown",
			"openssl_uprobe": "unknown",
			"perf": "unknown",
			"fentry": "unknown",
			"certainty": "unknown",
			"notes": ["architecture, kernel release or distribution is unknown"],
		},
		{
			"node": "b",
			"architecture": "arm64",
			"kernelRelease": "6.8.0-31-generic",
			"os": "Ubuntu 24.04",
			"kprobe": "yes",
			"golang_uprobe": "yes",
			"openssl_uprobe": "yes",
			"perf": "yes",
			"fentry": "yes",
			"certainty": "listed",
			"notes": ["fentry is off by default"],
		},
	]
}

test_nodes_have_rows_if_the_only_agent_is_a_watcher if {
	environment := {"env": [{"name": "K8S_WATCH_POLICY", "value": "watch-only"}]}
	document := {
		"resources": [fixture.workload("Deployment", {}, environment)],
		"nodes": [fixture.node("a", {}), fixture.node("b", {})],
	}
	rows := features.rows with input as document
	[row.node | some row in rows] == ["a", "b"]
}

_x86(release, change) := fixture.on_node(object.union({"architecture": "amd64", "kernelRelease": release, "osImage": "any"}, change))

test_bpf_and_perfmon_instead_of_sys_admin[name] if {
	some name, case in {
		"SYS_ADMIN": {"change": {}, "want": ["yes", "yes", []]},
		"the pair": {
			"change": fixture.only(["BPF", "PERFMON"]),
			"want": ["unknown", "unknown", ["without SYS_ADMIN, uprobes fail on kernels with the fix of CVE-2025-38466"]],
		},
		"half of it": {"change": fixture.only(["BPF"]), "want": ["yes", "yes", []]},
	}
	document := object.union(fixture.agent({}, case.change), {"nodes": _x86("5.15.0", {}).nodes})
	[row] := features.rows with input as document
	[row.golang_uprobe, row.openssl_uprobe, row.notes] == case.want
}

test_no_note_on_uprobes_that_do_not_attach if {
	document := object.union(fixture.agent({}, fixture.only(["BPF", "PERFMON"])), {"nodes": _x86("4.9.0", {}).nodes})
	[row] := features.rows with input as document
	[row.golang_uprobe, count(row.notes)] == ["no", 1]
}

test_notes_on_attaching[name] if {
	pmu := "v7.1.4 and later, and later builds of v6.6 and v7.0, cannot attach Go and TLS probes without the uprobe PMU"
	some name, case in {
		"4.16": {"release": "4.16.0", "change": {}, "want": ["OpenSSL uprobes need kernel 4.17", pmu]},
		"4.16 with a uprobe PMU": {"release": "4.16.0", "change": {"uprobePmu": true}, "want": ["OpenSSL uprobes need kernel 4.17"]},
		"4.17": {"release": "4.17.0", "change": {}, "want": []},
		"4.17 without a uprobe PMU": {"release": "4.17.0", "change": {"uprobePmu": false}, "want": [pmu]},
		"fentry": {"release": "6.1.0", "change": {"btf": true}, "want": ["fentry is off by default"]},
		"early fentry": {
			"release": "5.10.27", "change": {"btf": true},
			"want": ["fentry is off by default; nodes with kernels before 5.10.28 have crashed with it"],
		},
	}
	[row] := features.rows with input as _x86(case.release, case.change)
	row.notes == case.want
}

_support(row) := [row.kprobe, row.golang_uprobe, row.openssl_uprobe, row.perf, row.fentry, row.certainty]

_all := ["yes", "yes", "yes", "yes", "yes", "listed"]

_none := ["no", "no", "no", "no"]

_linux := {"architecture": "amd64", "kernelRelease": "6.8.0", "btf": true}

test_only_linux_has_kernels[name] if {
	some name, case in {
		"Linux": {"facts": _linux, "want": _all},
		"Windows by label": {
			"facts": object.union(_linux, {"labels": {"kubernetes.io/os": "windows"}}),
			"want": array.concat(_none, ["no", "unlisted"]),
		},
		"Windows by field": {
			"facts": object.union(_linux, {"operatingSystem": "windows", "kernelRelease": "10.0.20348.2402"}),
			"want": array.concat(_none, ["no", "unlisted"]),
		},
		"Windows by image": {
			"facts": object.union(_linux, {"osImage": "Windows Server 2022 Datacenter"}),
			"want": array.concat(_none, ["no", "unlisted"]),
		},
		"Windows by its kernel": {
			"facts": object.union(_linux, {"kernelRelease": "10.0.17763.1158"}),
			"want": array.concat(_none, ["no", "unlisted"]),
		},
		"gVisor": {"facts": object.union(_linux, {"kernelRelease": "4.4.0"}), "want": array.concat(_none, ["no", "unlisted"])},
		"a newer gVisor": {
			"facts": object.union(_linux, {"kernelRelease": "4.19.0-gvisor"}),
			"want": array.concat(_none, ["no", "unlisted"]),
		},
		"WSL 1": {
			"facts": object.union(_linux, {"kernelRelease": "4.4.0-19041-Microsoft"}),
			"want": array.concat(_none, ["no", "unlisted"]),
		},
		"WSL 2": {"facts": object.union(_linux, {"kernelRelease": "5.15.153.1-microsoft-standard-WSL2"}), "want": _all},
	}
	[row] := features.rows with input as {"nodes": [fixture.node("a", case.facts)]}
	_support(row) == case.want
}

test_virtual_nodes_have_no_kernel[name] if {
	virtual := {
		"apiVersion": "v1", "kind": "Node", "metadata": {"name": "virtual-kubelet-1"},
		"status": {"nodeInfo": {"architecture": "amd64", "kernelVersion": "5.10.0", "operatingSystem": "linux"}},
	}
	some name, case in {
		"the Node object alone": {"nodes": [], "want": array.concat(["unknown", "unknown", "unknown", "unknown"], ["unknown", "unknown"])},
		"collected in a pod": {"nodes": [fixture.node("virtual-kubelet-1", _linux)], "want": _all},
	}
	[row] := features.rows with input as {"resources": [virtual], "nodes": case.nodes}
	_support(row) == case.want
}

test_what_a_node_refuses[name] if {
	pair := fixture.only(["BPF", "PERFMON"])
	some name, case in {
		"lockdown": {"container": {}, "facts": {"lockdown": "confidentiality"}, "want": _none},
		"lockdown of another mode": {"container": {}, "facts": {"lockdown": "integrity"}, "want": ["yes", "yes", "yes", "yes"]},
		"SELinux": {"container": {}, "facts": {"selinux": {"mode": "enforcing"}}, "want": _none},
		"kernel options": {"container": {}, "facts": {"kernelConfig": {"CONFIG_BPF": "y"}}, "want": _none},
		"SELinux, permissive": {"container": {}, "facts": {"selinux": {"mode": "permissive"}}, "want": ["yes", "yes", "yes", "yes"]},
		"SELinux under lockdown": {"container": {}, "facts": {"selinux": {"mode": "enforcing"}, "lockdown": "confidentiality"}, "want": _none},
		"paranoid, with SYS_ADMIN": {"container": {}, "facts": {"sysctls": {"kernel.perf_event_paranoid": 4}}, "want": ["yes", "yes", "yes", "yes"]},
		"paranoid, without": {"container": pair, "facts": {"sysctls": {"kernel.perf_event_paranoid": 3}}, "want": _none},
		"the pair": {"container": pair, "facts": {"sysctls": {"kernel.perf_event_paranoid": 2}}, "want": ["yes", "unknown", "unknown", "yes"]},
	}
	document := object.union(fixture.agent({}, case.container), {"nodes": [fixture.node("a", object.union(_linux, case.facts))]})
	[row] := features.rows with input as document
	array.slice(_support(row), 0, 4) == case.want
}

test_selinux_refuses_fentry if {
	facts := {"architecture": "amd64", "kernelRelease": "6.8.0", "btf": true, "selinux": {"mode": "enforcing"}}
	[row] := features.rows with input as fixture.on_node(facts)
	row.fentry == "no"
}

# A note on the kernel does not say that profiling works where nothing does.
test_notes_claim_no_feature_that_is_refused if {
	kylin := {
		"architecture": "aarch64",
		"kernelRelease": "4.19.90-24.4.v2101.ky10.aarch64",
		"os": {"id": "kylin", "versionId": "V10", "prettyName": "Kylin Linux Advanced Server V10 (Sword)"},
	}
	[row] := features.rows with input as fixture.on_node(object.union(kylin, {"lockdown": "confidentiality"}))
	row.perf == "no"
	row.notes[0] == "this kernel has no bpf_probe_read_user"

	# Other notes are kept.
	old := {"architecture": "x86_64", "kernelRelease": "4.14.35", "lockdown": "confidentiality"}
	[limited] := features.rows with input as fixture.on_node(old)
	"uprobes reach processes on the host, not in containers" in limited.notes
}

# An answer under other labels does not count for the agent.
test_selinux_under_the_probe if {
	works := {"as": {"uid": 0, "effective": ["SYS_ADMIN"], "seccomp": "disabled"}, "results": {name: "ok" |
		some name in ["helper.probeReadKernel", "helper.probeReadUser", "kprobe.attach"]
	}}
	[row] := features.rows with input as fixture.on_node(object.union(_linux, {"selinux": {"mode": "enforcing"}, "probe": [works]}))
	row.kprobe == "no"
}

test_lockdown_refuses_fentry if {
	capable := {"architecture": "amd64", "kernelRelease": "6.8.0", "btf": true}
	[row] := features.rows with input as fixture.on_node(object.union(capable, {"lockdown": "confidentiality"}))
	row.fentry == "no"
}
