"""A first requirement of a user: it compiles, and its test passes, until the user changes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from dfpolicy.model import MODES, Level
from dfpolicy.policy.catalogue import load_catalogue

READS = ("manifests", "nodes")
ID = re.compile(r"DF-([A-Z][A-Z0-9]*)-[0-9]{3}")
TITLE = re.compile(r"(?!.*DF-[A-Z0-9]+-[0-9])[A-Za-z].{1,88}[^.]")
# What the user replaces: values of METADATA that begin with TODO, and the comment on the rule. Any
# other comment is the user's own.
_TODO = re.compile(r"#\s+(?:- )?(?:\w+:\s+)?[\"']?TODO\b")
_COMMENT = "# TODO: unknown first, then pass, then violation. The last `else` has no condition."
# Words of a title that a file name does not need.
_FILLERS = re.compile(r"an?|are|be|by|from|has|have|in|is|its|not?|of|on|one|or|that|the|to|with")
_WORDS = 4

# The level of the rule that is written: a container whose image cannot be pulled does not start.
_LEVELS: dict[str, Level] = {"manifests": "required", "nodes": "recommended"}
# What is lost at each level, unless the user says it. Only what blocks can lose everything.
_LOST: dict[Level, tuple[str, ...]] = {
    "required": ("Agent start",),
    "recommended": ("Agent performance",),
    "informational": (),
}

_GROUP = """\
# METADATA
# scope: subpackages
# title: {name}
# description: The requirements of {name} for its own deployments.
# related_resources:
#   - description: TODO, the page that states the requirements
#     ref: https://example.com/
# custom:
#   group: {group}
#   order: 100
#   modes: [{modes}]
#   since: "1.0.0"
package dfpolicy.requirements.{group}
"""

_RULE = """\
# METADATA
# title: {title}
# description: TODO, why it is required, in at most three sentences.
# custom:
#   id: {id}
#   level: {level}
#   reads: [{reads}]
#   impact: [{impact}]
#   remediation: TODO, what to change, in the imperative.
package dfpolicy.requirements.{group}.{name}

import data.dfpolicy.lib.{library}
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result

"""

_RULES = {
    "manifests": """\
results contains result.of(rego.metadata.chain(), workload.container_subject, \
_verdict(workload)) if {
	some workload in agent.workloads
}

"""
    + _COMMENT
    + """
_verdict(workload) := result.pass(_observed(workload)) if {
	startswith(workload.image, "registry.example.com/")
} else := result.violation(_observed(workload), "an image from registry.example.com")

_observed(workload) := message.of("the image is {image}", {"image": workload.image})
""",
    "nodes": """\
results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) \
if some node in facts.asked

"""
    + _COMMENT
    + """
_verdict(node) := result.unknown("the number of CPUs", "nproc --all") if {
	not facts.known(node, ["cpus"])
} else := result.pass(_observed(node)) if {
	node.spec.cpus >= 2
} else := result.violation(_observed(node), "at least 2 CPUs")

_observed(node) := message.counted("{count} CPU", "{count} CPUs", {"count": node.spec.cpus})
""",
}

_TEST = """\
package dfpolicy.requirements.{group}.{name}_test

import data.dfpolicy.requirements.{group}.{name}

test_verdict[case_name] if {{
	some case_name, case in {{
"""

_TESTS = {
    "manifests": """\
		"met": {"image": "registry.example.com/deepflow-agent:v7.1", "want": "pass"},
		"not met": {"image": "deepflow-agent:v7.1", "want": "violation"},
	}
	container := {"name": "deepflow-agent", "image": case.image}
	agent := {
		"apiVersion": "apps/v1",
		"kind": "DaemonSet",
		"metadata": {"name": "deepflow-agent", "namespace": "deepflow"},
		"spec": {"template": {"spec": {"containers": [container]}}},
	}
	given := {"mode": "single-k8s", "resources": [agent]}
""",
    "nodes": """\
		"met": {"spec": {"cpus": 2}, "want": "pass"},
		"not met": {"spec": {"cpus": 1}, "want": "violation"},
		"not known": {"spec": {}, "want": "unknown"},
	}
	facts := {"apiVersion": "dfpolicy.dev/v1", "kind": "NodeFacts"}
	node := object.union(facts, {"metadata": {"name": "a"}, "spec": case.spec})
	given := {"mode": "single-k8s", "nodes": [node]}
""",
}
_LAST = """\
	results := {name}.results with input as given
	{{result.outcome | some result in results}} == {{case.want}}
}}
"""


def group_of(identifier: str) -> str:
    """Return the name of the group of an id, `shop` for DF-SHOP-001; empty for an invalid id."""
    found = ID.fullmatch(identifier)
    return found[1].lower() if found else ""


def is_ours(identifier: str) -> bool:
    """Whether dfpolicy has this id, or a group of this name."""
    catalogue = load_catalogue()
    ours = {entry["id"].split("-")[1] for entry in catalogue.requirements}
    return identifier.split("-")[1] in ours or bool(catalogue.requirement(identifier))


def files(
    identifier: str,
    title: str,
    reads: str,
    level: Level | None = None,
    impact: Sequence[str] = (),
) -> dict[Path, str]:
    """Return the files of a requirement and of its group, by their path below the directory.

    `identifier` and `title` match ID and TITLE; `reads` is one of READS. Without `level` and
    `impact`, those that fit the rule which is written.
    """
    group = group_of(identifier)
    level = level or _LEVELS[reads]
    fields = {
        "id": identifier,
        "title": title,
        "reads": reads,
        "group": group,
        "name": _file_name(title),
        "library": "agent" if reads == "manifests" else "facts",
        "level": level,
        "impact": ", ".join(impact or _LOST[level]),
    }
    name = fields["name"]
    rule = _RULE.format_map(fields) + _RULES[reads]
    test = _TEST.format_map(fields) + _TESTS[reads] + _LAST.format_map(fields)
    return {
        Path(group, f"{group}.rego"): _GROUP.format(
            group=group, name=group.capitalize(), modes=", ".join(MODES)
        ),
        Path(group, f"{name}.rego"): rule,
        Path(group, f"{name}_test.rego"): test,
    }


def todos(text: str) -> list[int]:
    """Return the lines of a module, from 1, on which a TODO of the scaffold is left."""
    found = []
    metadata = False
    for number, line in enumerate(text.splitlines(), 1):
        metadata = line.rstrip() == "# METADATA" or (metadata and line.startswith("#"))
        if line.rstrip() == _COMMENT or (metadata and _TODO.match(line)):
            found.append(number)
    return found


def _file_name(title: str) -> str:
    words = [
        word for word in re.findall(r"[a-z0-9]+", title.lower()) if not _FILLERS.fullmatch(word)
    ]
    name = "_".join(words[:_WORDS]) or "requirement"
    return name if name[0].isalpha() else f"r_{name}"
