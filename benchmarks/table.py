"""Results as Markdown tables: a row for each contender, a column for each input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from benchmarks import ratios
from benchmarks.contenders import CONTENDERS
from benchmarks.measure import Sample
from benchmarks.results import Measured, Results

# For a contender that does not apply or was not measured.
NOTHING = "—"

Cell = Callable[[Measured, str], str]


def tables(results: Results) -> str:
    """Return the tables of ratios, seconds and memory, as Markdown."""
    parts = [
        ("Time, as a ratio to conftest", _ratio_cell(results, ratios.wall), None),
        ("Time of the processors, as a ratio", _ratio_cell(results, ratios.cpu), None),
        ("Seconds", _cell(lambda sample: _seconds(sample.wall)), ratios.wall),
        ("Seconds of the processors", _cell(lambda sample: _seconds(sample.cpu)), ratios.cpu),
        ("Peak memory, MiB", _cell(lambda sample: f"{sample.memory / 2**20:,.0f}"), ratios.memory),
    ]
    return "\n".join(
        f"### {title}\n\n{markdown(_rows(results, cell, cost))}" for title, cell, cost in parts
    )


def targets(results: Results) -> str:
    """Return the targets, the measured ratios, and whether they are met, as a Markdown table."""
    rows = [["target", "at most", "reached", ""]]
    for target in ratios.TARGETS:
        reached = target.reached(results)
        rows.append(
            [target.text, f"{target.most:g}", str(reached or NOTHING), _told(target, reached)]
        )
    return markdown(rows)


def _told(target: ratios.Target, reached: ratios.Ratio | None) -> str:
    if reached is None:
        return "not measured"
    return "met" if reached.value <= target.most else "missed"


def markdown(rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose first row is the header, with padded columns."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    head, *body = [_line(row, widths) for row in rows]
    rule = "|".join(["", f" {'-' * widths[0]} ", *(f" {'-' * (w - 1)}: " for w in widths[1:]), ""])
    return "\n".join([head, rule, *body]) + "\n"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(row, widths, strict=True)
    cells = [first[0].ljust(first[1]), *(text.rjust(width) for text, width in others)]
    return f"| {' | '.join(cells)} |"


def _rows(results: Results, cell: Cell, cost: ratios.Cost | None) -> Iterator[list[str]]:
    yield ["", *map(_title, results.inputs), *(["exponent"] if cost else [])]
    for contender in CONTENDERS:
        row = [contender.name, *(cell(measured, contender.name) for measured in results.inputs)]
        if cost:
            found = ratios.exponent(results, contender.name, cost)
            row.append(NOTHING if found is None else f"{found:.2f}")
        yield row


def _title(measured: Measured) -> str:
    if measured.name.isdecimal():
        return f"{measured.objects:,} objects"
    count, _, kind = measured.name.partition("-")
    return f"{int(count):,} {kind}" if kind else f"{measured.name} chart"


def _ratio_cell(results: Results, cost: ratios.Cost) -> Cell:
    def cell(measured: Measured, contender: str) -> str:
        found = ratios.ratio(results, measured.name, contender, cost)
        return str(found or _fault(measured, contender))

    return cell


def _cell(shown: Callable[[Sample], str]) -> Cell:
    def cell(measured: Measured, contender: str) -> str:
        sample = measured.median(contender)
        return shown(sample) if sample and not sample.fault else _fault(measured, contender)

    return cell


def _fault(measured: Measured, contender: str) -> str:
    """Return in a word or two why there is no number; results.json has the sentence."""
    sample = measured.median(contender)
    return sample.fault.partition(":")[0] if sample and sample.fault else NOTHING


def _seconds(value: float) -> str:
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"
