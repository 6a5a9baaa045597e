# METADATA
# title: Kernel matrix
# description: >-
#   DeepFlow's table of kernels, read from the top, the first row that fits counts.
#   A kernel is {architecture, version, build, release, distribution}; versions and
#   builds are compared number by number.
package dfpolicy.tables.kernel_matrix

# METADATA
# title: Row of a kernel
# description: >-
#   {row, kprobe, golang_uprobe, openssl_uprobe, perf, certainty, notes}: what the
#   agent can attach to there. The names of rows are those of the comments below.
row(kernel) := _unknown(["architecture, kernel release or distribution is not known"]) if {
	_undecided(kernel)
} else := _x86(kernel) if {
	kernel.architecture == "x86"
} else := _arm(kernel) if {
	kernel.architecture == "arm"
} else := _none("architecture", ["the agent has no eBPF programs for this architecture"])

_undecided(kernel) if kernel.version == null

_undecided(kernel) if kernel.architecture == ""

# Only the kernels that the page lists for one distribution hang on it.
_undecided(kernel) if {
	not kernel.distribution.known
	kernel.architecture == "x86"
	array.slice(kernel.version, 0, 3) == [4, 12, 14]
}

_undecided(kernel) if {
	not kernel.distribution.known
	kernel.architecture == "arm"
	regex.match(`^4\.18\..*el8`, kernel.release)
}

_undecided(kernel) if {
	kernel.architecture == "arm"
	_kylin(kernel)
	kernel.distribution.version == ""
}

# X1: stock el7 3.10 of the four builds of note [2]; X1a: its other builds from 940 on, and
# rebuilds of el7.
_x86(kernel) := _all("X1", "host-only", "host-only", "listed", _el7_notes(kernel)) if {
	_el7(kernel)
	regex.match(`^3\.10\.0-(957|1062|1127|1160)\.el7(\.centos)?\.x86_64$`, kernel.release)
} else := _all("X1a", "host-only", "host-only", "unlisted", array.concat([_builds_note], _el7_notes(kernel))) if {
	_el7(kernel)
	kernel.build[0] >= 940
} else := _some("X2", "yes", "no", [_openssl_note, "of the agents only v6.5, v6.6.9.2504 and v7.0.5 to v7.0.7 start below 4.14"]) if {
	# X2: SUSE Linux Enterprise 12 SP5
	kernel.distribution.name == "suse"
	kernel.distribution.version == "12.5"
	array.slice(kernel.version, 0, 3) == [4, 12, 14]
} else := _none("X1b", ["3.10 is supported as el7 from build 940 on only"]) if {
	array.slice(kernel.version, 0, 2) == [3, 10]
} else := _none("X2b", ["kernels before 4.14 are supported as el7 3.10 and SUSE 12 SP5 only"]) if {
	kernel.version < [4, 14]
} else := _some("X3", "host-only", "no", [_host_note, "two agents on one node break each other"]) if {
	kernel.version < [4, 15]
} else := _some("X4", "host-only", "no", [_host_note]) if {
	kernel.version < [4, 16]
} else := _some("X5", "yes", "no", [_openssl_note]) if {
	kernel.version < [4, 17]
} else := _all("X6", "yes", "yes", "listed", [])

_el7(kernel) if {
	array.slice(kernel.version, 0, 3) == [3, 10, 0]
	regex.match(`\.el7\.`, kernel.release)
	count(kernel.build) > 0
}

# A1: CentOS 8; A2: EulerOS; A3 to A5: Kylin V10 by service pack; A6, A7: all others.
_arm(kernel) := _all("A1", "yes", "yes", "listed", []) if {
	_el8(kernel)
	kernel.distribution.name == "centos"
	regex.match(`^(8|$)`, kernel.distribution.version)
} else := _all("A1b", "yes", "yes", "unlisted", ["the page names CentOS 8 alone for this kernel"]) if {
	_el8(kernel)
} else := _euleros(kernel) if {
	kernel.distribution.name == "euleros"
} else := _kylin_pack(kernel) if {
	_kylin(kernel)
} else := _all("A6", "yes", "yes", "listed", []) if {
	kernel.version >= [5, 8]
} else := _none("A7", ["on ARM the kernel has to be 5.8 or a listed one of a distribution"])

_el8(kernel) if regex.match(`^4\.18\..*el8`, kernel.release)

_kylin(kernel) if {
	kernel.distribution.name == "kylin"
	array.slice(kernel.version, 0, 3) == [4, 19, 90]
}

_euleros(kernel) := _all("A2", "yes", "yes", "listed", []) if {
	kernel.version >= [5, 10]
} else := _all("A2b", "yes", "yes", "unlisted", ["verified by newer pages of the documentation"]) if {
	kernel.release in {
		"4.19.90-vhulk2204.1.0.h1160.eulerosv2r10.aarch64",
		"4.19.90-vhulk2211.3.0.h1543.eulerosv2r10.aarch64",
	}
} else := _none("A2c", ["EulerOS is supported from 5.10 on"])

_kylin_pack(kernel) := _all("A3", "yes", "yes", "listed", ["only some kernels of V10 SP1 work"]) if {
	kernel.distribution.version == "SP1"
	startswith(kernel.release, "4.19.90-23.48.v2101.ky10.")
} else := _all("A3b", "yes", "yes", "unlisted", ["only some kernels of V10 SP1 work"]) if {
	kernel.distribution.version == "SP1"
	kernel.build[0] >= 23
} else := _none("A3c", ["V10 SP1 is supported from build 23 on"]) if {
	kernel.distribution.version == "SP1"
} else := _all("A4", "yes", "yes", "listed", []) if {
	kernel.distribution.version == "SP2"
	kernel.build >= [25, 24]
} else := _profiling_only if {
	kernel.distribution.version == "SP2"
} else := _all("A5", "yes", "yes", "listed", []) if {
	kernel.build >= [52, 24]
} else := _none("A5b", ["V10 SP3 is supported from build 52.24 on"])

_profiling_only := object.union(
	_none("A4b", ["without bpf_probe_read_user there is profiling, but no AutoTracing"]),
	{"perf": "yes"},
)

_all(name, golang, openssl, certainty, notes) := {
	"row": name,
	"kprobe": "yes",
	"golang_uprobe": golang,
	"openssl_uprobe": openssl,
	"perf": "yes",
	"certainty": certainty,
	"notes": notes,
}

_some(name, golang, openssl, notes) := _all(name, golang, openssl, "listed", notes)

_none(name, notes) := {
	"row": name,
	"kprobe": "no",
	"golang_uprobe": "no",
	"openssl_uprobe": "no",
	"perf": "no",
	"certainty": "unlisted",
	"notes": notes,
}

_unknown(notes) := {
	"row": "unknown",
	"kprobe": "unknown",
	"golang_uprobe": "unknown",
	"openssl_uprobe": "unknown",
	"perf": "unknown",
	"certainty": "unknown",
	"notes": notes,
}

_el7_notes(kernel) := array.concat([_host_note, _preview_note], _crash_notes(kernel))

_crash_notes(kernel) := ["with uprobes on, an agent built before 2025-10-29 can crash the node"] if {
	kernel.build < [1160, 76]
} else := []

_openssl_note := "OpenSSL uprobes need kernel 4.17"

_host_note := "uprobes reach processes of the host, not those in containers"

_builds_note := "the page lists the builds 957, 1062, 1127 and 1160 without errata"

_preview_note := "el7 calls its eBPF a technology preview"
