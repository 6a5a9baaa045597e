"""Roots of hosts for the collector of node facts, with the expected facts."""

from __future__ import annotations

import gzip
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Link:
    """A symbolic link."""

    target: str


class Directory:
    """An empty directory."""


class Fifo:
    """A named pipe that nobody writes to."""


class Socket:
    """A socket that nobody listens on."""


Entry = str | bytes | Link | Directory | Fifo | Socket
Tree = Mapping[str, Entry]


@dataclass(frozen=True)
class Host:
    """A tree, the name and spec that root collects, and each unread (fact, path, reason)."""

    tree: Tree
    name: str
    spec: Mapping[str, Any]
    unread: list[tuple[str, str, str]] = field(default_factory=list)

    def document(self, *, superuser: bool) -> dict[str, Any]:
        """Return the NodeFacts; other users do not get what only root may read."""
        spec = dict(self.spec)
        unread = list(self.unread)
        if not superuser and "paths" in spec:
            spec["paths"] = {path: dict(found) for path, found in spec["paths"].items()}
            for path, found in spec["paths"].items():
                if found.pop("readable", None) is not None:
                    unread.append((f"paths.{path}.readable", path, "needs root"))
        document: dict[str, Any] = {
            "apiVersion": "dfpolicy.dev/v1",
            "kind": "NodeFacts",
            "metadata": {"name": self.name},
            "spec": spec,
        }
        if unread:
            keys = ("fact", "path", "reason")
            rows = [dict(zip(keys, row, strict=True)) for row in sorted(unread)]
            document["status"] = {"unread": rows}
        return document


def build(root: Path, tree: Tree) -> Path:
    """Create the tree in `root`, and return it."""
    root.mkdir(parents=True, exist_ok=True)
    for place, entry in tree.items():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(entry, str):
            path.write_text(entry, "utf-8", newline="")
        elif isinstance(entry, bytes):
            path.write_bytes(entry)
        elif isinstance(entry, Link):
            path.symlink_to(entry.target)
        elif isinstance(entry, Directory):
            path.mkdir(exist_ok=True)
        elif isinstance(entry, Fifo):
            os.mkfifo(path)
        else:
            _bind(path)
    return root


def _bind(path: Path) -> None:
    # The path of a socket must be short, and that of a test's directory is not.
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.close(folder)


# Each address appears twice, in the main and in the local table.
FIB_TRIE = (
    "Main:\n  |-- 0.0.0.0\n     /0 universe UNICAST\n"
    + """\
     |-- 127.0.0.1
        /32 host LOCAL
     |-- 172.20.14.0
        /24 link UNICAST
     |-- 172.20.14.21
        /32 host LOCAL
     |-- 172.20.14.255
        /32 link BROADCAST
"""
    * 2
)
IF_INET6 = (
    "00000000000000000000000000000001 01 80 10 80       lo\n"
    "fd000000000000000000000000000002 04 40 00 82     eth0\n"
)


def net_dev(*names: str) -> str:
    """Return /proc/net/dev with these interfaces."""
    head = "Inter-|   Receive\n face |bytes    packets\n"
    return head + "".join(f"{name:>6}: 1 2 0 0 0 0 0 0 3 4 0 0 0 0 0 0\n" for name in names)


def net_tcp(*sockets: tuple[str, str]) -> str:
    """Return /proc/net/tcp with these (local address, state), both in hexadecimal."""
    head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when\n"
    rows = (
        f"{number:4}: {address} 00000000:0000 {state} 00000000:00000000 00:00000000\n"
        for number, (address, state) in enumerate(sockets)
    )
    return head + "".join(rows)


_CAPABILITIES = [
    *("CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID"),
    *("KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE"),
    *("NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK"),
    *("IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE"),
    *("SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE"),
    *("SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE"),
    *("AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG"),
    *("WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF"),
    *("CHECKPOINT_RESTORE",),
]

_CGROUPS = """\
#subsys_name	hierarchy	num_cgroups	enabled
cpuset	4	1	1
cpu	7	64	1
memory	2	64	1
net_cls	0	1	0
"""

_MOUNTS = """\
sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0
securityfs /sys/kernel/security securityfs rw,nosuid,nodev,noexec,relatime 0 0
debugfs /sys/kernel/debug debugfs rw,relatime 0 0
tracefs /sys/kernel/debug/tracing tracefs rw,relatime 0 0
"""

