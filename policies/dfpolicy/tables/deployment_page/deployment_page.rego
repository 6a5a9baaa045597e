# METADATA
# title: Deployment page
# description: >-
#   The permissions and kernels that DeepFlow's overview page requires, line by line and in the
#   page's order. A requirement lists the lines that it covers in `custom.covers`.
package dfpolicy.tables.deployment_page

# METADATA
# title: Sections
# description: The titles of the page's sections, by id.
sections := {
	"af-packet": "Permissions for AF_PACKET traffic",
	"api-server": "Access to the Kubernetes API server",
	"cni": "Network plug-ins (CNI)",
	"ebpf": "Permissions for eBPF data",
	"kernel-notes": "Notes on kernels",
	"kernels": "Kernels for eBPF",
	"kubernetes-info": "Permissions for Kubernetes information",
}

# METADATA
# title: Lines
# description: >-
#   Entries {id, section, text}. A line that no requirement covers has the reason in `unstated`.
lines := [
	{
		"id": "kernel-x86-centos-7-9",
		"section": "kernels",
		"text": "x86, CentOS 7.9, 3.10.0-940 and later: kprobe, uprobes for Go and OpenSSL outside containers, perf",
	},
	{
		"id": "kernel-x86-redhat-7-6",
		"section": "kernels",
		"text": "x86, RedHat 7.6, 3.10.0-940 and later: kprobe, uprobes for Go and OpenSSL outside containers, perf",
	},
	{
		"id": "kernel-x86-4-14",
		"section": "kernels",
		"text": "x86, any distribution, 4.14: kprobe, uprobes for Go outside containers, perf",
	},
	{
		"id": "kernel-x86-4-15",
		"section": "kernels",
		"text": "x86, any distribution, 4.15: kprobe, uprobes for Go outside containers, perf",
	},
	{
		"id": "kernel-x86-4-16",
		"section": "kernels",
		"text": "x86, any distribution, 4.16: kprobe, uprobes for Go, perf",
	},
	{
		"id": "kernel-x86-4-17",
		"section": "kernels",
		"text": "x86, any distribution, 4.17 and later: kprobe, uprobes for Go and OpenSSL, perf",
	},
	{
		"id": "kernel-x86-suse-12-sp5",
		"section": "kernels",
		"text": "x86, SUSE 12 SP5, 4.12: kprobe, uprobes for Go, perf",
	},
	{
		"id": "kernel-arm-centos-8",
		"section": "kernels",
		"text": "ARM, CentOS 8, 4.18: kprobe, uprobes for Go and OpenSSL, perf",
	},
	{
		"id": "kernel-arm-euleros",
		"section": "kernels",
		"text": "ARM, EulerOS, 5.10 and later: kprobe, uprobes for Go and OpenSSL, perf",
	},
	{
		"id": "kernel-arm-kylin-v10-sp1",
		"section": "kernels",
		"text": "ARM, KylinOS V10 SP1, 4.19.90-23: kprobe, uprobes for Go and OpenSSL, perf",
	},
	{
		"id": "kernel-arm-kylin-v10-sp2",
		"section": "kernels",
		"text": "ARM, KylinOS V10 SP2, 4.19.90-25.24 and later: kprobe, uprobes for Go and OpenSSL, perf",
	},
	{
		"id": "kernel-arm-kylin-v10-sp3",
		"section": "kernels",
		"text": "ARM, KylinOS V10 SP3, 4.19.90-52.24 and later: kprobe, uprobes for Go and OpenSSL, perf",
	},
	{
		"id": "kernel-arm-others",
		"section": "kernels",
		"text": "ARM, other distributions, 5.8 and later: kprobe, uprobes for Go and OpenSSL, perf",
	},
	{
		"id": "note-1-fentry",
		"section": "kernel-notes",
		"text": "Note 1: with BTF, fentry replaces kprobe on x86 from 5.5 and on ARM from 6.0, and is about 15 percent faster",
	},
	{
		"id": "note-2-el7-builds",
		"section": "kernel-notes",
		"text": "Note 2: on CentOS 7.9 and RedHat 7.6, the builds 957, 1062, 1127 and 1160 of `3.10.0` are supported",
	},
	{
		"id": "note-2-preview",
		"section": "kernel-notes",
		"text": "Note 2: eBPF in RedHat 7.6 is a technology preview, not for production",
		"unstated": "node facts do not show whether a node is in production; `dfpolicy features` shows a note for such kernels",
	},
	{
		"id": "note-3-containers",
		"section": "kernel-notes",
		"text": "Note 3: uprobes do not support Go and OpenSSL processes in containers",
	},
	{
		"id": "note-4-single-agent",
		"section": "kernel-notes",
		"text": "Note 4: on kernel 4.14, only one agent can run on a node",
	},
	{
		"id": "note-5-suse",
		"section": "kernel-notes",
		"text": "Note 5: for 4.12, only 4.12.14 of SUSE 12 SP5 is supported",
	},
	{
		"id": "note-6-euleros",
		"section": "kernel-notes",
		"text": "Note 6: `4.19.90-vhulk2204.1.0.h1160` and `4.19.90-vhulk2211.3.0.h1543` of EulerOS V2R10 are tested and work",
	},
	{
		"id": "note-7-kylin-sp1",
		"section": "kernel-notes",
		"text": "Note 7: only some kernels of KylinOS V10 SP1 are verified, for example `4.19.90-23.48.v2101.ky10.aarch64`; others have no guarantee",
	},
	{
		"id": "note-8-kylin-sp2",
		"section": "kernel-notes",
		"text": concat("", [
			"Note 8: on KylinOS V10 SP2, kernels without `bpf_probe_read_user()`, for example 4.19.90-24.4, ",
			"support profiling and file tracing, but not AutoTracing",
		]),
	},
	{
		"id": "k8s-host-pid",
		"section": "kubernetes-info",
		"text": "`HOST_PID` of the container (required)",
	},
	{
		"id": "k8s-sys-admin",
		"section": "kubernetes-info",
		"text": "`SYS_ADMIN` (recommended)",
	},
	{
		"id": "k8s-sys-admin-absent",
		"section": "kubernetes-info",
		"text": "Without `SYS_ADMIN`, the agent learns interfaces, Pod IPs and MACs from ARP and ICMPv6 packets",
	},
	{
		"id": "k8s-sys-ptrace",
		"section": "kubernetes-info",
		"text": "`SYS_PTRACE` (required)",
	},
	{
		"id": "k8s-netns",
		"section": "kubernetes-info",
		"text": "Read access to `/var/run/netns` (recommended); without it, the agent finds network namespaces more slowly",
	},
	{
		"id": "k8s-netns-first",
		"section": "kubernetes-info",
		"text": "The agent looks for network namespaces in `/var/run/netns` first",
	},
	{
		"id": "k8s-netns-fallback",
		"section": "kubernetes-info",
		"text": "Otherwise it uses `/proc/$pid/ns/net`, which disappears with its process; a namespace can have several of these files",
	},
	{
		"id": "capture-host-net",
		"section": "af-packet",
		"text": "`HOST_NET` of the container (required)",
	},
	{
		"id": "capture-net-raw",
		"section": "af-packet",
		"text": "`NET_RAW` (required)",
	},
	{
		"id": "capture-net-admin",
		"section": "af-packet",
		"text": "`NET_ADMIN` (required)",
	},
	{
		"id": "capture-ipc-lock",
		"section": "af-packet",
		"text": "`IPC_LOCK`, with `MAP_LOCKED` and `MAP_NORESERVE` (recommended)",
	},
	{
		"id": "capture-ipc-lock-absent",
		"section": "af-packet",
		"text": "Without `IPC_LOCK`, cBPF is much slower and the agent warns",
	},
	{
		"id": "ebpf-selinux",
		"section": "ebpf",
		"text": "SELinux is disabled (required)",
	},
	{
		"id": "ebpf-sys-admin",
		"section": "ebpf",
		"text": "`SYS_ADMIN` (recommended)",
	},
	{
		"id": "ebpf-bpf-perfmon",
		"section": "ebpf",
		"text": "From kernel 5.8 on, `BPF` and `PERFMON` together replace `SYS_ADMIN`",
	},
	{
		"id": "ebpf-sys-admin-any-kernel",
		"section": "ebpf",
		"text": "With `SYS_ADMIN`, kernel 5.8 is not needed",
	},
	{
		"id": "ebpf-sys-resource",
		"section": "ebpf",
		"text": "`SYS_RESOURCE` (required)",
	},
	{
		"id": "ebpf-syslog",
		"section": "ebpf",
		"text": "`SYSLOG` (required)",
	},
	{
		"id": "ebpf-debugfs",
		"section": "ebpf",
		"text": "Read access to `/sys/kernel/debug/` (required)",
	},
	{
		"id": "ebpf-debugfs-absent",
		"section": "ebpf",
		"text": "Kprobes and uprobes attach through debugfs; without it, eBPF does not work",
	},
	{
		"id": "ebpf-root",
		"section": "ebpf",
		"text": "Only root can access this directory, so the agent runs as root",
	},
	{
		"id": "ebpf-kptr-restrict",
		"section": "ebpf",
		"text": "`/proc/sys/kernel/kptr_restrict` is not 2 (required); with 2, Continuous Profiler does not work",
	},
	{
		"id": "ebpf-kptr-restrict-2",
		"section": "ebpf",
		"text": "With 2, no user can read kernel symbol addresses, not even with `CAP_SYSLOG`; the agent logs a warning at start",
	},
	{
		"id": "ebpf-kptr-restrict-preset",
		"section": "ebpf",
		"text": "Most systems have 1; if it is 2, set it to 1 in advance",
	},
	{
		"id": "ebpf-jit",
		"section": "ebpf",
		"text": "Read and write access to `/proc/sys/net/core/bpf_jit_enable` (recommended)",
	},
	{
		"id": "ebpf-jit-off",
		"section": "ebpf",
		"text": "With a value other than 1, eBPF is much slower",
	},
	{
		"id": "ebpf-jit-on",
		"section": "ebpf",
		"text": "With 1, the agent only reads the value, and logs a warning if it cannot",
	},
	{
		"id": "ebpf-jit-write",
		"section": "ebpf",
		"text": "With another value, the agent tries to set 1, and logs a warning if it cannot",
	},
	{
		"id": "ebpf-jit-preset",
		"section": "ebpf",
		"text": "If you set 1 in advance, write access is not needed",
	},
	{
		"id": "ebpf-jit-init",
		"section": "ebpf",
		"text": "By default, a privileged init container of the DaemonSet sets 1, so the agent can run unprivileged",
	},
	{
		"id": "rbac-verbs",
		"section": "api-server",
		"text": "The agent calls the API server, with get, list and watch on each resource",
	},
	{
		"id": "rbac-nodes",
		"section": "api-server",
		"text": "nodes",
	},
	{
		"id": "rbac-namespaces",
		"section": "api-server",
		"text": "namespaces",
	},
	{
		"id": "rbac-configmaps",
		"section": "api-server",
		"text": "configmaps",
	},
	{
		"id": "rbac-services",
		"section": "api-server",
		"text": "services",
	},
	{
		"id": "rbac-pods",
		"section": "api-server",
		"text": "pods",
	},
	{
		"id": "rbac-replicationcontrollers",
		"section": "api-server",
		"text": "replicationcontrollers",
	},
	{
		"id": "rbac-daemonsets",
		"section": "api-server",
		"text": "daemonsets",
	},
	{
		"id": "rbac-deployments",
		"section": "api-server",
		"text": "deployments",
	},
	{
		"id": "rbac-replicasets",
		"section": "api-server",
		"text": "replicasets",
	},
	{
		"id": "rbac-statefulsets",
		"section": "api-server",
		"text": "statefulsets",
	},
	{
		"id": "rbac-ingresses",
		"section": "api-server",
		"text": "ingresses",
	},
	{
		"id": "rbac-routes",
		"section": "api-server",
		"text": "routes",
	},
	{
		"id": "cni-adapted",
		"section": "cni",
		"text": "Kubernetes labels require a CNI plug-in that DeepFlow supports",
	},
	{
		"id": "cni-flannel",
		"section": "cni",
		"text": "Flannel",
	},
	{
		"id": "cni-calico",
		"section": "cni",
		"text": "Calico",
	},
	{
		"id": "cni-cilium",
		"section": "cni",
		"text": "Cilium",
	},
	{
		"id": "cni-multus",
		"section": "cni",
		"text": "Multus",
	},
	{
		"id": "cni-open-vswitch",
		"section": "cni",
		"text": "Open vSwitch",
	},
	{
		"id": "cni-weave",
		"section": "cni",
		"text": "Weave",
	},
	{
		"id": "cni-tke-globalrouter",
		"section": "cni",
		"text": "TKE GlobalRouter",
	},
	{
		"id": "cni-tke-vpc-cni",
		"section": "cni",
		"text": "TKE VPC-CNI",
	},
	{
		"id": "cni-ack-terway",
		"section": "cni",
		"text": "ACK Terway",
	},
	{
		"id": "cni-qke-hostnic",
		"section": "cni",
		"text": "QKE HostNIC",
	},
	{
		"id": "cni-ipvlan",
		"section": "cni",
		"text": "IPVlan",
	},
	{
		"id": "cni-macvlan",
		"section": "cni",
		"text": "MACVlan, with extra configuration",
	},
]
