"""The problems that an earlier report already has: they are shown, and do not count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from dfpolicy.model import Report, Result
from dfpolicy.report.comparison import rank
from dfpolicy.report.subjects import key


class Baseline:
    """The findings of an earlier report, by requirement and subject."""

    def __init__(self, report: Report) -> None:
        self._held: dict[str, list[int]] = {}
        for result in report["results"]:
            self._held.setdefault(key(result), []).append(rank(result))
        for ranks in self._held.values():
            ranks.sort(reverse=True)

    def marked(self, results: Iterable[Result]) -> list[Result]:
        """Return the results; a violation no worse than before has `known`.

        An unknown is not a problem, and is never hidden.
        """
        seen: Counter[str] = Counter()
        # The worst of the results with the same key are compared first, as in `dfpolicy diff`.
        ordered = sorted(enumerate(results), key=lambda pair: -rank(pair[1]))
        found: dict[int, Result] = {}
        for position, result in ordered:
            name = key(result)
            ranks = self._held.get(name, [])
            before = ranks[seen[name]] if seen[name] < len(ranks) else 0
            seen[name] += 1
            known = result["outcome"] == "violation" and rank(result) <= before
            found[position] = {**result, "known": True} if known else result
        return [found[position] for position in range(len(ordered))]
