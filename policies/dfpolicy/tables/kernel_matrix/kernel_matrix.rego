# METADATA
# title: Kernel matrix
# description: >-
#   DeepFlow's table of kernels. A kernel is {architecture, version, build, release,
#   distribution}; versions and builds are compared number by number.
package dfpolicy.tables.kernel_matrix

# METADATA
# title: Notes
# description: The texts of rows and of feature rows.
notes := {
	"architecture": "the agent has no eBPF programs for this architecture",
	"arm_floor": "on ARM, the kernel must be 5.8 or later, or one that DeepFlow lists for a distribution",
	"confidentiality": "kernel lockdown is confidentiality, which refuses every eBPF program that reads kernel memory",
	"builds": "DeepFlow lists the builds 957, 1062, 1127 and 1160, not their errata builds",
	"centos": "DeepFlow lists this kernel for CentOS 8 only",
	"centos_redhat": "DeepFlow lists this kernel for CentOS and Red Hat only",
	"crash": "with uprobes on, an agent built before 2025-10-29 can crash the node",
	"el7_only": "of the 3.10 kernels, the agent supports el7 from build 940 only",
	"euleros": "on EulerOS, the agent supports kernel 5.10 and later",
	"foreign": "the agent runs on Linux only",
	"fentry": "fentry is off by default",
	"fentry_crash": "fentry is off by default; nodes with kernels before 5.10.28 have crashed with it",
	"host": "uprobes reach processes on the host, not in containers",
	"kylin_sp1": "on Kylin V10 SP1, the agent supports builds from 23",
	"kylin_sp3": "on Kylin V10 SP3, the agent supports builds from 52.24",
	"lowered": "below kernel 4.14, only agents v6.5, v6.6.9.2504 and v7.0.5 to v7.0.7 start",
	"no_pmu": "v7.1.4 and later, and later builds of v6.6 and v7.0, cannot attach Go and TLS probes without the uprobe PMU",
	"openssl": "OpenSSL uprobes need kernel 4.17",
	"pair": "without SYS_ADMIN, uprobes fail on kernels with the fix of CVE-2025-38466",
	"preview": "on el7, eBPF is a technology preview",
	"profiling": "this kernel has no bpf_probe_read_user: AutoProfiling works, AutoTracing does not",
	"paranoid": "kernel.perf_event_paranoid is 3 or more, so BPF and PERFMON without SYS_ADMIN attach nothing",
	"sandbox": "a sandbox such as gVisor emulates this kernel; eBPF does not exist there",
	"selinux": "SELinux is enforcing: without a rule for the agent, its policy refuses every eBPF program",
	"single": "two agents on one node break each other's eBPF programs",
	"some_of_sp1": "only some kernels of Kylin V10 SP1 work",
	"unread_user": "this kernel has no bpf_probe_read_user",
	"undecided": "architecture, kernel release or distribution is unknown",
	"virtual": "a virtual node has no kernel; its pods run in machines of their own",
	"verified": "newer pages of DeepFlow's documentation verify this kernel",
	"x86_floor": "before kernel 4.14, the agent supports el7 3.10 and SUSE 12 SP5 only",
}

# METADATA
# title: Remedies
# description: The upgrade for a row, if it is more precise than the requirement's remediation.
remedies := {
	"A2c": "EulerOS: upgrade to kernel 5.10 or later.",
	"A3c": "Kylin V10 SP1: upgrade to kernel 4.19.90-23.48.",
	"A4b": "Kylin V10 SP2: upgrade to kernel 4.19.90-25.24 or later.",
	"A5b": "Kylin V10 SP3: upgrade to kernel 4.19.90-52.24 or later.",
}

# METADATA
# title: Agents
# description: >-
#   The agent versions that start on kernels of a row before 4.14, each span as [from, to), the
#   level of a violation, and DeepFlow's statement.
agents := {
	"el7": {
		"versions": [[[6, 4], [6, 4, 0]], [[6, 4, 9], [1000]]],
		"level": "required",
		"source": "https://github.com/deepflowio/deepflow/issues/5451",
	},
	"suse": {
		"versions": [[[6, 5], [6, 6]], [[6, 6, 9, 2504], [6, 6, 9, 2505]], [[7, 0, 5], [7, 0, 8]]],
		"level": "recommended",
		"source": "https://github.com/deepflowio/deepflow/pull/9319",
	},
}

