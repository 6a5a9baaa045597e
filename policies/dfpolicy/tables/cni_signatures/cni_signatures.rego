# METADATA
# title: Signatures of CNI plug-ins
# description: >-
#   How to detect a CNI plug-in: the names that users give it, its workloads, images and API
#   groups, and the types in the CNI configuration of the nodes.
package dfpolicy.tables.cni_signatures

# METADATA
# title: CNI plug-ins
# description: >-
#   By id. The twelve plug-ins of DeepFlow's overview page are `adapted`; of the others only the
#   name is known. A workload can include its namespace, an image its parent directory.
networks := {
	"calico": {
		"name": "Calico",
		"adapted": true,
		"aliases": ["calico", "canal"],
		"workloads": ["calico-node", "canal", "rke2-canal"],
		"images": ["calico/node", "calico-node", "mirrored-calico-node", "hardened-calico"],
		"groups": ["crd.projectcalico.org"],
		"types": ["calico"],
	},
	"cilium": {
		"name": "Cilium",
		"adapted": true,
		"aliases": ["cilium"],
		"workloads": ["cilium", "anetd"],
		"images": ["cilium/cilium", "mirrored-cilium-cilium"],
		"groups": ["cilium.io"],
		"types": ["cilium-cni"],
	},
	"flannel": {
		"name": "Flannel",
		"adapted": true,
		"aliases": ["flannel", "canal"],
		"workloads": ["kube-flannel-ds", "kube-flannel", "canal", "rke2-canal"],
		"images": ["flannel", "mirrored-flannel-flannel", "mirrored-flannelcni-flannel", "hardened-flannel"],
		"groups": [],
		"types": ["flannel"],
	},
	"hostnic": {
		"name": "QKE HostNIC",
		"adapted": true,
		"aliases": ["hostnic", "qke-hostnic"],
		"workloads": ["hostnic-node"],
		"images": ["hostnic", "hostnic-plus"],
		"groups": [],
		"types": ["hostnic"],
	},
	"ipvlan": {
		"name": "IPVlan",
		"adapted": true,
		"aliases": ["ipvlan"],
		"workloads": [],
		"images": [],
		"groups": [],
		"types": ["ipvlan"],
	},
	"macvlan": {
		"name": "MACVlan",
		"adapted": true,
		"aliases": ["macvlan"],
		"workloads": [],
		"images": [],
		"groups": [],
		"types": ["macvlan"],
	},
	"multus": {
		"name": "Multus",
		"adapted": true,
		"aliases": ["multus", "multus-cni"],
		"workloads": ["kube-multus-ds", "openshift-multus/multus"],
		"images": ["multus-cni", "hardened-multus-cni"],
		"groups": ["k8s.cni.cncf.io"],
		"types": ["multus", "multus-shim"],
	},
	"openvswitch": {
		"name": "Open vSwitch",
		"adapted": true,
		"aliases": ["openvswitch", "open-vswitch", "ovs", "kube-ovn", "ovn", "ovn-kubernetes"],
		"workloads": [
			"kube-ovn-cni",
			"ovs-ovn",
			"ovnkube-node",
			"openshift-sdn/ovs",
			"openshift-sdn/sdn",
			"antrea-agent",
			"ovs-cni",
		],
		"images": ["kube-ovn", "ovs-cni-plugin", "antrea-agent-ubuntu", "antrea-agent-ubi", "antrea-ubuntu"],
		"groups": ["kubeovn.io", "k8s.ovn.org", "crd.antrea.io"],
		"types": ["kube-ovn", "ovn-k8s-cni-overlay", "openshift-sdn", "antrea", "ovs"],
	},
	"terway": {
		"name": "ACK Terway",
		"adapted": true,
		"aliases": ["terway", "ack-terway"],
		"workloads": ["terway", "terway-eniip", "terway-eni", "terway-controlplane"],
		"images": ["terway"],
		"groups": ["network.alibabacloud.com"],
		"types": ["terway"],
	},
	"tke-globalrouter": {
		"name": "TKE GlobalRouter",
		"adapted": true,
		"aliases": ["tke-globalrouter", "tke-global-router", "globalrouter"],
		"workloads": ["tke-bridge-agent"],
		"images": ["tke-bridge-agent"],
		"groups": [],
		"types": ["tke-bridge"],
	},
	"tke-vpc-cni": {
		"name": "TKE VPC-CNI",
		"adapted": true,
		"aliases": ["tke-vpc-cni", "tke-vpccni"],
		"workloads": ["tke-eni-agent", "tke-eni-ipamd"],
		"images": ["tke-eni-agent", "tke-eni-ipamd"],
		"groups": [],
		"types": ["tke-route-eni", "tke-direct-eni", "tke-eni-ipamc"],
	},
	"weave": {
		"name": "Weave",
		"adapted": true,
		"aliases": ["weave"],
		"workloads": ["weave-net"],
		"images": ["weave-kube"],
		"groups": [],
		"types": ["weave-net"],
	},
	"aws-cni": {
		"name": "AWS VPC CNI",
		"adapted": false,
		"aliases": ["aws", "aws-vpc-cni", "aws-node", "amazon-vpc-cni"],
		"workloads": ["aws-node"],
		"images": ["amazon-k8s-cni"],
		"groups": ["vpcresources.k8s.aws"],
		"types": ["aws-cni"],
	},
	"azure-vnet": {
		"name": "Azure CNI",
		"adapted": false,
		"aliases": ["azure", "azure-cni"],
		"workloads": ["azure-cni-networkmonitor"],
		"images": ["azure-cni-networkmonitor"],
		"groups": [],
		"types": ["azure-vnet"],
	},
	"bridge": {
		"name": "bridge",
		"adapted": false,
		"aliases": [],
		"workloads": [],
		"images": [],
		"groups": [],
		"types": ["bridge"],
	},
	"kindnet": {
		"name": "kindnet",
		"adapted": false,
		"aliases": ["kindnet", "kindnetd"],
		"workloads": ["kindnet"],
		"images": ["kindnetd"],
		"groups": [],
		"types": [],
	},
	"kube-router": {
		"name": "kube-router",
		"adapted": false,
		"aliases": ["kube-router"],
		"workloads": ["kube-router"],
		"images": ["kube-router"],
		"groups": [],
		"types": [],
	},
	"kubenet": {
		"name": "kubenet",
		"adapted": false,
		"aliases": ["kubenet"],
		"workloads": [],
		"images": [],
		"groups": [],
		"types": [],
	},
	"ptp": {
		"name": "ptp",
		"adapted": false,
		"aliases": [],
		"workloads": [],
		"images": [],
		"groups": [],
		"types": ["ptp"],
	},
	"yangtse": {
		"name": "Huawei CCE Turbo (yangtse)",
		"adapted": false,
		"aliases": ["yangtse", "cce-turbo", "huawei-cce-turbo"],
		"workloads": ["yangtse-cni"],
		"images": [],
		"groups": [],
		"types": ["yangtse"],
	},
}

