"""The paths of the source tree."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "policies"
REQUIREMENTS = POLICIES / "dfpolicy" / "requirements"
EXAMPLES = ROOT / "examples" / "requirements"
BUNDLE = ROOT / "evaluator" / "dfpolicy" / "policy" / "bundle"
SCHEMAS = ROOT / "schemas"
VERSIONS = ROOT / "tools" / "versions.env"
