package dfpolicy.lib.systemd_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.systemd

_unit(service) := fixture.document("SystemdUnit", "a.service", {"Service": service})

_pod(service) := found.template.spec if {
	[found] := systemd.workloads with input as {"resources": [_unit(object.union({"ExecStart": ["/usr/sbin/deepflow-agent"]}, service))]}
}

_container(service) := _pod(service).containers[0]

test_recognised[name] if {
	some name, case in {
		"plain": {"start": ["/usr/sbin/deepflow-agent"], "want": [["/usr/sbin/deepflow-agent"]]},
		"with arguments": {"start": ["/opt/deepflow-agent -f '/etc/a b.yaml'"], "want": [["/opt/deepflow-agent", "-f", "/etc/a b.yaml"]]},
		"with signs": {"start": ["-+/usr/sbin/deepflow-agent"], "want": [["/usr/sbin/deepflow-agent"]]},
		"the first of two": {"start": ["/bin/x", "/a/deepflow-agent", "/b/deepflow-agent"], "want": [["/a/deepflow-agent"]]},
		"reset": {"start": ["/usr/sbin/deepflow-agent", "", "/bin/x"], "want": []},
		"after the reset": {"start": ["/bin/x", "", "/usr/sbin/deepflow-agent"], "want": [["/usr/sbin/deepflow-agent"]]},
		"another": {"start": ["/usr/sbin/deepflow-agent-ctl"], "want": []},
		"an argument": {"start": ["/bin/sh -c /usr/sbin/deepflow-agent"], "want": []},
		"blank": {"start": [" "], "want": []},
		"none": {"start": [], "want": []},
		"null": {"start": null, "want": []},
		"text": {"start": "/usr/sbin/deepflow-agent", "want": []},
		"garbage": {"start": [null, 5, {}], "want": []},
	}
	found := systemd.workloads with input as {"resources": [_unit({"ExecStart": case.start})]}
	[workload.template.spec.containers[0].args | some workload in found] == case.want
}

test_other_kinds_are_ignored[name] if {
	some name, change in {"kind": {"kind": "Other"}, "version": {"apiVersion": "v1"}, "spec": {"spec": null}}
	found := systemd.workloads with input as {"resources": [object.union(_unit({"ExecStart": ["/deepflow-agent"]}), change)]}
	found == []
}

test_setting[name] if {
	some name, case in {
		"last counts": {"given": ["a", "b"], "want": "b"},
		"reset": {"given": ["a", ""], "want": ""},
		"none": {"given": [], "want": ""},
		"null": {"given": null, "want": ""},
		"text": {"given": "a", "want": ""},
	}
	systemd.setting(_unit({"Restart": case.given}), "Service", "Restart") == case.want
}

test_default_settings if {
	_pod({}) == {
		"hostPID": true,
		"hostNetwork": true,
		"hostUsers": true,
		"volumes": [
			{"name": "/", "hostPath": {"path": "/"}},
			{"name": "/sys", "hostPath": {"path": "/sys"}},
		],
		"containers": [{
			"args": ["/usr/sbin/deepflow-agent"],
			"tunables": true,
			"ambient": [],
			"volumeMounts": [
				{"name": "/", "mountPath": "/", "readOnly": false},
				{"name": "/sys", "mountPath": "/sys", "readOnly": false},
			],
			"securityContext": {
				"privileged": true,
				"runAsUser": 0,
				"readOnlyRootFilesystem": false,
				"capabilities": {"add": ["ALL"], "drop": []},
			},
		}],
	}
}

test_namespaces[name] if {
	some name, case in {
		"network": {"service": {"PrivateNetwork": ["yes"]}, "want": [false, true]},
		"network, off": {"service": {"PrivateNetwork": ["yes", "no"]}, "want": [true, true]},
		"users": {"service": {"PrivateUsers": ["self"]}, "want": [true, false]},
		"users, off": {"service": {"PrivateUsers": ["false"]}, "want": [true, true]},
		"null": {"service": {"PrivateUsers": null, "PrivateNetwork": null}, "want": [true, true]},
	}
	pod := _pod(case.service)
	[pod.hostNetwork, pod.hostUsers] == case.want
}

