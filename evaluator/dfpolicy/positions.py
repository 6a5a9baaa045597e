"""Lines of fields. Looked up only where one is shown: positions cost more than values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dfpolicy.documents import Document


class Positions:
    """Finds lines in documents, whose positions it keeps."""

    def __init__(self) -> None:
        self._roots: dict[int, Any] = {}

    def key_line(self, document: Document, path: Iterable[str | int]) -> int:
        """Return the line of the key at the path, whose value may begin below it."""
        *above, last = path
        node = self._node(document, above)
        for pair in _members(node):
            if isinstance(pair, tuple) and pair[0].value == last:
                return int(document.text_line + pair[0].start_mark.line)
        return self.line(document, [*above, last])

    def line(self, document: Document, path: Iterable[str | int]) -> int:
        """Return the line of the field at the path in its source.

        That is the document's own line where the path leads nowhere, or is empty.
        """
        steps = list(path)
        node = self._node(document, steps) if steps else None
        return document.line if node is None else int(document.text_line + node.start_mark.line)

    def _node(self, document: Document, steps: Iterable[str | int]) -> Any:
        node = self._root(document)
        for step in steps:
            node = _child(node, step)
        return node

    def _root(self, document: Document) -> Any:
        key = id(document)
        if key not in self._roots:
            import yaml

            loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            try:
                self._roots[key] = yaml.compose(document.text, Loader=loader)
            except (yaml.YAMLError, RecursionError):
                # JSON with tabs is no YAML; the document's own line is still right.
                self._roots[key] = None
        return self._roots[key]


def _members(node: Any) -> list[Any]:
    content = getattr(node, "value", None)
    return content if isinstance(content, list) else []


def _child(node: Any, step: str | int) -> Any:
    content = _members(node)
    if isinstance(step, int):
        return content[step] if step < len(content) else None
    for pair in content:
        if isinstance(pair, tuple) and pair[0].value == step:
            return pair[1]
    return None
