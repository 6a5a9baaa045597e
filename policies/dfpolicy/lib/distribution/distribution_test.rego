package dfpolicy.lib.distribution_test

import data.dfpolicy.lib.distribution

_is(name, version) := {"name": name, "version": version, "known": true}

_image(text) := {"spec": {"osImage": text}}

test_of[name] if {
	some name, case in {
		"CentOS 7 of a Node": {"node": _image("CentOS Linux 7 (Core)"), "want": _is("centos", "7")},
		"CentOS of os-release": {"node": {"spec": {"os": {"id": "centos", "versionId": "8"}}}, "want": _is("centos", "8")},
		"Oracle of os-release": {"node": {"spec": {"os": {"id": "ol", "versionId": "8.9"}}}, "want": _is("oracle", "8.9")},
		"CentOS Stream": {"node": _image("CentOS Stream 8"), "want": _is("centos", "8")},
		"Rocky": {"node": _image("Rocky Linux 8.10 (Green Obsidian)"), "want": _is("other", "8.10")},
		"Debian": {"node": _image("Debian GNU/Linux trixie/sid"), "want": _is("other", "")},
		"EulerOS": {"node": _image("EulerOS 2.0 (SP10)"), "want": _is("euleros", "")},
		"EulerOS of the release": {
			"node": {"spec": {"kernelRelease": "4.19.90-vhulk2204.1.0.h1160.eulerosv2r10.aarch64"}},
			"want": _is("euleros", ""),
		},
		"openEuler": {"node": {"spec": {"os": {"id": "openEuler", "versionId": "22.03"}}}, "want": _is("other", "22.03")},
		"Kylin Tercel": {"node": _image("Kylin Linux Advanced Server V10 (Tercel)"), "want": _is("kylin", "SP1")},
		"Kylin Sword": {"node": _image("Kylin Linux Advanced Server V10 (Sword)"), "want": _is("kylin", "SP2")},
		"Kylin Lance": {"node": _image("Kylin Linux Advanced Server V10 (Lance)"), "want": _is("kylin", "SP3")},
		"Kylin by build 23": {
			"node": {"spec": {"os": {"id": "kylin"}, "kernelRelease": "4.19.90-23.8.v2101.ky10.aarch64"}},
			"want": _is("kylin", "SP1"),
		},
		"Kylin by build 25, of the release": {
			"node": {"spec": {"kernelRelease": "4.19.90-25.8.v2101.ky10.aarch64"}},
			"want": _is("kylin", "SP2"),
		},
		"Kylin by build 52": {
			"node": {"spec": {"kernelRelease": "4.19.90-52.24.v2207.ky10.aarch64"}},
			"want": _is("kylin", "SP3"),
		},
		"Kylin by no build": {
			"node": {"spec": {"kernelRelease": "4.19.90-30.1.v2207.ky10.aarch64"}},
			"want": _is("kylin", ""),
		},
		"Kylin desktop": {
			"node": {"spec": {"os": {"id": "kylin"}, "kernelRelease": "5.4.18-generic"}},
			"want": _is("kylin", ""),
		},
		"SLES of os-release": {"node": {"spec": {"os": {"id": "sles", "versionId": "12.5"}}}, "want": _is("suse", "12.5")},
		"SLES of a Node": {"node": _image("SUSE Linux Enterprise Server 12 SP5"), "want": _is("suse", "12.5")},
		"SLES without a service pack": {"node": _image("SUSE Linux Enterprise Server 15"), "want": _is("suse", "15")},
		"nothing": {"node": {"spec": {}}, "want": {"name": "other", "version": "", "known": false}},
		"wrong types": {
			"node": {"spec": {"os": ["centos"], "osImage": 7, "kernelRelease": null}},
			"want": {"name": "other", "version": "", "known": false},
		},
	}
	distribution.of(case.node) == case.want
}

test_shown[name] if {
	some name, case in {
		"image": {"node": _image("Ubuntu 22.04.4 LTS"), "want": "Ubuntu 22.04.4 LTS"},
		"pretty name": {
			"node": {"spec": {"os": {"id": "ubuntu", "prettyName": "Ubuntu 22.04.4 LTS"}}},
			"want": "Ubuntu 22.04.4 LTS",
		},
		"nothing": {"node": {"spec": {}}, "want": "unknown"},
	}
	distribution.shown(case.node) == case.want
}

test_collected_facts_win_over_os_image if {
	node := {"name": "a", "spec": {"os": {"id": "rocky", "versionId": "8.9"}, "osImage": "CentOS Linux 8"}}
	distribution.of(node) == {"name": "other", "version": "8.9", "known": true}
}

test_debian[name] if {
	some name, case in {
		"by its id": {"spec": {"os": {"id": "ubuntu", "prettyName": "a derivative"}}, "want": true},
		"by the image": {"spec": {"osImage": "Debian GNU/Linux 12 (bookworm)"}, "want": true},
		"another": {"spec": {"osImage": "Rocky Linux 9.4"}, "want": false},
		"not known": {"spec": {}, "want": true},
	}
	found := [1 | distribution.debian({"name": "a", "spec": case.spec})]
	count(found) == 1 == case.want
}
