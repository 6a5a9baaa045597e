"""Collects the facts of one node with the script that also works without Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from dfpolicy.collect import probing
from dfpolicy.errors import DfpolicyError, InputError, reason
from dfpolicy.i18n.language import _, marked
from dfpolicy.model import JsonObject
from dfpolicy.reading.limits import Limits, budget, within
from dfpolicy.system import subprocesses

SCRIPT = Path(__file__).with_name("collect_node.sh")
TIMEOUT_SECONDS = 60
# More than any node has: 4096 names of each kind, and all ports.
LARGEST = 8 << 20
_LIMITS = Limits(LARGEST, 2, 200_000)

# What `script` replaces for the probe.
_NO_BINARY, _NOT_PROBING = "binary() { return 1; }", "\nprobing=\n"

# The exit code of the script for wrong options, or a host that it cannot read.
_REFUSED = 2
# What the script says; documents keep its English.
REASONS = (
    *(marked("longer than 1024 bytes"), marked("larger than 1 MiB"), marked("not valid UTF-8")),
    *(
        marked("contains unexpected characters"),
        marked("too many links"),
        marked("not a regular file"),
    ),
    *(marked("cannot be read"), marked("a file name contains a line break"), marked("missing")),
    *(marked("a quote is not closed"), marked("neither gzip nor zcat is installed")),
    *(marked("cannot be unpacked"), marked("a broken symbolic link"), marked("not valid JSON")),
    *(marked("procfs is not mounted"), marked("process 1 is not visible")),
    *(marked("sysfs is not mounted"), marked("not a kernel configuration")),
    *(marked("must be 0 or 1"), marked("selinuxfs is not mounted")),
    *(marked("an unknown value"), marked("securityfs is not mounted")),
    *(
        marked("not visible in this network namespace"),
        marked("not a number"),
        marked("needs root"),
    ),
    *(
        marked("CapBnd is missing"),
        marked("not a valid list of CPUs"),
        marked("MemTotal is missing or invalid"),
    ),
    *(
        marked("no probe for this architecture"),
        marked("not in this script; use dfpolicy collect script --probe"),
        marked("no directory where a program can be written and run"),
    ),
)
REFUSALS = (
    marked("--root is not a directory"),
    marked("not a Linux host; give the directory where one is mounted with --root"),
    marked("the name of the node is unknown; give it with --name"),
    marked("--name is empty"),
    marked("--probe cannot be used with --root"),
)


def script(probe: bool = False) -> str:
    """Return the collector's text, for `ssh HOST sh -s`; with `probe`, it carries the probe."""
    text = SCRIPT.read_text("utf-8")
    if probe:
        for line, more in (
            (_NO_BINARY, probing.shell_function()),
            (_NOT_PROBING, "\nprobing=yes\n"),
        ):
            text = text.replace(line, more, 1)
    return text


def collect(
    root: str = "", name: str | None = None, probe: bool = False
) -> tuple[JsonObject, list[str]]:
    """Return NodeFacts of this host, and `collect: fact: path: reason` for each unread fact.

    `root` is where the host is mounted; `name` is the node's name, by default the host's. `probe`
    also tries what the agent does on this kernel. The
    document fits the schema `node-facts`. Unknown facts are absent; unreadable ones are in
    `status.unread`. Raises InputError if `root` is not a directory or there is no name, and
    DfpolicyError if the script cannot run, fails, takes more than a minute, or prints no NodeFacts.
    """
    if not root and sys.platform != "linux":
        raise DfpolicyError(
            _("this host does not run Linux, which the agent needs"),
            hint=_("give the directory where a Linux host is mounted with --root"),
        )
    options = []
    if root and probe:
        raise InputError(_("--probe cannot be used with --root"), hint=_("run it on the host"))
    if root:
        if not _is_directory(root):
            raise InputError(
                _("no such directory"), root, _("give the directory where the host is mounted")
            )
        options += ["--root", root]
    if name is not None:
        if not name or "\0" in name:
            raise InputError(
                _("the name of the node is empty or invalid"), hint=_("give another one")
            )
        options += ["--name", name]
    status, output, complaints = _run(["sh", str(SCRIPT), *options])
    lines = complaints.decode("utf-8", "replace").splitlines()
    if status:
        message = (
            lines[-1].removeprefix("collect: ")
            if lines
            else _("exit code {code}").format(code=status)
        )
        if status == _REFUSED:
            raise InputError(_(message), hint=_("see `dfpolicy collect node --help`"))
        raise DfpolicyError(_("the collector failed: {message}").format(message=message))
    document = parse(output)
    if probe:
        document["spec"]["probe"] = [probing.run()]
    return document, lines


def _is_directory(root: str) -> bool:
    try:
        return Path(root).is_dir()
    except (OSError, ValueError):
        return False


def _run(command: list[str]) -> tuple[int, bytes, bytes]:
    try:
        return subprocesses.run(command, None, TIMEOUT_SECONDS, most=LARGEST)
    except OSError as error:
        raise DfpolicyError(
            _("cannot run the collector: sh: {reason}").format(reason=reason(error))
        ) from error
    except subprocess.TimeoutExpired as error:
        raise DfpolicyError(
            _("the collector took more than {seconds} s").format(seconds=TIMEOUT_SECONDS),
            hint=_("look for a mount that does not respond"),
        ) from error
    except subprocesses.OutputTooLargeError:
        size = LARGEST >> 20
        raise DfpolicyError(
            _("the collector's output is larger than {size} MiB").format(size=size)
        ) from None


def parse(output: bytes) -> JsonObject:
    """Return the NodeFacts that the script printed. Raises DfpolicyError for anything else.

    The output of another node may be hostile: its size, depth and aliases are bounded.
    """
    from dfpolicy.input.schemas import first_error
    from dfpolicy.reading.yaml_reader import read_yaml

    try:
        with within(_LIMITS):
            budget().take_size(len(output), "")
            documents = [value for value, _ in read_yaml(output.decode("utf-8"), "", 1)]
    except (UnicodeDecodeError, InputError) as error:
        raise DfpolicyError(_("the collector's output is not valid YAML")) from error
    document: Any = documents[0] if len(documents) == 1 else None
    problem = first_error(document, "node-facts")
    if problem:
        raise DfpolicyError(
            _("the collector's output is not valid NodeFacts: {problem}").format(problem=problem)
        )
    found: JsonObject = document
    return found
