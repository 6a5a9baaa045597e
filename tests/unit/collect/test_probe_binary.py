"""The probe in the tree is what its sources say, and answers under the privileges that it has."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

import dfpolicy

ROOT = Path(__file__).parents[3]
BINARIES = Path(dfpolicy.__file__).parent / "collect" / "probe"
MACHINES = {"x86_64": 62, "aarch64": 183}
linux = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in MACHINES, reason="no binary for this host"
)


def path_of(machine: str) -> Path:
    return BINARIES / f"dfpolicy-probe-{machine}"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(path_of(platform.machine())), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=90)


def test_the_binaries_were_built_from_these_sources() -> None:
    recorded = {}
    for line in (BINARIES / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        recorded[name] = digest
    files = [*(ROOT / "probe").glob("*.[ch]"), *map(path_of, MACHINES)]
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert found == recorded, "run `make probe`"


@pytest.mark.parametrize("machine", MACHINES)
def test_a_binary_is_small_static_and_for_its_architecture(machine: str) -> None:
    content = path_of(machine).read_bytes()
    assert len(content) <= 64 << 10
    assert content[:5] == b"\x7fELF\x02"
    assert int.from_bytes(content[18:20], "little") == MACHINES[machine]
    start, count = (int.from_bytes(content[at : at + 2], "little") for at in (32, 56))
    kinds = {
        int.from_bytes(content[at : at + 4], "little")
        for at in range(start, start + 56 * count, 56)
    }
    interpreter, dynamic = 3, 2
    assert not kinds & {interpreter, dynamic}


@linux
def test_the_list_names_each_attempt_that_the_answers_name() -> None:
    listed = [line.split()[0] for line in run("--list").stdout.splitlines()]
    document = json.loads(run().stdout)
    assert document["version"] == 1
    assert set(document["results"]) <= set(listed)
    assert set(document["refused"]) <= set(document["results"])
    # Each attempt that every kernel can answer.
    assert {"load.kprobe", "kallsyms", "rlimit.memlock", "namespace.enter"} <= set(
        document["results"]
    )


@linux
def test_only_the_chosen_attempts_run() -> None:
    assert set(json.loads(run("map", "kallsyms").stdout)["results"]) == {
        "map.small",
        "map.large",
        "kallsyms",
    }


@linux
def test_an_unknown_option_fails_and_tries_nothing() -> None:
    result = run("--lst")
    assert (result.returncode, result.stdout) == (2, "")


@linux
@pytest.mark.skipif(os.geteuid() != 0, reason="drops privileges")
def test_without_privileges_the_kernel_refuses_and_the_document_says_so() -> None:
    command = [
        *("setpriv", "--reuid", "1000", "--clear-groups", "--bounding-set=-all", "--no-new-privs"),
        str(path_of(platform.machine())),
    ]
    document = json.loads(subprocess.run(command, capture_output=True, timeout=90).stdout)
    assert document["as"]["uid"] == 1000
    assert document["as"]["effective"] == []
    assert document["as"]["noNewPrivs"] is True
    assert document["results"]["load.kprobe"] == "EPERM"
    assert document["refused"]["load.kprobe"] == "bpf"
    assert document["results"]["kallsyms"] == "zeros"
