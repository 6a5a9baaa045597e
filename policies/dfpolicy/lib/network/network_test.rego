package dfpolicy.lib.network_test

import data.dfpolicy.lib.network

_workload(kind, name, image) := {
	"kind": kind,
	"metadata": {"name": name, "namespace": "kube-system"},
	"spec": {"template": {"spec": {"containers": [{"image": image}]}}},
}

test_of_object[name] if {
	some name, case in {
		"a name": {"object": _workload("DaemonSet", "calico-node", "a"), "want": {"calico"}},
		"a name for one architecture": {"object": _workload("DaemonSet", "kube-flannel-ds-arm64", "a"), "want": {"flannel"}},
		"an image": {"object": _workload("Deployment", "a", "quay.io/cilium/cilium:v1@sha256:0"), "want": {"cilium"}},
		"a pod": {"object": _workload("Pod", "calico-node", "calico/node"), "want": set()},
		"another workload": {"object": _workload("DaemonSet", "a", "b"), "want": set()},
		"an API group": {
			"object": {"kind": "CustomResourceDefinition", "spec": {"group": "crd.projectcalico.org"}},
			"want": {"calico"},
		},
		"another API group": {"object": {"kind": "CustomResourceDefinition", "spec": {"group": "a"}}, "want": set()},
		"an attachment": {
			"object": {"kind": "NetworkAttachmentDefinition", "spec": {"config": `{"plugins": [{"type": "macvlan"}, {"type": "a"}]}`}},
			"want": {"macvlan"},
		},
		"an attachment that is no JSON": {"object": {"kind": "NetworkAttachmentDefinition", "spec": {"config": "{"}}, "want": set()},
		"nothing": {"object": {"kind": null}, "want": set()},
	}
	network.of_object(case.object) == case.want
}
