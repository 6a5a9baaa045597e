package dfpolicy.tables.config_keys_test

import data.dfpolicy.tables.config_keys

test_known if {
	config_keys.known == {
		"controller-ips",
		"controller-port",
		"controller-tls-port",
		"controller-cert-file-prefix",
		"log-file",
		"kubernetes-cluster-id",
		"kubernetes-cluster-name",
		"vtap-group-id-request",
		"controller-domain-name",
		"override-os-hostname",
		"async-worker-thread-number",
		"agent-unique-identifier",
		"pid-file",
		"team-id",
		"cgroups-disabled",
		"liveness-probe-enabled",
		"liveness-probe-port",
	}
}

test_nearest[name] if {
	some name, case in {
		"the key itself": {"text": "pid-file", "want": "pid-file"},
		"missing letter": {"text": "controler-ips", "want": "controller-ips"},
		"singular": {"text": "controller-ip", "want": "controller-ips"},
		"capitals": {"text": "Controller-IPs", "want": "controller-ips"},
		"underscores": {"text": "kubernetes_cluster_id", "want": "kubernetes-cluster-id"},
		"shorter": {"text": "vtap-group-id", "want": "vtap-group-id-request"},
		"hostname": {"text": "os-hostname", "want": "override-os-hostname"},
		"nothing in common": {"text": "§§", "want": "vtap-group-id-request"},
		"one letter": {"text": "§", "want": "vtap-group-id-request"},
		"empty": {"text": "", "want": "vtap-group-id-request"},
	}
	config_keys.nearest(case.text) == case.want
}
