"""A fake clock for repeated HTTP requests: their pauses take no time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from dfpolicy.system import retries


def passed(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the pauses, in seconds, of the requests that follow; none of them takes time."""
    made: list[float] = []

    def sleep(left: retries.Retries, response: Any = None) -> None:
        made.append((response and left.get_retry_after(response)) or left.get_backoff_time())

    monkeypatch.setattr(retries.Retries, "sleep", sleep)
    monkeypatch.setattr(retries, "time", SimpleNamespace(monotonic=lambda: sum(made)))
    return made
