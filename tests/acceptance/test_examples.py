"""Every example has the outcome in its name, or the results in the list next to it.

`examples/requirements/<ID>/<outcome>.yaml`: the outcome of the requirement.

`examples/<mode>/<name>.yaml`: a line `ID outcome level subject` for each result, sorted, in
`<name>.expected.txt`, or in `expected.txt` for `manifests.yaml`. `make golden` writes them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dfpolicy.input.schemas import first_error
from dfpolicy.report.waivers import subject_text
from support import command, decisions

if TYPE_CHECKING:
    from dfpolicy.model import Report, Result

OF_REQUIREMENTS = [path for path in decisions.example_files() if path.parents[1].name != "examples"]
OF_MODES = [path for path in decisions.example_files() if path not in OF_REQUIREMENTS]
MOST_LINES = 3000


def _wrong(path: Path) -> str:
    """The deviations from the example's name; empty if there are none."""
    identifier = path.parent.name
    results = decisions.example_decision(path)["results"]
    judged = [result for result in results if result["id"] == identifier]
    outcomes = {result["outcome"] for result in judged}
    as_named = {
        "pass": outcomes == {"pass"},
        "violation": "violation" in outcomes,
        "unknown": "unknown" in outcomes and "violation" not in outcomes,
    }[path.stem]
    observed = "; ".join(f"{result['outcome']}: {result['observed']}" for result in judged)
    return "" if as_named else f"{decisions.name_of(path)}: {observed or 'no result'}"


def test_requirements() -> None:
    assert len(OF_REQUIREMENTS) > 200
    assert [wrong for path in OF_REQUIREMENTS if (wrong := _wrong(path))] == []


def _line(result: Result) -> str:
    subject = subject_text(result["subject"])
    on_node = result["subject"].get("node")
    place = f"{subject}@{on_node}" if on_node else subject
    return f"{result['id']} {result['outcome']} {result['level']} {place}"


def _expected(path: Path) -> Path:
    stem = "" if path.stem == "manifests" else f"{path.stem}."
    return path.with_name(f"{stem}expected.txt")


@pytest.mark.parametrize("path", OF_MODES, ids=decisions.name_of)
def test_mode(path: Path, update_golden: bool) -> None:
    name = str(path.relative_to(decisions.ROOT))
    mode = ("--mode", path.parent.name)
    done = command.run("eval", name, "-o", "json", *mode, folder=decisions.ROOT)
    assert done.stderr == ""
    report: Report = json.loads(done.stdout)
    assert first_error(report, "report") is None
    assert done.returncode == report["exitCode"] == int(path.stem == "broken")
    lines = sorted(map(_line, report["results"]))
    expected = _expected(path)
    if update_golden:
        expected.write_text("\n".join(lines) + "\n", "utf-8")
    assert expected.is_file(), "no expected results; `make golden` writes them"
    assert lines == expected.read_text("utf-8").splitlines()


def test_every_list_of_expected_results_is_used_and_bounded() -> None:
    written = sorted(decisions.EXAMPLES.glob("*/*expected.txt"))
    own = decisions.EXAMPLES / "policy" / "expected.txt"
    assert set(written) - {own} == {_expected(path) for path in OF_MODES}
    assert sum(len(path.read_text("utf-8").splitlines()) for path in written) <= MOST_LINES
