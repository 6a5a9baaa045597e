"""What every engine does."""

from __future__ import annotations

import json
from typing import Any, Protocol

from dfpolicy.errors import EngineError

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


def written(document: dict[str, Any]) -> bytes:
    """Return the input as JSON in UTF-8, as every engine gets it. Raises EngineError."""
    try:
        # The wasm module takes what is no JSON, such as Infinity, for no input at all, and
        # misreads escapes of characters beyond U+FFFF.
        text = json.dumps(document, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
        return text.encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise EngineError("the input cannot be written as JSON") from error
