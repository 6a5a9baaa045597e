"""What every engine does."""

from __future__ import annotations

from typing import Any, Protocol

Decision = dict[str, Any]


class Engine(Protocol):
    """Evaluates the entry points of the policies."""

    name: str
    bundle: str

    def evaluate(self, document: dict[str, Any]) -> Decision:
        """Return the decision (schema `decision`) on an input document (schema `input`).

        Raises EngineError when the engine fails or exceeds its limits.
        """
        ...

    def features(self, document: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the feature rows of the decision alone. Raises EngineError."""
        ...
