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
	kernel_offsets.since(release)
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
		"Kylin on x86, another build": "4.19.90-52.24.v2207.ky10.x86_64",
		"EulerOS": "4.19.90-vhulk2204.1.0.h1160.eulerosv2r10.aarch64",
		"text after it": "3.10.0-1160.el7.x86_64 x",
		"empty": "",
		"null": null,
		"number": 3.1,
		"list": ["3.10.0-1160.el7.x86_64"],
	}
	not kernel_offsets.since(release)
}

# Each row matches the kernels that DeepFlow names, and the first release is that of its branches.
test_since[name] if {
	some name, case in {
		"Alibaba Cloud Linux 2": {"release": "4.19.91-27.1.al7.x86_64", "want": [[6, 3], [6, 4, 2]]},
		"its first build": {"release": "4.19.91-26.6.al7.x86_64", "want": [[6, 2, 6]]},
		"TencentOS": {"release": "4.14.105-1-tlinux3-0023.1", "want": [[6, 4], [6, 5, 6]]},
		"TencentOS, another": {"release": "4.14.105-19-0019", "want": [[6, 5], [6, 6, 9]]},
		"TencentOS on ARM": {"release": "5.4.119-19-0008", "want": [[6, 6, 9]]},
		"UnionTech": {"release": "4.19.0-91.82.132.uelc20.x86_64", "want": [[6, 4], [6, 5, 2]]},
		"UnionTech, another": {"release": "4.19.90-2211.5.0.0178.22.uel20.x86_64", "want": [[6, 4], [6, 5], [6, 6, 9]]},
		"BC-Linux": {"release": "4.19.90-2107.6.0.0100.oe1.bclinux.x86_64", "want": [[6, 3, 2]]},
		"EulerOS": {"release": "4.18.0-147.5.1.6.h579.eulerosv2r9.x86_64", "want": [[6, 1, 5]]},
		"Kylin on x86": {"release": "4.19.90-23.54.v2101.ky10.x86_64", "want": [[6, 6], [7, 0], [7, 1, 6]]},
		"Kylin on ARM": {"release": "4.19.90-25.24.v2101.ky10.aarch64", "want": [[6, 4], [6, 5], [6, 6, 9]]},
		"Oracle Linux": {"release": "5.4.17-2136.315.5.el7uek.x86_64", "want": [[6, 3, 0]]},
		"openEuler": {"release": "5.10.0-106.18.0.68.oe2209.x86_64", "want": [[6, 3, 3]]},
		"Huawei Cloud": {"release": "5.10.0-60.18.0.50.h322_1.hce2.aarch64", "want": [[6, 2, 6]]},
		"Debian": {"release": "4.19.0-25-amd64", "want": [[6, 3], [6, 4, 1]]},
		"Ubuntu": {"release": "4.15.0-213-generic", "want": [[6, 5], [6, 6], [7, 0], [7, 1, 6]]},
	}
	kernel_offsets.since(case.release) == case.want
}
