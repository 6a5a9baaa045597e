"""Results as Markdown tables: a row for each input, a column for each contender."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from benchmarks import contenders as named
from benchmarks import ratios
from benchmarks.inputs import FLEET, WATCHED, meant
from benchmarks.measure import Sample
from benchmarks.results import Measured, Results

# For a contender that does not apply or was not measured.
NOTHING = "—"
HOSTS = (named.WARM, named.BEFORE, named.OPA, named.BASE, named.GATOR)
_OTHERS = (named.COLD, named.MANY, named.SECOND, named.FEATURES, named.README)
_TITLES = {
    "list": "one List of {} objects",
    "facts": "{} NodeFacts",
    "agents": "{} agents",
}
_MIB = 2**20

Shown = Callable[[Sample], str]


def seconds(results: Results) -> str:
    """Return the wall time on each input, and the ratios of dfpolicy to the others."""
    compared = [other for other in HOSTS[1:4] if _measured(results, other)]
    rows = _rows(results, HOSTS, _seconds)
    head = [*rows[0], *(f"vs. {other.replace('dfpolicy ', '')}" for other in compared)]
    table = [head]
    for measured, row in zip(_single(results), rows[1:], strict=True):
        found = (ratios.ratio(results, measured.name, named.WARM, one) for one in compared)
        table.append([*row, *(str(one or NOTHING) for one in found)])
    return markdown(table)


def others(results: Results) -> str:
    """Return the wall time of the other ways to run the policies, where it was measured.

    The string is empty if it was measured nowhere.
    """
    head, *body = _rows(results, _OTHERS, _seconds)
    body = [row for row in body if any(cell != NOTHING for cell in row[1:])]
    return markdown([head, *body]) if body else ""


def memory(results: Results) -> str:
    """Return the peak memory on each input, in MiB."""
    return markdown(_rows(results, HOSTS, lambda sample: mebibytes(sample.memory)))


def growth(results: Results) -> str:
    """Return the exponents of processor time, and of dfpolicy's memory, for each kind of input."""
    shown = [name for name in HOSTS if _measured(results, name)]
    rows = [["", *shown, "dfpolicy, memory"]]
    for kind, title in (
        ("cluster", "objects"),
        *((kind, kind) for kind in ("nodes", "agents", FLEET)),
    ):
        found = [ratios.exponent(results, name, kind, ratios.cpu) for name in shown]
        found.append(ratios.exponent(results, named.WARM, kind, ratios.memory))
        rows.append([title, *(NOTHING if one is None else f"{one:.2f}" for one in found)])
    return markdown(rows)


def fleet(results: Results) -> str:
    """Return the cost of `dfpolicy fleet` next to that of one evaluation after the other."""
    head = ["", "seconds", "of the processors", "a loop of `eval`", "ratio", "MiB", "of a worker"]
    rows = [head]
    for measured in _of_kind(results, FLEET):
        found = ratios.ratio(results, measured.name, named.WARM, named.LOOP)
        rows.append(
            [
                title(measured),
                _cell(measured, named.WARM, _seconds),
                _cell(measured, named.WARM, lambda sample: f"{sample.cpu:.2f}"),
                _cell(measured, named.LOOP, _seconds),
                str(found or NOTHING),
                _cell(measured, named.WARM, lambda sample: mebibytes(sample.memory)),
                _cell(measured, named.WARM, lambda sample: mebibytes(sample.worker)),
            ]
        )
    return markdown(rows) if rows[1:] else "Not measured.\n"


def watch(results: Results) -> str:
    """Return the cost of `dfpolicy watch`."""
    rows = [["", "seconds to the first result", "from a change to its metric", "MiB"]]
    for measured in _of_kind(results, WATCHED):
        if measured.samples:
            rows.append(
                [
                    f"{measured.objects:,} nodes",
                    _cell(measured, named.WATCH, _seconds),
                    _cell(measured, named.CHANGE, _seconds),
                    _cell(measured, named.WATCH, lambda sample: mebibytes(sample.memory)),
                ]
            )
    return markdown(rows) if rows[1:] else "Not measured.\n"


def markdown(rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose first row is the header, with padded columns."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    head, *body = [_line(row, widths) for row in rows]
    rule = "|".join(["", f" {'-' * widths[0]} ", *(f" {'-' * (w - 1)}: " for w in widths[1:]), ""])
    return "\n".join([head, rule, *body]) + "\n"


def title(measured: Measured) -> str:
    """Return the name of an input for a reader."""
    kind, _ = meant(measured.name)
    if measured.name == kind:
        return f"{kind} chart"
    if measured.name.isdecimal():
        return f"{measured.objects:,} objects"
    count = int(measured.name.partition("-")[0])
    return _TITLES.get(kind, f"{{}} {kind}").format(f"{count:,}")


def mebibytes(value: float) -> str:
    """Return bytes as a whole number of MiB."""
    return f"{value / _MIB:,.0f}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    cells = [first[0].ljust(first[1]), *(text.rjust(width) for text, width in rest)]
    return f"| {' | '.join(cells)} |"


def _rows(results: Results, names: Sequence[str], shown: Shown) -> list[list[str]]:
    """Return the head and a row for each input, without contenders that were not measured."""
    names = [name for name in names if _measured(results, name)]
    head = ["", *(name.replace("dfpolicy, ", "") for name in names)]
    body = ([title(one), *(_cell(one, name, shown) for name in names)] for one in _single(results))
    return [head, *body]


def _single(results: Results) -> Iterator[Measured]:
    """Yield the inputs that are one deployment."""
    return (one for one in results.inputs if meant(one.name)[0] not in (FLEET, WATCHED))


def _of_kind(results: Results, kind: str) -> Iterator[Measured]:
    return (one for one in results.inputs if meant(one.name)[0] == kind)


def _measured(results: Results, contender: str) -> bool:
    return any(one.samples.get(contender) for one in results.inputs)


def _cell(measured: Measured, contender: str, shown: Shown) -> str:
    """Return what is shown of a sample, or in a word or two why there is none.

    results.json has the sentence.
    """
    sample = measured.median(contender)
    if sample is None:
        return NOTHING
    return sample.fault.partition(":")[0] if sample.fault else shown(sample)


def _seconds(sample: Sample) -> str:
    return f"{sample.wall:.2f}" if sample.wall < 100 else f"{sample.wall:.0f}"