test_user[name] if {
	some name, case in {
		"root": {"service": {"User": ["root"]}, "want": [0, true]},
		"zero": {"service": {"User": ["0"]}, "want": [0, true]},
		"number": {"service": {"User": ["1000"]}, "want": [1000, false]},
		"name": {"service": {"User": ["deepflow"]}, "want": ["deepflow", false]},
		"reset": {"service": {"User": ["deepflow", ""]}, "want": [0, true]},
		"dynamic": {"service": {"DynamicUser": ["yes"]}, "want": ["DynamicUser", false]},
	}
	context := _container(case.service).securityContext
	[context.runAsUser, context.privileged] == case.want
}

test_bounding_set[name] if {
	some name, case in {
		"none": {"lines": [], "want": {"SYSLOG", "NET_RAW", "BPF"}},
		"listed": {"lines": ["CAP_SYSLOG cap_net_raw"], "want": {"SYSLOG", "NET_RAW"}},
		"two lines": {"lines": ["CAP_SYSLOG", "CAP_NET_RAW"], "want": {"SYSLOG", "NET_RAW"}},
		"removed": {"lines": ["~CAP_SYSLOG"], "want": {"NET_RAW", "BPF"}},
		"removed, with a space": {"lines": ["~ CAP_SYSLOG CAP_BPF"], "want": {"NET_RAW"}},
		"listed, then removed": {"lines": ["CAP_SYSLOG CAP_BPF", "~CAP_BPF"], "want": {"SYSLOG"}},
		"removed, then listed": {"lines": ["~CAP_BPF", "CAP_BPF"], "want": {"SYSLOG", "NET_RAW", "BPF"}},
		"empty": {"lines": [""], "want": set()},
		"empty, then listed": {"lines": ["CAP_BPF", "", "CAP_SYSLOG"], "want": {"SYSLOG"}},
		"empty, then removed": {"lines": ["", "~CAP_SYSLOG"], "want": set()},
		"all again": {"lines": ["CAP_BPF", "~"], "want": {"SYSLOG", "NET_RAW", "BPF"}},
		"all again, then listed": {"lines": ["~", "CAP_SYSLOG"], "want": {"SYSLOG"}},
		"null": {"lines": null, "want": {"SYSLOG", "NET_RAW", "BPF"}},
	}
	taken := _container({"CapabilityBoundingSet": case.lines}).securityContext.capabilities.drop
	{name | some name in ["SYSLOG", "NET_RAW", "BPF"]; not name in taken} == case.want
}

test_kernel_logs if {
	context := _container({"ProtectKernelLogs": ["true"]}).securityContext
	context.capabilities.drop == ["SYSLOG"]
	context.privileged == false
}

test_ambient[name] if {
	some name, case in {
		"some": {"lines": ["CAP_NET_RAW cap_net_admin"], "want": ["NET_RAW", "NET_ADMIN"]},
		"reset": {"lines": ["CAP_NET_RAW", ""], "want": []},
		"inverted lists are ignored": {"lines": ["~CAP_NET_RAW"], "want": []},
		"none": {"lines": null, "want": []},
	}
	_container({"AmbientCapabilities": case.lines}).ambient == case.want
}

test_file_systems[name] if {
	some name, case in {
		"strict": {
			"service": {"ProtectSystem": ["strict"], "ReadWritePaths": ["-/var/log /opt"], "PrivateTmp": ["true"]},
			"want": [["/", true], ["/sys", false], ["/tmp", false], ["/var/log", false], ["/opt", false]],
		},
		"full is none": {"service": {"ProtectSystem": ["full"]}, "want": [["/", false], ["/sys", false]]},
		"logs": {"service": {"LogsDirectory": ["deepflow-agent"]}, "want": [["/", false], ["/sys", false], ["/var/log/deepflow-agent", false]]},
		"tunables": {"service": {"ProtectKernelTunables": ["yes"]}, "want": [["/", false], ["/sys", true]]},
	}
	[[mounted.mountPath, mounted.readOnly] | some mounted in _container(case.service).volumeMounts] == case.want
}

test_protected_tunables_are_not_privileged if {
	_container({"ProtectKernelTunables": ["yes"]}).securityContext.privileged == false
}
