package dfpolicy.tables.kernel_matrix_test

import data.dfpolicy.lib.features

# Row, kprobe, Go, OpenSSL, perf and certainty of a node.
_row(spec) := [row.row, row.kprobe, row.golang_uprobe, row.openssl_uprobe, row.perf, row.certainty] if {
	row := features.row({"name": "a", "spec": spec})
}

_all(name) := [name, "yes", "yes", "yes", "yes", "listed"]

_none(name) := [name, "no", "no", "no", "no", "unlisted"]

_unlisted(name) := [name, "yes", "yes", "yes", "yes", "unlisted"]

_el7(certainty, name) := [name, "yes", "host-only", "host-only", "yes", certainty]

_open := ["unknown", "unknown", "unknown", "unknown", "unknown", "unknown"]

test_x86[name] if {
	some name, case in {
		"X1 957": {"release": "3.10.0-957.el7.x86_64", "os": "CentOS Linux 7 (Core)", "want": _el7("listed", "X1")},
		"X1 1062": {"release": "3.10.0-1062.el7.x86_64", "os": "", "want": _el7("listed", "X1")},
		"X1 1127": {"release": "3.10.0-1127.el7.x86_64", "os": "", "want": _el7("listed", "X1")},
		"X1 1160": {"release": "3.10.0-1160.el7.x86_64", "os": "Red Hat Enterprise Linux", "want": _el7("listed", "X1")},
		"X1 of CentOS": {"release": "3.10.0-1160.el7.centos.x86_64", "os": "", "want": _el7("listed", "X1")},
		"X1a Oracle Linux": {"release": "3.10.0-1160.el7.x86_64", "os": "Oracle Linux Server 7.9", "want": _el7("unlisted", "X1a")},
		"X1a Scientific Linux": {"release": "3.10.0-1160.el7.x86_64", "os": "Scientific Linux 7.9 (Nitrogen)", "want": _el7("unlisted", "X1a")},
		"X3 UEK": {"release": "4.14.35-2047.528.2.el7uek.x86_64", "os": "Oracle Linux Server 7.9", "want": ["X3", "yes", "host-only", "no", "yes", "listed"]},
		"X6 UEK": {"release": "5.4.17-2136.315.5.el7uek.x86_64", "os": "Oracle Linux Server 7.9", "want": _all("X6")},
		"X1a errata": {"release": "3.10.0-1160.119.1.el7.x86_64", "os": "", "want": _el7("unlisted", "X1a")},
		"X1a other build": {"release": "3.10.0-940.el7.x86_64", "os": "", "want": _el7("unlisted", "X1a")},
		"X1a plus": {"release": "3.10.0-1160.el7.centos.plus.x86_64", "os": "", "want": _el7("unlisted", "X1a")},
		"X1b below 940": {"release": "3.10.0-862.14.4.el7.x86_64", "os": "", "want": _none("X1b")},
		"X1b no el7": {"release": "3.10.108-custom", "os": "", "want": _none("X1b")},
		"X2": {
			"release": "4.12.14-122.159-default",
			"os": "SUSE Linux Enterprise Server 12 SP5",
			"want": ["X2", "yes", "yes", "no", "yes", "listed"],
		},
		"X2b SP4": {"release": "4.12.14-95.3-default", "os": "SUSE Linux Enterprise Server 12 SP4", "want": _none("X2b")},
		"X2b SLES 15": {"release": "4.12.14-25.3-default", "os": "SUSE Linux Enterprise Server 15", "want": _none("X2b")},
		"X2b 4.12 elsewhere": {"release": "4.12.14", "os": "Ubuntu 16.04", "want": _none("X2b")},
		"4.12 of no known distribution": {"release": "4.12.14-122.159-default", "os": "", "want": _open},
		"X2b 4.13": {"release": "4.13.0-46-generic", "os": "", "want": _none("X2b")},
		"X2b 4.9, not taken for later than 4.14": {"release": "4.9.0-19-amd64", "os": "", "want": _none("X2b")},
		"X2b 2.6": {"release": "2.6.32-754.el6.x86_64", "os": "", "want": _none("X2b")},
		"X3": {"release": "4.14.355-276.639.amzn2.x86_64", "os": "", "want": ["X3", "yes", "host-only", "no", "yes", "listed"]},
		"X4": {"release": "4.15.0-213-generic", "os": "", "want": ["X4", "yes", "host-only", "no", "yes", "listed"]},
		"X5": {"release": "4.16.18", "os": "", "want": ["X5", "yes", "yes", "no", "yes", "listed"]},
		"X6 4.17": {"release": "4.17.0", "os": "", "want": _all("X6")},
		"X6 el8": {"release": "4.18.0-553.el8_10.x86_64", "os": "Rocky Linux 8.10", "want": _all("X6")},
		"X6 Kylin": {"release": "4.19.90-24.4.v2101.ky10.x86_64", "os": "", "want": _all("X6")},
		"X6 5.10, not taken for earlier than 5.8": {"release": "5.10.0-28-amd64", "os": "", "want": _all("X6")},
		"X6 plus": {"release": "6.1.55+", "os": "", "want": _all("X6")},
		"X6 short": {"release": "6.8", "os": "", "want": _all("X6")},
	}
	_row({"architecture": "x86_64", "kernelRelease": case.release, "osImage": case.os}) == case.want
}