CENTOS_7 = Host(
    tree={
        "etc/hostname": "# set by hand\nc7-1.example.com\n",
        "etc/os-release": (
            'NAME="CentOS Linux"\nVERSION="7 (Core)"\nID="centos"\nID_LIKE="rhel fedora"\n'
            'VERSION_ID="7"\nPRETTY_NAME="CentOS Linux 7 (Core)"\n\n'
        ),
        "etc/cni/net.d/10-calico.conflist": (
            '{"name": "k8s-pod-network", "cniVersion": "0.3.1", "plugins": ['
            '{"type": "calico", "ipam": {"type": "calico-ipam"},'
            ' "kubernetes": {"kubeconfig": "/etc/cni/net.d/calico-kubeconfig"}},'
            '{"type": "portmap", "snat": true, "capabilities": {"portMappings": true}}]}'
        ),
        "etc/cni/net.d/calico-kubeconfig": "token: s3cr3t\n",
        "var/run": Link("/run"),
        "run/docker.sock": Socket(),
        "boot/config-3.10.0-1160.el7.x86_64": (
            "#\n# Automatically generated file; DO NOT EDIT.\n#\nCONFIG_64BIT=y\n"
            "CONFIG_BPF_SYSCALL=y\nCONFIG_BPF_JIT=y\nCONFIG_FTRACE_SYSCALLS=y\nCONFIG_KPROBES=y\n"
            "CONFIG_KPROBE_EVENT=y\nCONFIG_UPROBE_EVENT=y\n# CONFIG_BPF_JIT_ALWAYS_ON is not set\n"
            'CONFIG_BPF_EVENTS="y"\n# CONFIG_UPROBES is not set by anyone\n'
        ),
        "proc/sys/kernel/osrelease": "3.10.0-1160.el7.x86_64\n",
        "proc/sys/kernel/kptr_restrict": "0\n",
        "proc/sys/kernel/perf_event_paranoid": "2\n",
        "proc/sys/net/core/bpf_jit_enable": "0\n",
        "proc/cgroups": _CGROUPS,
        "proc/filesystems": "nodev\tsysfs\nnodev\tselinuxfs\n\txfs\n",
        "proc/meminfo": "MemTotal:       16266300 kB\nMemFree:          123456 kB\n",
        "proc/1/comm": "systemd\n",
        "proc/1/status": "Name:\tsystemd\nCapEff:\t0000001fffffffff\nCapBnd:\t0000001fffffffff\n",
        "proc/1/mounts": _MOUNTS,
        "proc/1/net/dev": net_dev("lo", "eth0", "cali12ab", "docker0"),
        "proc/1/net/tcp": net_tcp(
            ("00000000:0016", "0A"), ("0100007F:2742", "0A"), ("0100007F:D431", "01")
        ),
        "proc/1/net/fib_trie": FIB_TRIE,
        "proc/1/net/if_inet6": IF_INET6,
        "proc/812/comm": "deepflow-agent\n",
        "proc/812/task/813/comm": "deepflow-agent\n",
        "proc/913/comm": "deepflow-agentx\n",
        "sys/kernel/security": Directory(),
        "sys/kernel/debug/tracing": Directory(),
        "sys/bus/event_source/devices/cpu": Directory(),
        "sys/fs/selinux/enforce": "1",
        "sys/fs/cgroup/memory/tasks": "",
        "sys/class/net/other": Directory(),
        "sys/devices/system/cpu/online": "0-3\n",
    },
    name="c7-1.example.com",
    spec={
        "os": {"id": "centos", "versionId": "7", "prettyName": "CentOS Linux 7 (Core)"},
        "kernelRelease": "3.10.0-1160.el7.x86_64",
        "kernelConfig": {
            "CONFIG_BPF_SYSCALL": "y",
            "CONFIG_BPF_JIT": "y",
            "CONFIG_BPF_JIT_ALWAYS_ON": "n",
            "CONFIG_FTRACE_SYSCALLS": "y",
            "CONFIG_KPROBES": "y",
            "CONFIG_KPROBE_EVENT": "y",
            "CONFIG_UPROBE_EVENT": "y",
        },
        "btf": False,
        "uprobePmu": False,
        "selinux": {"enabled": True, "mode": "enforcing"},
        "lockdown": "none",
        "sysctls": {
            "kernel.kptr_restrict": 0,
            "net.core.bpf_jit_enable": 0,
            "kernel.perf_event_paranoid": 2,
        },
        "paths": {
            "/sys/kernel/debug": {"exists": True, "readable": True, "mounted": True},
            "/sys/kernel/debug/tracing": {"mounted": True, "writable": True},
            "/var/run/netns": {"exists": False},
        },
        "cgroup": {"version": 1, "controllers": ["cpuset", "cpu", "memory"]},
        "cni": {
            "configs": [
                {
                    "file": "10-calico.conflist",
                    "name": "k8s-pod-network",
                    "plugins": ["calico", "portmap"],
                }
            ]
        },
        "interfaces": ["cali12ab", "docker0", "eth0", "lo"],
        "addresses": ["172.20.14.21", "fd00:0:0:0:0:0:0:2"],
        "capabilities": _CAPABILITIES[:37],
        "cpus": 4,
        "memoryBytes": 16656691200,
        "containerRuntime": {"name": "docker"},
        "processes": {"deepflowAgents": 1},
        "portsInUse": [22, 10050],
    },
)

