package dfpolicy.lib.mount_test

import data.dfpolicy.lib.mount

_debug := "/sys/kernel/debug"

_netns := "/var/run/netns"

_host(path) := {"hostPath": {"path": path}}

_agent(mounts, volumes) := {"container": {"volumeMounts": mounts}, "pod": {"volumes": volumes}}

# One mount of one volume.
_single(mount_path, source) := _agent(
	[{"name": "a", "mountPath": mount_path}],
	[object.union({"name": "a"}, source)],
)

test_of_host[name] if {
	some name, case in {
		"the path": {"path": _debug, "mounts": [[_debug, _debug]], "want": [_debug, _debug]},
		"slash at the end of the mount": {
			"path": _debug,
			"mounts": [["/sys/kernel/debug/", _debug]],
			"want": ["/sys/kernel/debug/", _debug],
		},
		"slash at the end of the host path": {
			"path": _debug,
			"mounts": [[_debug, "/sys/kernel/debug/"]],
			"want": [_debug, _debug],
		},
		"slash at the end of the question": {"path": "/sys/kernel/debug/", "mounts": [[_debug, _debug]], "want": [_debug, _debug]},
		"parent": {"path": _debug, "mounts": [["/sys/kernel", "/sys/kernel"]], "want": ["/sys/kernel", "/sys/kernel"]},
		"parent of the parent": {"path": _debug, "mounts": [["/sys", "/sys/"]], "want": ["/sys", "/sys"]},
		"root": {"path": _debug, "mounts": [["/", "/"]], "want": ["/", "/"]},
		"the deeper of two": {"path": _debug, "mounts": [[_debug, _debug], ["/sys", "/sys"]], "want": [_debug, _debug]},
		"the deeper of two, order changed": {
			"path": _debug,
			"mounts": [["/sys", "/sys"], [_debug, _debug]],
			"want": [_debug, _debug],
		},
		"a deeper mount elsewhere": {
			"path": _debug,
			"mounts": [[_debug, _debug], ["/sys/kernel/debug/tracing", "/tmp"], ["/sys/fs", "/x"]],
			"want": [_debug, _debug],
		},
		"/run on the host": {"path": _netns, "mounts": [[_netns, "/run/netns"]], "want": [_netns, "/run/netns"]},
		"/run in the container": {"path": _netns, "mounts": [["/run/netns", _netns]], "want": ["/run/netns", "/run/netns"]},
		"/run on both": {"path": _netns, "mounts": [["/run/netns", "/run/netns"]], "want": ["/run/netns", "/run/netns"]},
		"/run whole": {"path": _netns, "mounts": [["/run", "/run"]], "want": ["/run", "/run"]},
		"/var/run whole": {"path": _netns, "mounts": [["/var/run/", "/run"]], "want": ["/var/run/", "/run"]},
	}
	got := mount.of_host(
		_agent(
			[{"name": $"v{i}", "mountPath": mounted[0]} | some i, mounted in case.mounts],
			[object.union({"name": $"v{i}"}, _host(mounted[1])) | some i, mounted in case.mounts],
		),
		case.path,
	)
	[got.mountPath, got.host_path] == case.want
}

test_of_host_keeps_the_mount if {
	mounted := {"name": "a", "mountPath": _debug, "readOnly": true}
	got := mount.of_host(_agent([mounted], [{"name": "a", "hostPath": {"path": _debug, "type": ""}}]), _debug)
	got == {"name": "a", "mountPath": _debug, "readOnly": true, "host_path": _debug}
}

# Why the path is missing; there is then no host path.
test_missing[name] if {
	some name, case in {
		"nothing": {"agent": {"container": {}, "pod": {}}, "want": "/sys/kernel/debug is not mounted"},
		"lists null": {"agent": _agent(null, null), "want": "/sys/kernel/debug is not mounted"},
		"lists are objects": {"agent": _agent({"a": 1}, {"a": 1}), "want": "/sys/kernel/debug is not mounted"},
		"lists of garbage": {"agent": _agent([null, 3, {}], [null, 3, {}]), "want": "/sys/kernel/debug is not mounted"},
		"mountPath null": {"agent": _single(null, _host("/other")), "want": "/sys/kernel/debug is not mounted"},
		"mountPath empty": {"agent": _single("", _host("/other")), "want": "/sys/kernel/debug is not mounted"},
		"mountPath number": {"agent": _single(5, _host("/other")), "want": "/sys/kernel/debug is not mounted"},
		"a path that begins alike": {
			"agent": _single("/sys/kernel/deb", _host("/sys/kernel/deb")),
			"want": "/sys/kernel/debug is not mounted",
		},
		"a child": {
			"agent": _single("/sys/kernel/debug/tracing", _host("/sys/kernel/debug/tracing")),
			"want": "/sys/kernel/debug is not mounted",
		},
		"elsewhere": {
			"agent": _single("/host/debug", _host("/sys/kernel/debug/")),
			"want": "the host's /sys/kernel/debug is mounted at /host/debug",
		},
		"subPath": {
			"agent": _agent([{"name": "a", "mountPath": _debug, "subPath": "x"}], [{"name": "a", "hostPath": {"path": _debug}}]),
			"want": "/sys/kernel/debug is mounted with a subPath",
		},
		"subPathExpr": {
			"agent": _agent(
				[{"name": "a", "mountPath": _debug, "subPathExpr": "$(X)"}],
				[{"name": "a", "hostPath": {"path": _debug}}],
			),
			"want": "/sys/kernel/debug is mounted with a subPath",
		},
		"another host path": {
			"agent": _single(_debug, _host("/sys/kernel")),
			"want": "/sys/kernel/debug is the host's /sys/kernel",
		},
		"root of the host below": {
			"agent": _single("/sys", _host("/")),
			"want": "/sys is the host's /",
		},
		"emptyDir": {
			"agent": _single(_debug, {"emptyDir": {}}),
			"want": "the volume at /sys/kernel/debug is of type emptyDir, not hostPath",
		},
		"emptyDir null": {
			"agent": _single(_debug, {"emptyDir": null}),
			"want": "the volume at /sys/kernel/debug is of type emptyDir, not hostPath",
		},
		"configMap above": {
			"agent": _single("/sys", {"configMap": {"name": "a"}}),
			"want": "the volume at /sys is of type configMap, not hostPath",
		},
		"shadowed by a deeper emptyDir": {
			"agent": _agent(
				[{"name": "a", "mountPath": _debug}, {"name": "b", "mountPath": "/sys"}],
				[{"name": "a", "emptyDir": {}}, {"name": "b", "hostPath": {"path": "/sys"}}],
			),
			"want": "the volume at /sys/kernel/debug is of type emptyDir, not hostPath",
		},
		"no such volume": {
			"agent": _agent([{"name": "a", "mountPath": _debug}], [{"name": "b", "hostPath": {"path": _debug}}]),
			"want": "the pod has no volume for the mount at /sys/kernel/debug",
		},
		"mount without a name": {
			"agent": _agent([{"mountPath": _debug}], [{"hostPath": {"path": _debug}}]),
			"want": "the pod has no volume for the mount at /sys/kernel/debug",
		},
		"names null": {
			"agent": _agent([{"name": null, "mountPath": _debug}], [{"name": null, "hostPath": {"path": _debug}}]),
			"want": "the pod has no volume for the mount at /sys/kernel/debug",
		},
		"hostPath null": {
			"agent": _single(_debug, {"hostPath": null}),
			"want": "the hostPath volume at /sys/kernel/debug has no path",
		},
		"hostPath string": {
			"agent": _single(_debug, {"hostPath": _debug}),
			"want": "the hostPath volume at /sys/kernel/debug has no path",
		},
	}
	not mount.of_host(case.agent, _debug)
	mount.why_missing(case.agent, _debug).text == case.want
}

