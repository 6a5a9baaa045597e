"""Boots a kernel of `.tools/kernels` in QEMU without KVM, and returns what its cases answered."""

from __future__ import annotations

import shlex
import stat
import subprocess
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dfpolicy.collect import node, probing
from kernels.cases import Boot, cases

ROOT = Path(__file__).parents[2]
LAB = Path(__file__).parent / "lab"
STORE = ROOT / ".tools" / "kernels"
# On a busy machine, QEMU sometimes loses a timer of a guest that boots, which then waits for ever.
# Whatever a case does, it prints something more often than this.
_SILENT_SECONDS = 240
_STARTS = 3
_ALLOW = """\
(allow lab_type self (bpf (map_create map_read map_write prog_load prog_run)))
(allow lab_type self (perf_event (open cpu kernel tracepoint read write)))
"""


@dataclass(frozen=True)
class Machine:
    """What differs between the architectures."""

    probe: str
    libraries: str
    loader: str
    command: tuple[str, ...]
    console: str


MACHINES = {
    "amd64": Machine(
        "x86_64",
        "usr/lib/x86_64-linux-gnu",
        "lib64/ld-linux-x86-64.so.2",
        ("qemu-system-x86_64", "-machine", "pc", "-cpu", "max"),
        "ttyS0",
    ),
    "arm64": Machine(
        "aarch64",
        "usr/lib/aarch64-linux-gnu",
        "lib/ld-linux-aarch64.so.1",
        ("qemu-system-aarch64", "-machine", "virt", "-cpu", "cortex-a72"),
        "ttyAMA0",
    ),
}


@dataclass(frozen=True)
class Kernel:
    """A kernel in the store, for example `bookworm-amd64`."""

    name: str
    release: str

    @property
    def machine(self) -> Machine:
        return MACHINES[self.name.rpartition("-")[2]]

    @property
    def image(self) -> Path:
        return STORE / self.name / "vmlinuz"


def kernels() -> list[Kernel]:
    """Return the kernels in the store, oldest first."""
    found = [
        Kernel(path.parent.name, path.read_text("ascii").strip())
        for path in STORE.glob("*/release")
    ]
    return sorted(found, key=lambda kernel: (kernel.name[-5:], _numbers(kernel.release)))


def _numbers(release: str) -> list[int]:
    return [int(part) for part in release.split("-")[0].split("+")[0].split(".")]


class GuestError(Exception):
    """A guest did not do what its script says."""


def boot(kernel: Kernel, boot: Boot, extra: str, scratch: Path) -> dict[str, str]:
    """Run the cases of a boot, and shell lines after them. Return the parts that it printed."""
    archive = scratch / f"{kernel.name}-{boot.name}.cpio"
    archive.write_bytes(_archive(kernel, _script(kernel, boot) + extra, scratch))
    command = [
        *kernel.machine.command,
        *("-accel", "tcg,thread=single", "-m", "512", "-nodefaults", "-display", "none"),
        *("-no-reboot", "-serial", "stdio", "-kernel", str(kernel.image), "-initrd", str(archive)),
        *(
            "-append",
            f"console={kernel.machine.console} quiet loglevel=1 panic=-1 {boot.arguments}",
        ),
    ]
    where = f"{kernel.name}, {boot.name}"
    return _parts(_output(command, archive.with_suffix(".log"), where), where)


def _output(command: list[str], log: Path, where: str) -> str:
    """Return what the guest printed. One that QEMU lost is started again."""
    for _start in range(_STARTS):
        with log.open("wb") as file:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT
            )
        try:
            if _ended(process, log):
                return log.read_text("utf-8", "replace")
        finally:
            process.kill()
            process.wait()
    raise GuestError(f"{where}: silent for {_SILENT_SECONDS} seconds, {_STARTS} times")


def _ended(process: subprocess.Popen[bytes], log: Path) -> bool:
    """Wait for the guest. Return False if it prints nothing for too long."""
    size, since = 0, time.monotonic()
    while time.monotonic() - since < _SILENT_SECONDS:
        try:
            process.wait(timeout=1)
            return True
        except subprocess.TimeoutExpired:
            if log.stat().st_size != size:
                size, since = log.stat().st_size, time.monotonic()
    return False


