"""The engine `opa`: a local OPA binary evaluates the policies, together with a user's own."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dfpolicy.engines import opa_binary
from dfpolicy.engines.own_policies import checked
from dfpolicy.engines.shape import decision_fault, features_fault, omission
from dfpolicy.errors import EngineError
from dfpolicy.i18n.language import _
from dfpolicy.input.encoding import written
from dfpolicy.model import Decision, EngineName, FeatureRow, JsonObject
from dfpolicy.policy.opa_bundle import packed
from dfpolicy.policy.source import revision

MEMORY_LIMIT = 3 << 30
TIME_LIMIT = 60.0


class OpaEngine:
    """Evaluates with `opa eval`.

    `binary` is a path, None for the one on PATH; `policies` are directories of the user's own
    requirements. `memory_limit` is in bytes, `time_limit` in seconds, both for one evaluation.
    Raises EngineError without a binary, InputError for a fault in a user's policies.
    """

    name: EngineName = "opa"

    def __init__(
        self,
        binary: str | None = None,
        policies: Sequence[str] = (),
        memory_limit: int = MEMORY_LIMIT,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        self._binary = opa_binary.find(binary)
        self._limits = (time_limit, memory_limit)
        self._own = checked(policies, self._binary)
        files = self._own.with_ours()
        self.bundle = revision(files)
        self._packed = packed(files)

    def evaluate(self, document: JsonObject) -> Decision:
        """Return the decision on an input document. Raises EngineError."""
        decision: Decision = self._ask("decision", document)
        fault = decision_fault(decision) or omission(decision, document)
        if fault is not None:
            raise EngineError(
                _("OPA's answer is not a valid decision: {fault}").format(fault=fault)
            )
        return decision

    def features(self, document: JsonObject) -> list[FeatureRow]:
        """Return only the feature rows of the decision. Raises EngineError."""
        rows: list[FeatureRow] = self._ask("features", document)
        fault = features_fault(rows)
        if fault is not None:
            raise EngineError(
                _("OPA's answer contains no valid feature rows: {fault}").format(fault=fault)
            )
        return rows

    def nodes_read(self, document: JsonObject) -> JsonObject:
        """Return what the policies read of nodes (see `node_kinds`). Raises EngineError."""
        answer: JsonObject = self._ask("nodes_read", document)
        return answer

    def _ask(self, entrypoint: str, document: JsonObject) -> Any:
        content = written(document)
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "bundle.tar.gz"
            path.write_bytes(self._packed)
            query = f"data.dfpolicy.main.{entrypoint}"
            options = ["--bundle", str(path), "--stdin-input", "--format", "raw"]
            arguments = ["eval", *options, query]
            try:
                printed = opa_binary.run(self._binary, arguments, content, *self._limits)
            except EngineError as error:
                raise self._own.as_error(error) from None
        if not printed.strip():
            raise EngineError(_("the policies returned no decision"))
        try:
            return json.loads(printed)
        except (ValueError, RecursionError):
            raise EngineError(
                _("OPA's answer is not valid JSON"), self._binary, _("check --opa")
            ) from None
