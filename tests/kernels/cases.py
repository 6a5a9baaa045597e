"""The cases of the kernel lab: settings of a node, and privileges of an agent on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

# What containerd grants to a container; what DeepFlow's page asks for; what replaces SYS_ADMIN.
RUNTIME = (
    *("CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID"),
    *("SETFCAP", "SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"),
)
SEVEN = ("SYS_ADMIN", "SYS_RESOURCE", "SYSLOG", "SYS_PTRACE", "NET_RAW", "NET_ADMIN", "IPC_LOCK")
PAIR = ("BPF", "PERFMON", *SEVEN[1:])

ALLOWING, OLD = "containerd://1.7.0", "containerd://1.5.18"
# Bytes: the default of systemd.
MEMLOCK = 8 << 20


@dataclass(frozen=True)
class Privileges:
    """What a manifest or unit grants to an agent, and how the guest runs the probe with it."""

    name: str
    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    privileged: bool = False
    user: int = 0
    no_new_privs: bool = False
    filtered_by: str = ""
    """The runtime whose default seccomp profile applies; empty for no profile."""
    debugfs: str = "rw"
    """How the container sees debugfs: rw, ro or none."""
    unit: bool = False
    """A systemd unit, whose capabilities are ambient, instead of a container."""
    unlimited: bool = False
    """The memory lock limit is infinite."""

    @property
    def capabilities(self) -> tuple[str, ...]:
        """The effective set of user 0, in a stable order."""
        if self.privileged:
            return ("ALL",)
        granted = self.add if self.unit else (*RUNTIME, *self.add)
        return tuple(sorted({name for name in granted if not {name, "ALL"} & set(self.drop)}))

    @property
    def arguments(self) -> list[str]:
        """The arguments of `confine` in the guest."""
        refused = self._refused()
        return [
            *(["--caps", ",".join(self.capabilities)] if self.capabilities else []),
            *(["--uid", str(self.user)] if self.user else []),
            *(["--ambient"] if self.unit and self.user else []),
            *(["--no-new-privs"] if self.no_new_privs else []),
            *["--memlock", "max" if self.unlimited else str(MEMLOCK)],
            *(["--refuse", ",".join(refused)] if refused else []),
        ]

    def _refused(self) -> list[str]:
        if not self.filtered_by or "SYS_ADMIN" in self.capabilities:
            return []
        pairs = {"bpf": "BPF", "perf_event_open": "PERFMON", "setns": "SYS_ADMIN"}
        known = self.capabilities if self.filtered_by == ALLOWING else ()
        return [call for call, name in pairs.items() if name not in known]


@dataclass(frozen=True)
class Setting:
    """A node: its settings, as `setting` of init.sh takes them, and the agents that run there."""

    name: str
    agents: tuple[Privileges, ...]
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Boot:
    """One start of a kernel: its command line, and the settings that follow one another."""

    name: str
    arguments: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True)
class Case:
    """One setting with one agent, on one kernel."""

    kernel: str
    setting: str
    agent: Privileges

    @property
    def name(self) -> str:
        return f"{self.setting}/{self.agent.name}"


def _without(agent: Privileges, *names: str, **changes: Any) -> Privileges:
    return replace(
        agent,
        name="-".join([agent.name, *names]),
        add=tuple(name for name in agent.add if name not in names),
        drop=tuple(name for name in names if name in RUNTIME),
        **changes,
    )


ALL = Privileges("privileged", privileged=True)
DEEPFLOW = Privileges("deepflow", add=SEVEN)
BY_PAIR = Privileges("bpf+perfmon", add=PAIR)
DEFAULT = Privileges("runtime-default")
NOTHING = Privileges("drop-all", drop=("ALL",))
UNIT = Privileges("unit", add=SEVEN, unit=True)

_PLAIN = (
    ALL,
    DEEPFLOW,
    *(_without(DEEPFLOW, name) for name in SEVEN),
    _without(DEEPFLOW, "SYS_RESOURCE", "IPC_LOCK"),
    BY_PAIR,
    *(
        _without(BY_PAIR, name)
        for name in ("BPF", "PERFMON", "SYSLOG", "SYS_PTRACE", "SYS_RESOURCE")
    ),
    replace(DEEPFLOW, name="deepflow+bpf+perfmon", add=(*SEVEN, "BPF", "PERFMON")),
    DEFAULT,
    NOTHING,
    replace(DEEPFLOW, name="user-1001", user=1001),
    replace(DEEPFLOW, name="no-new-privs", no_new_privs=True),
    replace(DEEPFLOW, name="seccomp", filtered_by=ALLOWING),
    replace(BY_PAIR, name="seccomp/bpf+perfmon", filtered_by=ALLOWING),
    replace(BY_PAIR, name="old-seccomp/bpf+perfmon", filtered_by=OLD),
    replace(
        _without(DEEPFLOW, "SYS_ADMIN"), name="seccomp/deepflow-SYS_ADMIN", filtered_by=ALLOWING
    ),
    replace(DEEPFLOW, name="debugfs-read-only", debugfs="ro"),
    replace(DEEPFLOW, name="debugfs-not-mounted", debugfs="none"),
    UNIT,
    replace(UNIT, name="unit-user", user=1001),
    replace(UNIT, name="unit-user+DAC_READ_SEARCH", user=1001, add=(*SEVEN, "DAC_READ_SEARCH")),
    replace(_without(UNIT, "SYS_RESOURCE"), name="unit-unlimited", unlimited=True),
)
_FEW = (ALL, DEEPFLOW, BY_PAIR)
_SYMBOLS = (DEEPFLOW, _without(DEEPFLOW, "SYSLOG"), DEFAULT)
_LOADING = (DEEPFLOW, BY_PAIR, DEFAULT)


def _sysctls(kptr: int = 1, paranoid: int = 2, **more: int) -> dict[str, str]:
    return {key: str(value) for key, value in {"kptr": kptr, "paranoid": paranoid, **more}.items()}


PLAIN = Boot(
    "plain",
    "",
    (
        Setting("default", _PLAIN),
        Setting("kptr-0-paranoid-1", _SYMBOLS, _sysctls(kptr=0, paranoid=1)),
        Setting("kptr-0", _SYMBOLS, _sysctls(kptr=0)),
        Setting("kptr-2", (ALL, *_SYMBOLS), _sysctls(kptr=2)),
        Setting("paranoid--1", _LOADING, _sysctls(paranoid=-1)),
        Setting("paranoid-1", _LOADING, _sysctls(paranoid=1)),
        Setting("paranoid-3", (ALL, *_LOADING), _sysctls(paranoid=3)),
        Setting("paranoid-4", _LOADING, _sysctls(paranoid=4)),
        Setting("jit-0", (ALL, DEEPFLOW, UNIT), _sysctls(jit=0)),
        Setting("unprivileged-bpf-0", _LOADING, _sysctls(unprivileged=0)),
        Setting("debugfs-absent", (ALL, DEEPFLOW, UNIT), {"debugfs": "none"}),
        Setting("debugfs-read-only", (DEEPFLOW,), {"debugfs": "ro"}),
        Setting("tracefs-absent", (DEEPFLOW,), {"tracefs": "none"}),
        Setting("debugfs-and-tracefs-absent", (DEEPFLOW,), {"debugfs": "none", "tracefs": "none"}),
    ),
)
BOOTS = (
    PLAIN,
    Boot("integrity", "lockdown=integrity", (Setting("lockdown-integrity", _FEW),)),
    Boot(
        "confidentiality", "lockdown=confidentiality", (Setting("lockdown-confidentiality", _FEW),)
    ),
    Boot(
        "selinux",
        "security=selinux selinux=1 enforcing=0",
        (
            Setting(
                "selinux-refuses", (ALL, DEEPFLOW), {"policy": "/refuse.policy", "selinux": "1"}
            ),
            Setting("selinux-permissive", (DEEPFLOW,), {"selinux": "0"}),
            Setting("selinux-allows", (DEEPFLOW,), {"policy": "/allow.policy", "selinux": "1"}),
        ),
    ),
)
# On ARM, what its architecture may change.
ARM_BOOTS = (
    replace(PLAIN, settings=(Setting("default", (*_FEW, DEFAULT, NOTHING, *_PLAIN[2:9])),)),
)


def cases(kernel: str, boot: Boot) -> Iterator[Case]:
    """Yield the cases of a boot, in their order."""
    for setting in boot.settings:
        for agent in setting.agents:
            yield Case(kernel, setting.name, agent)
