package dfpolicy.lib.openshift_test

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.message
import data.dfpolicy.lib.openshift

_scc(name, content) := object.union(
	{"apiVersion": "security.openshift.io/v1", "kind": "SecurityContextConstraints", "metadata": {"name": name}},
	content,
)

# An SCC that admits the agent of the fixture.
_fit := {
	"allowHostPID": true,
	"allowHostNetwork": true,
	"allowHostDirVolumePlugin": true,
	"allowedCapabilities": fixture.capabilities,
	"runAsUser": {"type": "RunAsAny"},
}

_account := "system:serviceaccount:deepflow:deepflow-agent"

test_detected_by_facts[name] if {
	some name, case in {
		"distribution": {"cluster": {"distribution": "OpenShift"}, "want": true},
		"API group": {"cluster": {"apiGroups": ["apps", "config.openshift.io"]}, "want": true},
		"API group with a version": {"cluster": {"apiGroups": ["security.openshift.io/v1"]}, "want": true},
		"only the API group of routes": {"cluster": {"apiGroups": ["route.openshift.io"]}, "want": false},
		"another distribution": {"cluster": {"distribution": "tke"}, "want": false},
		"no facts": {"cluster": {}, "want": false},
		"null": {"cluster": {"distribution": null, "apiGroups": null}, "want": false},
		"wrong type": {"cluster": {"distribution": 5, "apiGroups": "config.openshift.io"}, "want": false},
	}
	openshift.detected == case.want with input as {"cluster": {"spec": case.cluster}}
}

test_detected_by_objects[name] if {
	some name, case in {
		"SCC": {"resource": _scc("a", {}), "want": true},
		"labels of a node": {
			"resource": {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a", "labels": {"node.openshift.io/os_id": "rhcos"}}},
			"want": true,
		},
		"a node of another distribution": {
			"resource": {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a", "labels": {}}},
			"want": false,
		},
	}
	openshift.detected == case.want with input as {"resources": [case.resource]}
}

test_other[name] if {
	some name, case in {
		"distribution": {"cluster": {"distribution": "tke"}, "want": ["the distribution is tke"]},
		"API groups": {"cluster": {"apiGroups": ["apps"]}, "want": ["the API server serves no API group of OpenShift"]},
		"no API groups": {"cluster": {"apiGroups": []}, "want": []},
		"OpenShift": {"cluster": {"distribution": "openshift", "apiGroups": ["apps"]}, "want": []},
		"OpenShift by its API group": {"cluster": {"distribution": "k3s", "apiGroups": ["config.openshift.io"]}, "want": []},
		"nothing known": {"cluster": {}, "want": []},
	}
	found := [other.text | other := openshift.other] with input as {"cluster": {"spec": case.cluster}}
	found == case.want
}

_bound(role) := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "RoleBinding",
	"metadata": {"name": "a", "namespace": "deepflow"},
	"subjects": [{"kind": "ServiceAccount", "name": "deepflow-agent", "namespace": "deepflow"}],
	"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
}

_role(names) := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRole",
	"metadata": {"name": "own"},
	"rules": [{
		"apiGroups": ["security.openshift.io"],
		"resources": ["securitycontextconstraints"],
		"resourceNames": names,
		"verbs": ["use"],
	}],
}

test_granted[name] if {
	some name, case in {
		"nothing": {"documents": [], "want": []},
		"OpenShift's own role": {"documents": [_bound("system:openshift:scc:anyuid")], "want": ["anyuid"]},
		"a role of one's own": {"documents": [_bound("own"), _role(["privileged"])], "want": ["privileged"]},
		"constraints of one's own": {"documents": [_bound("own"), _role(["a"]), _scc("a", {})], "want": ["a"]},
		"cluster-admin": {"documents": [_bound("cluster-admin")], "want": ["privileged"]},
		"another role": {"documents": [_bound("view")], "want": []},
		"user": {"documents": [_scc("a", {"users": [_account]})], "want": ["a"]},
		"group": {"documents": [_scc("a", {"groups": ["system:serviceaccounts:deepflow"]})], "want": ["a"]},
		"another user": {"documents": [_scc("a", {"users": ["system:serviceaccount:deepflow:default"], "groups": null})], "want": []},
	}
	found := openshift.granted(agent.workloads[0]) with input as {"resources": array.concat([fixture.workload("DaemonSet", {}, {})], case.documents)}
	found == case.want
}

test_undefined_constraints[name] if {
	some name, want in {"a": [], "privileged": [], "other": [1]}
	found := [1 | openshift.undefined_constraints(name)] with input as {"resources": [_scc("a", {})]}
	found == want
}

test_refusals[name] if {
	some name, case in {
		"fit": {"change": {}, "want": []},
		"any capability": {"change": {"allowedCapabilities": ["*"]}, "want": []},
		"capabilities by default": {
			"change": {"allowedCapabilities": null, "defaultAddCapabilities": fixture.capabilities},
			"want": [],
		},
		"all volumes": {"change": {"allowHostDirVolumePlugin": false, "volumes": ["*"]}, "want": []},
		"no host paths": {"change": {"allowHostDirVolumePlugin": false, "volumes": ["configMap"]}, "want": ["hostPath volumes"]},
		"no process namespace": {"change": {"allowHostPID": false}, "want": ["hostPID"]},
		"no host network": {"change": {"allowHostNetwork": "true"}, "want": ["hostNetwork"]},
		"a capability less": {
			"change": {"allowedCapabilities": [name | some name in fixture.capabilities; name != "SYSLOG"]},
			"want": ["the capability SYSLOG"],
		},
		"another user": {"change": {"runAsUser": {"type": "MustRunAsRange"}}, "want": ["the user root"]},
		"no user": {"change": {"runAsUser": null}, "want": ["the user root"]},
	}
	document := {"resources": [fixture.workload("DaemonSet", {}, {}), _scc("a", object.union(_fit, case.change))]}
	found := openshift.refusals("a", agent.workloads[0]) with input as document
	[message.english(refusal) | some refusal in found] == case.want
}

test_refusals_of_a_privileged_container if {
	privileged := {"securityContext": {"privileged": true}}
	document := {"resources": [fixture.workload("DaemonSet", {"initContainers": [privileged]}, {}), _scc("a", _fit)]}
	found := openshift.refusals("a", agent.workloads[0]) with input as document
	[message.english(refusal) | some refusal in found] == ["privileged containers"]
}

test_refusals_by_name[name] if {
	some name, want in {"privileged": [], "anyuid": ["the agent's privileges"]}
	found := openshift.refusals(name, agent.workloads[0]) with input as fixture.agent({}, {})
	[message.english(refusal) | some refusal in found] == want
}
