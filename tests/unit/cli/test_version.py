"""`dfpolicy version`: what identifies the policies is what other commands print."""

from __future__ import annotations

import json
from pathlib import Path

from dfpolicy.version import VERSION
from support.command import Run

EXAMPLE = str(Path(__file__).parents[3] / "examples" / "single-k8s" / "manifests.yaml")


def test_the_version_identifies_the_policies_as_bundles_and_reports_do(cli: Run) -> None:
    assert cli("version").stdout == f"dfpolicy {VERSION}\n" == cli("--version").stdout
    shown = json.loads(cli("version", "-o", "json").stdout)
    policies = shown["policies"]
    assert shown["version"] == VERSION
    assert f"revision  {policies['revision']}\n" in cli("bundle", "build").stdout
    assert policies["digest"].startswith(f"sha256:{policies['revision']}")
    report = json.loads(cli("eval", EXAMPLE, "-o", "json").stdout)
    assert policies["module"].startswith(f"sha256:{report['dfpolicy']['bundle']}")