def _parts(output: str, where: str) -> dict[str, str]:
    """Return the text of each part of the guest's output, with its name."""
    parts: dict[str, str] = {}
    lines: list[str] | None = None
    for line in output.replace("\r", "").split("\n"):
        if line.startswith("@begin "):
            lines = []
        elif line.startswith("@end ") and lines is not None:
            name, _, status = line[len("@end ") :].rpartition(" ")
            if status != "0":
                text = "\n".join(lines)
                raise GuestError(f"{where}: {name} ended with {status}: {text}")
            parts[name] = "\n".join(lines).strip("\n") + "\n"
            lines = None
        elif lines is not None:
            lines.append(line)
        elif line.startswith("lab: "):
            raise GuestError(f"{where}: {line}")
        elif line == "@done":
            return parts
    raise GuestError(f"{where}: the guest stopped early: {output[-2000:]}")


def answers(parts: dict[str, str], name: str) -> dict[str, Any]:
    """Return the probe's document of a part."""
    return probing.parse(parts[name].encode())


def _script(kernel: Kernel, boot: Boot) -> str:
    lines = []
    for setting in boot.settings:
        values = [f"{key}={value}" for key, value in setting.values.items()]
        lines += [shlex.join(["setting", *values]), f"facts {setting.name}"]
        lines += [
            shlex.join(
                [
                    "answers",
                    case.name,
                    case.agent.debugfs,
                    "host" if case.agent.privileged or case.agent.unit else "container",
                    *case.agent.arguments,
                ]
            )
            for case in cases(kernel.name, boot)
            if case.setting == setting.name
        ]
    return "\n".join(lines) + "\n"


# --- The archive that the kernel unpacks as its root


def _archive(kernel: Kernel, script: str, scratch: Path) -> bytes:
    machine = kernel.machine
    guest = STORE / f"guest-{kernel.name.rpartition('-')[2]}"
    files = {
        "init": (LAB / "init.sh").read_bytes(),
        **{name: (LAB / name).read_bytes() for name in ("inside.sh", "mounts.sh")},
        "cases.sh": script.encode(),
        "collect.sh": node.script().encode(),
        "script.sh": node.script(probe=True).encode(),
        "probe": probing.binary(machine.probe),
        "confine": (STORE / f"confine-{machine.probe}").read_bytes(),
        "bin/busybox": (guest / "usr/bin/busybox").read_bytes(),
        "bin/dash": (guest / "usr/bin/dash").read_bytes(),
        f"{machine.libraries.removeprefix('usr/')}/libc.so.6": _library(
            guest, machine, "libc.so.6"
        ),
        machine.loader: _library(guest, machine, Path(machine.loader).name),
        **{f"{name}.policy": content for name, content in _policies(scratch).items()},
    }
    folders = {str(parent) for path in files for parent in Path(path).parents} - {"."}
    entries = [
        _entry(number, path, stat.S_IFDIR, b"") for number, path in enumerate(sorted(folders), 1)
    ]
    entries += [
        _entry(number, path, stat.S_IFREG, content)
        for number, (path, content) in enumerate(files.items(), len(entries) + 1)
    ]
    return b"".join([*entries, _entry(0, "TRAILER!!!", 0, b"")])


def _library(guest: Path, machine: Machine, name: str) -> bytes:
    return (guest / machine.libraries / name).read_bytes()


def _entry(number: int, name: str, kind: int, content: bytes) -> bytes:
    """Return a file in the format `newc` of cpio; all belong to root and can be executed."""
    path = name.encode() + b"\0"
    numbers = (number, kind | 0o755, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(path), 0)
    head = b"070701" + b"".join(b"%08X" % value for value in numbers) + path
    return head + b"\0" * (-len(head) % 4) + content + b"\0" * (-len(content) % 4)


@lru_cache
def _policies(scratch: Path) -> dict[str, bytes]:
    """Return the SELinux policies of the cases, compiled."""
    compiled = {}
    for name, rules in {"refuse": "", "allow": _ALLOW}.items():
        source, target = scratch / f"{name}.cil", scratch / f"{name}.policy"
        source.write_text((LAB / "policy.cil").read_text("utf-8") + rules, "utf-8")
        # Version 31 is the newest that Linux 5.10 reads.
        command = [
            "secilc",
            "-M",
            "true",
            "-c",
            "31",
            "-o",
            str(target),
            "-f",
            "/dev/null",
            str(source),
        ]
        subprocess.run(command, check=True, capture_output=True)
        compiled[name] = target.read_bytes()
    return compiled
