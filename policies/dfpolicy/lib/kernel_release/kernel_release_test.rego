package dfpolicy.lib.kernel_release_test

import data.dfpolicy.lib.kernel_release

test_version[name] if {
	some name, case in {
		"major and minor": {"release": "6.8", "want": [6, 8]},
		"three parts": {"release": "5.8.0", "want": [5, 8, 0]},
		"Ubuntu": {"release": "5.15.0-91-generic", "want": [5, 15, 0]},
		"plus": {"release": "6.1.55+", "want": [6, 1, 55]},
		"candidate": {"release": "6.8-rc1", "want": [6, 8]},
		"EulerOS": {
			"release": "4.19.90-vhulk2204.1.0.h1160.eulerosv2r10.aarch64",
			"want": [4, 19, 90],
		},
		"Kylin": {"release": "4.19.90-23.48.v2101.ky10.aarch64", "want": [4, 19, 90]},
		"el7": {"release": "3.10.0-1160.119.1.el7.x86_64", "want": [3, 10, 0]},
		"four parts": {"release": "5.10.134.2", "want": [5, 10, 134]},
		"line end": {"release": "6.8.0\n", "want": [6, 8, 0]},
		"empty": {"release": "", "want": null},
		"word": {"release": "abc", "want": null},
		"version within": {"release": "linux-6.8", "want": null},
		"space before": {"release": " 6.8", "want": null},
		"major alone": {"release": "6", "want": null},
		"no minor": {"release": "6.", "want": null},
		"long number": {"release": "12345.1", "want": null},
		"number": {"release": 6.8, "want": null},
		"null": {"release": null, "want": null},
		"list": {"release": ["6.8"], "want": null},
	}
	kernel_release.version(case.release) == case.want
}

test_order if {
	kernel_release.version("5.10") > kernel_release.version("5.8.18")
	kernel_release.version("4.9.337") < kernel_release.version("4.14.0")
	kernel_release.version("5.2") >= [5, 2]
	kernel_release.version("5.2.0-x") >= [5, 2]
}

test_build[name] if {
	some name, case in {
		"el7": {"release": "3.10.0-957.el7.x86_64", "want": [957]},
		"el7 with errata": {"release": "3.10.0-1160.119.1.el7.x86_64", "want": [1160, 119, 1]},
		"Kylin": {"release": "4.19.90-23.48.v2101.ky10.aarch64", "want": [23, 48]},
		"EulerOS": {"release": "4.19.90-vhulk2204.1.0.h1160.eulerosv2r10.aarch64", "want": []},
		"SUSE": {"release": "4.12.14-122.159-default", "want": [122, 159]},
		"Ubuntu": {"release": "5.15.0-91-generic", "want": [91]},
		"Alibaba": {"release": "5.10.134-16.1.al8.x86_64", "want": [16, 1]},
		"no dash": {"release": "6.8", "want": []},
		"plus": {"release": "6.1.55+", "want": []},
		"number": {"release": 6.8, "want": []},
		"null": {"release": null, "want": []},
		"a field of digits and letters": {"release": "4.19.90-89.27.4k.v2401.ky10.aarch64", "want": [89, 27]},
		"a line break": {"release": "4.19.90-23.48\n", "want": [23, 48]},
	}
	kernel_release.build(case.release) == case.want
}
