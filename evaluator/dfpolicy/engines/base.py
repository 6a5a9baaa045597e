"""The interface of every engine."""

from __future__ import annotations

from typing import Protocol

from dfpolicy.model import Decision, EngineName, FeatureRow, JsonObject


class Engine(Protocol):
    """Evaluates the entry points of the policies.

    `bundle` identifies the policies, by a digest or a revision.
    """

    name: EngineName
    bundle: str

    def evaluate(self, document: JsonObject) -> Decision:
        """Return the decision (schema `decision`) on an input document (schema `input`).

        Raises EngineError if the engine fails or exceeds its limits.
        """
        ...

    def features(self, document: JsonObject) -> list[FeatureRow]:
        """Return only the feature rows of the decision. Raises EngineError."""
        ...
