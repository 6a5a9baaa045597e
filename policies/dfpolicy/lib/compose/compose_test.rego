package dfpolicy.lib.compose_test

import data.dfpolicy.lib.compose
import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.value

_project(services) := {"resources": [fixture.document("ComposeProject", "p", {"services": services})]}

# The pod and container of one agent service with this content.
_pod(service) := found.template.spec if {
	[found] := compose.workloads with input as _project({"a": object.union({"image": "deepflow-agent:v7.1"}, service)})
}

_container(service) := _pod(service).containers[0]

test_recognised[name] if {
	some name, case in {
		"by image": {"services": {"a": {"image": "r/x/deepflow-agent:v7.1"}}, "want": ["a"]},
		"by name": {"services": {"deepflow-agent": {"image": "x"}}, "want": ["deepflow-agent"]},
		"by container name": {"services": {"a": {"container_name": "deepflow-agent"}}, "want": ["a"]},
		"two, in order": {"services": {"b": {"image": "deepflow-agent"}, "a": {"image": "deepflow-agent"}}, "want": ["a", "b"]},
		"another": {"services": {"a": {"image": "deepflow-server"}}, "want": []},
		"null": {"services": {"deepflow-agent": null}, "want": []},
		"text": {"services": {"deepflow-agent": "x", "a": "deepflow-agent"}, "want": []},
		"image number": {"services": {"a": {"image": 5, "container_name": null}}, "want": []},
		"a list": {"services": [{"image": "deepflow-agent"}], "want": []},
		"none": {"services": null, "want": []},
	}
	found := compose.workloads with input as _project(case.services)
	[workload.container | some workload in found] == case.want
}

test_other_kinds_are_ignored[name] if {
	some name, change in {"kind": {"kind": "Other"}, "version": {"apiVersion": "v1"}, "spec": {"spec": null}}
	project := fixture.document("ComposeProject", "p", {"services": {"a": {"image": "deepflow-agent"}}})
	found := compose.workloads with input as {"resources": [object.union(project, change)]}
	found == []
}

test_namespaces[name] if {
	some name, case in {
		"both": {"service": {"pid": "host", "network_mode": "host"}, "want": [true, true]},
		"neither": {"service": {}, "want": [false, false]},
		"others": {"service": {"pid": "service:x", "network_mode": "bridge"}, "want": [false, false]},
		"null": {"service": {"pid": null, "network_mode": null}, "want": [false, false]},
		"wrong type": {"service": {"pid": ["host"], "network_mode": true}, "want": [false, false]},
	}
	pod := _pod(case.service)
	[pod.hostPID, pod.hostNetwork] == case.want
}

test_capabilities[name] if {
	some name, case in {
		"added": {"add": ["SYS_ADMIN", "NET_RAW"], "drop": null, "want": [["SYS_ADMIN", "NET_RAW"], []]},
		"prefix and case": {"add": ["CAP_SYS_ADMIN", "cap_net_raw", "syslog"], "drop": [], "want": [["SYS_ADMIN", "NET_RAW", "SYSLOG"], []]},
		"add wins": {"add": ["NET_RAW"], "drop": ["CAP_NET_RAW", "MKNOD"], "want": [["NET_RAW"], ["MKNOD"]]},
		"drop all, add one": {"add": ["NET_RAW"], "drop": ["ALL"], "want": [["NET_RAW"], ["ALL"]]},
		"add all, drop one": {"add": ["ALL", "SYSLOG"], "drop": ["SYSLOG"], "want": [["ALL", "SYSLOG"], ["SYSLOG"]]},
		"add all, drop all": {"add": ["all"], "drop": ["ALL"], "want": [["ALL"], []]},
		"text": {"add": "SYS_ADMIN", "drop": "ALL", "want": [[], []]},
		"garbage": {"add": [null, 5, {}], "drop": {"a": "b"}, "want": [[], []]},
	}
	context := _container({"cap_add": case.add, "cap_drop": case.drop}).securityContext
	[context.capabilities.add, context.capabilities.drop] == case.want
}

test_booleans[name] if {
	some name, case in {
		"true": {"given": true, "want": true},
		"text": {"given": "true", "want": true},
		"text in capitals": {"given": "TRUE", "want": true},
		"false": {"given": false, "want": false},
		"another text": {"given": "yes", "want": false},
		"null": {"given": null, "want": false},
		"number": {"given": 1, "want": false},
	}
	context := _container({"privileged": case.given, "read_only": case.given}).securityContext
	[context.privileged, context.readOnlyRootFilesystem] == [case.want, case.want]
}

test_user[name] if {
	some name, case in {
		"none": {"user": null, "want": null},
		"empty": {"user": "", "want": null},
		"root": {"user": "root", "want": 0},
		"zero": {"user": "0", "want": 0},
		"zero number": {"user": 0, "want": 0},
		"with a group": {"user": "0:0", "want": 0},
		"number": {"user": 1000, "want": 1000},
		"number and group": {"user": "1000:1000", "want": 1000},
		"name": {"user": "deepflow", "want": "deepflow"},
		"variable": {"user": "${UID}", "want": "${UID}"},
		"list": {"user": ["root"], "want": `["root"]`},
	}
	context := _container({"user": case.user}).securityContext
	value.at(context, "runAsUser", null) == case.want
}

