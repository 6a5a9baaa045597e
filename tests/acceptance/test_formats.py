"""Each format as a whole: `tests/golden/<format>/<case>.<ext>`, which `make golden` writes.

The case `mixed` has one of each outcome, level, subject and fact, in English and in Chinese. In
`hostile`, every text tries to break out of a format that has no parser; for the other formats,
`tests/unit/formats` reads the escapes back. The text format also has a large cluster.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dfpolicy.formats.base import Style, renderer
from dfpolicy.i18n.language import speaking
from dfpolicy.model import Language
from dfpolicy.pipeline import spoken
from support import command, decisions, reports
from support.command import Run

GOLDEN = decisions.ROOT / "tests" / "golden"
EXTENSIONS = {
    "sarif": "sarif",
    "junit": "xml",
    "github": "txt",
    "gitlab": "json",
    "markdown": "md",
    "tap": "tap",
    "policyreport": "json",
    "openreports": "json",
    "text": "txt",
    "json": "json",
    "yaml": "yaml",
    "html": "html",
}
CASES = {
    **reports.CASES,
    "large": lambda: reports.cluster(2500),
    "chinese": reports.chinese,
}
# Formats that also have their own Chinese words.
WORDED = ("text", "html", "markdown", "github", "gitlab", "junit", "tap")
# The file name, the format, the case, the language.
GOLDENS = [
    *((f"mixed.{end}", name, "mixed", "en") for name, end in EXTENSIONS.items()),
    *((f"mixed.zh.{EXTENSIONS[name]}", name, "mixed", "zh") for name in WORDED),
    *(
        (f"hostile.{EXTENSIONS[name]}", name, "hostile", "en")
        for name in ("text", "markdown", "github")
    ),
    ("large.txt", "text", "large", "en"),
    ("chinese.zh.txt", "text", "chinese", "zh"),
]
BROKEN = decisions.EXAMPLES / "single-k8s" / "broken.yaml"
GOOD = decisions.EXAMPLES / "single-k8s" / "manifests.yaml"


@pytest.mark.parametrize(("file", "name", "case", "language"), GOLDENS)
def test_golden(file: str, name: str, case: str, language: Language, update_golden: bool) -> None:
    report = spoken(CASES[case](), language)
    with speaking(language):
        text = renderer(name)(report, Style())
    if name == "html":
        text = _without_assets(text)
    path = GOLDEN / name / file
    if update_golden:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    assert path.is_file(), "no expected report; `make golden` writes one"
    assert text == path.read_text("utf-8")


def _without_assets(page: str) -> str:
    """The page without its style sheet and script, and without the policy with their digests."""
    page = re.sub(
        r"(?<=<style>).*?(?=</style>)|(?<=<script>).*?(?=</script>)", "", page, flags=re.S
    )
    return re.sub(r"(?<=sha256-)[^&]+", "", page)


def test_no_golden_file_is_left_over() -> None:
    wanted = {GOLDEN / name / file for file, name, _, _ in GOLDENS}
    kept = {path for name in EXTENSIONS for path in (GOLDEN / name).iterdir()}
    assert kept == wanted


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the reports of two examples, including `good.json` and `broken.json`."""
    folder = tmp_path_factory.mktemp("stored")
    forms = [part for name in EXTENSIONS for part in ("-o", f"{name}=broken.{name}")]
    done = command.run("eval", str(BROKEN), *forms, "-o", "text", folder=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert "5 problems block (5 of " in done.stdout
    done = command.run("eval", str(GOOD), "-o", "json=good.json", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def test_all_formats_in_one_run(stored: Path) -> None:
    for name in EXTENSIONS:
        assert "DF-EBPF-005" in (stored / f"broken.{name}").read_text("utf-8"), name
    log = json.loads((stored / "broken.sarif").read_text("utf-8"))
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"].endswith("single-k8s/broken.yaml")
    assert location["region"]["startLine"] > 1


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_convert_writes_the_same_as_eval(cli: Run, stored: Path, tmp_path: Path, form: str) -> None:
    outputs = [part for name in EXTENSIONS for part in ("-o", f"{name}={name}")]
    done = cli("convert", str(stored / f"broken.{form}"), *outputs)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    for name in EXTENSIONS:
        again = (tmp_path / name).read_text("utf-8")
        assert again == (stored / f"broken.{name}").read_text("utf-8"), name


def test_convert_reads_standard_input_and_writes_files(
    cli: Run, stored: Path, tmp_path: Path
) -> None:
    text = (stored / "good.json").read_text("utf-8")
    done = cli("convert", "-", "-o", "junit=a.xml", "-o", "text", "-v", stdin=text)
    assert (done.returncode, done.stderr) == (0, "")
    assert "DF-K8S-001" in done.stdout
    assert (tmp_path / "a.xml").read_text("utf-8").startswith("<?xml")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "expected one report, found 0 documents"),
        ("a: 1\n", "not a dfpolicy report"),
        ("[1]\n", "not a dfpolicy report"),
        ("kind: Report\n---\nkind: Report\n", "expected one report, found 2 documents"),
        ("kind: Report\n", "not a report of this version: the document: the field 'agents' is"),
        ('{"kind": "Report", "kind": "Report"}', "duplicate key"),
        ("{", "not valid YAML"),
    ],
)
def test_a_file_that_is_not_a_report_is_refused(
    cli: Run, stored: Path, tmp_path: Path, text: str, part: str
) -> None:
    (tmp_path / "stored").write_text(text, "utf-8")
    for arguments in (["convert"], ["diff", str(stored / "good.json")]):
        done = cli(*arguments, "stored")
        assert (done.returncode, done.stdout) == (2, "")
        assert part in done.stderr
        assert done.stderr.count("\n") == 1
        assert done.stderr.startswith("dfpolicy: error: stored")


