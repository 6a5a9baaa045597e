package dfpolicy.lib.address_test

import data.dfpolicy.lib.address

test_key[text] if {
	some text, want in {
		"10.0.0.1": "4010000000001",
		"255.255.255.255": "4255255255255",
		"::1": "600000000000000000000000000000001",
		"::": "600000000000000000000000000000000",
		"FD00::A": "6fd00000000000000000000000000000a",
		"fe80::1%eth0": "6fe800000000000000000000000000001",
		"1:2:3:4:5:6:7:8": "600010002000300040005000600070008",
		"1::8": "600010000000000000000000000000008",
		"::ffff:10.0.0.1": "600000000000000000000ffff0a000001",
	}
	address.key(text) == want
}

test_no_key[text] if {
	some text in [
		"", "10.0.0", "10.0.0.256", "010.0.0.1", "10.0.0.1/8", "a", "10.0.0.1.2", ":", ":::", "1:2:3",
		"1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", "::1.2.3", "::1.2.3.4.5",
	]
	not address.key(text)
}

test_within[name] if {
	some name, case in {
		"network": {"address": "10.20.30.40", "range": "10.0.0.0/8", "want": true},
		"last of a network": {"address": "169.255.255.255", "range": "169.254.0.0/15", "want": true},
		"outside a network": {"address": "172.32.0.1", "range": "172.16.0.0/12", "want": false},
		"all": {"address": "1.2.3.4", "range": "0.0.0.0/0", "want": true},
		"IPv6 network": {"address": "fd12::1", "range": "fd00::/8", "want": true},
		"IPv6 network with a zone": {"address": "fe80::1%eth0", "range": "fe80::/10", "want": true},
		"outside an IPv6 network": {"address": "2001:db8::1", "range": "fd00::/8", "want": false},
		"network of the other family": {"address": "fd12::1", "range": "0.0.0.0/0", "want": false},
		"ends": {"address": "230.1.2.3", "range": "224.0.0.0-240.255.255.255", "want": true},
		"first end": {"address": "224.0.0.0", "range": "224.0.0.0-240.255.255.255", "want": true},
		"last end": {"address": "240.255.255.255", "range": "224.0.0.0 - 240.255.255.255", "want": true},
		"before the ends": {"address": "223.255.255.255", "range": "224.0.0.0-240.255.255.255", "want": false},
		"not as texts": {"address": "9.0.0.1", "range": "10.0.0.0-90.0.0.0", "want": false},
		"IPv6 ends": {"address": "fd00::ff", "range": "fd00::1-fd00::1:0", "want": true},
		"beyond IPv6 ends": {"address": "fd00::2:0", "range": "fd00::1-fd00::1:0", "want": false},
		"ends of the other family": {"address": "10.0.0.1", "range": "::-ffff::", "want": false},
		"ends reversed": {"address": "10.0.0.5", "range": "10.0.0.9-10.0.0.1", "want": false},
		"one address": {"address": "7.8.9.10", "range": "7.8.9.10", "want": true},
		"one IPv6 address": {"address": "fd00::1", "range": "FD00:0::1", "want": true},
		"another address": {"address": "7.8.9.10", "range": "7.8.9.11", "want": false},
		"no address": {"address": "a", "range": "0.0.0.0/0", "want": false},
		"no range": {"address": "10.0.0.1", "range": "ten", "want": false},
		"too many bits": {"address": "10.0.0.1", "range": "10.0.0.0/33", "want": false},
		"no bits": {"address": "10.0.0.1", "range": "10.0.0.0/", "want": false},
		"two slashes": {"address": "10.0.0.1", "range": "10.0.0.0/8/8", "want": false},
		"three ends": {"address": "10.0.0.1", "range": "10.0.0.0-10.0.0.2-10.0.0.3", "want": false},
	}
	count([1 | address.within(case.address, case.range)]) > 0 == case.want
}

test_range_formed[name] if {
	some name, case in {
		"network": {"range": "10.0.0.0/8", "want": true},
		"whole network": {"range": "::/0", "want": true},
		"ends": {"range": "10.0.0.1-10.0.0.9", "want": true},
		"address": {"range": "fd00::1", "want": true},
		"reversed": {"range": "10.0.0.9-10.0.0.1", "want": false},
		"two families": {"range": "10.0.0.1-fd00::1", "want": false},
		"bits": {"range": "10.0.0.0/33", "want": false},
		"IPv6 bits": {"range": "fd00::/129", "want": false},
		"garbage": {"range": "all", "want": false},
		"empty": {"range": "", "want": false},
	}
	count([1 | address.range_formed(case.range)]) > 0 == case.want
}

test_version_six[text] if {
	some text, want in {"fd00::1": 1, "fd00::/8": 1, "::1-::2": 1, "10.0.0.1": 0, "10.0.0.0/8": 0, "x": 0}
	count([1 | address.version_six(text)]) == want
}

test_family[name] if {
	some name, case in {
		"IPv4": {"text": "10.0.0.1", "want": "IPv4"},
		"IPv6": {"text": "fd00::1", "want": "IPv6"},
		"IPv6, whole": {"text": "2001:DB8:0:0:0:0:0:1", "want": "IPv6"},
		"IPv6, loopback": {"text": "::1", "want": "IPv6"},
		"IPv6, unspecified": {"text": "::", "want": "IPv6"},
		"IPv6, zone": {"text": "fe80::1%eth0", "want": "IPv6"},
		"IPv6, mapped": {"text": "::ffff:10.0.0.1", "want": "IPv6"},
		"name": {"text": "deepflow-server", "want": "name"},
		"name of hexadecimal letters": {"text": "cafe", "want": "name"},
		"IPv4 with a port": {"text": "10.0.0.1:30035", "want": "name"},
		"name with a port": {"text": "cafe:30035", "want": "name"},
		"three numbers": {"text": "10.0.1", "want": "name"},
		"five numbers": {"text": "10.0.0.0.1", "want": "name"},
		"brackets": {"text": "[fd00::1]", "want": "IPv6"},
		"leading zero": {"text": "010.0.0.1", "want": "name"},
		"network": {"text": "10.0.0.0/24", "want": "name"},
		"empty": {"text": "", "want": "name"},
		"null": {"text": null, "want": "name"},
		"number": {"text": 10, "want": "name"},
		"object": {"text": {"opaque": true}, "want": "name"},
	}
	address.family(case.text) == case.want
}
