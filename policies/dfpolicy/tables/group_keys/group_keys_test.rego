package dfpolicy.tables.group_keys_test

import data.dfpolicy.tables.group_keys

test_supported[name] if {
	some name, case in {
		"without a first release": {"key": "interface_regex", "version": [6, 6, 6], "want": true},
		"unknown version": {"key": "fentry_enabled", "version": null, "want": true},
		"before the first release": {"key": "fentry_enabled", "version": [7, 1, 0], "want": false},
		"the first release": {"key": "fentry_enabled", "version": [7, 1, 1], "want": true},
		"newest of its line": {"key": "fentry_enabled", "version": [6, 6], "want": true},
		"last of an earlier line": {"key": "fentry_enabled", "version": [7, 0, 9], "want": false},
		"build with four numbers": {"key": "inner_interface_regex", "version": [6, 6, 9, 2504], "want": true},
		"build before it": {"key": "inner_interface_regex", "version": [6, 6, 9], "want": false},
		"later line": {"key": "fentry_enabled", "version": [7, 2], "want": true},
	}
	found := [1 | group_keys.supported(case.key, case.version)]
	count(found) == 1 == case.want
}
