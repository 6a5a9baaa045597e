"""Runs the probe on this host, and carries it to others.

The probe (`probe/` of the source) is a static program that tries what the agent does on a kernel.
"""

from __future__ import annotations

import base64
import json
import os
import platform
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from dfpolicy.errors import DfpolicyError, reason
from dfpolicy.i18n.language import _
from dfpolicy.model import JsonObject
from dfpolicy.system import subprocesses

FOLDER = Path(__file__).with_name("probe")
MACHINES = ("x86_64", "aarch64")
# Its own limit is 60 seconds.
TIMEOUT_SECONDS = 75
LARGEST = 64 << 10
_NAMES = {"amd64": "x86_64", "arm64": "aarch64"}
_COLUMNS = 96


def binary(machine: str) -> bytes:
    """Return the probe for one of MACHINES."""
    return (FOLDER / f"dfpolicy-probe-{machine}").read_bytes()


def shell_function() -> str:
    """Return the shell function `binary`, which prints checksum and base64 for an architecture."""
    cases = []
    for machine in MACHINES:
        content = binary(machine)
        text = base64.b64encode(content).decode("ascii")
        lines = [text[at : at + _COLUMNS] for at in range(0, len(text), _COLUMNS)]
        body = "\n".join([sha256(content).hexdigest(), *lines])
        cases.append(f"    {machine}) cat <<'END' ;;\n{body}\nEND\n")
    return "binary() {\n  case $1 in\n" + "".join(cases) + "    *) return 1 ;;\n  esac\n}"


def run() -> JsonObject:
    """Run the probe with the privileges of this process, and return its document.

    Raises DfpolicyError if there is none for this host, or if it cannot run.
    """
    machine = _NAMES.get(platform.machine().lower(), platform.machine().lower())
    if machine not in MACHINES:
        raise DfpolicyError(_("there is no probe for the architecture {name}").format(name=machine))
    try:
        with _executable(machine) as path:
            status, output, _complaints = subprocesses.run(
                [path], None, TIMEOUT_SECONDS, most=LARGEST
            )
    except (OSError, subprocess.TimeoutExpired, subprocesses.OutputTooLargeError) as error:
        told = reason(error) if isinstance(error, OSError) else type(error).__name__
        raise DfpolicyError(_("cannot run the probe: {reason}").format(reason=told)) from error
    if status:
        raise DfpolicyError(_("cannot run the probe: {reason}").format(reason=status))
    return parse(output)


@contextmanager
def _executable(machine: str) -> Iterator[str]:
    """Yield a path to run: in memory, since installed files may be neither executable nor ours."""
    descriptor = os.memfd_create("dfpolicy-probe", 0)
    try:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(binary(machine))
        yield f"/proc/{os.getpid()}/fd/{descriptor}"
    finally:
        os.close(descriptor)


def parse(output: bytes) -> JsonObject:
    """Return the document that the probe printed. Raises DfpolicyError for anything else.

    The output of another node may be hostile.
    """
    from dfpolicy.input.schemas import first_error

    document: Any = None
    if len(output) <= LARGEST:
        try:
            document = json.loads(output.decode("utf-8"))
        except (ValueError, RecursionError):
            document = None
    facts = {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "NodeFacts",
        "metadata": {"name": "node"},
        "spec": {"probe": [document]},
    }
    problem = first_error(facts, "node-facts")
    if problem:
        raise DfpolicyError(_("the probe's output is not valid: {problem}").format(problem=problem))
    found: JsonObject = document
    return found
