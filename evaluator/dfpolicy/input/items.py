"""The objects of an input, each with its document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dfpolicy.reading.documents import Document


@dataclass(slots=True)
class Item:
    """An object of the input and its origin: `path` is its place in its document.

    If it is out of scope, `value` is a part or empty, and `content` its whole value as JSON.
    """

    document: Document
    path: tuple[str | int, ...]
    value: dict[str, Any]
    content: bytes = b""

    @property
    def place(self) -> str:
        """`file:line` of the document."""
        return f"{self.document.source}:{self.document.line}"

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
