"""Which results the text report shows as one, and which ones stand for very many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nlargest

from dfpolicy.formats.content import standing
from dfpolicy.model import Result
from dfpolicy.report.merging import merged


@dataclass
class Entry:
    """Results of one requirement that say the same of several subjects, at least one.

    `left_out` counts those of the same requirement and outcome that are not shown, behind the
    last entry that is.
    """

    results: list[Result]
    left_out: int = 0


def entries(results: Iterable[Result], limit: int | None) -> Iterator[list[Entry]]:
    """Yield what is shown with one answer: an entry, or those of neighbouring requirements.

    Of one requirement, outcome and level at most `limit` entries are left, those with the most
    subjects, in the order of the results; None leaves all.
    """
    shared: list[Entry] = []
    for entry in _abridged([Entry(group) for group in merged(results)], limit):
        if shared and not _same_answer(shared[0], entry):
            yield shared
            shared = []
        shared.append(entry)
    if shared:
        yield shared


def _abridged(found: list[Entry], limit: int | None) -> list[Entry]:
    if limit is None or len(found) <= limit:
        return found
    kinds: dict[tuple[str, ...], list[int]] = {}
    for place, entry in enumerate(found):
        kinds.setdefault(_kind(entry.results[0]), []).append(place)
    shown: list[int] = []
    for places in kinds.values():
        largest = nlargest(limit, places, key=lambda place: len(found[place].results))
        total = sum(len(found[place].results) for place in places)
        last = found[max(largest)]
        last.left_out = total - sum(len(found[place].results) for place in largest)
        shown += largest
    return [found[place] for place in sorted(shown)]


def _kind(result: Result) -> tuple[str, ...]:
    return (result["id"], standing(result), result["level"])


def _same_answer(one: Entry, other: Entry) -> bool:
    """Whether one command for the same subjects answers both."""
    if one.left_out or other.left_out:
        return False
    first, second = one.results[0], other.results[0]
    return (
        standing(first) == standing(second) == "unknown"
        and (first["observed"], first["collect"]) == (second["observed"], second["collect"])
        and [result["subject"] for result in one.results]
        == [result["subject"] for result in other.results]
    )
