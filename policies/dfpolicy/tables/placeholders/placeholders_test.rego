package dfpolicy.tables.placeholders_test

import data.dfpolicy.tables.placeholders

test_found[name] if {
	some name, text in {
		"empty": "",
		"FIXME": "FIXME",
		"group": "g-xxxxxxxxxx",
		"cluster": "d-xxxx",
		"crosses": "xxxx",
		"group of the documentation": "g-fffffff",
		"address of the documentation": "10.1.2.3",
		"any address": "0.0.0.0",
		"loopback": "127.0.0.1",
		"variable": "$NODE_IP",
		"variable in braces": "${NODE_IP}",
		"variable of another case": "$clusterNAME",
		"identifier of crosses": "xxxxx-xxxx-xxxx-xxxx-xxxx",
		"angle brackets": "<server address>",
	}
	placeholders.found(text)
}

test_not_found[name] if {
	some name, text in {
		"address": "10.0.0.1",
		"longer address": "10.1.2.30",
		"IPv6": "fd00::1",
		"name": "deepflow-server",
		"three crosses": "xxx",
		"crosses within": "a-xxxx",
		"group": "g-1a2b3c",
		"price": "$5",
		"null": null,
		"number": 0,
		"object": {"opaque": true},
	}
	not placeholders.found(text)
}
