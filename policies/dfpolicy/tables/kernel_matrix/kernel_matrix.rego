# METADATA
# title: Kernel matrix
# description: >-
#   DeepFlow's table of kernels. A kernel is {architecture, version, build, release,
#   distribution}; versions and builds are compared number by number.
package dfpolicy.tables.kernel_matrix

# METADATA
# title: Rows
# description: >-
#   The first row that fits a kernel counts. Each has id, architecture, features, certainty and
#   notes; a kernel fits where it meets every condition that the row has: the version is at least
#   `from` and less than `before`, the build is at least `build_from` and less than
#   `build_before`, the distribution has this name (empty: not known), and the patterns `pack` and
#   `release` match its version and the kernel release. X1 to X6 and A1 to A7 are the rows of
#   DeepFlow's page from the top; a letter behind one marks a case beside it.
rows := [
	# x86. Only the kernel of SUSE is listed for one distribution.
	{
		"id": "unknown", "architecture": "x86", "from": [4, 12, 14], "before": [4, 12, 15],
		"distribution": "",
		"features": _open, "certainty": "unknown", "notes": [_undecided],
	},
	{
		"id": "X1", "architecture": "x86", "from": [3, 10, 0], "before": [3, 10, 1],
		"release": `^3\.10\.0-(957|1062|1127|1160)\.el7(\.centos)?\.x86_64$`,
		"features": _host_only, "certainty": "listed", "notes": [_host, _preview, _crash],
	},
	{
		"id": "X1a", "architecture": "x86", "from": [3, 10, 0], "before": [3, 10, 1],
		"build_from": [940], "build_before": [1160, 76], "release": `\.el7\.`,
		"features": _host_only, "certainty": "unlisted", "notes": [_builds, _host, _preview, _crash],
	},
	{
		"id": "X1a", "architecture": "x86", "from": [3, 10, 0], "before": [3, 10, 1],
		"build_from": [1160, 76], "release": `\.el7\.`,
		"features": _host_only, "certainty": "unlisted", "notes": [_builds, _host, _preview],
	},
	{
		"id": "X2", "architecture": "x86", "from": [4, 12, 14], "before": [4, 12, 15],
		"distribution": "suse", "pack": `^12\.5$`,
		"features": _no_openssl, "certainty": "listed", "notes": [_openssl, "of the agents only v6.5, v6.6.9.2504 and v7.0.5 to v7.0.7 start below 4.14"],
	},
	{
		"id": "X1b", "architecture": "x86", "from": [3, 10], "before": [3, 11],
		"features": _none, "certainty": "unlisted", "notes": ["3.10 is supported as el7 from build 940 on only"],
	},
	{
		"id": "X2b", "architecture": "x86", "before": [4, 14],
		"features": _none, "certainty": "unlisted", "notes": ["kernels before 4.14 are supported as el7 3.10 and SUSE 12 SP5 only"],
	},
	{
		"id": "X3", "architecture": "x86", "from": [4, 14], "before": [4, 15],
		"features": _host_go, "certainty": "listed", "notes": [_host, "two agents on one node break each other"],
	},
	{
		"id": "X4", "architecture": "x86", "from": [4, 15], "before": [4, 16],
		"features": _host_go, "certainty": "listed", "notes": [_host],
	},
	{
		"id": "X5", "architecture": "x86", "from": [4, 16], "before": [4, 17],
		"features": _no_openssl, "certainty": "listed", "notes": [_openssl],
	},
	{
		"id": "X6", "architecture": "x86", "from": [4, 17],
		"features": _all, "certainty": "listed", "notes": [],
	},
	# ARM: CentOS 8, EulerOS, Kylin V10 by service pack, all others.
	{
		"id": "unknown", "architecture": "arm", "from": [4, 18], "before": [4, 19],
		"distribution": "", "release": _el8,
		"features": _open, "certainty": "unknown", "notes": [_undecided],
	},
	{
		"id": "unknown", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "kylin", "pack": `^$`,
		"features": _open, "certainty": "unknown", "notes": [_undecided],
	},
	{
		"id": "A1", "architecture": "arm", "from": [4, 18], "before": [4, 19],
		"distribution": "centos", "pack": `^(8|$)`, "release": _el8,
		"features": _all, "certainty": "listed", "notes": [],
	},
	{
		"id": "A1b", "architecture": "arm", "from": [4, 18], "before": [4, 19],
		"release": _el8,
		"features": _all, "certainty": "unlisted", "notes": ["the page names CentOS 8 alone for this kernel"],
	},
	{
		"id": "A2", "architecture": "arm", "from": [5, 10],
		"distribution": "euleros",
		"features": _all, "certainty": "listed", "notes": [],
	},
	{
		"id": "A2b", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "euleros", "release": `^4\.19\.90-vhulk(2204\.1\.0\.h1160|2211\.3\.0\.h1543)\.eulerosv2r10\.aarch64$`,
		"features": _all, "certainty": "unlisted", "notes": ["verified by newer pages of the documentation"],
	},
	{
		"id": "A2c", "architecture": "arm",
		"distribution": "euleros",
		"features": _none, "certainty": "unlisted", "notes": ["EulerOS is supported from 5.10 on"],
	},
	{
		"id": "A3", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "kylin", "pack": `^SP1$`, "release": `^4\.19\.90-23\.48\.v2101\.ky10\.`,
		"features": _all, "certainty": "listed", "notes": [_some_of_sp1],
	},
	{
		"id": "A3b", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "kylin", "pack": `^SP1$`, "build_from": [23],
		"features": _all, "certainty": "unlisted", "notes": [_some_of_sp1],
	},
	{
		"id": "A3c", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "kylin", "pack": `^SP1$`,
		"features": _none, "certainty": "unlisted", "notes": ["V10 SP1 is supported from build 23 on"],
	},
	{
		"id": "A4", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "kylin", "pack": `^SP2$`, "build_from": [25, 24],
		"features": _all, "certainty": "listed", "notes": [],
	},
	{
		"id": "A4b", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "kylin", "pack": `^SP2$`,
		"features": _profiling, "certainty": "unlisted", "notes": ["without bpf_probe_read_user there is profiling, but no AutoTracing"],
	},
	{
		"id": "A5", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "kylin", "build_from": [52, 24],
		"features": _all, "certainty": "listed", "notes": [],
	},
	{
		"id": "A5b", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "kylin",
		"features": _none, "certainty": "unlisted", "notes": ["V10 SP3 is supported from build 52.24 on"],
	},
	{
		"id": "A6", "architecture": "arm", "from": [5, 8],
		"features": _all, "certainty": "listed", "notes": [],
	},
	{
		"id": "A7", "architecture": "arm", "before": [5, 8],
		"features": _none, "certainty": "unlisted", "notes": ["on ARM the kernel has to be 5.8 or a listed one of a distribution"],
	},
]