def test_a_report_with_a_wrong_field_is_refused_without_its_value(cli: Run) -> None:
    report = reports.report(reports.result(observed=1, subject={"kind": "s3cret"}))
    done = cli("convert", "-", stdin=json.dumps(report))
    assert (done.returncode, done.stdout) == (2, "")
    assert "results.0" in done.stderr
    assert "s3cret" not in done.stderr


def test_convert_of_a_missing_report_is_an_error(cli: Run) -> None:
    done = cli("convert", "no-such.json")
    assert done.returncode == 2
    assert "no such file" in done.stderr


def test_convert_refuses_conflicting_options(cli: Run) -> None:
    done = cli("convert", "-", "-v", "-q", stdin="{}")
    assert done.returncode == 2
    assert "-v and -q cannot be used together" in done.stderr


def test_diff_of_a_report_with_itself(cli: Run, stored: Path) -> None:
    one = str(stored / "broken.json")
    done = cli("diff", one, one)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("SAME - nothing newly blocks or is lost. Exit 0.\n")


def test_diff_exits_1_on_a_new_required_violation(cli: Run, stored: Path, tmp_path: Path) -> None:
    good, broken = str(stored / "good.json"), stored / "broken.json"
    done = cli(
        *("diff", good, "-", "-o", "json", "-o", "markdown=d.md", "-o", "text=d.txt"),
        stdin=broken.read_text("utf-8"),
    )
    assert (done.returncode, done.stderr) == (1, "")
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["regressions"] == 5
    assert len(found["findings"]["new"]) == 5
    for name in ("d.md", "d.txt"):
        assert "WORSE - 5 requirements newly block. Exit 1." in (tmp_path / name).read_text("utf-8")
    assert cli("diff", str(broken), good).returncode == 0


def test_diff_refuses_standard_input_twice_and_unknown_formats(cli: Run) -> None:
    done = cli("diff", "-", "-")
    assert done.returncode == 2
    assert "standard input is used twice" in done.stderr
    done = cli("diff", "a", "b", "-o", "sarif")
    assert done.returncode == 2
    assert "use one of text, json, markdown" in done.stderr
