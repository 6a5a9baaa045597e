# METADATA
# title: Attempts of the probe
# description: >-
#   What the answers of the probe (`probe/`) depend on, and which questions they decide.
package dfpolicy.tables.probe_attempts

# METADATA
# title: Deciding privileges
# description: >-
#   For each attempt, the privileges that the kernel looks at. Beside capabilities: `root` is user 0,
#   which owns the files, `unconfined` is a process without a seccomp filter, and `memlock` an
#   unlimited memory lock limit. SYS_ADMIN includes BPF and PERFMON.
privileges := {
	"fentry.attach": _programs,
	"helper.getStackid": _programs,
	"helper.perfEventOutput": _programs,
	"helper.probeRead": _programs,
	"helper.probeReadKernel": _programs,
	"helper.probeReadUser": _programs,
	"kallsyms": ["SYSLOG"],
	"kprobe.attach": _programs,
	"kretprobe.attach": _programs,
	"load.kprobe": _programs,
	"load.perfEvent": _programs,
	"load.socketFilter": _programs,
	"load.tracepoint": _programs,
	"load.tracing": _programs,
	"map.large": ["BPF", "PERFMON", "SYS_ADMIN", "SYS_RESOURCE", "memlock", "unconfined"],
	"map.small": _programs,
	"memory.lock": ["IPC_LOCK", "SYS_RESOURCE", "memlock"],
	"namespace.enter": ["SYS_ADMIN", "unconfined"],
	"namespace.open": ["SYS_PTRACE", "root"],
	"perf.cpuClock": _programs,
	"perf.ring": ["IPC_LOCK", "PERFMON", "SYS_ADMIN", "SYS_RESOURCE", "memlock", "unconfined"],
	"rlimit.memlock": ["SYS_RESOURCE", "memlock"],
	"socket.filter": ["NET_ADMIN", "NET_RAW"],
	"socket.packet": ["NET_ADMIN", "NET_RAW"],
	"socket.ring": ["NET_ADMIN", "NET_RAW"],
	"sysctl.jit": ["SYS_ADMIN", "root"],
	"tracepoint.debugfs": ["BPF", "PERFMON", "SYS_ADMIN", "root", "unconfined"],
	"uprobe.attach": _programs,
	"uretprobe.attach": _programs,
}

_programs := ["BPF", "PERFMON", "SYS_ADMIN", "unconfined"]

# METADATA
# title: Inconclusive answers
# description: The kernel was busy, or the attempt took too long.
inconclusive := {"EAGAIN", "EBUSY", "EINTR", "EMFILE", "ENFILE", "ENOMEM", "timeout"}

# METADATA
# title: Answers about a limit
# description: Over the memory lock limit, mmap answers like a busy kernel.
limits := {"memory.lock": ["EAGAIN"]}

# METADATA
# title: Questions
# description: >-
#   The attempts that must all succeed to answer yes, and those whose refusal answers no. `level` is
#   that of a refusal, if it is not the requirement's own. `settles` is false if a success does not
#   outweigh a violation. `confined` is true if only a probe in the place of the agent can answer.
questions := {
	"buffer_lock": {"attempts": ["memory.lock"], "refusals": ["memory.lock"]},
	"capture": {
		"attempts": ["socket.packet", "socket.filter", "socket.ring"],
		"refusals": ["socket.filter", "socket.ring"],
	},
	# On the host, debugfs is mounted at another place than in a container. A kernel with the kprobe PMU
	# needs no write access.
	"debugfs": {"attempts": ["tracepoint.debugfs", "kprobe.attach"], "refusals": ["tracepoint.debugfs"], "settles": false},
	# Programs that attach but read no kernel memory are of no use, as in confidentiality lockdown.
	"fentry": {"attempts": ["helper.probeRead", "fentry.attach"], "refusals": ["helper.probeRead", "fentry.attach"]},
	# In a container, `/proc/sys` is read-only unless it is privileged. An init container may still set it.
	"jit": {"attempts": ["sysctl.jit"], "refusals": [], "confined": true},
	# A kernel hides addresses for other reasons than a missing capability.
	"kernel_symbols": {"attempts": ["kallsyms"], "refusals": []},
	"kptr_restrict": {"attempts": ["kallsyms"], "refusals": ["kallsyms"]},
	"loading": {
		"attempts": ["load.kprobe", "load.tracepoint", "load.perfEvent", "kprobe.attach", "uprobe.attach"],
		"refusals": ["load.kprobe", "load.tracepoint", "load.perfEvent", "kprobe.attach"],
		"level": "required",
	},
	"lockdown": {"attempts": ["helper.probeRead", "kprobe.attach"], "refusals": ["helper.probeRead"]},
	"memory_lock": {"attempts": ["rlimit.memlock"], "refusals": ["rlimit.memlock"]},
	"network_namespaces": {"attempts": ["namespace.enter"], "refusals": ["namespace.enter"]},
	"process_namespaces": {"attempts": ["namespace.open"], "refusals": ["namespace.open"]},
	"profiling": {
		"attempts": ["load.perfEvent", "helper.probeRead", "helper.getStackid", "perf.cpuClock"],
		"refusals": ["load.perfEvent", "helper.probeRead", "perf.cpuClock"],
	},
	"raw_sockets": {"attempts": ["socket.packet"], "refusals": ["socket.packet"]},
	"root_user": {"attempts": ["load.kprobe", "kprobe.attach", "tracepoint.debugfs"], "refusals": []},
	"seccomp": {"attempts": ["load.kprobe", "perf.ring", "namespace.enter"], "refusals": [], "confined": true},
	"selinux": {"attempts": ["load.kprobe", "load.perfEvent", "kprobe.attach"], "refusals": [], "confined": true},
	"tracing": {
		"attempts": ["helper.probeReadKernel", "helper.probeReadUser", "kprobe.attach"],
		"refusals": ["load.kprobe", "load.tracepoint", "helper.probeRead", "kprobe.attach"],
	},
	"uprobes": {
		"attempts": ["helper.probeRead", "uprobe.attach", "uretprobe.attach"],
		"refusals": ["helper.probeRead", "uprobe.attach", "uretprobe.attach"],
	},
}