# METADATA
# title: Rows
# description: >-
#   The first row that matches a kernel counts. Each row has id, architecture, features, certainty,
#   notes and, if not all agents start there, the key of `agents`. A kernel matches if it meets
#   every condition of the row: the version is at least `from` and less than `before`; the build is
#   at least `build_from` and less than `build_before`; the distribution has this name (empty:
#   unknown); the patterns `pack` and `release` match the version of the distribution and the kernel
#   release. X1 to X6 and A1 to A7 are the rows of DeepFlow's documentation, in its order; a letter
#   after the number marks a special case of the row.
rows := [
	# x86. Only the SUSE kernel is listed for one distribution.
	{
		"id": "unknown", "architecture": "x86", "from": [4, 12, 14], "before": [4, 12, 15],
		"distribution": "",
		"features": _open, "certainty": "unknown", "notes": [notes.undecided],
	},
	{
		"id": "X1a", "architecture": "x86", "from": [3, 10, 0], "before": [3, 10, 1],
		"distribution": "oracle", "release": _el7_builds,
		"features": _host_only, "certainty": "unlisted", "notes": [notes.centos_redhat, notes.host, notes.preview, notes.crash],
		"agents": "el7",
	},
	{
		"id": "X1a", "architecture": "x86", "from": [3, 10, 0], "before": [3, 10, 1],
		"distribution": "scientific", "release": _el7_builds,
		"features": _host_only, "certainty": "unlisted", "notes": [notes.centos_redhat, notes.host, notes.preview, notes.crash],
		"agents": "el7",
	},
	{
		"id": "X1", "architecture": "x86", "from": [3, 10, 0], "before": [3, 10, 1],
		"release": _el7_builds,
		"features": _host_only, "certainty": "listed", "notes": [notes.host, notes.preview, notes.crash],
		"agents": "el7",
	},
	{
		"id": "X1a", "architecture": "x86", "from": [3, 10, 0], "before": [3, 10, 1],
		"build_from": [940], "build_before": [1160, 76], "release": `\.el7\.`,
		"features": _host_only, "certainty": "unlisted", "notes": [notes.builds, notes.host, notes.preview, notes.crash],
		"agents": "el7",
	},
	{
		"id": "X1a", "architecture": "x86", "from": [3, 10, 0], "before": [3, 10, 1],
		"build_from": [1160, 76], "release": `\.el7\.`,
		"features": _host_only, "certainty": "unlisted", "notes": [notes.builds, notes.host, notes.preview],
		"agents": "el7",
	},
	{
		"id": "X2", "architecture": "x86", "from": [4, 12, 14], "before": [4, 12, 15],
		"distribution": "suse", "pack": `^12\.5$`,
		"features": _no_openssl, "certainty": "listed", "notes": [notes.openssl, notes.lowered],
		"agents": "suse",
	},
	{
		"id": "X1b", "architecture": "x86", "from": [3, 10], "before": [3, 11],
		"features": _none, "certainty": "unlisted", "notes": [notes.el7_only],
	},
	{
		"id": "X2b", "architecture": "x86", "before": [4, 14],
		"features": _none, "certainty": "unlisted", "notes": [notes.x86_floor],
	},
	{
		"id": "X3", "architecture": "x86", "from": [4, 14], "before": [4, 15],
		"features": _host_go, "certainty": "listed", "notes": [notes.host, notes.single],
	},
	{
		"id": "X4", "architecture": "x86", "from": [4, 15], "before": [4, 16],
		"features": _host_go, "certainty": "listed", "notes": [notes.host],
	},
	{
		"id": "X5", "architecture": "x86", "from": [4, 16], "before": [4, 17],
		"features": _no_openssl, "certainty": "listed", "notes": [notes.openssl],
	},
	{
		"id": "X6", "architecture": "x86", "from": [4, 17],
		"features": _all, "certainty": "listed", "notes": [],
	},
	# ARM: CentOS 8, EulerOS, Kylin V10 by service pack, all others.
	{
		"id": "unknown", "architecture": "arm", "from": [4, 18], "before": [4, 19],
		"distribution": "", "release": _el8,
		"features": _open, "certainty": "unknown", "notes": [notes.undecided],
	},
	{
		"id": "unknown", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "kylin", "pack": `^$`,
		"features": _open, "certainty": "unknown", "notes": [notes.undecided],
	},
	{
		"id": "A1", "architecture": "arm", "from": [4, 18], "before": [4, 19],
		"distribution": "centos", "pack": `^(8|$)`, "release": _el8,
		"features": _all, "certainty": "listed", "notes": [],
	},
	{
		"id": "A1b", "architecture": "arm", "from": [4, 18], "before": [4, 19],
		"release": _el8,
		"features": _all, "certainty": "unlisted", "notes": [notes.centos],
	},
	{
		"id": "A2", "architecture": "arm", "from": [5, 10],
		"distribution": "euleros",
		"features": _all, "certainty": "listed", "notes": [],
	},
	{
		"id": "A2b", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "euleros", "release": `^4\.19\.90-vhulk(2204\.1\.0\.h1160|2211\.3\.0\.h1543)\.eulerosv2r10\.aarch64$`,
		"features": _all, "certainty": "unlisted", "notes": [notes.verified],
	},
	{
		"id": "A2c", "architecture": "arm",
		"distribution": "euleros",
		"features": _none, "certainty": "unlisted", "notes": [notes.euleros],
	},
	{
		"id": "A3", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "kylin", "pack": `^SP1$`, "release": `^4\.19\.90-23\.48\.v2101\.ky10\.`,
		"features": _all, "certainty": "listed", "notes": [notes.some_of_sp1],
	},
	{
		"id": "A3b", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "kylin", "pack": `^SP1$`, "build_from": [23],
		"features": _all, "certainty": "unlisted", "notes": [notes.some_of_sp1],
	},
	{
		"id": "A3c", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "kylin", "pack": `^SP1$`,
		"features": _none, "certainty": "unlisted", "notes": [notes.kylin_sp1],
	},
	{
		"id": "A4", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "kylin", "pack": `^SP2$`, "build_from": [25, 24],
		"features": _all, "certainty": "listed", "notes": [],
	},
	{
		"id": "A4b", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "kylin", "pack": `^SP2$`,
		"features": _profiling, "certainty": "unlisted", "notes": [notes.profiling],
	},
	{
		"id": "A5", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "kylin", "build_from": [52, 24],
		"features": _all, "certainty": "listed", "notes": [],
	},
	{
		"id": "A5b", "architecture": "arm", "from": [4, 19, 90], "before": [4, 19, 91],
		"distribution": "kylin",
		"features": _none, "certainty": "unlisted", "notes": [notes.kylin_sp3],
	},
	{
		"id": "A6", "architecture": "arm", "from": [5, 8],
		"features": _all, "certainty": "listed", "notes": [],
	},
	{
		"id": "A7", "architecture": "arm", "before": [5, 8],
		"features": _none, "certainty": "unlisted", "notes": [notes.arm_floor],
	},
]

