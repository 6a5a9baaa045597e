"""The objects of an input, each with its document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from dfpolicy.reading.documents import Document


class Section(NamedTuple):
    """The text of one item of a List, as a document, and the place of the item in it."""

    document: Document
    path: tuple[int, ...]


@dataclass(slots=True)
class Item:
    """An object of the input and its origin: `path` is its place in its document.

    If it is out of scope, `value` is a part or empty, and `content` its whole value as JSON. If it
    was read item by item from a List, `section` is its own text, or that of an inner List.
    """

    document: Document
    path: tuple[str | int, ...]
    value: dict[str, Any]
    content: bytes = b""
    section: Section | None = None

    @property
    def origin(self) -> tuple[Document, tuple[str | int, ...]]:
        """The document in which lines are looked up, and the place of the item in it."""
        if self.section is None:
            return self.document, self.path
        return self.section.document, (*self.section.path, *self.path[2:])

    @property
    def place(self) -> str:
        """`file:line` of the item. Looking up the line takes longer than reading the document."""
        from dfpolicy.reading.positions import Positions

        document, path = self.origin
        return f"{self.document.source}:{Positions().line(document, path)}"

    @property
    def whole(self) -> dict[str, Any]:
        """The whole value."""
        value: dict[str, Any] = json.loads(self.content) if self.content else self.value
        return value

    def leave_out(self, value: dict[str, Any], content: bytes) -> None:
        """Store the value as JSON, and keep only this part of it."""
        self.value, self.content = value, content
        self.document.value = None

    def restore(self) -> None:
        """Restore the whole value."""
        self.value, self.content = self.whole, b""
