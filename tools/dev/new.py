"""Starts a requirement: its rule, its table test and its examples, all of them red."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tools.dev import opa
from tools.dev.errors import DevError
from tools.dev.metadata import catalogue
from tools.dev.paths import EXAMPLES, REQUIREMENTS, ROOT

_RULE = """
# METADATA
# title: {title}
# description: >-
#   TODO: why, in at most three sentences.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
# custom:
#   id: {id}
#   level: required
#   reads: [manifests]
#   impact: [All features]
#   remediation: >-
#     TODO: what to change, in the imperative.
#   source: SEED
#   since: "{since}"
#   zh:
#     title: 待写
#     description: 待写。
#     remediation: 待写。
#     related_resources:
#       - 待写
results contains result.of(rego.metadata.chain(), {subject}, {verdict}(workload)) if {collectors}

# TODO: unknown, then pass, then violation; the last `else` has no condition.
{verdict}(_) := result.unknown("TODO", "")
"""

_TEST = """
test{verdict}[name] if {{
	some name, case in {{
		"met": {{"container": {{}}, "want": "pass required"}},
		"not met": {{"container": {{"TODO": true}}, "want": "violation required"}},
		"wrong type": {{"container": {{"TODO": "text"}}, "want": "violation required"}},
	}}
	results := {group}.results with input as fixture.agent({{}}, case.container)
	fixture.verdicts(results, "{id}") == {{case.want}}
}}
"""

_EXAMPLE = """\
# TODO: what in this makes the outcome {outcome}; remove the file if there is no such case.
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: deepflow-agent
  namespace: deepflow
spec:
  selector:
    matchLabels:
      app: deepflow
      component: deepflow-agent
  template:
    metadata:
      labels:
        app: deepflow
        component: deepflow-agent
    spec:
      containers:
        - name: deepflow-agent
          image: registry.example.com/deepflow-ce/deepflow-agent:v7.1
"""


def print_ids() -> int:
    """Print the next free id of each group."""
    for group, numbers in _numbers(catalogue(opa.blocks())["requirements"]).items():
        for prefix, taken in sorted(numbers.items()):
            print(f"{group:<18} {prefix}-{max(taken) + 1:03}")
    return 0


def requirement(group: str, identifier: str, title: str) -> int:
    """Append a requirement to its group. Its tests fail until it is written."""
    module = group.replace("-", "_")
    rules = REQUIREMENTS / module / f"{module}.rego"
    _check(rules, identifier, title)
    tests = rules.with_name(f"{module}_test.rego")
    verdict = "_" + identifier.lower().replace("-", "_")
    names = {
        "id": identifier,
        "title": title,
        "group": module,
        "verdict": verdict,
        "subject": "workload.container_subject",
        "collectors": "some workload in agent.collectors",
        "since": version("dfpolicy"),
    }
    written = rules.read_text("utf-8")
    for library in ("agent", "result"):
        written = _importing(written, f"import data.dfpolicy.lib.{library}\n")
    rules.write_text(written + _RULE.format(**names), "utf-8")
    tests.write_text(_tests_of(tests, module) + _TEST.format(**names), "utf-8")
    folder = EXAMPLES / identifier
    folder.mkdir(parents=True)
    for outcome in ("pass", "violation", "unknown"):
        content = _EXAMPLE.format(outcome=outcome)
        (folder / f"{outcome}.yaml").write_text(content, "utf-8")
    for path in (rules, tests, folder):
        print(f"wrote {path.relative_to(ROOT)}")
    print("write the verdict, its table and the examples, then run `make generate` and `make test`")
    return 0


def _check(rules: Path, identifier: str, title: str) -> None:
    groups = sorted(path.name for path in REQUIREMENTS.iterdir() if path.is_dir())
    if rules.stem not in groups or not rules.is_file():
        raise DevError(f"no such group; there are {', '.join(groups)}")
    if not re.fullmatch(r"DF-[A-Z0-9]+-\d{3}", identifier):
        raise DevError(f"{identifier!r} is no id; an id is like DF-EBPF-016")
    if not re.fullmatch(r"[A-Za-z][^\n:#]*[^\n:#.]", title):
        raise DevError("a title is one affirmative sentence without full stop, colon or #")
    requirements = catalogue(opa.blocks())["requirements"]
    for entry in requirements:
        if identifier in (entry["id"], *entry.get("aliases", ())):
            raise DevError(f"{identifier} is taken: {entry['title']}; see `make ids`")
    prefix = identifier.rpartition("-")[0]
    for group, numbers in _numbers(requirements).items():
        if (prefix in numbers) != (group == rules.parent.name.replace("_", "-")):
            own = ", ".join(f"{name}-…" for name in numbers)
            raise DevError(f"{prefix}-… and the group {group} do not belong together; it has {own}")


def _numbers(requirements: Iterable[dict[str, Any]]) -> dict[str, dict[str, list[int]]]:
    """Group → prefix of its ids → the numbers that are taken, former ids too."""
    taken: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for entry in requirements:
        for identifier in (entry["id"], *entry.get("aliases", ())):
            prefix, _, number = identifier.rpartition("-")
            taken[entry["group"]][prefix].append(int(number))
    return taken


def _importing(text: str, line: str) -> str:
    if line in text:
        return text
    head, package, rest = text.partition("\npackage ")
    name, _, body = rest.partition("\n")
    return f"{head}{package}{name}\n\n{line}{body.lstrip() if 'import ' in body[:9] else body}"


def _tests_of(path: Path, module: str) -> str:
    if path.exists():
        return path.read_text("utf-8")
    return (
        f"package dfpolicy.requirements.{module}_test\n\n"
        "import data.dfpolicy.lib.fixture_test as fixture\n"
        f"import data.dfpolicy.requirements.{module}\n"
    )
