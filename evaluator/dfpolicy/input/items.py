"""The objects of an input, each with the document that it stands in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dfpolicy.reading.documents import Document


@dataclass(slots=True)
class Item:
    """An object of the input and where it came from: `path` leads to it in its document.

    Of one that is out of scope `value` is a part or empty, and `content` its whole value as JSON.
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
        """Keep the value as JSON, and this much of it at hand."""
        self.value, self.content = value, content
        self.document.value = None

    def restore(self) -> None:
        """Have the whole value at hand again."""
        self.value, self.content = self.whole, b""
