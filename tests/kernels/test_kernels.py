"""What dfpolicy says about a node and an agent is what kernels answer: `make test-kernels`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy import evaluate_files
from kernels import guest, oracle, table
from kernels.cases import ARM_BOOTS, BOOTS, PLAIN, Boot, Case, cases
from kernels.deployments import judge
from kernels.guest import Kernel

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "kernel-lab.md"
# The versions that the lab must have; sid has whatever is newest.
SUITES = (
    "bullseye-amd64",
    "bookworm-amd64",
    "trixie-amd64",
    "sid-amd64",
    "bookworm-arm64",
    "trixie-arm64",
)
# After the cases: the script that a user runs, as the shells of small systems run it.
SCRIPT = """\
setting
confined script-dash --caps ALL /bin/dash /script.sh --name dash
confined script-busybox --caps ALL /bin/busybox sh /script.sh --name busybox
confined script-lacking --caps SYS_ADMIN,NET_RAW,DAC_READ_SEARCH /bin/dash /script.sh --name lacking
confined script-unprivileged --uid 1001 /bin/busybox sh /script.sh --name unprivileged
part left ls -A /tmp /run
"""
SCRIPTED = "trixie-amd64"

Job = tuple[Kernel, Boot, str]


@dataclass(frozen=True)
class Lab:
    """What all guests answered, and what dfpolicy says about the same cases."""

    kernels: list[Kernel]
    found: list[oracle.Comparison]
    reviewed: list[oracle.Review]
    shells: dict[str, str]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    kernels = guest.kernels()
    missing = [name for name in SUITES if name not in {kernel.name for kernel in kernels}]
    if missing or not shutil.which("qemu-system-x86_64"):
        text = f"not found: {', '.join(missing) or 'QEMU'}; run `make tools-kernels`"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)
    scratch = tmp_path_factory.mktemp("guests")
    # The long ones first. Waiting for a guest takes no processor time of Python.
    jobs = sorted(_jobs(kernels), key=lambda job: job[1] is not PLAIN)

    def run(job: Job) -> dict[str, str]:
        kernel, boot, extra = job
        return guest.boot(kernel, boot, extra, scratch)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outputs = list(pool.map(run, jobs))
    facts: dict[Case, Any] = {}
    answers: dict[Case, dict[str, str]] = {}
    shells: dict[str, str] = {}
    for (kernel, boot, extra), parts in zip(jobs, outputs, strict=True):
        for case in cases(kernel.name, boot):
            facts[case] = yaml.safe_load(parts[f"facts {case.setting}"])
            answers[case] = guest.answers(parts, f"answers {case.name}")["results"]
        if extra:
            shells = parts
    judged = judge(facts, scratch)
    found = [one for case in facts for one in oracle.compare(case, judged[case], answers[case])]
    return Lab(kernels, found, oracle.reviews(), shells)


def _jobs(kernels: list[Kernel]) -> Iterator[Job]:
    for kernel in kernels:
        for boot in ARM_BOOTS if kernel.name.endswith("arm64") else BOOTS:
            yield kernel, boot, SCRIPT if (kernel.name, boot) == (SCRIPTED, PLAIN) else ""


def test_each_verdict_agrees_with_the_kernel(lab: Lab) -> None:
    unexplained = [
        f"{one.case.kernel} {one.case.name}: {one.claim} {one.verdict}, kernel {one.answer}"
        for one in oracle.unexplained(lab.found, lab.reviewed)
    ]
    assert unexplained == []


def test_each_row_of_the_reviewed_table_is_needed(lab: Lab) -> None:
    assert oracle.stale(lab.found, lab.reviewed) == []


def test_the_cases_reach_each_claim_in_both_directions(lab: Lab) -> None:
    assert len({one.case for one in lab.found}) >= 150
    seen = {(one.claim, bool(one.refused)) for one in lab.found if one.agreement == "agrees"}
    # What kernels never refuse for this reason alone stands in the reviewed table.
    alone = {row.claim for row in lab.reviewed if row.agreement == "false alarm"}
    claims = {*oracle.CLAIMS, *oracle.FEATURES}
    assert {claim for claim in claims if (claim, False) not in seen} == set()
    # Only kernels before 4.17 lack the uprobe PMU, and Debian has none of them.
    assert {claim for claim in claims if (claim, True) not in seen} - alone == {"DF-KERNEL-002"}


def test_the_script_with_the_probe_runs_in_small_shells(lab: Lab) -> None:
    dash, busybox = (
        yaml.safe_load(lab.shells[f"script-{name}"])["spec"] for name in ("dash", "busybox")
    )
    assert dash == busybox
    assert set(dash["probe"][0]["results"].values()) == {"ok"}
    # Nothing of the probe stays.
    assert lab.shells["left"].split() == ["/run:", "/tmp:"]


def test_a_report_on_the_output_of_the_script_names_the_refused_call(
    lab: Lab, tmp_path: Path
) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text(lab.shells["script-lacking"], "utf-8")
    report: Any = evaluate_files(
        ROOT / "examples/requirements/DF-EBPF-003/violation.yaml", facts=facts, config=""
    )
    (observed,) = {one["observed"] for one in report["results"] if one["id"] == "DF-EBPF-003"}
    assert "the kernel refused rlimit.memlock: setrlimit EPERM" in observed


def test_the_table(lab: Lab, update_golden: bool) -> None:
    page = table.page(lab.kernels, lab.found, lab.reviewed)
    written = ROOT / "build" / PAGE.name
    written.parent.mkdir(exist_ok=True)
    written.write_text(page, "utf-8")
    if update_golden:
        PAGE.write_text(page, "utf-8")
    committed = PAGE.read_text("utf-8")
    # Debian updates its kernels; then the page shows those of its last update.
    if all(f" {kernel.release} " in committed for kernel in lab.kernels):
        assert page == committed
