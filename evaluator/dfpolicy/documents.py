"""Splits input texts into documents that know where they stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dfpolicy import systemd_unit
from dfpolicy.errors import InputError
from dfpolicy.sources import Source, read_sources

_MARKER = re.compile(r"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_TEMPLATE = re.compile(r"^# Source: (\S.*?)\s*$", re.MULTILINE)
# One way to match each character: a `+` inside the repetition would take exponential time.
_NO_CONTENT = re.compile(r"(?:---)?(?:[ \t\r\n]|#[^\n]*(?:\n|\Z)|%[^\n]*(?:\n|\Z))*\Z")


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a stream.

    `source` is the file as named, or `stdin`; `index` counts the documents of that source
    from 1, empty ones left out; `line` is the first line of its content; `template` is the
    chart template of Helm's `# Source:` comment; `text_line` is the first line of its text, which
    stands in `within` from `start` to `end`; `value` holds what JSON can hold.
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

    @property
    def text(self) -> str:
        """The document's own text. It is cut out anew each time, since most are never looked at."""
        return self.within[self.start : self.end]


def load_documents(arguments: Sequence[str]) -> list[Document]:
    """Read and decode every document of the sources (see `read_sources`).

    Raises InputError for what cannot be read or decoded.
    """
    return [document for source in read_sources(arguments) for document in split(source)]


def split(source: Source) -> Iterator[Document]:
    """Yield the documents of one text, JSON or YAML; empty documents are left out.

    A systemd unit is one document of its sections, known by the name of its file.
    """
    if source.name.endswith(systemd_unit.SUFFIX):
        sections = systemd_unit.read_unit(source.text, source.name)
        line = systemd_unit.first_line(source.text)
        text = source.text
        yield Document(source.name, 1, line, None, 1, sections, text, 0, len(text))
        return
    for index, (value, line, text_line, start, end) in enumerate(_values(source), 1):
        template = _TEMPLATE.search(source.text, start, end)
        name = template and template[1]
        yield Document(source.name, index, line, name, text_line, value, source.text, start, end)


# Value, line of its content, line of its text, and where its text starts and ends.
_Value = tuple[Any, int, int, int, int]


def _values(source: Source) -> Iterator[_Value]:
    if source.text.lstrip()[:1] in ("{", "["):
        documents = _json_values(source)
        if documents is not None:
            yield from documents
            return
    # Decoding YAML costs its import only where there is YAML.
    from dfpolicy.yaml_reader import read_yaml

    for start, end, line in _chunks(source.text):
        for value, content_line in read_yaml(source.text[start:end], source.name, line):
            if value is not None:
                yield value, content_line, line, start, end


def _chunks(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, line of the start) of chunks, each beginning at a document marker.

    No content line can begin with a marker, not even inside a block scalar.
    """
    starts = [match.start() for match in _MARKER.finditer(text)]
    if not starts or not _NO_CONTENT.match(text[: starts[0]]):
        starts.insert(0, 0)
    elif starts[0] > 0 and "%" in text[: starts[0]]:
        starts[0] = 0
    line, position = 1, 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line += text.count("\n", position, start)
        position = start
        if not _NO_CONTENT.match(text[start:end]):
            yield start, end, line


def _json_values(source: Source) -> list[_Value] | None:
    """Return the values of concatenated JSON texts, or None when the text is no JSON."""
    decoder = json.JSONDecoder(
        object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_float
    )
    text, position = source.text, 0
    found: list[_Value] = []
    line, counted = 1, 0
    try:
        while True:
            while position < len(text) and text[position] in " \t\r\n":
                position += 1
            if position == len(text):
                return found
            line += text.count("\n", counted, position)
            counted = position
            value, end = decoder.raw_decode(text, position)
            if _SURROGATE.search(text, position, end) and not _is_unicode(value):
                return None
            found.append((value, line, line, position, end))
            position = end
    except _DuplicateKeyError as error:
        _find_duplicate(source, text[position:], line)
        raise InputError(
            f"the key {error.args[0]!r} stands twice in one object", f"{source.name}:{line}"
        ) from None
    except RecursionError:
        raise InputError("nested too deeply", f"{source.name}:{line}") from None
    except ValueError:
        return None


def _find_duplicate(source: Source, text: str, line: int) -> None:
    """Raise InputError with the line of the second key, where the JSON is YAML as well."""
    from dfpolicy.yaml_reader import DuplicateKeyError, read_yaml

    try:
        for _ in read_yaml(text, source.name, line):
            pass
    except DuplicateKeyError:
        raise
    except InputError:
        return


class _DuplicateKeyError(Exception):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _DuplicateKeyError(key[:60])
            seen.add(key)
    return found


def _is_unicode(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _float(digits: str) -> float:
    value = float(digits)
    return _refuse(digits) if value in (float("inf"), float("-inf")) else value
