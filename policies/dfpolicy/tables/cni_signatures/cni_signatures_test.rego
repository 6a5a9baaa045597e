package dfpolicy.tables.cni_signatures_test

import data.dfpolicy.tables.cni_signatures

test_twelve_are_adapted if {
	count([id | some id, network in cni_signatures.networks; network.adapted]) == 12
}

test_indexes if {
	cni_signatures.by_alias.canal == {"calico", "flannel"}
	cni_signatures.by_alias["cilium-cni"] == {"cilium"}
	cni_signatures.by_workload["aws-node"] == {"aws-cni"}
	cni_signatures.by_image.kindnetd == {"kindnet"}
	cni_signatures.by_group["kubeovn.io"] == {"openvswitch"}
	cni_signatures.by_type["multus-shim"] == {"multus"}
}

test_bases_are_types_and_not_helpers if {
	every type in cni_signatures.bases {
		cni_signatures.by_type[type]
		not type in cni_signatures.helpers
	}
}
