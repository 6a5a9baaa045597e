package dfpolicy.tables.config_keys_test

import data.dfpolicy.tables.config_keys

# `struct Config` of each release branch.
test_keys_of_releases[name] if {
	some name, case in {
		"v6.1": {"release": [6, 1], "count": 10},
		"v6.2": {"release": [6, 2], "count": 11},
		"v6.4": {"release": [6, 4], "count": 14},
		"v6.5": {"release": [6, 5], "count": 15},
		"v7.1": {"release": [7, 1], "count": 15},
	}
	count([key | some key, row in config_keys.keys; row.since <= case.release]) == case.count
}

test_nearest[name] if {
	some name, case in {
		"the key itself": {"text": "pid-file", "want": ["pid-file"]},
		"missing letter": {"text": "controler-ips", "want": ["controller-ips"]},
		"two letters": {"text": "controler-ip", "want": ["controller-ips"]},
		"capitals": {"text": "Controller-IPs", "want": ["controller-ips"]},
		"underscores": {"text": "kubernetes_cluster_id", "want": ["kubernetes-cluster-id"]},
		"former name": {"text": "agent-group-id-request", "want": ["vtap-group-id-request"]},
		"other words": {"text": "log-level", "want": []},
		"hostname": {"text": "os-hostname", "want": []},
		"empty": {"text": "", "want": []},
	}
	[found | found := config_keys.nearest(case.text)] == case.want
}
