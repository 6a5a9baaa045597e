package dfpolicy.lib.cni_test

import data.dfpolicy.lib.cni
import data.dfpolicy.lib.fixture_test as fixture

_workload(kind, namespace, name, image) := {
	"apiVersion": "apps/v1",
	"kind": kind,
	"metadata": {"name": name, "namespace": namespace},
	"spec": {"template": {"spec": {"containers": [{"name": "a", "image": image}]}}},
}

_attachment(config) := {
	"apiVersion": "k8s.cni.cncf.io/v1",
	"kind": "NetworkAttachmentDefinition",
	"metadata": {"name": "a"},
	"spec": {"config": config},
}

_definition(group) := {
	"apiVersion": "apiextensions.k8s.io/v1",
	"kind": "CustomResourceDefinition",
	"metadata": {"name": "a"},
	"spec": {"group": group},
}

test_stated[name] if {
	some name, case in {
		"one": {"cni": "Calico", "want": ["calico"]},
		"spaces": {"cni": " Open vSwitch ", "want": ["openvswitch"]},
		"two": {"cni": "multus + macvlan", "want": ["macvlan", "multus"]},
		"list": {"cni": ["cilium", 7, "canal"], "want": ["calico", "cilium", "flannel"]},
		"a type": {"cni": "tke-route-eni", "want": ["tke-vpc-cni"]},
		"nobody's": {"cni": "Mine", "want": ["mine"]},
		"empty": {"cni": ",", "want": []},
		"null": {"cni": null, "want": []},
	}
	found := cni.present with input as {
		"cluster": {"spec": {"cni": case.cni}},
		"resources": [],
	}
	[network.id | some network in found] == case.want
}

test_stated_plugin_overrides_detection if {
	found := cni.present with input as {
		"cluster": {"spec": {"cni": "calico", "apiGroups": ["cilium.io"]}},
		"resources": [_workload("DaemonSet", "kube-system", "aws-node", "")],
	}
	[object.remove(network, ["evidence"]) | some network in found] == [{"id": "calico", "name": "Calico", "adapted": true}]
	cni.shown(found).text == "Calico (from ClusterFacts)"
}

test_objects[name] if {
	some name, case in {
		"name": {"object": _workload("DaemonSet", "kube-system", "calico-node", ""), "want": ["calico"]},
		"canal": {"object": _workload("DaemonSet", "kube-system", "canal", ""), "want": ["calico", "flannel"]},
		"architecture": {"object": _workload("DaemonSet", "x", "kube-flannel-ds-amd64", ""), "want": ["flannel"]},
		"namespace": {"object": _workload("DaemonSet", "openshift-sdn", "ovs", ""), "want": ["openvswitch"]},
		"another namespace": {"object": _workload("DaemonSet", "x", "ovs", ""), "want": []},
		"image": {"object": _workload("DaemonSet", "x", "a", "r.example.com:5000/calico/node:v3@sha256:0"), "want": ["calico"]},
		"image of one segment": {"object": _workload("Deployment", "x", "a", "kindnetd:v1"), "want": ["kindnet"]},
		"another image": {"object": _workload("DaemonSet", "x", "a", "nginx"), "want": []},
		"another kind": {"object": _workload("StatefulSet", "x", "calico-node", ""), "want": []},
		"definition": {"object": _definition("cilium.io"), "want": ["cilium"]},
		"another definition": {"object": _definition("example.com"), "want": []},
		"attachment": {"object": _attachment(`{"type": "macvlan"}`), "want": ["macvlan"]},
		"attachment of a list": {"object": _attachment(`{"plugins": [{"type": "ipvlan"}, 1]}`), "want": ["ipvlan"]},
		"attachment of a bridge": {"object": _attachment(`{"type": "bridge"}`), "want": []},
		"attachment without sense": {"object": _attachment("{"), "want": []},
		"nulls": {"object": {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {}, "spec": null}, "want": []},
	}
	found := cni.present with input as {"resources": [case.object]}
	[network.id | some network in found] == case.want
}

test_configurations[name] if {
	first := {"file": "10-a.conflist", "plugins": ["calico", "bandwidth", "portmap"]}
	some name, case in {
		"chain": {"configs": [first], "want": ["calico"]},
		"first file": {"configs": [{"file": "20-b.conf", "plugins": ["flannel"]}, first], "want": ["calico"]},
		"no configuration file": {"configs": [{"file": "00-a.bak", "plugins": ["flannel"]}, first], "want": ["calico"]},
		"no plug-ins": {"configs": [{"file": "00-a.conf", "plugins": []}, first], "want": ["calico"]},
		"delegate": {"configs": [{"file": "00.conf", "plugins": ["multus", "macvlan"]}], "want": ["macvlan", "multus"]},
		"base of another": {"configs": [{"file": "1.conf", "plugins": ["flannel", "bridge"]}], "want": ["flannel"]},
		"base alone": {"configs": [{"plugins": ["ptp", "portmap"]}], "want": ["ptp"]},
		"chained by two": {"configs": [{"file": "1.conf", "plugins": ["terway", "cilium-cni"]}], "want": ["cilium", "terway"]},
		"nobody's": {"configs": [{"file": "1.conf", "plugins": ["Mine", "tuning"]}], "want": ["mine"]},
		"helpers": {"configs": [{"file": "1.conf", "plugins": ["loopback"]}], "want": []},
		"wrong types": {"configs": [7, {"file": 7, "plugins": "calico"}], "want": []},
		"null": {"configs": null, "want": []},
	}
	found := cni.present with input as {"nodes": [fixture.node("a", {"cni": {"configs": case.configs}})]}
	[network.id | some network in found] == case.want
}

test_evidence if {
	spec := {"cni": {"configs": [{"file": "1.conf", "plugins": ["cilium-cni"]}]}}
	found := cni.present with input as {
		"resources": [_workload("DaemonSet", "kube-system", "cilium", "")],
		"cluster": {"spec": {"apiGroups": ["apps", "cilium.io"]}},
		"nodes": [fixture.node(name, spec) | some name in ["a", "b", "c", "d", "e", "f", "g"]],
	}
	cni.shown(found).text == concat("", [
		"Cilium (DaemonSet kube-system/cilium, API group cilium.io; ",
		"CNI configuration of a, b, c, d, e and 2 more)",
	])
}

test_known[name] if {
	some name, case in {
		"stated Multus": {"input": {"cluster": {"spec": {"cni": "multus"}}}, "want": true},
		"Multus alone": {"input": {"cluster": {"spec": {"apiGroups": ["k8s.cni.cncf.io"]}}}, "want": false},
		"another": {"input": {"cluster": {"spec": {"apiGroups": ["cilium.io"]}}}, "want": true},
		"nothing": {"input": {}, "want": false},
	}
	_known == case.want with input as case.input
}

default _known := false

_known if cni.known

test_used if {
	cni.used("cilium") with input as {"cluster": {"spec": {"cni": "cilium"}}}
	not cni.used("calico") with input as {"cluster": {"spec": {"cni": "cilium"}}}
}

test_refused_workloads_are_unknown if {
	refused := {"status": {"unread": [{"fact": "daemonsets", "reason": "forbidden"}]}}
	by_group := object.union(refused, {"spec": {"apiGroups": ["cilium.io"]}})
	not cni.known with input as {"cluster": by_group, "resources": []}
	cni.known with input as {"cluster": object.union(refused, {"spec": {"cni": "cilium"}}), "resources": []}
}
