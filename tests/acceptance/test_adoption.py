"""Accept what a deployment has today: a baseline, or waivers for all problems of a report."""

from __future__ import annotations

import json
from pathlib import Path

from dfpolicy.input import schemas
from support import decisions
from support.command import Run

CONFIG = ("--config", "dfpolicy.yaml")
BROKEN = decisions.EXAMPLES / "single-k8s" / "broken.yaml"


def test_with_a_baseline_only_new_problems_count(cli: Run, tmp_path: Path) -> None:
    first = cli("eval", str(BROKEN), "-o", "json=base.json")
    assert first.returncode == 1
    again = cli("eval", str(BROKEN), "--baseline", "base.json", "-o", "json")
    report = json.loads(again.stdout)
    assert schemas.first_error(report, "report") is None
    # The fifth is still to be checked: whether debugfs is mounted on the nodes.
    assert (again.returncode, report["verdict"]["counts"]["accepted"]) == (0, 4)
    worse = BROKEN.read_text("utf-8").replace("hostPID: true", "hostPID: false")
    found = cli("eval", "-", "--baseline", "base.json", "-q", stdin=worse)
    assert found.returncode == 1
    assert "DF-K8S-001" in found.stdout
    assert "DF-NET-005" not in found.stdout


def test_a_baseline_that_is_not_a_report_is_an_error(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "base.json").write_text("{}", "utf-8")
    done = cli("eval", str(BROKEN), "--baseline", "base.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "not a dfpolicy report" in done.stderr


def test_all_problems_of_a_report_are_waived(cli: Run, tmp_path: Path) -> None:
    cli("eval", str(BROKEN), "-o", "json=report.json")
    terms = ("--reason", "as it is", "--owner", "me", "--days", "30", *CONFIG)
    done = cli("waive", "--all", "report.json", *terms)
    assert done.returncode == 0
    assert done.stdout.startswith("dfpolicy.yaml: added 5 waivers, valid until ")
    assert cli("eval", str(BROKEN), *CONFIG).returncode == 0
    assert cli("waive", "--all", "report.json", *terms).stdout.startswith(
        "dfpolicy.yaml: added 0 waivers"
    )
    refused = cli("waive", "DF-NET-004", "--all", "report.json", *terms)
    assert (refused.returncode, refused.stdout) == (2, "")


def test_reports_link_to_pages_only_where_they_are_named(cli: Run, tmp_path: Path) -> None:
    formats = ("json", "sarif", "html", "junit", "markdown", "policyreport")
    outputs = [part for name in formats for part in ("-o", f"{name}={name}")]
    cli("eval", str(BROKEN), *outputs)
    for name in formats:
        assert "dfpolicy.dev/requirements" not in (tmp_path / name).read_text("utf-8")
    done = cli("eval", str(BROKEN), "-o", "json", "--docs-url", "https://docs.example.com/r/")
    urls = {one["url"] for one in json.loads(done.stdout)["results"]}
    assert "https://docs.example.com/r/DF-K8S-001" in urls
    assert cli("eval", str(BROKEN), "--docs-url", "javascript:x").returncode == 2
