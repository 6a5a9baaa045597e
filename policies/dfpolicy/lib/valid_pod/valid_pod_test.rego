package dfpolicy.lib.valid_pod_test

import data.dfpolicy.lib.valid_pod

_texts(pod) := sort([finding.text | some finding in valid_pod.findings(pod)])

_expression(expression) := {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}} if {
	terms := {"nodeSelectorTerms": [{"matchExpressions": [expression]}]}
}

_volume(source) := {"volumes": [object.union({"name": "a"}, source)]}

test_valid[name] if {
	some name, pod in {
		"nothing": {},
		"nulls": {"hostPID": null, "volumes": null, "tolerations": null, "securityContext": null},
		"a resolver": {"dnsPolicy": "None", "dnsConfig": {"nameservers": ["10.96.0.10"]}},
		"no source is an emptyDir": _volume({}),
		"a path": _volume({"hostPath": {"path": "/sys", "type": "Directory"}}),
		"items": _volume({"configMap": {"name": "a", "items": [{"key": "a", "path": "b"}]}}),
		"all tolerations": {"tolerations": [{"operator": "Exists"}]},
		"Windows": {"os": {"name": "windows"}, "containers": [{"name": "a"}]},
	}
	_texts(pod) == []
}

test_finding[want] if {
	some want, pod in {
		`spec.hostPID is "true", but its type is boolean`: {"hostPID": "true"},
		`spec.dnsPolicy is "cluster", which is not valid`: {"dnsPolicy": "cluster"},
		`spec.serviceAccountName is "a_b", which is not valid`: {"serviceAccountName": "a_b"},
		`spec.dnsPolicy None requires dnsConfig.nameservers`: {"dnsPolicy": "None"},
		`spec.dnsConfig.nameservers[0] is "a", which is not valid`: {"dnsConfig": {"nameservers": ["a"]}},
		`spec.dnsConfig.nameservers is ["1.1.1.1","1.1.1.2","1.1.1.3","1.1.1.4"], which is not valid`: {
			"dnsConfig": {"nameservers": ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"]},
		},
		`spec.hostAliases[0].ip is "a", which is not valid`: {"hostAliases": [{"ip": "a", "hostnames": ["b"]}]},
		`spec.hostAliases[0].hostnames is "b_c", which is not valid`: {"hostAliases": [{"ip": "1.1.1.1", "hostnames": ["b_c"]}]},
		`spec.hostUsers: false cannot be combined with hostPID: true`: {"hostUsers": false, "hostPID": true},
		`spec.shareProcessNamespace: true cannot be combined with hostPID: true`: {"shareProcessNamespace": true, "hostPID": true},
		`spec.nodeSelector.a is true, but its type is string`: {"nodeSelector": {"a": true}},
		`spec.nodeSelector.a is "b c", which is not valid`: {"nodeSelector": {"a": "b c"}},
		`spec.tolerations[0].effect is "noExecute", which is not valid`: {"tolerations": [{"operator": "Exists", "effect": "noExecute"}]},
		`spec.tolerations[0].value is true, but its type is string`: {"tolerations": [{"key": "a", "value": true}]},
		`spec.tolerations[0].key is "a b", which is not valid`: {"tolerations": [{"key": "a b"}]},
		`spec.tolerations[0] without key requires operator: Exists`: {"tolerations": [{"effect": "NoSchedule"}]},
		`spec.tolerations[0].value cannot be combined with operator: Exists`: {"tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]},
		`spec.tolerations[0].tolerationSeconds requires effect: NoExecute`: {"tolerations": [{"key": "a", "operator": "Exists", "tolerationSeconds": 3}]},
		`spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms is missing`: {
			"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {}}},
		},
		`spec.affinity.nodeAffinity.matchExpressions[0].operator is "in", which is not valid`: _expression({"key": "a", "operator": "in"}),
		`spec.affinity.nodeAffinity.matchExpressions[0].operator In requires values`: _expression({"key": "a", "operator": "In"}),
		`spec.affinity.nodeAffinity.matchExpressions[0].operator Exists cannot be combined with values`: _expression({
			"key": "a",
			"operator": "Exists",
			"values": ["b"],
		}),
		`spec.affinity.nodeAffinity.matchExpressions[0].key is "a b", which is not valid`: _expression({"key": "a b", "operator": "Exists"}),
		`spec.volumes.name "a" is used more than once`: {"volumes": [{"name": "a"}, {"name": "a"}]},
		`spec.volumes[0].name is missing`: {"volumes": [{}]},
		`spec.volumes[0].name is "a_b", which is not valid`: {"volumes": [{"name": "a_b"}]},
		`spec.volumes[0].emptyDir cannot be combined with hostPath`: _volume({"emptyDir": {}, "hostPath": {"path": "/a"}}),
		`spec.volumes[0].hostPath.path is missing`: _volume({"hostPath": {}}),
		`spec.volumes[0].hostPath.path is "/a/..", which is not valid`: _volume({"hostPath": {"path": "/a/.."}}),
		`spec.volumes[0].hostPath.type is "dir", which is not valid`: _volume({"hostPath": {"path": "/a", "type": "dir"}}),
		`spec.volumes[0].secret.secretName is missing`: _volume({"secret": {}}),
		`spec.volumes[0].configMap.defaultMode is 1024, which is not valid`: _volume({"configMap": {"name": "a", "defaultMode": 1024}}),
		`spec.volumes[0].configMap.items[0].path is missing`: _volume({"configMap": {"name": "a", "items": [{"key": "a"}]}}),
		`spec.volumes[0].configMap.items[0].path is "/a", which is not valid`: _volume({"configMap": {"name": "a", "items": [{"key": "a", "path": "/a"}]}}),
		`spec.volumes[0].configMap.items[0].path is "../a", which is not valid`: _volume({"configMap": {"name": "a", "items": [{"key": "a", "path": "../a"}]}}),
		`spec.securityContext.runAsUser is "0", but its type is integer`: {"securityContext": {"runAsUser": "0"}},
		`spec.securityContext.fsGroup is -1, which is not valid`: {"securityContext": {"fsGroup": -1}},
		`spec.securityContext.seccompProfile.type is missing`: {"securityContext": {"seccompProfile": {}}},
		`spec.securityContext.sysctls.name "kernel.a" is used more than once`: {"securityContext": {"sysctls": [{"name": "kernel.a"}, {"name": "kernel.a"}]}},
		`spec.securityContext.sysctls net.a cannot be combined with hostNetwork: true`: {"hostNetwork": true, "securityContext": {"sysctls": [{"name": "net.a"}]}},
		`spec.securityContext.sysctls[0].name is "A b", which is not valid`: {"securityContext": {"sysctls": [{"name": "A b"}]}},
		`spec.os.name is "Linux", which is not valid`: {"os": {"name": "Linux"}},
		`spec.os.name windows cannot be combined with hostPID: true`: {"os": {"name": "windows"}, "hostPID": true},
		`spec.os.name windows cannot be combined with securityContext.privileged`: {
			"os": {"name": "windows"}, "containers": [{"name": "a", "securityContext": {"privileged": true}}],
		},
	}
	_texts(pod) == [want]
}