# METADATA
# title: Row of a kernel
# description: >-
#   {row, kprobe, golang_uprobe, openssl_uprobe, perf, certainty, notes, agents}: what the agent can
#   attach to, the id of the row, and the key of `agents`, which is empty for most rows.
row(kernel) := _shown(_undecided_row) if {
	_unreadable(kernel)
} else := _shown(_first(kernel)) if {
	kernel.architecture in {"x86", "arm"}
} else := _shown(_foreign_row)

_first(kernel) := [found | some found in _by_architecture[kernel.architecture]; _fits(found, kernel)][0]

# METADATA
# title: Nodes without a Linux kernel
# description: >-
#   The rows of nodes whose release is not that of a Linux kernel: `foreign` runs another system,
#   `sandbox` emulates a kernel, `virtual` has none and its pods' kernels are unknown.
unreal := {
	"foreign": _unreal("foreign", _none, "unlisted"),
	"sandbox": _unreal("sandbox", _none, "unlisted"),
	"virtual": _unreal("virtual", _open, "unknown"),
}

_unreal(id, features, certainty) := _shown({"id": id, "features": features, "certainty": certainty, "notes": [notes[id]]})

_undecided_row := {"id": "unknown", "features": _open, "certainty": "unknown", "notes": [notes.undecided]}

_foreign_row := {"id": "architecture", "features": _none, "certainty": "unlisted", "notes": [notes.architecture]}

_shown(found) := object.union(found.features, {
	"row": found.id,
	"certainty": found.certainty,
	"notes": found.notes,
	"agents": object.get(found, "agents", ""),
})

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

_all := {"kprobe": "yes", "golang_uprobe": "yes", "openssl_uprobe": "yes", "perf": "yes"}

_host_only := {"kprobe": "yes", "golang_uprobe": "host-only", "openssl_uprobe": "host-only", "perf": "yes"}

_host_go := {"kprobe": "yes", "golang_uprobe": "host-only", "openssl_uprobe": "no", "perf": "yes"}

_no_openssl := {"kprobe": "yes", "golang_uprobe": "yes", "openssl_uprobe": "no", "perf": "yes"}

_profiling := {"kprobe": "no", "golang_uprobe": "no", "openssl_uprobe": "no", "perf": "yes"}

_none := {"kprobe": "no", "golang_uprobe": "no", "openssl_uprobe": "no", "perf": "no"}

_open := {"kprobe": "unknown", "golang_uprobe": "unknown", "openssl_uprobe": "unknown", "perf": "unknown"}

_el7_builds := `^3\.10\.0-(957|1062|1127|1160)\.el7(\.centos)?\.x86_64$`

_el8 := `^4\.18\..*el8`