_MULTUS = """\
{
  "clusterNetwork": "default-net",
  "delegates": [
    {
      "name": "cilium",
      "plugins": [{"ipam": {"type": "host-local"}, "t\\u0079pe": "cilium-cni"}]
    }
  ],
  "name": "multus \\"shim\\" \\u94f6\\ud83d\\ude00",
  "type": "multus-shim"
}
"""

UBUNTU_24_04 = Host(
    tree={
        "etc/hostname": "u24\n",
        "etc/os-release": Link("../../../../usr/lib/os-release"),
        "usr/lib/os-release": (
            'PRETTY_NAME=\'Ubuntu 24.04.1 LTS\'\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\n'
        ),
        "etc/cni/net.d/00-multus.conf": _MULTUS,
        "etc/cni/net.d/05-cilium.conflist": (
            '{"plugins":[{"delegate":{"type":"bridge"},"type":"cilium-cni"}]}'
        ),
        "etc/cni/net.d/99-none.json": "{ }",
        "etc/cni/net.d/100-first.conf": '{"type":"loopback"}',
        "etc/cni/net.d/old.conf/x.conf": "no JSON, and not asked for",
        "etc/cni/net.d/.hidden.conf.swp": "no JSON, and not asked for",
        "var/run": Link("../run"),
        "run/netns/cni-1": "",
        "run/containerd/containerd.sock": Socket(),
        "lib": Link("usr/lib"),
        "lib/modules/6.8.0-45-generic/config": "CONFIG_BPF=y\nCONFIG_DEBUG_INFO_BTF=m\n",
        "proc/sys/kernel/arch": "x86_64\n",
        "proc/sys/kernel/osrelease": "6.8.0-45-generic\n",
        "proc/sys/kernel/kptr_restrict": "1\n",
        "proc/sys/kernel/perf_event_paranoid": "-1\n",
        "proc/sys/kernel/unprivileged_bpf_disabled": "2\n",
        "proc/filesystems": "nodev\tsysfs\n\text4\n",
        "proc/meminfo": "MemTotal:       2113929216 kB\n",
        "proc/1/comm": "systemd\n",
        "proc/1/status": "CapBnd:\t000001ffffffffff\n",
        "proc/1/mounts": _MOUNTS,
        "proc/1/net/dev": net_dev("lo", "ens5", "lxc_health"),
        "proc/1/net/tcp": net_tcp(("00000000:0016", "0A"), ("0100007F:C1F9", "0A")),
        "proc/1/net/tcp6": net_tcp(("0" * 32 + ":0016", "0A"), ("0" * 32 + ":9603", "0A")),
        "sys/kernel/btf/vmlinux": b"\x9f\xeb\x01\x00",
        "sys/kernel/security/lockdown": "[none] integrity confidentiality\n",
        "sys/kernel/debug": Directory(),
        "sys/bus/event_source/devices/uprobe": Link("../../../devices/uprobe"),
        "sys/devices/uprobe/type": "9\n",
        "sys/fs/cgroup/cgroup.controllers": "cpuset cpu io memory pids\n",
        "sys/devices/system/cpu/online": "0\n",
    },
    name="u24",
    spec={
        "architecture": "x86_64",
        "os": {"id": "ubuntu", "versionId": "24.04", "prettyName": "Ubuntu 24.04.1 LTS"},
        "kernelRelease": "6.8.0-45-generic",
        "kernelConfig": {"CONFIG_BPF": "y", "CONFIG_DEBUG_INFO_BTF": "m"},
        "btf": True,
        "uprobePmu": True,
        "selinux": {"enabled": False, "mode": "disabled"},
        "lockdown": "none",
        "sysctls": {
            "kernel.kptr_restrict": 1,
            "kernel.perf_event_paranoid": -1,
            "kernel.unprivileged_bpf_disabled": 2,
        },
        "paths": {
            "/sys/kernel/debug": {"exists": True, "readable": True, "mounted": True},
            "/sys/kernel/debug/tracing": {"mounted": True, "writable": True},
            "/var/run/netns": {"exists": True, "readable": True},
        },
        "cgroup": {"version": 2, "controllers": ["cpuset", "cpu", "io", "memory", "pids"]},
        "cni": {
            "configs": [
                {
                    "file": "00-multus.conf",
                    "name": 'multus "shim" 银\N{GRINNING FACE}',
                    "plugins": ["multus-shim", "cilium-cni"],
                },
                {"file": "05-cilium.conflist", "plugins": ["cilium-cni", "bridge"]},
                {"file": "100-first.conf", "plugins": ["loopback"]},
                {"file": "99-none.json", "plugins": []},
            ]
        },
        "interfaces": ["ens5", "lo", "lxc_health"],
        "capabilities": _CAPABILITIES,
        "cpus": 1,
        "memoryBytes": 2164663517184,
        "containerRuntime": {"name": "containerd"},
        "processes": {"deepflowAgents": 0},
        "portsInUse": [22, 38403, 49657],
    },
    unread=[
        (
            "sysctls.net.core.bpf_jit_enable",
            "/proc/sys/net/core/bpf_jit_enable",
            "not visible in this network namespace",
        )
    ],
)

