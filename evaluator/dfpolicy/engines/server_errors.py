"""Errors between dfpolicy and an OPA server, in one line and without secrets."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import requests

from dfpolicy.errors import EngineError, UsageError, printable

_STATUS = {
    400: ("the server refused the request", "is it an OPA, and does it want https?"),
    401: ("the server does not know this token or certificate", "see --opa-token-file"),
    403: ("the server forbids it", "let its authorization policy allow POST /v1/data/dfpolicy"),
    404: ("there is nothing at this address, or no policy dfpolicy/main", "check --opa-url"),
    407: ("a proxy wants credentials", "check HTTPS_PROXY"),
    413: (
        "the input is larger than the server takes",
        "raise its decoding.max_length, or evaluate fewer documents at once",
    ),
    429: ("the server has too much to do", "try again later"),
}
_LONGEST = 60


def explained(error: Exception, url: str) -> EngineError:
    """Return the meaning of a failed request for the user."""
    message, hint = _words(error)
    return EngineError(message, url, hint)


def _words(error: Exception) -> tuple[str, str]:
    errors = requests.exceptions
    if isinstance(error, errors.HTTPError) and error.response is not None:
        return _of_status(_status(error.response))
    if isinstance(error, errors.SSLError):
        return _of_tls(error)
    if isinstance(error, errors.ConnectTimeout):
        return "the server cannot be reached in time", "check --opa-url and --opa-connect-timeout"
    if isinstance(error, errors.Timeout):
        return "the server gave no answer in time", "see --opa-timeout"
    if isinstance(error, errors.TooManyRedirects):
        return "the server sends dfpolicy to another address", "check --opa-url"
    if isinstance(error, errors.ProxyError):
        return "the proxy cannot be used", "check HTTPS_PROXY and NO_PROXY"
    if isinstance(error, errors.InvalidJSONError):
        return "the server's answer is no JSON", "is it an OPA?"
    if isinstance(error, errors.ChunkedEncodingError):
        return "the server's answer ended too early", "see the server's log"
    return _of_connection(error)


def _status(response: requests.Response) -> int:
    # OPA answers 400 where a proxy answers 413.
    if response.status_code == 400 and "body too large" in response.text[:1000]:
        return 413
    return int(response.status_code)


def _of_status(status: int) -> tuple[str, str]:
    if status in _STATUS:
        message, hint = _STATUS[status]
        return f"{message} (status {status})", hint
    if status >= 500:
        return f"the server failed (status {status})", "see the server's log"
    return f"the server answered with status {status}", "check --opa-url"


def _of_tls(error: Exception) -> tuple[str, str]:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = shortened(cause.verify_message)
            return f"the server's certificate is not trusted: {reason}", "see --opa-ca"
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError) and cause.reason:
            reason = shortened(cause.reason.replace("_", " ").lower())
            return f"no TLS connection: {reason}", "check --opa-url and --opa-certificate"
    return "no TLS connection", "check --opa-url and --opa-certificate"


def _of_connection(error: Exception) -> tuple[str, str]:
    for cause in _causes(error):
        if isinstance(cause, ConnectionRefusedError):
            return "the connection was refused", "does the server run there?"
        if type(cause).__name__ == "ReadTimeoutError":
            return "the server gave no answer in time", "see --opa-timeout"
        if type(cause).__name__ == "NameResolutionError":
            return "there is no host of that name", "check --opa-url"
        if type(cause).__name__ in ("RemoteDisconnected", "ConnectionResetError"):
            return "the server closed the connection before it answered", "see the server's log"
        if type(cause).__name__ == "IncompleteRead":
            return "the server's answer ended too early", "see the server's log"
    return "the connection failed", "check --opa-url"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all its causes, including those that urllib3 stores as arguments."""
    stack: list[object] = [error]
    seen: set[int] = set()
    while stack:
        found = stack.pop()
        if not isinstance(found, BaseException) or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        stack += [*found.args, found.__cause__, found.__context__, getattr(found, "reason", None)]


def shortened(text: str) -> str:
    """Return a server's text for a message: one short line."""
    text = printable(" ".join(text.split()))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def check_url(url: str) -> None:
    """Raise UsageError for an invalid server address. Never quotes credentials."""
    hint = "such as https://opa.example.com:8181"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UsageError("--opa-url is no URL", hint=hint) from None
    if "@" in parts.netloc:
        raise UsageError("--opa-url holds credentials", hint="give --opa-token-file")
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise UsageError("--opa-url is no address of a server", hint=hint)
    if parts.query or parts.fragment:
        raise UsageError("--opa-url has something behind its path", hint=hint)


def check_tls(ca: str | None, certificate: str | None, key: str | None) -> None:
    """Raise UsageError for files that cannot be used for TLS."""
    if key and not certificate:
        raise UsageError("--opa-key goes with --opa-certificate")
    context = ssl.create_default_context()
    if ca:
        _check_file(ca, "authorities", lambda: context.load_verify_locations(ca))
    if certificate:
        for path in filter(None, (certificate, key)):
            _check_file(path, "a certificate and its key", lambda: None)
        _check_file(
            certificate,
            "a certificate and its key",
            lambda: context.load_cert_chain(certificate, key, password=_no_password),
        )


def _check_file(path: str, what: str, load: Callable[[], None]) -> None:
    if not Path(path).is_file():
        raise UsageError("there is no such file", path)
    try:
        load()
    except (OSError, ValueError):
        raise UsageError(f"the file does not hold {what} in PEM, unencrypted", path) from None


def _no_password() -> str:
    # The library would prompt for it on the terminal.
    raise ValueError("the key is encrypted")


def read_token(path: str) -> str:
    """Return the token in a file. Raises UsageError, which never quotes it."""
    try:
        text = Path(path).read_text("ascii")
    except (OSError, ValueError):
        raise UsageError("the token cannot be read", path, "check --opa-token-file") from None
    return checked_token(text, path)


def checked_token(text: str, place: str) -> str:
    """Return the token without surrounding white space. Raises UsageError for an invalid token."""
    token = text.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise UsageError("there is no token, or not one alone", place)
    return token
