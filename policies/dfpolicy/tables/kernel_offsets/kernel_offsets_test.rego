package dfpolicy.tables.kernel_offsets_test

import data.dfpolicy.tables.kernel_offsets

test_known[name] if {
	some name, release in {
		"el7": "3.10.0-1160.el7.x86_64",
		"el7 with errata": "3.10.0-1160.119.1.el7.x86_64",
		"el7 of CentOS": "3.10.0-957.el7.centos.x86_64",
		"Kylin SP1": "4.19.90-23.48.v2101.ky10.aarch64",
		"Kylin SP2, first build": "4.19.90-25.24.v2101.ky10.aarch64",
		"Kylin SP2, later build": "4.19.90-25.41.v2101.ky10.aarch64",
		"Kylin SP2, build of three digits": "4.19.90-25.101.v2101.ky10.aarch64",
		"Kylin SP3, first number beyond 52": "4.19.90-89.11.v2401.ky10.aarch64",
		"Kylin SP3, first build": "4.19.90-52.24.v2207.ky10.aarch64",
		"Kylin SP3, later build": "4.19.90-52.39.v2207.ky10.aarch64",
	}
	kernel_offsets.known(release)
}

test_not_known[name] if {
	some name, release in {
		"el7 of a custom build": "3.10.0-1160.el7.centos.plus.x86_64",
		"el7 on arm": "3.10.0-1160.el7.aarch64",
		"el8": "4.18.0-80.el8.x86_64",
		"another 3.10": "3.10.107-1.x86_64",
		"Kylin SP1, another build": "4.19.90-23.8.v2101.ky10.aarch64",
		"Kylin SP2, earlier build": "4.19.90-25.8.v2101.ky10.aarch64",
		"Kylin SP2, build 24.4": "4.19.90-24.4.v2101.ky10.aarch64",
		"Kylin SP3, earlier build": "4.19.90-52.22.v2207.ky10.aarch64",
		"Kylin of no known service pack": "4.19.90-30.30.v2101.ky10.aarch64",
		"Kylin on x86": "4.19.90-52.24.v2207.ky10.x86_64",
		"EulerOS": "4.19.90-vhulk2204.1.0.h1160.eulerosv2r10.aarch64",
		"text after it": "3.10.0-1160.el7.x86_64 x",
		"empty": "",
		"null": null,
		"number": 3.1,
		"list": ["3.10.0-1160.el7.x86_64"],
	}
	not kernel_offsets.known(release)
}