_KYLIN_CONFIG = (
    "CONFIG_BPF=y\nCONFIG_BPF_SYSCALL=y\nCONFIG_KPROBE_EVENTS=y\nCONFIG_UPROBE_EVENTS=y\n"
    "# CONFIG_DEBUG_INFO_BTF is not set\n"
)

KYLIN_V10 = Host(
    tree={
        "etc/hostname": "ky-1",
        "etc/os-release": (
            'NAME="Kylin Linux Advanced Server"\r\nID="kylin"\r\nVERSION_ID="V10"\r\n'
            'PRETTY_NAME="银河麒麟 \\"V10\\" (Ter"\'cel) \\$x\'\r\n'
        ),
        "etc/cni/conf": "",
        "run/crio/crio.sock": Socket(),
        "run/netns": Directory(),
        "var/run": Link("/../run"),
        "proc/config.gz": gzip.compress(_KYLIN_CONFIG.encode(), mtime=0),
        "boot/config-4.19.90-24.4.v2101.ky10.aarch64": "CONFIG_BPF=m\n",
        "proc/sys/kernel/osrelease": "4.19.90-24.4.v2101.ky10.aarch64\n",
        "proc/sys/kernel/kptr_restrict": "2\n",
        "proc/sys/net/core/bpf_jit_enable": "1\n",
        "proc/cgroups": _CGROUPS,
        "proc/filesystems": "nodev\tselinuxfs\n",
        "proc/meminfo": "MemTotal:       65536 kB\n",
        "proc/1/comm": "systemd\n",
        "proc/1/status": "CapBnd:\t0000000000000000\n",
        "proc/1/mounts": "sysfs /sys sysfs rw 0 0\n",
        "proc/1/net/tcp": net_tcp(),
        "proc/7/comm": "deepflow-agent\n",
        "proc/8/comm": "deepflow-agent\n",
        "sys/kernel/security/lockdown": "none [integrity] confidentiality\n",
        "sys/kernel/debug": Directory(),
        "sys/bus/event_source/devices": Directory(),
        "sys/fs/selinux/enforce": "0",
        "sys/fs/cgroup/cpu": Directory(),
        "sys/class/net/enp1s0": Link("../../devices/gone"),
        "sys/class/net/bonding_masters": "bond0\n",
        "sys/class/net/bond0": Directory(),
        "sys/devices/system/cpu/online": "0-31,64-95,100\n",
    },
    name="ky-1",
    spec={
        "os": {
            "id": "kylin",
            "versionId": "V10",
            "prettyName": '银河麒麟 "V10" (Tercel) \\$x',
        },
        "kernelRelease": "4.19.90-24.4.v2101.ky10.aarch64",
        "kernelConfig": {
            "CONFIG_BPF": "y",
            "CONFIG_BPF_SYSCALL": "y",
            "CONFIG_KPROBE_EVENTS": "y",
            "CONFIG_UPROBE_EVENTS": "y",
            "CONFIG_DEBUG_INFO_BTF": "n",
        },
        "btf": False,
        "uprobePmu": False,
        "selinux": {"enabled": True, "mode": "permissive"},
        "lockdown": "integrity",
        "sysctls": {"kernel.kptr_restrict": 2, "net.core.bpf_jit_enable": 1},
        "paths": {
            "/sys/kernel/debug": {"exists": True, "readable": True, "mounted": False},
            "/sys/kernel/debug/tracing": {"mounted": False},
            "/var/run/netns": {"exists": True, "readable": True},
        },
        "cgroup": {"version": 1, "controllers": ["cpuset", "cpu", "memory"]},
        "cni": {"configs": []},
        "interfaces": ["bond0", "enp1s0"],
        "capabilities": [],
        "cpus": 65,
        "memoryBytes": 67108864,
        "containerRuntime": {"name": "cri-o"},
        "processes": {"deepflowAgents": 2},
        "portsInUse": [],
    },
)

