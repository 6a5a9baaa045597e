"""What a fault is, and the list of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from support.faults.process import Outcome, Place


@dataclass(frozen=True)
class Fault:
    """A fault, how to inject it, and the expected outcome.

    `says` is a regular expression for all of standard error, which is one line or empty; `left` are
    regular expressions for the files that may remain.
    """

    name: str
    bring_about: Callable[[Place], Outcome]
    code: int
    says: str
    left: Sequence[str]

    def happen(self, folder: Path) -> tuple[Outcome, list[str]]:
        """Inject it in an empty directory; return the outcome and the remaining files."""
        place = Place(folder)
        return self.bring_about(place), place.left()

    def check(self, folder: Path) -> None:
        """Inject it and check the outcome."""
        outcome, left = self.happen(folder)
        line = f"dfpolicy: {self.says}\n" if self.says else ""
        assert re.fullmatch(line, outcome.said), outcome.said
        assert outcome.code == self.code
        unexpected = [
            name for name in left if not any(re.fullmatch(one, name) for one in self.left)
        ]
        assert unexpected == []


_faults: dict[str, list[Fault]] = {}


def fault(
    subject: str, name: str, code: int, says: str = "", left: Sequence[str] = ()
) -> Callable[[Callable[[Place], Outcome]], Callable[[Place], Outcome]]:
    """Add a function to a subject's list of faults; it injects one in the given directory."""

    def add(function: Callable[[Place], Outcome]) -> Callable[[Place], Outcome]:
        _faults.setdefault(subject, []).append(Fault(name, function, code, says, left))
        return function

    return add


def faults(subject: str) -> list[Fault]:
    """Return the faults of a subject, in their order."""
    return list(_faults[subject])


def subjects() -> list[str]:
    """Return the subjects, in their order."""
    return list(_faults)
