"""When to retry a failed HTTP request: urllib3's Retry with a deadline."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any

from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import InvalidHeader, MaxRetryError, ResponseError
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

# The server, or a proxy in front of it, is overloaded, restarts, or fails briefly.
TRANSIENT = frozenset({429, *range(500, 600)})
# The server did not process the request, so it can be retried whatever it does.
_NOT_STARTED = frozenset({429})
_BACKOFF_SECONDS = 0.1
_LONGEST_BACKOFF_SECONDS = 5.0


class Retries(Retry):
    """Retries after a lost connection, 429 and 5xx, and waits as `Retry-After` says.

    No wait exceeds `deadline`, a time of `time.monotonic`: the last answer or error then counts.
    """

    def __init__(self, *, deadline: float, **how: Any) -> None:
        super().__init__(**how)
        self.deadline = deadline

    def new(self, **how: Any) -> Retries:
        """Return a changed copy with the same deadline."""
        return super().new(deadline=self.deadline, **how)

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Return the seconds in the header; None for a missing or invalid header."""
        try:
            return super().get_retry_after(response)
        except InvalidHeader:
            return None

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Retries:
        """Return the remaining retries after a failure. Raises MaxRetryError if none are left."""
        left = super().increment(method, url, response, error, _pool, _stacktrace)
        pause = (response and left.get_retry_after(response)) or left.get_backoff_time()
        if time.monotonic() + pause < self.deadline:
            return left
        reason = error or ResponseError(ResponseError.GENERIC_ERROR)
        raise MaxRetryError(_pool, url, reason) from error  # type: ignore[arg-type]


def retries(
    total: int, seconds: float, connect: int | None = None, idempotent: bool = True
) -> Retries:
    """Return the retries of a request that begins now: their number, within so many seconds.

    `connect` further limits retries without a connection. A request that is not idempotent is
    retried only if the server did not process it.
    """
    return Retries(
        deadline=time.monotonic() + seconds,
        total=total,
        connect=connect,
        read=None if idempotent else False,
        # Our servers do not redirect, and retrying does not make a certificate trusted.
        redirect=0,
        other=0,
        allowed_methods=None,
        status_forcelist=TRANSIENT if idempotent else _NOT_STARTED,
        backoff_factor=_BACKOFF_SECONDS,
        backoff_max=_LONGEST_BACKOFF_SECONDS,
        raise_on_redirect=False,
        raise_on_status=False,
    )