test_paths_with_detours[name] if {
	some name, case in {
		"of the container": {"mountPath": "/sys/kernel/./debug//", "hostPath": "/sys/kernel/debug", "want": true},
		"of the host": {"mountPath": "/sys/kernel/debug", "hostPath": "//sys/./kernel/debug/.", "want": true},
		"relative": {"mountPath": "./sys/kernel/debug", "hostPath": "./sys/kernel/debug/", "want": false},
		"a hidden directory": {"mountPath": "/sys/kernel/debug", "hostPath": "/sys/kernel/.debug", "want": false},
	}
	count([1 | mount.of_host(_single(case.mountPath, _host(case.hostPath)), _debug)]) == count([1 | case.want])
}

# On the host, /var/run is a link to /run. A mount of /var does not follow it.
test_a_mount_of_var_does_not_include_run if {
	agent := _single("/var", _host("/var"))
	not mount.of_host(agent, _netns)
	mount.why_missing(agent, _netns).text == "/var/run/netns is not mounted"
}

test_over[name] if {
	some name, case in {
		"deepest": {"mounts": ["/", "/sys", "/sys/kernel/", "/sys/kernel/debug/x"], "want": ["/sys/kernel/"]},
		"the path": {"mounts": ["/sys/kernel/debug", "/sys"], "want": ["/sys/kernel/debug"]},
		"root": {"mounts": ["//", "/proc"], "want": ["//"]},
		"none": {"mounts": ["/proc"], "want": []},
		"garbage": {"mounts": [null, 5, {}, ""], "want": []},
	}
	agent := _agent([{"name": "a", "mountPath": mounted} | some mounted in case.mounts], [])
	[mount.over(agent, _debug).mountPath | mount.over(agent, _debug)] == case.want
}

test_volume[name] if {
	some name, case in {
		"found": {"volumes": [{"name": "b"}, {"name": "a", "emptyDir": {}}], "want": {"name": "a", "emptyDir": {}}},
		"first of two": {"volumes": [{"name": "a", "x": 1}, {"name": "a", "x": 2}], "want": {"name": "a", "x": 1}},
		"none": {"volumes": [{"name": "b"}], "want": {}},
		"absent": {"volumes": null, "want": {}},
		"garbage": {"volumes": [null, "a", {"name": null}, {"name": {"a": 1}}], "want": {}},
	}
	mount.volume(_agent([], case.volumes), {"name": "a"}) == case.want
}

test_writable[name] if {
	some name, case in {
		"emptyDir": {"mount": {}, "source": {"emptyDir": {}}, "want": true},
		"emptyDir null": {"mount": {}, "source": {"emptyDir": null}, "want": true},
		"hostPath": {"mount": {"readOnly": false}, "source": _host("/x"), "want": true},
		"claim": {"mount": {"readOnly": null}, "source": {"persistentVolumeClaim": {"claimName": "a"}}, "want": true},
		"read-only": {"mount": {"readOnly": true}, "source": {"emptyDir": {}}, "want": false},
		"configMap": {"mount": {}, "source": {"configMap": {"name": "a"}}, "want": false},
		"secret": {"mount": {}, "source": {"secret": {"secretName": "a"}}, "want": false},
		"elsewhere": {"mount": {"mountPath": "/var"}, "source": {"emptyDir": {}}, "want": false},
		"no volume": {"mount": {"name": "b"}, "source": {"emptyDir": {}}, "want": false},
	}
	agent := _agent(
		[object.union({"name": "a", "mountPath": "/tmp/"}, case.mount)],
		[object.union({"name": "a"}, case.source)],
	)
	[1 | mount.writable(agent, "/tmp")] == [1 | case.want]
}