_HUGE = "1" * ((1 << 20) + 1)

HOSTILE = Host(
    tree={
        "etc/hostname": "h\n",
        "etc/os-release": (
            b'ID=$(touch${IFS}pwned)`reboot`\nVERSION_ID="1\nPRETTY_NAME=\xc3\x28\n'
        ),
        "etc/cni/net.d/10-a.conf": '{"type": "calico"}',
        "etc/cni/net.d/20-b.conf": '{"type": "x", "token": "s3cr3t",}',
        "run/docker.sock": "not a socket",
        "run/containerd": Link("/run/containerd"),
        "run/crio/crio.sock": Fifo(),
        "var/run": Link("/run"),
        "proc/config.gz": b"\x1f\x8bno",
        "proc/sys/kernel/arch": b"x86\x00_64\n",
        "proc/sys/kernel/osrelease": "../../etc/x\n",
        "proc/sys/kernel/kptr_restrict": Fifo(),
        "proc/sys/kernel/perf_event_paranoid": "2; true\n",
        "proc/sys/kernel/unprivileged_bpf_disabled": "010\n",
        "proc/sys/net/core/bpf_jit_enable": _HUGE,
        "proc/filesystems": Directory(),
        "proc/meminfo": "MemTotal: 9e9 kB\n",
        "proc/cgroups": Link("cgroups"),
        "proc/1/comm": Link("/etc/passwd"),
        "proc/1/status": "CapBnd:\tall\n",
        "proc/1/mounts": _HUGE,
        "proc/1/net/dev": b"\n\n \xff0: 1\n",
        "proc/1/net/tcp": (
            net_tcp(("00000000:0016", "0A")) + net_tcp(("00000000:ZZZZ", "0A")) + "x\n"
        ),
        "proc/1/net/tcp6": Directory(),
        "sys/kernel/security/lockdown": "[off] none\n",
        "sys/kernel/btf": Link("btf"),
        "sys/kernel/debug": Directory(),
        "sys/fs/selinux/enforce": "yes",
        "sys/devices/system/cpu/online": "0-,3\n",
    },
    name="h",
    spec={
        "os": {"id": "$(touch${IFS}pwned)`reboot`"},
        "paths": {
            "/sys/kernel/debug": {"exists": True, "readable": True},
            "/var/run/netns": {"exists": False},
        },
    },
    unread=[
        ("architecture", "/proc/sys/kernel/arch", "not valid UTF-8"),
        ("os.versionId", "/etc/os-release", "a quote is not closed"),
        ("os.prettyName", "/etc/os-release", "not valid UTF-8"),
        ("kernelRelease", "/proc/sys/kernel/osrelease", "contains unexpected characters"),
        ("kernelConfig", "/proc/config.gz", "cannot be unpacked"),
        ("btf", "/sys/kernel/btf/vmlinux", "too many links"),
        ("selinux", "/sys/fs/selinux/enforce", "must be 0 or 1"),
        ("lockdown", "/sys/kernel/security/lockdown", "an unknown value"),
        ("sysctls.kernel.kptr_restrict", "/proc/sys/kernel/kptr_restrict", "not a regular file"),
        (
            "sysctls.net.core.bpf_jit_enable",
            "/proc/sys/net/core/bpf_jit_enable",
            "larger than 1 MiB",
        ),
        (
            "sysctls.kernel.perf_event_paranoid",
            "/proc/sys/kernel/perf_event_paranoid",
            "not a number",
        ),
        (
            "sysctls.kernel.unprivileged_bpf_disabled",
            "/proc/sys/kernel/unprivileged_bpf_disabled",
            "not a number",
        ),
        ("paths./sys/kernel/debug.mounted", "/proc/1/mounts", "larger than 1 MiB"),
        ("paths./sys/kernel/debug/tracing.mounted", "/proc/1/mounts", "larger than 1 MiB"),
        ("cgroup", "/proc/cgroups", "too many links"),
        ("cni", "/etc/cni/net.d/20-b.conf", "not valid JSON"),
        ("interfaces", "/proc/1/net/dev", "not valid UTF-8"),
        ("capabilities", "/proc/1/status", "CapBnd is missing"),
        ("cpus", "/sys/devices/system/cpu/online", "not a valid list of CPUs"),
        ("memoryBytes", "/proc/meminfo", "MemTotal is missing or invalid"),
        ("containerRuntime", "/run/containerd/containerd.sock", "too many links"),
        ("portsInUse", "/proc/1/net/tcp6", "not a regular file"),
    ],
)

