package dfpolicy.lib.privileges_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.privileges
import data.dfpolicy.lib.rbac_fixture_test as access

_wanting(document, features) := object.union(document, {"parameters": {"want": features}})

test_wanted[name] if {
	some name, case in {
		"the feature": {"want": ["AutoMetrics"], "impact": ["Agent performance", "AutoMetrics"], "is": true},
		"another": {"want": ["AutoMetrics"], "impact": ["AutoTracing"], "is": false},
		"the start": {"want": ["AutoMetrics"], "impact": ["Agent start"], "is": true},
		"a part": {"want": ["AutoTracing"], "impact": ["AutoTracing of system calls"], "is": true},
		"both parts": {"want": ["AutoTracing of system calls"], "impact": ["AutoTracing"], "is": true},
		"the other part": {"want": ["AutoTracing of system calls"], "impact": ["AutoTracing of Go and OpenSSL"], "is": false},
		"all": {"want": ["all"], "impact": ["Dashboards"], "is": true},
		"all, nothing lost": {"want": ["all"], "impact": [], "is": false},
	}
	found := privileges.wanted(case.impact) with input as _wanting({}, case.want)
	found == case.is
}

test_asked if {
	privileges.asked with input as _wanting({}, ["AutoMetrics"])
	not privileges.asked with input as {}
}

# The operations of the only agent as [op, last part of the path, value].
_reductions(document, needed) := [[operation.op, path[count(path) - 1], object.get(operation, "value", "")] |
	some operation in reductions[0].operations
	path := operation.path
] if {
	reductions := privileges.reductions(needed) with input as document
}

test_pod[name] if {
	some name, case in {
		"bare": {"pod": {"hostPID": false, "hostNetwork": false, "volumes": []}, "container": fixture.only([]), "needed": {"apparmor"}, "want": []},
		"as documented": {"pod": {}, "container": fixture.only(["NET_RAW"]), "needed": {"apparmor"}, "want": [
			["remove", "hostNetwork", ""],
			["remove", "hostPID", ""],
			["remove", {"name": "debug"}, ""],
			["remove", {"name": "netns"}, ""],
			["discard", "add", "NET_RAW"],
			["remove", {"mountPath": "/sys/kernel/debug"}, ""],
			["remove", {"mountPath": "/var/run/netns"}, ""],
		]},
		"a user, a profile and every privilege": {
			"pod": {"hostPID": false, "hostNetwork": false, "volumes": []},
			"container": {"securityContext": {
				"privileged": true, "runAsUser": 1000, "capabilities": {"add": []},
				"seccompProfile": {"type": "Unconfined"}, "appArmorProfile": {"type": "Unconfined"},
			}},
			"needed": set(),
			"want": [
				["remove", "privileged", ""],
				["set", "runAsUser", 0],
				["set", "seccompProfile", {"type": "RuntimeDefault"}],
				["remove", "appArmorProfile", ""],
				["remove", "container.apparmor.security.beta.kubernetes.io/deepflow-agent", ""],
			],
		},
		"a volume of two containers": {
			"pod": {
				"hostPID": false, "hostNetwork": false,
				"volumes": [{"name": "debug", "hostPath": {"path": "/sys/kernel/debug"}}],
				"initContainers": [{"name": "a", "volumeMounts": [{"name": "debug", "mountPath": "/a"}]}],
			},
			"container": fixture.only([]),
			"needed": {"apparmor"},
			"want": [["remove", {"mountPath": "/sys/kernel/debug"}, ""]],
		},
	}
	_reductions(_wanting(fixture.agent(case.pod, case.container), ["all"]), case.needed) == case.want
}

test_service[name] if {
	some name, case in {
		"confined": {"needed": set(), "want": [
			["discard", "cap_add", "NET_RAW"],
			["remove", "network_mode", ""],
			["remove", "pid", ""],
			["discard", "security_opt", "seccomp:unconfined"],
			["discard", "security_opt", "apparmor=unconfined"],
			["discard", "volumes", "/sys/kernel/debug:/sys/kernel/debug:ro"],
		]},
		"not confined": {"needed": {"apparmor"}, "want": [
			["discard", "cap_add", "NET_RAW"],
			["remove", "network_mode", ""],
			["remove", "pid", ""],
			["discard", "security_opt", "seccomp:unconfined"],
			["discard", "volumes", "/sys/kernel/debug:/sys/kernel/debug:ro"],
		]},
	}
	document := fixture.composed({"cap_add": ["NET_RAW"], "security_opt": ["seccomp:unconfined", "apparmor=unconfined", "label:disable"]}, [])
	_reductions(_wanting(document, ["all"]), case.needed) == case.want
}

test_a_unit_keeps_its_privileges if {
	found := privileges.reductions(set()) with input as _wanting(fixture.started({}, []), ["all"])
	found == []
}

test_roles[name] if {
	every_right := {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
	own := {"apiGroups": ["apps"], "resources": ["daemonsets"], "resourceNames": ["deepflow-agent"], "verbs": ["patch"]}
	some name, case in {
		"every right": {"rules": [every_right], "want": [
			{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]},
			{"apiGroups": ["apps"], "resources": ["daemonsets"], "verbs": ["get", "list", "watch"]},
		]},
		"other resources and verbs": {
			"rules": [{"apiGroups": [""], "resources": ["pods", "secrets"], "verbs": ["delete", "list"]}],
			"want": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}],
		},
		"other verbs": {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["delete"]}], "want": []},
		"its own object": {"rules": [own], "want": "none"},
		"every verb on its own object": {
			"rules": [object.union(own, {"verbs": ["*"]})],
			"want": [{"apiGroups": ["apps"], "resources": ["daemonsets"], "verbs": ["get", "list", "watch"]}],
		},
		"addresses": {
			"rules": [{"nonResourceURLs": ["/version", "/metrics", "*"], "verbs": ["get"]}],
			"want": [{"nonResourceURLs": ["/version"], "verbs": ["get"]}],
		},
		"no address": {"rules": [{"nonResourceURLs": ["*"], "verbs": ["get"]}], "want": []},
	}
	document := access.resources([access.role("a", case.rules), access.binding("a")])
	found := privileges.reductions({"daemonsets", "pods"}) with input as _wanting(document, ["all"])
	rules := [operation.value | some operation in found[0].operations; operation.path == ["rules"]]
	_first(rules) == case.want
}

_first(list) := list[0] if {
	count(list) > 0
} else := "none"

test_administrators if {
	found := privileges.reductions(set()) with input as _wanting(access.resources([access.binding("cluster-admin")]), ["all"])
	[operation] := [operation | some operation in found[0].operations; operation.path == ["subjects"]]
	operation == {
		"op": "discard",
		"target": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "name": "cluster-admin"},
		"path": ["subjects"],
		"value": access.subject,
	}
}