test_arm[name] if {
	kylin := "Kylin Linux Advanced Server V10"
	some name, case in {
		"A1": {"release": "4.18.0-348.7.1.el8_5.aarch64", "os": "CentOS Linux 8", "want": _all("A1")},
		"A1 Stream": {"release": "4.18.0-553.el8.aarch64", "os": "CentOS Stream 8", "want": _all("A1")},
		"A1b Rocky": {"release": "4.18.0-553.el8_10.aarch64", "os": "Rocky Linux 8.10", "want": _unlisted("A1b")},
		"el8 of no known distribution": {"release": "4.18.0-553.el8_10.aarch64", "os": "", "want": _open},
		"A2": {"release": "5.10.0-60.18.0.50.aarch64", "os": "EulerOS 2.0 (SP11)", "want": _all("A2")},
		"A2b h1160": {
			"release": "4.19.90-vhulk2204.1.0.h1160.eulerosv2r10.aarch64",
			"os": "",
			"want": _unlisted("A2b"),
		},
		"A2b h1543": {
			"release": "4.19.90-vhulk2211.3.0.h1543.eulerosv2r10.aarch64",
			"os": "EulerOS 2.0 (SP10)",
			"want": _unlisted("A2b"),
		},
		"A2c": {"release": "4.19.90-vhulk2103.1.0.h702.eulerosv2r10.aarch64", "os": "", "want": _none("A2c")},
		"A2c 5.8": {"release": "5.8.0", "os": "EulerOS 2.0", "want": _none("A2c")},
		"A3": {"release": "4.19.90-23.48.v2101.ky10.aarch64", "os": $"{kylin} (Tercel)", "want": _all("A3")},
		"A3b": {"release": "4.19.90-23.8.v2101.ky10.aarch64", "os": $"{kylin} (Tercel)", "want": _unlisted("A3b")},
		"A3c, not taken for later as text": {
			"release": "4.19.90-9.4.v2010.ky10.aarch64",
			"os": $"{kylin} (Tercel)",
			"want": _none("A3c"),
		},
		"A4": {"release": "4.19.90-25.24.v2101.ky10.aarch64", "os": $"{kylin} (Sword)", "want": _all("A4")},
		"A4b 24.4": {
			"release": "4.19.90-24.4.v2101.ky10.aarch64",
			"os": $"{kylin} (Sword)",
			"want": ["A4b", "no", "no", "no", "yes", "unlisted"],
		},
		"A4b 25.8, not taken for later than 25.24": {
			"release": "4.19.90-25.8.v2101.ky10.aarch64",
			"os": "",
			"want": ["A4b", "no", "no", "no", "yes", "unlisted"],
		},
		"A5": {"release": "4.19.90-52.24.v2207.ky10.aarch64", "os": $"{kylin} (Lance)", "want": _all("A5")},
		"A5 later": {"release": "4.19.90-89.11.v2401.ky10.aarch64", "os": "", "want": _all("A5")},
		"A5b": {"release": "4.19.90-52.22.v2207.ky10.aarch64", "os": $"{kylin} (Lance)", "want": _none("A5b")},
		"Kylin of no known service pack": {"release": "4.19.90-30.1.v2207.ky10.aarch64", "os": kylin, "want": _open},
		"A6 Kylin with 5.10": {"release": "5.10.0-3.ky10.aarch64", "os": kylin, "want": _all("A6")},
		"A6 5.8": {"release": "5.8.0", "os": "", "want": _all("A6")},
		"A6 openEuler": {"release": "5.10.0-153.oe2203.aarch64", "os": "openEuler 22.03 LTS", "want": _all("A6")},
		"A7 openEuler": {"release": "4.19.90-2012.oe1.aarch64", "os": "openEuler 20.03 LTS", "want": _none("A7")},
		"A7 Kylin desktop": {"release": "5.4.18-85-generic", "os": "Kylin V10 SP1", "want": _none("A7")},
		"A7 el7": {"release": "4.14.0-115.el7a.0.1.aarch64", "os": "CentOS Linux 7 (AltArch)", "want": _none("A7")},
	}
	_row({"architecture": "aarch64", "kernelRelease": case.release, "osImage": case.os}) == case.want
}

test_others[name] if {
	some name, case in {
		"another architecture": {"spec": {"architecture": "ppc64le", "kernelRelease": "6.8.0"}, "want": _none("architecture")},
		"no architecture": {"spec": {"kernelRelease": "6.8.0"}, "want": _open},
		"no release": {"spec": {"architecture": "amd64"}, "want": _open},
		"no release that can be read": {"spec": {"architecture": "amd64", "kernelRelease": "Linux"}, "want": _open},
		"nothing": {"spec": {}, "want": _open},
	}
	_row(case.spec) == case.want
}
