"""What every engine does."""

from __future__ import annotations

from typing import Any, Protocol

Decision = dict[str, Any]


class Engine(Protocol):
    """Evaluates the one entry point of the policies."""

    name: str
    bundle: str

    def evaluate(self, document: dict[str, Any]) -> Decision:
        """Return the decision (schema `decision`) on an input document (schema `input`).

        Raises EngineError when the engine fails or exceeds its limits.
        """
        ...