# METADATA
# title: Plug-ins by name
# description: The ids for a name that users give a plug-in, which can be the type in its configuration.
by_alias[alias] contains id if {
	some id, network in networks
	some alias in array.concat(network.aliases, network.types)
}

# METADATA
# title: Plug-ins by workload
# description: The ids for the name of a DaemonSet or Deployment.
by_workload[workload] contains id if {
	some id, network in networks
	some workload in network.workloads
}

# METADATA
# title: Plug-ins by image
# description: The ids for the repository of an image.
by_image[image] contains id if {
	some id, network in networks
	some image in network.images
}

# METADATA
# title: Plug-ins by API group
# description: The ids for the group of a custom resource.
by_group[group] contains id if {
	some id, network in networks
	some group in network.groups
}

# METADATA
# title: Plug-ins by type
# description: The ids for a type in the CNI configuration of a node.
by_type[type] contains id if {
	some id, network in networks
	some type in network.types
}

# METADATA
# title: Base types
# description: Types that other plug-ins delegate to. They are a separate network only when there is no other type.
bases := {"bridge", "ptp"}

# METADATA
# title: Helpers
# description: Types in a configuration that create no network.
helpers := {
	"bandwidth",
	"dhcp",
	"firewall",
	"host-local",
	"istio-cni",
	"linkerd-cni",
	"loopback",
	"portmap",
	"route-override",
	"sbr",
	"static",
	"tuning",
	"vrf",
	"whereabouts",
}
