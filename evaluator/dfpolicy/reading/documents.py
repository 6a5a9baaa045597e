"""Splits input texts into documents with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dfpolicy.errors import InputError
from dfpolicy.reading import systemd_unit
from dfpolicy.reading.agent_file import decoded, has_agent_name
from dfpolicy.reading.json_text import json_values
from dfpolicy.reading.limits import budget
from dfpolicy.reading.list_items import ListText, Member, Placed, list_text
from dfpolicy.reading.sources import Source, read_sources
from dfpolicy.reading.yaml_lines import LineDecoder

_MARKER = re.compile(r"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)
_COMMENT = "# Source: "
_TEMPLATE = re.compile(rf"^{_COMMENT}(\S.*?)\s*$", re.MULTILINE)
_VISIBLE = re.compile(r"[^ \t\r\n]")
# Line by line: a repetition over comments would need memory for each.
_CONTENT = re.compile(r"^[ \t\r]*[^ \t\r\n#%]", re.MULTILINE)
_FIRST = re.compile(r"\S")


@dataclass(slots=True)
class Document:
    """One document of a stream.

    `source` is the file as named, or `stdin`; `index` is its number in that source, from 1, without
    empty documents; `line` is the first line of its content; `template` is the chart template in
    Helm's `# Source:` comment; `text_line` is the first line of its text, which is
    `within[start:end]`; `value` is a JSON value, or None if it was left out of a large input.
    `members` are the items of a List that is read item by item, once; its value has none.
    """

    source: str
    index: int
    line: int
    template: str | None
    text_line: int
    value: Any
    within: str = ""
    start: int = 0
    end: int = 0
    members: Iterator[Member] | None = None

    @property
    def text(self) -> str:
        """The document's own text, cut out on demand: most are never used."""
        return self.within[self.start : self.end]


def load_documents(arguments: Sequence[str]) -> list[Document]:
    """Read and decode every document of the sources (see `read_sources`).

    Raises InputError for unreadable or invalid input.
    """
    return [document for source in read_sources(arguments) for document in split(source)]


def split(source: Source, streamed: bool = False) -> Iterator[Document]:
    """Yield the documents of one text, JSON or YAML, without empty ones.

    A systemd unit, detected by its file name, is one document of its sections. If `streamed`, the
    items of a large List are its `members`. Raises InputError for invalid input, and if it exceeds
    the budget in force.
    """
    if source.name.endswith(systemd_unit.SUFFIX):
        budget().take_document(source.name)
        budget().take_values(source.text.count("\n") + 1, source.name)
        sections = systemd_unit.read_unit(source.text, source.name)
        line = systemd_unit.first_line(source.text)
        text = source.text
        yield Document(source.name, 1, line, None, 1, sections, text, 0, len(text))
        return
    values = enumerate(_agent_values(source, streamed), 1)
    for index, (value, line, text_line, start, end) in values:
        name = _template(source.text, start, end)
        document = Document(
            source.name, index, line, name, text_line, value, source.text, start, end
        )
        if isinstance(value, ListText):
            document.value, document.members = value.head, value.members
        yield document


def _template(text: str, start: int, end: int) -> str | None:
    # The pattern alone would look at the start of each line of a large document.
    found = text.find(_COMMENT, start, end)
    template = _TEMPLATE.search(text, start, end) if found >= 0 else None
    return template and template[1]


def _agent_values(source: Source, streamed: bool) -> Iterator[Placed]:
    """Yield the values; an agent's file that is not valid YAML counts as an empty object.

    The policies report why the agent rejects the file.
    """
    read = 0
    try:
        for value in _values(source, streamed):
            read += 1
            yield value
    except InputError:
        # Manifests can have the same file name.
        if read or not has_agent_name(source.name) or "apiVersion" in source.text:
            raise
        if not decoded(source.text):
            raise
        yield Placed({}, 1, 1, 0, len(source.text))


def _values(source: Source, streamed: bool) -> Iterator[Placed]:
    first = _FIRST.search(source.text)
    if first and first[0] in "{[":
        documents = json_values(source, streamed)
        if documents is not None:
            yield from documents
            return
    decoder = _Decoder(source.name)
    for start, end, line in _chunks(source):
        found = list_text(source, start, end, line, decoder.decode) if streamed else None
        if found is not None:
            yield Placed(found, found.line, line, start, end)
            continue
        for value, content_line in decoder.decode(source.text[start:end], line):
            if value is not None:
                yield Placed(value, content_line, line, start, end)


class _Decoder:
    """Decodes the YAML of a source, within the budget."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lines = LineDecoder()

    def decode(self, text: str, line: int) -> Iterator[tuple[Any, int]]:
        """Yield the documents of a text, whose first line is `line`: (value, line of content)."""
        found = self._lines.decode(text)
        if found is not None and found.size <= budget().values:
            budget().take_values(found.size, self._name)
            yield found.value, line + found.above
            return
        # The YAML decoder is imported only for what needs it.
        from dfpolicy.reading.yaml_reader import YamlSyntaxError, read_yaml

        aliases = "*" in text and "&" in text
        try:
            for value, content_line in read_yaml(text, self._name, line):
                if aliases:
                    budget().check_aliases(value, f"{self._name}:{content_line}")
                yield value, content_line
        except YamlSyntaxError as error:
            from dfpolicy.reading.foreign_text import foreign_text

            raise foreign_text(text, self._name, line) or error from None


def _chunks(source: Source) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, line of the start) of chunks, each beginning at a document marker.

    No content line can begin with a marker, not even inside a block scalar.
    """
    text, left = source.text, budget()
    line, position = 1, 0
    if text.count("\n---") > left.documents:
        _refuse_markers(source)
    for start, end in _spans(text):
        line += text.count("\n", position, start)
        position = start
        left.take_document(f"{source.name}:{line}")
        if _content(text, start, end) < end:
            yield start, end, line


def _refuse_markers(source: Source) -> None:
    """Raise InputError if there are too many markers, before any document is decoded."""
    left = budget().documents
    for number, marker in enumerate(_MARKER.finditer(source.text)):
        if number == left:
            line = source.text.count("\n", 0, marker.start()) + 1
            raise budget().too_many_documents(f"{source.name}:{line}")


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each document; directives belong to the one below them."""
    starts = (match.start() for match in _MARKER.finditer(text))
    start = next(starts, len(text))
    if _content(text, 0, start) < start:
        yield 0, start
    elif text.find("%", 0, start) >= 0:
        start = 0
    for following in starts:
        yield start, following
        start = following
    if start < len(text):
        yield start, len(text)


def _content(text: str, start: int, end: int) -> int:
    """The position after markers, blanks, comments and directives; `end` if nothing follows."""
    position = start + 3 if text.startswith("---", start, end) else start
    found = _VISIBLE.search(text, position, end)
    if found and found[0] in "#%":
        found = _CONTENT.search(text, found.start(), end)
    return found.end() - 1 if found else end
