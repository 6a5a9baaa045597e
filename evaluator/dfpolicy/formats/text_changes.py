"""What to change, as lines of the text report: the proposal, then the remedies in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dfpolicy.formats import proposed
from dfpolicy.formats.proposed import Line
from dfpolicy.formats.text_page import Page
from dfpolicy.i18n.columns import width
from dfpolicy.i18n.language import _
from dfpolicy.model import Proposal, Verdict

_INDENT = " " * 6
_LEAST = 3
_LINES_OF_OBJECT = 4
# The room for the numbers of problems.
_COMMENT = 9


@dataclass(slots=True)
class _Part:
    """A part with its entries, each of some lines; without a title, entries have numbers."""

    title: list[str]
    entries: list[list[str]] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.title) + sum(map(len, self.entries))

    def fitted(self, room: int) -> list[str]:
        """The lines, at most `room`: what does not fit is counted."""
        lines = [*self.title]
        for position, entry in enumerate(self.entries):
            last = position == len(self.entries) - 1
            if len(lines) + len(entry) + (not last) > room and position:
                more = _("and {count} more: -v").format(count=len(self.entries) - position)
                return [*lines, f"{_INDENT} {more}"]
            lines += entry
        return lines


def changes(verdict: Verdict, page: Page, room: int) -> list[str]:
    """Return the changes on about `room` lines; each part has at least a few."""
    parts = [*_proposed(verdict["proposal"], page, room)] if "proposal" in verdict else []
    texts = _Part([page.safe("  " + _("by hand"))] if parts else [])
    for change in verdict["changes"]:
        lead = f"{proposed.numbers(change['problems']):>5}  "
        texts.entries.append(page.wrapped(change["text"], lead, 7))
    if texts.entries:
        parts.append(texts)
    command = verdict["next"].get("change", [])
    last = []
    for text in command:
        last += page.with_command(_("To check them and write files:"), text, "  ")
    shown = _shared([part.size for part in parts], room - len(last))
    fitted = [part.fitted(share) for part, share in zip(parts, shown, strict=True)]
    return [*(line for lines in fitted for line in lines), *last]


def _shared(sizes: list[int], room: int) -> list[int]:
    """Divide the room: a part that needs little leaves the rest to the others."""
    shares = [0] * len(sizes)
    left = len(sizes)
    for size, position in sorted((size, position) for position, size in enumerate(sizes)):
        shares[position] = min(size, max(room // left, _LEAST))
        room -= shares[position]
        left -= 1
    return shares


def _proposed(proposal: Proposal, page: Page, room: int) -> Iterator[_Part]:
    values = proposed.values(proposal, page.width - len(_INDENT) - _COMMENT)
    if values:
        title = page.wrapped(values.title, "  ")
        yield _Part(title, [_kept(line, page) for line in values.lines])
    blocks = proposed.operations(proposal)
    most = max(room // _LINES_OF_OBJECT, 2)
    for block in blocks[:most]:
        title = page.wrapped(block.title, "  ")
        yield _Part(title, [_wrapped(line, page) for line in block.lines])
    if len(blocks) > most:
        more = _("and {count} more objects: -v").format(count=len(blocks) - most)
        yield _Part([page.safe(f"  {more}")])
    for place, commands in proposed.commands(proposal):
        part = _Part([page.safe(f"  {place}")])
        for one in commands:
            lead = f"{proposed.numbers(one['problems']):>7}  "
            lines = page.wrapped(proposed.described_command(one), lead, 9)
            lines += [f"{' ' * 9}{page.safe(text)}" for text in proposed.lines_of(one["command"])]
            part.entries.append(lines)
        yield part
    if proposal["questions"]:
        part = _Part([page.safe("  " + _("to answer"))])
        for entry in proposal["questions"]:
            lead = f"{proposed.numbers(entry['problems']):>7}  "
            lines = page.with_command(
                proposed.asked(entry), proposed.answer(entry["question"]), lead
            )
            part.entries.append(lines)
        yield part


def _kept(line: Line, page: Page) -> list[str]:
    """A line of YAML, which must not be wrapped, with its numbers at the right edge."""
    text = _INDENT + page.safe(line.text)
    if not line.problems:
        return [text]
    comment = f"# {proposed.numbers(line.problems)}"
    gap = max(page.width - width(text) - len(comment), 2)
    return [f"{text}{' ' * gap}{comment}"]


def _wrapped(line: Line, page: Page) -> list[str]:
    edge = f"# {proposed.numbers(line.problems)}"
    return page.edged(_INDENT, line.text, edge, len(_INDENT) + 4)
