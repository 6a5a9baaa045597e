"""What comes before the results of the HTML report: what is lost, and what is not known."""

from __future__ import annotations

from dataclasses import dataclass, field

from dfpolicy.formats.html.results import Block
from dfpolicy.model import LEVELS, Subject
from dfpolicy.report.impacts import implied
from dfpolicy.report.problems import stated_features
from dfpolicy.report.subjects import described

# What takes a feature for certain comes before what may take it.
_RANKS = ("violation", "waived", "unknown", "pass")


@dataclass(frozen=True)
class Lost:
    """A feature, the blocks that take it, the worst level first, and those that may take it."""

    feature: str
    taking: list[Block]
    perhaps: list[Block]


@dataclass
class Asked:
    """A command, the subjects that it is about, and the blocks that it answers."""

    command: str
    subjects: list[Subject]
    blocks: list[Block] = field(default_factory=list)


def lost(blocks: list[Block]) -> list[Lost]:
    """Return the features that are or may be lost, the worst first."""
    affected = [
        (_gravity(feature, listed), feature, listed)
        for feature, listed in _features(blocks).items()
        if any(block.state != "pass" for block in listed)
    ]
    return [
        Lost(
            feature,
            sorted(
                (block for block in listed if block.takes),
                key=lambda block: LEVELS.index(block.level),
            ),
            [block for block in listed if block.state != "pass" and not block.takes],
        )
        for _, feature, listed in sorted(affected, key=lambda entry: entry[0])
    ]


def unaffected(blocks: list[Block]) -> list[str]:
    """Return the features that only passes are about."""
    return [
        feature
        for feature, listed in _features(blocks).items()
        if all(block.state == "pass" for block in listed)
    ]


def _features(blocks: list[Block]) -> dict[str, list[Block]]:
    """Return the features that any block states, each with the blocks that can take it."""
    stated = {
        id(block): {name for result in block.results for name in stated_features(result)}
        for block in blocks
    }
    shown = {
        name: told
        for block in blocks
        for result in block.results
        for name, told in zip(stated_features(result), result["impact"], strict=True)
    }
    features: dict[str, list[Block]] = {told: [] for told in shown.values()}
    for block in blocks:
        names = stated[id(block)]
        for name in shown.keys() & (names if block.state == "pass" else implied(names)):
            features[shown[name]].append(block)
    return features


def _gravity(feature: str, blocks: list[Block]) -> tuple[int, int, int, str]:
    """The worst first: by the worst of what takes the feature, then by how many do."""
    gravities = [(_RANKS.index(block.state), LEVELS.index(block.level)) for block in blocks]
    worst = min(gravities)
    return *worst, -gravities.count(worst), feature


def asked(blocks: list[Block]) -> list[Asked]:
    """Return the commands that answer what is unknown.

    One that is about several subjects is the same command for all blocks with as many of them.
    """
    found: dict[tuple[str, str], Asked] = {}
    for block in blocks:
        if block.state != "unknown":
            continue
        commands: dict[str, list[Subject]] = {}
        for result in block.results:
            commands.setdefault(result["collect"], []).append(result["subject"])
        for command, subjects in commands.items():
            about = described(subjects[0]) if len(subjects) == 1 else str(len(subjects))
            found.setdefault((command, about), Asked(command, subjects)).blocks.append(block)
    return list(found.values())
