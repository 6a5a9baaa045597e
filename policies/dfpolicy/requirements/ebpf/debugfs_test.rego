package dfpolicy.requirements.ebpf.debugfs_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.debugfs

_of_agents(results) := {result | some result in results; result.subject.kind != "Node"}

_of_nodes(results) := {result | some result in results; result.subject.kind == "Node"}

test_verdict[name] if {
	mounted := {"paths": {"/sys/kernel/debug": {"mounted": true}}}
	old := object.union(mounted, {"kernelRelease": "4.14.0"})
	new := object.union(mounted, {"kernelRelease": "5.15.0"})
	debug := {"name": "debug", "mountPath": "/sys/kernel/debug"}
	read_only := object.union(debug, {"readOnly": true})
	host := [{"name": "debug", "hostPath": {"path": "/sys/kernel/debug"}}]
	some name, case in {
		"read-only": {"facts": new, "mounts": [read_only], "volumes": host, "want": "pass required"},
		"read-write": {"facts": new, "mounts": [debug], "volumes": host, "want": "pass required"},
		"read-only below 4.17": {"facts": old, "mounts": [read_only], "volumes": host, "want": "unknown recommended"},
		"read-only below 4.17, with tracefs": {
			"facts": object.union(old, {"paths": {"/sys/kernel/debug/tracing": {"mounted": true, "writable": true}}}),
			"mounts": [read_only],
			"volumes": host,
			"want": "pass required",
		},
		"read-only below 4.17, with tracefs that may be read-only": {
			"facts": object.union(old, {"paths": {"/sys/kernel/debug/tracing": {"mounted": true}}}),
			"mounts": [read_only],
			"volumes": host,
			"want": "unknown recommended",
		},
		"read-only below 4.17, with read-only tracefs": {
			"facts": object.union(old, {"paths": {"/sys/kernel/debug/tracing": {"mounted": true, "writable": false}}}),
			"mounts": [read_only],
			"volumes": host,
			"want": "violation recommended",
		},
		"read-only below 4.17, tracefs as a volume": {
			"facts": old,
			"mounts": [read_only, {"name": "tracing", "mountPath": "/sys/kernel/debug/tracing"}],
			"volumes": array.concat(host, [{"name": "tracing", "hostPath": {"path": "/sys/kernel/debug/tracing"}}]),
			"want": "pass required",
		},
		"read-only below 4.17, without tracefs": {
			"facts": object.union(old, {"paths": {"/sys/kernel/debug/tracing": {"mounted": false}}}),
			"mounts": [read_only],
			"volumes": host,
			"want": "violation recommended",
		},
		"read-write below 4.17": {"facts": old, "mounts": [debug], "volumes": host, "want": "pass required"},
		"read-write, kernel unknown": {"facts": mounted, "mounts": [debug], "volumes": host, "want": "pass required"},
		"read-only, kernel unknown": {"facts": mounted, "mounts": [read_only], "volumes": host, "want": "unknown required"},
		"not mounted on the node": {
			"facts": {"kernelRelease": "4.14.0", "paths": {"/sys/kernel/debug": {"mounted": false}, "/sys/kernel/debug/tracing": {"mounted": false}}},
			"mounts": [read_only],
			"volumes": host,
			"want": "pass required",
		},
		"a mount over tracefs": {
			"facts": new,
			"mounts": [debug, {"name": "empty", "mountPath": "/sys/kernel/debug/tracing/events"}],
			"volumes": array.concat(host, [{"name": "empty", "emptyDir": {}}]),
			"want": "violation required",
		},
		"tracefs of the host": {
			"facts": new,
			"mounts": [debug, {"name": "tracing", "mountPath": "/sys/kernel/debug/tracing"}],
			"volumes": array.concat(host, [{"name": "tracing", "hostPath": {"path": "/sys/kernel/tracing"}}]),
			"want": "pass required",
		},
		"a part of the host's tracefs": {
			"facts": new,
			"mounts": [debug, {"name": "debug", "mountPath": "/sys/kernel/debug/tracing", "subPath": "tracing"}],
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
	results := debugfs.results with input as document
	fixture.verdicts(_of_agents(results), "DF-EBPF-005") == {case.want}
}

# systemd remounts what is below the path, too.
test_protected_tunables if {
	traced := {"/sys/kernel/debug": {"mounted": true}, "/sys/kernel/debug/tracing": {"mounted": true, "writable": true}}
	document := object.union(
		fixture.started({"ProtectKernelTunables": ["true"]}, []),
		{"nodes": [fixture.node("a", {"kernelRelease": "4.14.0", "paths": traced})]},
	)
	results := debugfs.results with input as document
	fixture.verdicts(_of_agents(results), "DF-EBPF-005") == {"violation recommended"}
}

_mounted(known) := {"paths": {"/sys/kernel/debug": {"mounted": known}}}

# The result is about the node that lacks debugfs, not about the agent.
test_each_node if {
	document := object.union(fixture.agent({}, {}), {"nodes": [
		fixture.node("absent", _mounted(false)),
		fixture.node("invalid", _mounted("no")),
		fixture.node("mounted", _mounted(true)),
		fixture.node("unknown", {}),
	]})
	results := debugfs.results with input as document
	{result.subject.name: result.outcome | some result in _of_nodes(results)} == {
		"absent": "violation",
		"invalid": "unknown",
		"mounted": "pass",
		"unknown": "unknown",
	}
}

test_a_refusal_on_a_node_without_debugfs_is_not_the_agents if {
	refused := {"as": {"uid": 0, "effective": fixture.capabilities, "seccomp": "disabled"}, "results": {"tracepoint.debugfs": "ENOENT"}}
	facts := {"kernelRelease": "5.15.0", "probe": [refused]}
	document := object.union(fixture.agent({}, {}), {"nodes": [fixture.node("a", object.union(facts, _mounted(false)))]})
	results := debugfs.results with input as document
	fixture.verdicts(_of_nodes(results), "DF-EBPF-005") == {"violation required"}
	fixture.verdicts(_of_agents(results), "DF-EBPF-005") == {"pass required"}
}
