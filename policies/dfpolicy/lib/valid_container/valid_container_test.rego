package dfpolicy.lib.valid_container_test

import data.dfpolicy.lib.valid_container

_container := {"name": "a", "image": "b"}

_pod(container, change) := object.union({"containers": [object.union(_container, container)]}, change)

_texts(pod) := sort([finding.text | some finding in valid_container.findings(pod)])

_env(entry) := {"env": [object.union({"name": "A"}, entry)]}

_port(port) := {"ports": [object.union({"containerPort": 80}, port)]}

_mount(mounted) := _pod({"volumeMounts": [object.union({"name": "v", "mountPath": "/v"}, mounted)]}, {"volumes": [{"name": "v"}]})

test_valid[name] if {
	some name, pod in {
		"a name and an image": _pod({}, {}),
		"nulls": _pod({"env": null, "resources": null, "command": null, "securityContext": null}, {}),
		"a null argument": _pod({"args": [null]}, {}),
		"a field of the pod": _pod(_env({"valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}), {}),
		"a label of the pod": _pod(_env({"valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['a']"}}}), {}),
		"the host's network": _pod(_port({"hostPort": 80}), {"hostNetwork": true}),
		"amounts": _pod(
			{"resources": {
				"limits": {"cpu": 1, "memory": "1Gi", "example.com/gpu": "1", "hugepages-2Mi": "2Mi"},
				"requests": {"cpu": "1000m", "ephemeral-storage": "1e9"},
			}},
			{},
		),
		"a mount": _mount({"subPath": "a"}),
		"Bidirectional and privileged": _pod(
			{
				"volumeMounts": [{"name": "v", "mountPath": "/v", "mountPropagation": "Bidirectional"}],
				"securityContext": {"privileged": true, "allowPrivilegeEscalation": true},
			},
			{"volumes": [{"name": "v"}]},
		),
		"a sidecar with a probe": _pod({}, {"initContainers": [{"name": "i", "image": "b", "restartPolicy": "Always", "livenessProbe": {"exec": {}}}]}),
		"a profile of a file": _pod({"securityContext": {"seccompProfile": {"type": "Localhost", "localhostProfile": "a"}}}, {}),
		"two protocols": _pod({"ports": [{"containerPort": 80, "hostPort": 80}, {"containerPort": 80, "hostPort": 80, "protocol": "UDP"}]}, {}),
	}
	_texts(pod) == []
}

test_finding[want] if {
	some want, pod in {
		`spec.containers is missing`: {"containers": []},
		`spec.containers.name "a" is used more than once`: _pod({}, {"initContainers": [_container]}),
		`spec.containers[0].name is missing`: _pod({"name": ""}, {}),
		`spec.containers[0].name is "A", which is not valid`: _pod({"name": "A"}, {}),
		`spec.containers[0].image is missing`: _pod({"image": ""}, {}),
		`spec.containers[0].image is " b", which is not valid`: _pod({"image": " b"}, {}),
		`spec.containers[0].tty is "true", but its type is boolean`: _pod({"tty": "true"}, {}),
		`spec.containers[0].imagePullPolicy is "always", which is not valid`: _pod({"imagePullPolicy": "always"}, {}),
		`spec.containers[0].args[1] is 5, which is not valid`: _pod({"args": ["a", 5]}, {}),
		`spec.initContainers[0].livenessProbe cannot be combined with an init container that ends`: _pod(
			{},
			{"initContainers": [{"name": "i", "image": "b", "livenessProbe": {"exec": {}}}]},
		),
		`spec.containers[0].env[0].name is missing`: _pod(_env({"name": ""}), {}),
		`spec.containers[0].env[0].name is "A=B", which is not valid`: _pod(_env({"name": "A=B"}), {}),
		`spec.containers[0].env[0].value is 1, but its type is string`: _pod(_env({"value": 1}), {}),
		`spec.containers[0].env[0].value cannot be combined with valueFrom`: _pod(
			_env({"value": "1", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}),
			{},
		),
		`spec.containers[0].env[0].valueFrom is missing`: _pod(_env({"valueFrom": {}}), {}),
		`spec.containers[0].env[0].valueFrom.fieldRef cannot be combined with secretKeyRef`: _pod(
			_env({"valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}, "secretKeyRef": {"key": "a"}}}),
			{},
		),
		`spec.containers[0].env[0].valueFrom.fieldRef.fieldPath is "spec.hostIP", which is not valid`: _pod(
			_env({"valueFrom": {"fieldRef": {"fieldPath": "spec.hostIP"}}}),
			{},
		),
		`spec.containers[0].env[0].valueFrom.configMapKeyRef.key is missing`: _pod(_env({"valueFrom": {"configMapKeyRef": {"name": "a"}}}), {}),
		`spec.containers[0].ports[0].containerPort is missing`: _pod(_port({"containerPort": 0}), {}),
		`spec.containers[0].ports[0].containerPort is 70000, which is not valid`: _pod(_port({"containerPort": 70000}), {}),
		`spec.containers[0].ports[0].protocol is "tcp", which is not valid`: _pod(_port({"protocol": "tcp"}), {}),
		`spec.containers[0].ports[0].name is "A", which is not valid`: _pod(_port({"name": "A"}), {}),
		`spec.containers[0].ports[0].hostPort is 81, which is not valid`: _pod(_port({"hostPort": 81}), {"hostNetwork": true}),
		`spec.containers[0].ports.name "x" is used more than once`: _pod({"ports": [{"containerPort": 80, "name": "x"}, {"containerPort": 81, "name": "x"}]}, {}),
		`spec.containers.ports.hostPort 80 is used more than once`: _pod({"ports": [{"containerPort": 80}, {"containerPort": 80}]}, {"hostNetwork": true}),
		`spec.containers[0].resources.limits.memory is "1MB", which is not valid`: _pod({"resources": {"limits": {"memory": "1MB"}}}, {}),
		`spec.containers[0].resources.limits.cpu is -1, which is not valid`: _pod({"resources": {"limits": {"cpu": -1}}}, {}),
		`spec.containers[0].resources.limits key is "gpu", which is not valid`: _pod({"resources": {"limits": {"gpu": "1"}}}, {}),
		`spec.containers[0].resources.requests.cpu is "2", which is not valid`: _pod({"resources": {"limits": {"cpu": 1}, "requests": {"cpu": "2"}}}, {}),
		`spec.containers[0].volumeMounts[0].mountPath is missing`: _mount({"mountPath": ""}),
		`spec.containers[0].volumeMounts[0].readOnly is "true", but its type is boolean`: _mount({"readOnly": "true"}),
		`spec.containers[0].volumeMounts[0].mountPropagation is "rslave", which is not valid`: _mount({"mountPropagation": "rslave"}),
		`spec.containers[0].volumeMounts[0] mounts the volume "none", which the pod does not have`: _mount({"name": "none"}),
		`spec.containers[0].volumeMounts[0].subPath is "/a", which is not valid`: _mount({"subPath": "/a"}),
		`spec.containers[0].volumeMounts[0].subPath is "../a", which is not valid`: _mount({"subPath": "../a"}),
		`spec.containers[0].volumeMounts[0].mountPropagation Bidirectional requires privileged: true`: _mount({"mountPropagation": "Bidirectional"}),
		`spec.containers[0].volumeMounts.mountPath "/v" is used more than once`: _pod(
			{"volumeMounts": [{"name": "v", "mountPath": "/v"}, {"name": "v", "mountPath": "/v"}]},
			{"volumes": [{"name": "v"}]},
		),
		`spec.containers[0].securityContext.privileged is "true", but its type is boolean`: _pod({"securityContext": {"privileged": "true"}}, {}),
		`spec.containers[0].securityContext.runAsUser is -1, which is not valid`: _pod({"securityContext": {"runAsUser": -1}}, {}),
		`spec.containers[0].securityContext.allowPrivilegeEscalation: false cannot be combined with privileged: true`: _pod(
			{"securityContext": {"allowPrivilegeEscalation": false, "privileged": true}},
			{},
		),
		`spec.containers[0].securityContext.allowPrivilegeEscalation: false cannot be combined with CAP_SYS_ADMIN`: _pod(
			{"securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"add": ["CAP_SYS_ADMIN"]}}},
			{},
		),
		`spec.containers[0].securityContext.capabilities.add is "NET_RAW", but its type is array`: _pod(
			{"securityContext": {"capabilities": {"add": "NET_RAW"}}},
			{},
		),
		`spec.containers[0].securityContext.seccompProfile.type is "runtime/default", which is not valid`: _pod(
			{"securityContext": {"seccompProfile": {"type": "runtime/default"}}},
			{},
		),
		`spec.containers[0].securityContext.appArmorProfile.localhostProfile is missing`: _pod({"securityContext": {"appArmorProfile": {"type": "Localhost"}}}, {}),
		`spec.containers[0].securityContext.appArmorProfile.localhostProfile cannot be combined with type Unconfined`: _pod(
			{"securityContext": {"appArmorProfile": {"type": "Unconfined", "localhostProfile": "a"}}},
			{},
		),
		`spec.containers[0].livenessProbe requires exec, grpc, httpGet or tcpSocket`: _pod({"livenessProbe": {}}, {}),
		`spec.containers[0].livenessProbe.exec cannot be combined with tcpSocket`: _pod({"livenessProbe": {"exec": {}, "tcpSocket": {}}}, {}),
		`spec.containers[0].livenessProbe.periodSeconds is -1, which is not valid`: _pod({"livenessProbe": {"exec": {}, "periodSeconds": -1}}, {}),
		`spec.containers[0].livenessProbe.successThreshold is 2, which is not valid`: _pod({"livenessProbe": {"exec": {}, "successThreshold": 2}}, {}),
	}
	_texts(pod) == [want]
}
