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
		"a part in angle brackets": "df.<your domain>",
		"square brackets": "[SERVER_IP]",
		"three crosses": "xxx",
		"capital crosses": "XXX-XXX",
		"an address with crosses": "10.x.x.x",
		"an address with a star": "192.168.1.*",
		"an address of crosses": "xxx.xxx.xxx.xxx",
		"replace with": "REPLACE_WITH_SERVER_IP",
		"replace me": "replace-me",
		"change me": "CHANGEME",
		"change me in two words": "change_me",
		"fixme": "fixme",
		"to do": "TODO: address",
		"your": "YOUR_CLUSTER_ID",
		"your in lower case": "your-cluster-name",
		"your without a hyphen": "yourserver",
		"a part of yours": "d-YOUR_ID",
		"noun": "NODE_IP",
		"nouns": "DEEPFLOW_SERVER_ADDRESS",
		"variable with a default": "${NODE_IP:-10.0.0.1}",
		"variable as a part": "http://${NODE_IP}",
		"variable in parentheses": "$(NODE_IP)",
		"template": "{{ .Values.server }}",
		"percent signs": "%NODE_IP%",
		"underscores": "__NODE_IP__",
		"at signs": "@NODE_IP@",
		"localhost": "localhost",
		"address of the page for one node": "1.2.3.4",
	}
	placeholders.found(text)
}

test_not_found[name] if {
	some name, text in {
		"address": "10.0.0.1",
		"longer address": "10.1.2.30",
		"IPv6": "fd00::1",
		"name": "deepflow-server",
		"two crosses": "xx",
		"crosses within": "a-xxxx",
		"a name that begins with replace": "replace-prod",
		"a name that begins with change": "changelog",
		"a name that contains your": "not-yours",
		"a name of capitals": "PROD_EU",
		"an ID of a group": "g-NlgYytGhnA",
		"group": "g-1a2b3c",
		"price": "$5",
		"null": null,
		"number": 0,
		"object": {"opaque": true},
	}
	not placeholders.found(text)
}
