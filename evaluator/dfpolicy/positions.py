"""Lines of fields. Looked up only where one is shown: positions cost more than values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dfpolicy.documents import Document


class Positions:
    """Finds lines in documents, whose positions it keeps."""

    def __init__(self) -> None:
        self._roots: dict[int, Any] = {}

    def line(self, document: Document, path: Iterable[str | int]) -> int:
        """Return the line of the field at the path in its source.

        That is the document's own line where the path leads nowhere, or is empty.
        """
        node: Any = None
        steps = list(path)
        if steps:
            node = self._root(document)
        for step in steps:
            node = _child(node, step)
        return document.line if node is None else int(document.text_line + node.start_mark.line)

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


def _child(node: Any, step: str | int) -> Any:
    content = getattr(node, "value", None)
    if not isinstance(content, list):
        return None
    if isinstance(step, int):
        return content[step] if step < len(content) else None
    for pair in content:
        if isinstance(pair, tuple) and pair[0].value == step:
            return pair[1]
    return None
