"""Starts a requirement: its file, its test and its examples. All fail until you fill them in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tools.dev import deployment_page, opa
from tools.dev.errors import DevError
from tools.dev.metadata import groups_and_requirements
from tools.dev.paths import EXAMPLES, REQUIREMENTS, ROOT

from dfpolicy.policy.requirement_metadata import PREFIX

READS = ("manifests", "nodes", "cluster")

# The parts of a requirement, by what it reads: imports, wiring line, input of its test.
_KINDS = {
    "manifests": (
        ("agent", "result"),
        "workload.container_subject, _verdict(workload)) if some workload in agent.collectors",
        "fixture.agent({}, case.given)",
    ),
    "nodes": (
        ("facts", "result"),
        "facts.subject(node), _verdict(node)) if some node in facts.asked",
        "fixture.on_node(case.given)",
    ),
    "cluster": (
        ("agent", "result", "settings"),
        '{"kind": "Cluster", "name": "*"}, _verdict(settings.cluster))'
        " if count(agent.workloads) > 0",
        'object.union(fixture.agent({}, {}), {"cluster": {"spec": case.given}})',
    ),
}

_RULE = """\
# METADATA
# title: {title}
# description: TODO, why, in at most three sentences.
# custom:
#   id: {id}
#   met: TODO, when it is met, without a full stop
#   level: required
{inherited}#   impact: [All features]
#   remediation: TODO, what to change, in the imperative.
package dfpolicy.requirements.{group}.{name}

{imports}