_NO_PROC = "procfs is not mounted"
_NO_SYS = "sysfs is not mounted"

EMPTY = Host(
    tree={"etc/hostname": "bare\n"},
    name="bare",
    spec={"cni": {"configs": []}},
    unread=[
        ("architecture", "/proc/sys/kernel/arch", _NO_PROC),
        ("kernelRelease", "/proc/sys/kernel/osrelease", _NO_PROC),
        ("kernelConfig", "/proc/config.gz", _NO_PROC),
        ("btf", "/sys/kernel/btf/vmlinux", _NO_SYS),
        ("uprobePmu", "/sys/bus/event_source/devices/uprobe/type", _NO_SYS),
        ("selinux", "/proc/filesystems", _NO_PROC),
        ("lockdown", "/sys/kernel/security/lockdown", _NO_SYS),
        ("sysctls.kernel.kptr_restrict", "/proc/sys/kernel/kptr_restrict", _NO_PROC),
        ("sysctls.net.core.bpf_jit_enable", "/proc/sys/net/core/bpf_jit_enable", _NO_PROC),
        ("sysctls.kernel.perf_event_paranoid", "/proc/sys/kernel/perf_event_paranoid", _NO_PROC),
        (
            "sysctls.kernel.unprivileged_bpf_disabled",
            "/proc/sys/kernel/unprivileged_bpf_disabled",
            _NO_PROC,
        ),
        ("paths./sys/kernel/debug", "/sys/kernel/debug", _NO_SYS),
        ("cgroup", "/proc/cgroups", _NO_PROC),
        ("interfaces", "/sys/class/net", _NO_SYS),
        ("addresses", "/proc/1/net/fib_trie", _NO_PROC),
        ("capabilities", "/proc/1/status", _NO_PROC),
        ("cpus", "/sys/devices/system/cpu/online", _NO_SYS),
        ("memoryBytes", "/proc/meminfo", _NO_PROC),
        ("processes.deepflowAgents", "/proc/1/comm", _NO_PROC),
        ("portsInUse", "/proc/1/net/tcp", _NO_PROC),
    ],
)

HOSTS = {
    "centos-7": CENTOS_7,
    "ubuntu-24.04": UBUNTU_24_04,
    "kylin-v10": KYLIN_V10,
    "hostile": HOSTILE,
    "empty": EMPTY,
}