# METADATA
# title: Row of a kernel
# description: >-
#   {row, kprobe, golang_uprobe, openssl_uprobe, perf, certainty, notes}: what the agent can attach
#   to there, and the id of the row that says so.
row(kernel) := _shown(_undecided_row) if {
	_unreadable(kernel)
} else := _shown(_first(kernel)) if {
	kernel.architecture in {"x86", "arm"}
} else := _shown(_foreign_row)

_first(kernel) := [found | some found in _by_architecture[kernel.architecture]; _fits(found, kernel)][0]

_shown(found) := object.union(found.features, {"row": found.id, "certainty": found.certainty, "notes": found.notes})

_unreadable(kernel) if kernel.version == null

_unreadable(kernel) if kernel.architecture == ""

_by_architecture := {name: [found | some found in rows; found.architecture == name] | name := rows[_].architecture}

_fits(found, kernel) if {
	kernel.version >= object.get(found, "from", [])
	_below(kernel.version, found, "before")
	kernel.build >= object.get(found, "build_from", [])
	_below(kernel.build, found, "build_before")
	_of_distribution(found, _name(kernel))
	_matches(kernel.distribution.version, found, "pack")
	_matches(kernel.release, found, "release")
}

_below(_, found, column) if not found[column]

_below(parts, found, column) if parts < found[column]

_of_distribution(found, name) if object.get(found, "distribution", name) == name

_matches(_, found, column) if not found[column]

_matches(text, found, column) if regex.match(found[column], text)

_name(kernel) := kernel.distribution.name if {
	kernel.distribution.known
} else := ""

_undecided_row := {"id": "unknown", "features": _open, "certainty": "unknown", "notes": [_undecided]}

_foreign_row := {
	"id": "architecture",
	"features": _none,
	"certainty": "unlisted",
	"notes": ["the agent has no eBPF programs for this architecture"],
}

_all := {"kprobe": "yes", "golang_uprobe": "yes", "openssl_uprobe": "yes", "perf": "yes"}

_host_only := {"kprobe": "yes", "golang_uprobe": "host-only", "openssl_uprobe": "host-only", "perf": "yes"}

_host_go := {"kprobe": "yes", "golang_uprobe": "host-only", "openssl_uprobe": "no", "perf": "yes"}

_no_openssl := {"kprobe": "yes", "golang_uprobe": "yes", "openssl_uprobe": "no", "perf": "yes"}

_profiling := {"kprobe": "no", "golang_uprobe": "no", "openssl_uprobe": "no", "perf": "yes"}

_none := {"kprobe": "no", "golang_uprobe": "no", "openssl_uprobe": "no", "perf": "no"}

_open := {"kprobe": "unknown", "golang_uprobe": "unknown", "openssl_uprobe": "unknown", "perf": "unknown"}

_el8 := `^4\.18\..*el8`

_undecided := "architecture, kernel release or distribution is not known"

_openssl := "OpenSSL uprobes need kernel 4.17"

_host := "uprobes reach processes of the host, not those in containers"

_builds := "the page lists the builds 957, 1062, 1127 and 1160 without errata"

_preview := "el7 calls its eBPF a technology preview"

_crash := "with uprobes on, an agent built before 2025-10-29 can crash the node"

_some_of_sp1 := "only some kernels of V10 SP1 work"
