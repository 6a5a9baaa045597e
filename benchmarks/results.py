"""The results of a run of the benchmarks, as stored in results.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.measure import Sample, median


@dataclass
class Measured:
    """The measurements on one input: the samples of each contender, by its name.

    `objects` counts the objects of the input, `size` its bytes.
    """

    name: str
    objects: int
    size: int
    samples: dict[str, list[Sample]] = field(default_factory=dict)

    def median(self, contender: str) -> Sample | None:
        """Return the medians of a contender; None if it was not measured."""
        found = self.samples.get(contender)
        return median(found) if found else None


@dataclass
class Results:
    """A run: the machine with its tools, limit and budget in seconds, the inputs, the profiles.

    For limit and budget see `suite.Terms`. Profiles are stored by the name of their input; see
    `profiles`. `seconds` is how long the run took until now.
    """

    machine: Mapping[str, str]
    limit: float
    budget: float
    inputs: list[Measured] = field(default_factory=list)
    profiles: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    def named(self, name: str) -> Measured | None:
        """Return the measurements on an input, or None."""
        return next((found for found in self.inputs if found.name == name), None)

    def clusters(self) -> list[Measured]:
        """Return the inputs that are clusters of N objects, in order of N."""
        found = [measured for measured in self.inputs if measured.name.isdecimal()]
        return sorted(found, key=lambda measured: measured.objects)


def store(results: Results, path: Path) -> None:
    """Write the results atomically: a reader sees the old file or the new one. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(asdict(results), indent=1) + "\n", "utf-8")
    unfinished.replace(path)


def load(path: Path) -> Results:
    """Read stored results. Raises OSError; KeyError or TypeError for an invalid shape."""
    found = json.loads(path.read_text("utf-8"))
    inputs = [_measured(one) for one in found.pop("inputs")]
    return Results(inputs=inputs, **found)


def _measured(stored: dict[str, Any]) -> Measured:
    samples = {
        name: [Sample(**sample) for sample in samples]
        for name, samples in stored.pop("samples").items()
    }
    return Measured(samples=samples, **stored)
