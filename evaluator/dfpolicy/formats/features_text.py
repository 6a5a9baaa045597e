"""What DeepFlow can see on each node, as text: a line for each kind of node, the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from dfpolicy.formats.base import Style
from dfpolicy.formats.text_page import Page
from dfpolicy.formats.wording import kernel_name, names, system_name
from dfpolicy.i18n.columns import width
from dfpolicy.i18n.language import _, _n, listed, translate
from dfpolicy.model import FeatureRow
from dfpolicy.report.problems import natural

_Column = Literal["kprobe", "golang_uprobe", "openssl_uprobe", "perf"]
_COLUMNS: tuple[_Column, ...] = get_args(_Column)
# Worst first.
_ABILITIES = ("no", "host-only", "unknown", "yes")
_COUNT, _SYSTEM, _KERNEL = 5, 27, 28
# The number of lines without -v, and the number of kinds shown.
_LINES, _KINDS = 30, 9


@dataclass(frozen=True)
class _Kind:
    """Nodes that are equal in everything shown; `row` is that of the first one."""

    row: FeatureRow
    nodes: list[str]

    @property
    def flawed(self) -> bool:
        return _unlisted(self.row) or any(one != "yes" for one in _abilities(self.row))


def render(rows: Sequence[FeatureRow], style: Style) -> str:
    """Return the rows as at most 30 lines of 72 to 100 columns; `verbose` lists every node."""
    page = Page(style)
    kinds = _kinds(rows, style.verbose)
    shown = kinds if style.verbose or len(kinds) <= _KINDS else kinds[: _KINDS - 1]
    table = _table(shown, kinds[len(shown) :], page, style.verbose)
    above = [*_headline(rows, len(kinds), page), "", *table]
    below = ["", *_legend(page, rows), "", *_closing(page, style.verbose)]
    room = None if style.verbose else _LINES - len(above) - len(below)
    return "\n".join([*above, *_notes(shown, page, style.verbose, room), *below]) + "\n"


def _kinds(rows: Sequence[FeatureRow], verbose: bool) -> list[_Kind]:
    kinds: dict[tuple[object, ...], _Kind] = {}
    for row in rows:
        system = (row["architecture"], row["kernelRelease"], row["os"])
        own = _Kind(row, [])
        notes = (row["fentry"], *row["notes"]) if verbose else row["notes"] if own.flawed else ()
        key = (*system, *_cells(row), row["certainty"], *notes)
        kinds.setdefault(key, own).nodes.append(row["node"])
    for kind in kinds.values():
        kind.nodes.sort(key=natural)
    return sorted(
        kinds.values(),
        key=lambda kind: (
            *map(_ABILITIES.index, _abilities(kind.row)),
            not _unlisted(kind.row),
            -len(kind.nodes),
            natural(kind.nodes[0]),
        ),
    )


def _abilities(row: FeatureRow) -> tuple[str, ...]:
    """Return the features that work: tracing, profiling, Go, TLS."""
    return row["kprobe"], row["perf"], row["golang_uprobe"], row["openssl_uprobe"]


def _headline(rows: Sequence[FeatureRow], kinds: int, page: Page) -> list[str]:
    able = sum(row["kprobe"] == row["perf"] == "yes" for row in rows)
    untraced = sum(row["kprobe"] == "no" for row in rows)
    unprofiled = sum(row["perf"] == "no" for row in rows)
    parts = [
        _n(
            "{able} of {count} node can trace and profile",
            "{able} of {count} nodes can trace and profile",
            len(rows),
            able=able,
        )
    ]
    if untraced:
        parts.append(_n("{count} node cannot trace", "{count} nodes cannot trace", untraced))
    if unprofiled:
        parts.append(_n("{count} node cannot profile", "{count} nodes cannot profile", unprofiled))
    unknown = len(rows) - sum("unknown" not in (row["kprobe"], row["perf"]) for row in rows)
    if unknown:
        parts.append(_n("{count} node is unknown", "{count} nodes are unknown", unknown))
    told = _n("{count} kind of node:", "{count} kinds of node, worst first:", kinds)
    said = _("{sentence}.").format(sentence=_("; ").join(parts))
    return page.wrapped(_("{first} {second}").format(first=said, second=told))


def _table(
    shown: Sequence[_Kind], left: Sequence[_Kind], page: Page, verbose: bool
) -> Iterator[str]:
    """Yield the kinds as lines of a table; a long system name has its own line."""
    titles = [_("Tracing"), _("Go"), _("TLS"), _("Profiling"), *(["fentry"] if verbose else [])]
    widths = [max(width(title), 5) + 2 for title in titles]
    systems = [system_name(kind.row["os"], kind.row["architecture"]) for kind in shown]
    kernels = [kernel_name(kind.row["kernelRelease"]) for kind in shown]
    margin = min(max(map(width, [_("system"), *systems])), _SYSTEM) + 2
    count = max(_COUNT, width(_("nodes"))) + 1
    label = margin + min(max(map(width, [_("kernel"), *kernels])), _KERNEL) + 2
    # On a narrow terminal the columns to the right keep their places.
    label = min(label, page.width - count - sum(widths) - 4)

    def line(number: str, system: str, kernel: str, cells: Sequence[str]) -> list[str]:
        lead = " " * (count - 1 - width(number)) + number + " "
        name = page.padded(system, margin) + page.safe(kernel)
        shown_cells = page.columns(cells, [*widths, 4][: len(cells)])
        if width(name) < label:
            return [(lead + page.padded(name, label) + shown_cells).rstrip()]
        return [lead + name, " " * (count + label) + shown_cells]

    yield page.painted(line(_("nodes"), _("system"), _("kernel"), titles)[0], "bold")
    marks = _marks(shown)
    for number, kind in enumerate(shown):
        cells = _cells(kind.row)
        if verbose:
            cells.append(_word(kind.row["fentry"]))
        mark = marks.get(number)
        cells += [f"[{mark}]"] if mark else []
        yield from line(str(len(kind.nodes)), systems[number], kernels[number], cells)
    if left:
        nodes = sum(len(kind.nodes) for kind in left)
        more = _n("{count} more kind of node: -v", "{count} more kinds of node: -v", len(left))
        yield from line(str(nodes), more, "", [])


def _marks(kinds: Sequence[_Kind]) -> dict[int, int]:
    """Return the number of each kind's note by the kind's position; not every kind has one."""
    flawed = [number for number, kind in enumerate(kinds) if kind.flawed and kind.row["notes"]]
    return {number: mark for mark, number in enumerate(flawed, 1)}


def _unlisted(row: FeatureRow) -> bool:
    return row["certainty"] not in ("probed", "listed")


def _cells(row: FeatureRow) -> list[str]:
    return [_cell(row, column) for column in _COLUMNS]


def _cell(row: FeatureRow, column: _Column) -> str:
    """Return the word of a column; a star marks what was probed."""
    if column in row.get("probed", ()):
        return f"{_word(row[column])}*"
    return _("yes?") if _unlisted(row) and row[column] == "yes" else _word(row[column])


def _word(ability: str) -> str:
    words = {"yes": _("yes"), "no": _("no"), "host-only": _("host")}
    return words.get(ability, "?")


def _notes(kinds: Sequence[_Kind], page: Page, verbose: bool, room: int | None) -> Iterator[str]:
    """Yield why a kind is worse than others, and its nodes, as far as there is room."""
    marks = _marks(kinds)
    blocks = [_note(kind, marks.get(number), page, verbose) for number, kind in enumerate(kinds)]
    blocks = [block for block in blocks if block]
    if not blocks:
        return
    yield ""
    left = None if room is None else room - 1
    for number, block in enumerate(blocks):
        last = number == len(blocks) - 1
        if left is not None and len(block) > left - (0 if last else 1):
            more = len(blocks) - number
            yield from page.wrapped(
                _n("and {count} more note: -v", "and {count} more notes: -v", more)
            )
            return
        yield from block
        left = None if left is None else left - len(block)


def _note(kind: _Kind, mark: int | None, page: Page, verbose: bool) -> list[str]:
    if mark is None and not verbose:
        return []
    lead = f"[{mark}] " if mark else "    "
    notes = [translate(note) for note in kind.row["notes"]]
    told = _("{sentence}.").format(sentence=_("; ").join(notes)) if notes else ""
    lines = page.wrapped(told[:1].upper() + told[1:], lead, 4)
    shown = listed(kind.nodes) if verbose else names(kind.nodes)
    return [*lines, *page.wrapped(shown, "    ")]


def _legend(page: Page, rows: Sequence[FeatureRow]) -> Iterator[str]:
    probed = any(row.get("probed") for row in rows)
    words = [
        *(
            [("*", _("tried on the node; the rest follows from versions and settings"))]
            if probed
            else []
        ),
        (_("yes?"), _("expected, but not on DeepFlow's list of kernels")),
        (_("host"), _("only processes outside of containers")),
    ]
    features = [
        (_("Tracing"), _("AutoTracing of system calls (kprobe)")),
        (_("Go, TLS"), _("traffic in clear (uprobe); off by default")),
        (_("Profiling"), _("AutoProfiling (perf)")),
    ]
    margin = max(width(name) for name, _text in [*features, *words]) + 2
    for name, text in [*features, *words]:
        yield from page.wrapped(text, page.padded(name, margin))
    yield from page.wrapped(
        _("AutoMetrics from packets and AutoTagging do not depend on the kernel.")
    )


def _closing(page: Page, verbose: bool) -> Iterator[str]:
    told = _("Only the kernel and SELinux are checked here. Sysctls, permissions and mounts:")
    yield from page.with_command(told, "dfpolicy check --deep", "")
    if not verbose:
        yield from page.wrapped(_("All names and fentry: -v. A line for each node: -o csv."))