results contains result.of(rego.metadata.chain(), {wiring}

# TODO: unknown, then pass, then violation. The last `else` has no condition.
_verdict(_) := result.violation("TODO", "TODO") if false
"""

_TEST = """\
package dfpolicy.requirements.{group}.{name}_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.{group}.{name}

test_verdict[name] if {{
	some name, case in {{
		"met": {{"given": {{"TODO": 1}}, "want": "pass required"}},
		"not met": {{"given": {{"TODO": 2}}, "want": "violation required"}},
		"not known": {{"given": {{}}, "want": "unknown required"}},
		"wrong type": {{"given": {{"TODO": ["text"]}}, "want": "violation required"}},
	}}
	results := {name}.results with input as {input}
	fixture.verdicts(results, "{id}") == {{case.want}}
}}
"""

_AGENT = """\
# TODO: what makes the outcome {outcome}; remove the file if there is no such case.
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

_FACTS = {
    "manifests": "",
    "nodes": """\
---
apiVersion: dfpolicy.dev/v1
kind: NodeFacts
metadata:
  name: worker-1
spec:
  kernelRelease: 5.15.0-91-generic
""",
    "cluster": """\
---
apiVersion: dfpolicy.dev/v1
kind: ClusterFacts
metadata:
  name: cluster
spec:
  version: v1.30.1
""",
}

# Words of a title that a file name does not need.
_FILLERS = re.compile(
    r"(all?|an?d?|a[rst]e?|be|by|can|each|every|for|from|ha[sv]e?|i[nst]|its|may|no|o[fnr]|one"
    r"|the|that|their|to|with|agent('?s)?)"
)


def print_ids() -> int:
    """Print the next free id of each group."""
    for group, numbers in _numbers(_requirements(opa.blocks())).items():
        for prefix, taken in sorted(numbers.items()):
            print(f"{group:<18} {prefix}-{max(taken) + 1:03}")
    return 0


def requirement(group: str, identifier: str, title: str, reads: str, name: str = "") -> int:
    """Start a requirement in its group. Its tests fail until you write it.

    `reads` is one of READS. `name` is the file name; by default it comes from the title.
    Raises DevError for invalid arguments.
    """
    folder = REQUIREMENTS / group.replace("-", "_")
    blocks = opa.blocks()
    _check(folder, identifier, title, _requirements(blocks))
    if reads not in READS:
        raise DevError(f"READS must be one of {', '.join(READS)}")
    name = name or _file_name(title)
    rules = folder / f"{name}.rego"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or rules.exists() or name == folder.name:
        raise DevError(f"{name!r} is not a valid file name: set NAME")
    above = next(
        entry["annotations"] for entry in blocks if entry["path"] == f"{PREFIX}{folder.name}"
    )
    imports, wiring, given = _KINDS[reads]
    fields = {
        "id": identifier,
        "title": title,
        "group": folder.name,
        "name": name,
        "inherited": _inherited(above, reads),
        "imports": "\n".join(f"import data.dfpolicy.lib.{library}" for library in imports),
        "wiring": wiring,
        "input": given,
    }
    tests = rules.with_name(f"{name}_test.rego")
    rules.write_text(_RULE.format(**fields), "utf-8")
    tests.write_text(_TEST.format(**fields), "utf-8")
    examples = EXAMPLES / identifier
    examples.mkdir(parents=True)
    for outcome in ("pass", "violation", "unknown"):
        content = _AGENT.format(outcome=outcome) + _FACTS[reads]
        (examples / f"{outcome}.yaml").write_text(content, "utf-8")
    for path in (rules, tests, examples):
        print(f"wrote {path.relative_to(ROOT)}")
    print(f"write the verdict, its test and the examples; `make check ID={identifier}` runs them")
    return 0


def _inherited(above: Mapping[str, Any], reads: str) -> str:
    """The METADATA lines that the group does not already have."""
    lines, group = [], above["custom"]
    if any(link["ref"] == deployment_page.OVERVIEW for link in above["related_resources"]):
        lines.append("covers: [todo]")
    if group.get("reads") != [reads]:
        lines.append(f"reads: [{reads}]")
    if group.get("since") != version("dfpolicy"):
        lines.append(f'since: "{version("dfpolicy")}"')
    return "".join(f"#   {line}\n" for line in lines)


def _file_name(title: str) -> str:
    found = re.findall(r"[a-z0-9']+", title.lower())
    words = [word for word in found if not _FILLERS.fullmatch(word)]
    return "_".join(word.replace("'", "") for word in words[:3])


def _check(
    folder: Path, identifier: str, title: str, requirements: Sequence[Mapping[str, Any]]
) -> None:
    groups = sorted(path.name for path in REQUIREMENTS.iterdir() if path.is_dir())
    if folder.name not in groups or folder.parent != REQUIREMENTS:
        raise DevError(f"unknown group: use one of {', '.join(groups)}")
    if not re.fullmatch(r"DF-[A-Z0-9]+-\d{3}", identifier):
        raise DevError(f"{identifier!r} is not a valid id: use the form DF-EBPF-016")
    if not re.fullmatch(r"[A-Za-z][^\n:#]*[^\n:#.]", title):
        raise DevError("the title must be one affirmative sentence without full stop, colon or #")
    for entry in requirements:
        if identifier in (entry["id"], *entry.get("aliases", ())):
            raise DevError(f"{identifier} is taken: {entry['title']}; see `make ids`")
    prefix = identifier.rpartition("-")[0]
    for group, numbers in _numbers(requirements).items():
        if (prefix in numbers) != (group == folder.name.replace("_", "-")):
            own = ", ".join(f"{name}-…" for name in numbers)
            raise DevError(f"{prefix}-… and the group {group} do not belong together; it has {own}")


def _requirements(blocks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The title, id, former ids and group of each requirement."""
    _, entries = groups_and_requirements(blocks)
    found = [entry["annotations"] for entry in entries]
    return [{**block["custom"], "title": block["title"]} for block in found]


def _numbers(requirements: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, list[int]]]:
    """Group → prefix of its ids → used numbers, including former ids."""
    taken: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for entry in requirements:
        for identifier in (entry["id"], *entry.get("aliases", ())):
            prefix, _, number = identifier.rpartition("-")
            taken[entry["group"]][prefix].append(int(number))
    return taken