test_profiles[name] if {
	some name, case in {
		"none": {"options": null, "want": ["RuntimeDefault", "RuntimeDefault"]},
		"seccomp": {"options": ["seccomp:unconfined"], "want": ["Unconfined", "RuntimeDefault"]},
		"both, with equal signs": {"options": ["seccomp=unconfined", "apparmor=unconfined"], "want": ["Unconfined", "Unconfined"]},
		"a file": {"options": ["seccomp:./profile.json", "no-new-privileges:true"], "want": ["Localhost", "RuntimeDefault"]},
		"text": {"options": "seccomp:unconfined", "want": ["RuntimeDefault", "RuntimeDefault"]},
		"garbage": {"options": [null, 5, "seccomp", ":"], "want": ["RuntimeDefault", "RuntimeDefault"]},
	}
	context := _container({"security_opt": case.options}).securityContext
	[context.seccompProfile.type, context.appArmorProfile.type] == case.want
}

test_command[name] if {
	some name, case in {
		"list": {"service": {"command": ["-f", "/a b"]}, "want": ["-f", "/a b"]},
		"text": {"service": {"command": `-f "/a b" -x`}, "want": ["-f", "/a b", "-x"]},
		"both": {"service": {"entrypoint": "/bin/deepflow-agent", "command": ["-f", "/a"]}, "want": ["/bin/deepflow-agent", "-f", "/a"]},
		"none": {"service": {"command": null}, "want": []},
		"number": {"service": {"command": 5, "entrypoint": {}}, "want": []},
	}
	_container(case.service).args == case.want
}

test_environment[name] if {
	some name, case in {
		"object": {"given": {"B": "2", "A": 1, "C": null, "D": "${E:-3}"}, "want": [["A", "1"], ["B", "2"], ["C", null], ["D", "3"]]},
		"list": {"given": ["B=2", "A=x=y", "C"], "want": [["B", "2"], ["A", "x=y"], ["C", null]]},
		"none": {"given": null, "want": []},
		"garbage": {"given": [null, 5], "want": []},
		"text": {"given": "A=1", "want": []},
	}
	[[entry.name, object.get(entry, "value", null)] | some entry in _container({"environment": case.given}).env] == case.want
}

# [[volume without its name, mount without its name]]
_mounted(service) := [[object.remove(pod.volumes[i], ["name"]), object.remove(mounted, ["name"])] |
	pod := _pod(service)
	some i, mounted in pod.containers[0].volumeMounts
	pod.volumes[i].name == mounted.name
]

test_volumes[name] if {
	some name, case in {
		"short": {
			"service": {"volumes": ["/a:/b"]},
			"want": [[{"hostPath": {"path": "/a"}}, {"mountPath": "/b", "readOnly": false}]],
		},
		"short, read-only": {
			"service": {"volumes": ["./a:/b:z,ro"]},
			"want": [[{"hostPath": {"path": "./a"}}, {"mountPath": "/b", "readOnly": true}]],
		},
		"short, slave": {
			"service": {"volumes": ["~/a:/b:rslave,rshared"]},
			"want": [[
				{"hostPath": {"path": "~/a"}},
				{"mountPath": "/b", "readOnly": false, "mountPropagation": "HostToContainer"},
			]],
		},
		"named": {
			"service": {"volumes": ["data:/b:ro"]},
			"want": [[{"volume": {}}, {"mountPath": "/b", "readOnly": true}]],
		},
		"anonymous": {
			"service": {"volumes": ["/b"]},
			"want": [[{"volume": {}}, {"mountPath": "/b", "readOnly": false}]],
		},
		"long": {
			"service": {"volumes": [{"type": "bind", "source": "/a", "target": "/b", "read_only": true}]},
			"want": [[{"hostPath": {"path": "/a"}}, {"mountPath": "/b", "readOnly": true, "subPath": ""}]],
		},
		"long, volume": {
			"service": {"volumes": [{"type": "volume", "source": "a", "target": "/b", "volume": {"subpath": "x"}}]},
			"want": [[{"volume": {}}, {"mountPath": "/b", "readOnly": false, "subPath": "x"}]],
		},
		"long, memory": {
			"service": {"volumes": [{"type": "tmpfs", "target": "/b"}]},
			"want": [[{"emptyDir": {}}, {"mountPath": "/b", "readOnly": false, "subPath": ""}]],
		},
		"configs": {
			"service": {"configs": ["a", {"source": "a", "target": "/b"}]},
			"want": [[{"config": {"source": "a"}}, {"mountPath": "/b", "readOnly": true}]],
		},
		"tmpfs": {
			"service": {"tmpfs": "/tmp:size=1m"},
			"want": [[{"emptyDir": {}}, {"mountPath": "/tmp", "readOnly": false}]],
		},
		"tmpfs list": {
			"service": {"tmpfs": ["/tmp"]},
			"want": [[{"emptyDir": {}}, {"mountPath": "/tmp", "readOnly": false}]],
		},
		"garbage": {"service": {"volumes": [null, 5, []], "configs": "a", "tmpfs": null}, "want": []},
		"null": {"service": {"volumes": null, "configs": null}, "want": []},
		"empty objects": {
			"service": {"volumes": [{}]},
			"want": [[{"volume": {}}, {"mountPath": "", "readOnly": false, "subPath": ""}]],
		},
	}
	_mounted(case.service) == case.want
}

test_the_default_of_a_variable_counts[text] if {
	some text, want in {
		"r/deepflow-agent:${VERSION:-v6.6}": "r/deepflow-agent:v6.6",
		"${IMAGE-r/deepflow-agent:v7.1}": "r/deepflow-agent:v7.1",
		"r/deepflow-agent:${VERSION}": "r/deepflow-agent:${VERSION}",
	}
	_container({"image": text}).image == want
}
