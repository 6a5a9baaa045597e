"""The changes as edits of the input files: what to replace, by line and column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dfpolicy.changes.object_places import Named, name_of
from dfpolicy.changes.selection import Change
from dfpolicy.changes.text_edit import edited_texts, holds_object
from dfpolicy.errors import InputError
from dfpolicy.input.items import Item
from dfpolicy.model import FACTS, Operation, ProposedEdit, Replacement, Resolving
from dfpolicy.reading.documents import Document
from dfpolicy.reading.redacted_text import redacted
from dfpolicy.reading.sources import RENDERED

# A longer document is not read once more for each change.
_LONGEST = 200_000
# Of more lines or words, the differences are not looked for.
_LONGEST_PART = 2_000
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_WORDS = re.compile(r"\w+|\W")


def edits(
    changes: Iterable[tuple[Change, Resolving]], items: Sequence[Item], namespace: str | None
) -> list[ProposedEdit]:
    """Return the edits of each change that a file of the input can express.

    What `--helm` renders, and standard input, are no files to edit. A change that also creates an
    object, or that concerns anything else, has no edits.
    """
    found: list[ProposedEdit] = []
    held = _documents(items)
    documents = [document for document, _names in held]
    named = Named(documents, [names for _document, names in held])
    for change, resolving in changes:
        if all(one["op"] != "create" for one in change.operations):
            own = _own(change.operations, documents, named, namespace)
            found += _edits(own, resolving, namespace)
    return found


def _documents(items: Iterable[Item]) -> list[tuple[Document, set[str]]]:
    """The documents of files, each as a text of its own, with the names of their objects."""
    by_place: dict[tuple[str, int], tuple[Document, set[str]]] = {}
    for item in items:
        if item.value["kind"] not in FACTS:
            place = item.document.source, item.document.start
            by_place.setdefault(place, (item.document, set()))[1].add(name_of(item.value))
    return [
        (replace(one, within=one.text, start=0, end=one.end - one.start), names)
        for one, names in by_place.values()
        if one.source != "stdin"
        and not one.source.startswith(RENDERED)
        and one.end - one.start <= _LONGEST
        and (one.start == 0 or one.within[one.start - 1] == "\n")
    ]


def _own(
    operations: Sequence[Operation],
    documents: Sequence[Document],
    named: Named,
    namespace: str | None,
) -> list[tuple[Document, list[Operation]]]:
    """The documents with the targets, and the operations on each; none if a target is missing."""
    found: dict[int, list[Operation]] = {}
    for operation in operations:
        target = operation["target"]
        about = named.about([target])
        own = [one for one in about if holds_object([documents[one]], target, namespace)]
        if not own:
            return []
        for position in own:
            found.setdefault(position, []).append(operation)
    return [(documents[position], found[position]) for position in sorted(found)]


def _edits(
    own: Iterable[tuple[Document, list[Operation]]], resolving: Resolving, namespace: str | None
) -> list[ProposedEdit]:
    found: list[ProposedEdit] = []
    for document, here in own:
        try:
            texts = edited_texts(here, [document], namespace)
        except InputError:
            return []
        for text in texts:
            made = _replacements(text.before, text.after, document.text_line)
            if made is None or any(redacted(one["text"]) != one["text"] for one in made):
                return []
            found.append({"file": text.source, "replacements": made, **resolving})
    return found


def _replacements(before: str, after: str, first: int) -> list[Replacement] | None:
    """The differences of two texts, or None if they are too long; `first` is their first line.

    What stays is not repeated: it may contain a secret.
    """
    lines = _LINES.findall(before)
    found: list[Replacement] = []
    for i, j, added in _differences(lines, _LINES.findall(after)):
        removed = "".join(lines[i:j])
        if not removed or not added:
            found.append(_replacement(lines, i, removed, 0, len(removed), added, first))
            continue
        words = _WORDS.findall(removed)
        starts = _starts(words)
        for k, m, text in _differences(words, _WORDS.findall(added)):
            if m - k + len(text) > _LONGEST_PART:
                return None
            found.append(_replacement(lines, i, removed, starts[k], starts[m], text, first))
    return found


def _differences(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield what is replaced, from the first to before the last, and the text in its place."""
    above = _common(old, new)
    below = _common(old[above:][::-1], new[above:][::-1])
    parts = old[above : len(old) - below], new[above : len(new) - below]
    if sum(map(len, parts)) > _LONGEST_PART:
        yield above, len(old) - below, "".join(parts[1])
        return
    from difflib import SequenceMatcher

    for tag, i, j, k, m in SequenceMatcher(None, *parts, autojunk=False).get_opcodes():
        if tag != "equal":
            yield above + i, above + j, "".join(parts[1][k:m])


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """The number of equal members at the start."""
    different = (i for i, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1])
    return next(different, min(len(old), len(new)))


def _starts(words: Sequence[str]) -> list[int]:
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    return starts


def _replacement(
    lines: Sequence[str], line: int, part: str, start: int, end: int, text: str, first: int
) -> Replacement:
    """The replacement of `part[start:end]`, where `part` begins at this line, from 0."""
    start_line, start_column = _position(part, start)
    end_line, end_column = _position(part, end)
    if line == len(lines) and lines and not lines[-1].endswith("\n"):
        # The last line has no end.
        start_line = end_line = -1
        start_column = end_column = len(lines[-1])
    return {
        "startLine": first + line + start_line,
        "startColumn": start_column + 1,
        "endLine": first + line + end_line,
        "endColumn": end_column + 1,
        "text": text,
    }


def _position(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index), index - (text.rfind("\n", 0, index) + 1)
