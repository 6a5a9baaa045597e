"""The tests of a user's own policies, run by OPA together with dfpolicy's modules."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dfpolicy.errors import EngineError, reason
from dfpolicy.i18n.language import _
from dfpolicy.policy.source import policy_files
from dfpolicy.system import subprocesses

_SECONDS = 300


@dataclass
class Tests:
    """How many tests there are, each case counted, and the failed ones as `file:line: name`."""

    count: int = 0
    failed: list[str] = field(default_factory=list)


def run(folders: Sequence[str], binary: str) -> Tests:
    """Run the tests in the directories. Raises EngineError if OPA cannot run them."""
    try:
        with tempfile.TemporaryDirectory() as scratch:
            # In a checkout, the modules have tests of their own next to them.
            for name, content in policy_files().items():
                path = Path(scratch, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            command = [binary, "test", "--format", "json", scratch, *folders]
            code, printed, _said = subprocesses.run(command, None, _SECONDS)
    except (OSError, subprocess.TimeoutExpired, subprocesses.OutputTooLargeError) as error:
        why = reason(error) if isinstance(error, OSError) else type(error).__name__
        raise EngineError(_("cannot run OPA: {reason}").format(reason=why), binary) from error
    try:
        # Without any test, OPA prints nothing.
        answer = json.loads(printed or "[]") or []
        found = Tests()
        for name, place, fails in _cases(answer):
            found.count += 1
            if fails:
                found.failed.append(f"{place}: {name}")
    except (ValueError, KeyError, TypeError):
        message = _("OPA failed with exit code {code}").format(code=code)
        raise EngineError(message, binary) from None
    return found


def _cases(answer: list[dict[str, Any]]) -> Iterator[tuple[str, str, bool]]:
    for test in answer:
        place = f"{test['location']['file']}:{test['location']['row']}"
        parts = test.get("sub_results") or {}
        for case, part in parts.items():
            yield f"{test['name']}[{json.dumps(case, ensure_ascii=False)}]", place, _fails(part)
        if not parts:
            yield test["name"], place, _fails(test)


def _fails(part: dict[str, Any]) -> bool:
    return bool(part.get("fail") or part.get("error"))
