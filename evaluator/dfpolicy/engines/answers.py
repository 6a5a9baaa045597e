"""Answers of a server, read within limits and decoded without surprises.

A peer that is broken, or somebody else, may send any number of bytes, compress them a thousand
times, or nest them without end. Limits apply before anything is unpacked or decoded.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from dfpolicy.errors import EngineError
from dfpolicy.i18n.language import _
from dfpolicy.reading.json_shape import Shape
from dfpolicy.reading.limits import MAX_DEPTH, MIB, Limits

# A decision on 10,000 nodes is a quarter of it.
SIZE_LIMIT = 256 * MIB
# Of an answer that is an error only its beginning is read.
_ERROR_LIMIT = 64 << 10
# Compressed, it can become a thousand times as much before it is counted.
_CHUNK = 16 << 10
_ENCODINGS = ("", "identity", "gzip")


def decoded(content: bytes, place: str) -> Any:
    """Return the value of a JSON text from `place`. Raises EngineError for any other content."""
    try:
        text = content.decode()
        shape = Shape(text)
        if shape.values > Limits.values:
            message = _("the server's answer contains more than {count} values")
            raise EngineError(message.format(count=Limits.values), place)
        if shape.deeper_than(MAX_DEPTH):
            message = _("the server's answer is nested more than {depth} levels deep")
            raise EngineError(message.format(depth=MAX_DEPTH), place)
        del shape
        return json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError):
        raise EngineError(
            _("the server's answer is not valid JSON"), place, _("is it OPA?")
        ) from None


def too_large(place: str) -> EngineError:
    """The error for an answer of more than SIZE_LIMIT bytes."""
    message = _("the server's answer is larger than {size} MiB").format(size=SIZE_LIMIT // MIB)
    return EngineError(message, place, _("evaluate fewer documents at once"))


class BoundedAdapter(HTTPAdapter):
    """Connections to the server at `url`, whose answers are read here, within limits."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **how: Any) -> requests.Response:
        """Send the request and return the answer, complete. Raises EngineError, RequestException.

        An error has only the beginning of its body.
        """
        response = super().send(request, *args, **{**how, "stream": True})
        try:
            content = self._body(response)
        finally:
            # Of an answer that was not read to its end, the connection cannot be used again.
            response.close()
        # A decision can be large, and is needed once.
        response._content = b"" if response.ok else content
        # The library's own has no limits, and raises other errors.
        response.json = partial(decoded, content, self._url)  # type: ignore[method-assign]
        return response

    def _body(self, response: requests.Response) -> bytes:
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            # Several, or one that expands much more than gzip.
            raise EngineError(_("the server's answer is compressed in an unknown way"), self._url)
        limit = SIZE_LIMIT if response.ok else _ERROR_LIMIT
        parts: list[bytes] = []
        size = 0
        for part in response.iter_content(_CHUNK):
            size += len(part)
            if size > limit:
                if response.ok:
                    raise too_large(self._url)
                return b"".join(parts)
            parts.append(part)
        return b"".join(parts)


def _refused(constant: str) -> Any:
    raise ValueError(constant)
