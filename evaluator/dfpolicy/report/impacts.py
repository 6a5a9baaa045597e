"""The features that are lost together with another one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dfpolicy.model import Level

# Without one of these, every feature is lost.
EVERYTHING = ("Agent start", "Server connection", "All features")

# The features that observe applications. AutoTracing has two parts with different needs.
FEATURES = (
    "AutoMetrics",
    "AutoTagging",
    "AutoTracing",
    "AutoTracing of system calls",
    "AutoTracing of Go and OpenSSL",
    "AutoProfiling",
)


def is_partial(level: Level) -> bool:
    """Whether a violation costs only a part of the features that observe applications."""
    return level != "required"


def distinct(names: Sequence[str], words: Sequence[str]) -> list[str]:
    """Return the words of features, without those that another one of them contains.

    `names` are the features in English, `words` the same in the language in force.
    """
    if len(names) != len(words):
        return [*words]
    return [
        word
        for name, word in zip(names, words, strict=True)
        if not ("AutoTracing" in names and name.startswith("AutoTracing of "))
    ]


def implied(names: Collection[str]) -> frozenset[str]:
    """Return these features and those that are lost with them, in English."""
    lost = set(names)
    if lost & {*EVERYTHING}:
        lost |= {*FEATURES}
    if "AutoTracing" in lost:
        lost |= {name for name in FEATURES if name.startswith("AutoTracing of ")}
    return frozenset(lost)
