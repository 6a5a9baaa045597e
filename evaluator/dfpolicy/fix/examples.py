"""The examples of a requirement, what `dfpolicy fix` changes in one, and a waiver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import unified_diff
from typing import TYPE_CHECKING, Any

from dfpolicy.errors import NoAgentError
from dfpolicy.i18n.language import _, spoken
from dfpolicy.policy.examples import path_of, text_of
from dfpolicy.policy.requirement_words import unwaivable

if TYPE_CHECKING:
    from dfpolicy.engines.base import Engine
    from dfpolicy.model import Report
    from dfpolicy.reading.documents import Document


@dataclass(frozen=True, slots=True)
class Shown:
    """A titled text in a form of code: `yaml` or `diff`."""

    title: str
    form: str
    text: str


def shown(entry: dict[str, Any], fix: str | None = None) -> Iterator[Shown]:
    """Yield what shows a requirement, with titles in the language in force.

    `entry` is the requirement in the catalogue. `fix` is its `fixed_example`, if known.
    """
    identifier = entry["id"]
    changed = fixed_example(entry) if fix is None else fix
    violation, met, unknown = (
        _example(identifier, one) for one in ("violation", "pass", "unknown")
    )
    parts = [
        Shown(_("A violation"), "yaml", violation),
        Shown(_("What `dfpolicy fix` changes"), "diff", changed),
        Shown(_("A pass"), "yaml", met),
        Shown(_("An unknown, which is never a pass"), "yaml", unknown),
        Shown(_("A waiver, in `dfpolicy.yaml`"), "yaml", _waiver(entry)),
    ]
    yield from (part for part in parts if part.text)


def _example(identifier: str, outcome: str) -> str:
    """Return an example without its English comments, unless English is the language in force."""
    text = text_of(identifier, outcome)
    if spoken() == "en":
        return text
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))


def fixed_example(entry: dict[str, Any], engine: Engine | None = None) -> str:
    """Return the unified diff that fixes the example, without the last line break.

    `entry` is the requirement in the catalogue. Empty if nothing in the example can be changed: the
    requirement concerns a node or a server, or the change needs a value that only you know.
    """
    from dfpolicy.changes.selection import Wishes
    from dfpolicy.engines.selection import chosen_engine
    from dfpolicy.fix.deployment import Deployment
    from dfpolicy.fix.rounds import planned
    from dfpolicy.pipeline import judge, read
    from dfpolicy.settings.resolution import resolve

    path = path_of(entry["id"], "violation")
    if not path.is_file():
        return ""
    modes = entry["modes"]
    settings = resolve({"mode": "single-k8s" if "single-k8s" in modes else modes[0]}, {}, None)
    engine = engine or chosen_engine(settings)

    def judged(documents: Iterable[Document]) -> Report:
        return judge([*map(replace, documents)], settings, engine=engine)

    deployment = Deployment(read([str(path)]), None, settings.limits)
    try:
        found = planned(deployment, judged, Wishes(only=frozenset([entry["id"]])))
    except NoAgentError:
        return ""
    lines: list[str] = []
    for change in found.changed.texts:
        before, after = (text.splitlines() for text in (change.before, change.after))
        lines += unified_diff(before, after, f"a/{path.name}", f"b/{path.name}", lineterm="")
    return "\n".join(lines)


def _waiver(entry: dict[str, Any]) -> str:
    """A waiver with explanations; empty if the requirement cannot be waived."""
    if unwaivable(entry):
        return ""
    return "\n".join(
        [
            "waivers:",
            f"  - id: {entry['id']}",
            '    subject: "*"',
            "    reason: " + _("why this deployment does without it"),
            "    owner: " + _("who answers for that"),
            '    expires: "2027-01-31"',
        ]
    )
