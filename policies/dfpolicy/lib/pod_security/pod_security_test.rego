package dfpolicy.lib.pod_security_test

import data.dfpolicy.lib.pod_security

# A pod that every level admits, with changes.
_template(annotations, pod, container) := {
	"metadata": {"annotations": annotations},
	"spec": object.union(
		{
			"securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
			"containers": [object.union(
				{
					"name": "a",
					"securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
				},
				container,
			)],
		},
		pod,
	),
}

_security(context) := {"securityContext": context}

_last := 9999

_refusals(level, pod, container) := [refusal.text |
	some refusal in pod_security.refusals(level, _last, _template({}, pod, container))
]

test_baseline[name] if {
	some name, case in {
		"nothing": {"pod": {}, "container": {}, "want": []},
		"host namespaces": {
			"pod": {"hostPID": true, "hostNetwork": true, "hostIPC": "true"}, "container": {},
			"want": ["hostNetwork is true", "hostPID is true"],
		},
		"hostPath": {"pod": {"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}, "container": {}, "want": ["a hostPath volume"]},
		"hostPath null": {"pod": {"volumes": [{"name": "v", "hostPath": null}]}, "container": {}, "want": []},
		"privileged": {"pod": {}, "container": _security({"privileged": true}), "want": ["a is privileged"]},
		"capabilities": {
			"pod": {}, "container": _security({"capabilities": {"add": ["CHOWN", "CAP_CHOWN", "SYS_ADMIN"]}}),
			"want": ["a adds 2 capabilities (CAP_CHOWN, SYS_ADMIN)"],
		},
		"many capabilities": {
			"pod": {}, "container": _security({"capabilities": {"add": ["D", "C", "B", "A"]}}),
			"want": ["a adds 4 capabilities (A, B, C, ...)"],
		},
		"host port": {"pod": {}, "container": {"ports": [{"hostPort": 0}, {"hostPort": 80}]}, "want": ["a has a hostPort"]},
		"procMount": {"pod": {}, "container": _security({"procMount": "Unmasked"}), "want": ["a sets procMount to Unmasked"]},
		"host process": {
			"pod": _security({"windowsOptions": {"hostProcess": true}}), "container": {},
			"want": ["the pod sets windowsOptions.hostProcess"],
		},
		"sysctls": {
			"pod": _security({"sysctls": [{"name": "net.ipv4.tcp_syncookies"}, {"name": "kernel.msgmax"}]}), "container": {},
			"want": ["the sysctl kernel.msgmax"],
		},
		"AppArmor": {
			"pod": {}, "container": _security({"appArmorProfile": {"type": "Unconfined"}}),
			"want": ["a uses the AppArmor profile Unconfined"],
		},
		"SELinux": {
			"pod": _security({"seLinuxOptions": {"type": "spc_t", "user": "u", "role": ""}}), "container": {},
			"want": ["the pod sets the SELinux type spc_t", "the pod sets the SELinux user"],
		},
		"seccomp": {
			"pod": {}, "container": _security({"seccompProfile": {"type": "Unconfined"}}),
			"want": ["a uses the seccomp profile Unconfined"],
		},
		"probe": {"pod": {}, "container": {"readinessProbe": {"tcpSocket": {"host": "h"}}}, "want": ["a sets a host in readinessProbe"]},
		"init container": {
			"pod": {"initContainers": [{"name": "i", "securityContext": {"privileged": true}}]}, "container": {},
			"want": ["i is privileged"],
		},
		"garbage": {"pod": {"volumes": 3, "initContainers": [null]}, "container": {"ports": "x"}, "want": []},
	}
	_refusals("baseline", case.pod, case.container) == case.want
}

test_annotations[name] if {
	some name, case in {
		"AppArmor": {
			"key": "container.apparmor.security.beta.kubernetes.io/a", "version": _last,
			"want": {"unconfined": 1, "runtime/default": 0, "localhost/x": 0, "": 0},
		},
		"seccomp of the pod": {
			"key": "seccomp.security.alpha.kubernetes.io/pod", "version": 18,
			"want": {"unconfined": 1, "docker/default": 0, "localhost/x": 0, "": 0},
		},
		"seccomp of a container": {
			"key": "container.seccomp.security.alpha.kubernetes.io/a", "version": 18,
			"want": {"unconfined": 1, "runtime/default": 0},
		},
		"seccomp from 1.19 on": {"key": "seccomp.security.alpha.kubernetes.io/pod", "version": 19, "want": {"unconfined": 0}},
	}
	every profile, count_wanted in case.want {
		template := _template({case.key: profile}, {}, {})
		count(pod_security.refusals("baseline", case.version, template)) == count_wanted
	}
}

test_restricted[name] if {
	some name, case in {
		"nothing": {"pod": {}, "container": {}, "want": []},
		"volumes": {
			"pod": {"volumes": [{"name": "n", "nfs": {}}, {"name": "e", "emptyDir": {}}, {"name": "d"}]}, "container": {},
			"want": ["the volume n"],
		},
		"user": {"pod": {}, "container": _security({"runAsUser": 0}), "want": ["a runs as user 0"]},
		"escalation": {
			"pod": {}, "container": _security({"allowPrivilegeEscalation": null}),
			"want": ["a does not set allowPrivilegeEscalation to false"],
		},
		"root by the container": {"pod": {}, "container": _security({"runAsNonRoot": false}), "want": ["a does not set runAsNonRoot to true"]},
		"root by the pod": {
			"pod": _security({"runAsNonRoot": false}), "container": _security({"runAsNonRoot": true}),
			"want": ["the pod does not set runAsNonRoot to true"],
		},
		"root by neither": {"pod": _security({"runAsNonRoot": null}), "container": {}, "want": ["a does not set runAsNonRoot to true"]},
		"drop": {
			"pod": {}, "container": _security({"capabilities": {"drop": ["all"]}}),
			"want": ["a does not drop ALL capabilities"],
		},
		"add": {
			"pod": {}, "container": _security({"capabilities": {"add": ["NET_BIND_SERVICE", "CHOWN"]}}),
			"want": ["a adds the capability CHOWN"],
		},
		"seccomp": {"pod": _security({"seccompProfile": null}), "container": {}, "want": ["a has no seccomp profile"]},
		"seccomp of the container": {
			"pod": _security({"seccompProfile": null}), "container": _security({"seccompProfile": {"type": "Localhost"}}),
			"want": [],
		},
		"windows": {
			"pod": {"os": {"name": "windows"}, "securityContext": {"seccompProfile": null}},
			"container": _security({"allowPrivilegeEscalation": true, "capabilities": {"drop": []}}),
			"want": [],
		},
	}
	_refusals("restricted", case.pod, case.container) == case.want
}

test_any_other_level_is_restricted if {
	_refusals("Baseline", {}, _security({"runAsUser": 0})) == ["a runs as user 0"]
	_refusals("baseline", {}, _security({"runAsUser": 0})) == []
}

test_versions[name] if {
	escalation := _security({"allowPrivilegeEscalation": true})
	engine := _security({"seLinuxOptions": {"type": "container_engine_t"}})
	probe := {"livenessProbe": {"httpGet": {"host": "h"}}}
	some name, case in {
		"escalation": {"container": escalation, "since": 8, "refused": true},
		"user 0": {"container": _security({"runAsUser": 0}), "since": 23, "refused": true},
		"drop": {"container": _security({"capabilities": {"drop": []}}), "since": 22, "refused": true},
		"host of a probe": {"container": probe, "since": 34, "refused": true},
		"SELinux type": {"container": engine, "since": 31, "refused": false},
	}
	template := _template({}, {}, case.container)
	before := count(pod_security.refusals("restricted", case.since - 1, template)) > 0
	from := count(pod_security.refusals("restricted", case.since, template)) > 0
	[before, from] == [not_(case.refused), case.refused]
}

not_(true) := false

not_(false) := true

test_version[name] if {
	some name, case in {
		"a version": {"text": "v1.31", "want": 31},
		"latest": {"text": "latest", "want": _last},
		"absent": {"text": "", "want": _last},
		"no version": {"text": "v1.031", "want": _last},
		"wrong type": {"text": 1.31, "want": _last},
	}
	pod_security.version(case.text) == case.want
}
