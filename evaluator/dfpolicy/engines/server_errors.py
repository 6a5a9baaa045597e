"""Errors between dfpolicy and an OPA server, in one line and without secrets."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import requests

from dfpolicy.errors import EngineError, UsageError
from dfpolicy.i18n.escaping import printable
from dfpolicy.i18n.language import _, marked
from dfpolicy.system.files import read_bounded

_CHECK_URL = marked("check --opa-url")
_CHECK_LOG = marked("check the server's log")
_CHECK_TLS = marked("check --opa-url and --opa-certificate")
_RAISE_TIMEOUT = marked("raise --opa-timeout")
_STATUS = {
    400: (marked("the server rejected the request"), marked("is it OPA, and does it need https?")),
    401: (
        marked("the server does not accept this token or certificate"),
        marked("check --opa-token-file"),
    ),
    403: (
        marked("the server denied access"),
        marked("allow POST /v1/data/dfpolicy in its authorization policy"),
    ),
    404: (marked("nothing at this address, or no policy dfpolicy/main"), _CHECK_URL),
    407: (marked("a proxy requires credentials"), marked("check HTTPS_PROXY")),
    413: (
        marked("the input is larger than the server allows"),
        marked("raise its decoding.max_length, or evaluate fewer documents at once"),
    ),
    429: (marked("the server is overloaded"), marked("try again later")),
}
_LONGEST = 60
_LARGEST_TOKEN = 64 << 10
_LARGEST_PEM = 8 << 20


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
        hint = _("check --opa-url and --opa-connect-timeout")
        return _("cannot connect to the server in time"), hint
    if isinstance(error, errors.Timeout):
        return _("the server did not answer in time"), _(_RAISE_TIMEOUT)
    if isinstance(error, errors.TooManyRedirects):
        return _("the server redirects to another address"), _(_CHECK_URL)
    if isinstance(error, errors.ProxyError):
        return _("cannot use the proxy"), _("check HTTPS_PROXY and NO_PROXY")
    if isinstance(error, errors.InvalidJSONError):
        return _("the server's answer is not valid JSON"), _("is it OPA?")
    if isinstance(error, errors.ContentDecodingError):
        return _("the server's answer cannot be unpacked"), _("is it OPA?")
    if isinstance(error, errors.ChunkedEncodingError):
        return _("the server's answer was cut off"), _(_CHECK_LOG)
    return _of_connection(error)


def _status(response: requests.Response) -> int:
    # OPA answers 400 where a proxy answers 413.
    if response.status_code == 400 and "body too large" in response.text[:1000]:
        return 413
    return int(response.status_code)


def _of_status(status: int) -> tuple[str, str]:
    if status in _STATUS:
        message, hint = _STATUS[status]
        return _("{message} (status {status})").format(message=_(message), status=status), _(hint)
    if status >= 500:
        message = _("the server failed (status {status})").format(status=status)
        return message, _(_CHECK_LOG)
    return _("the server answered with status {status}").format(status=status), _(_CHECK_URL)


def _of_tls(error: Exception) -> tuple[str, str]:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = shortened(cause.verify_message)
            message = _("the server's certificate is not trusted: {reason}").format(reason=reason)
            return message, _("check --opa-ca")
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError) and cause.reason:
            reason = shortened(cause.reason.replace("_", " ").lower())
            message = _("the TLS connection failed: {reason}").format(reason=reason)
            return message, _(_CHECK_TLS)
    return _("the TLS connection failed"), _(_CHECK_TLS)


def _of_connection(error: Exception) -> tuple[str, str]:
    for cause in _causes(error):
        if isinstance(cause, ConnectionRefusedError):
            return _("the connection was refused"), _("check that the server is running")
        if type(cause).__name__ == "ReadTimeoutError":
            return _("the server did not answer in time"), _(_RAISE_TIMEOUT)
        if type(cause).__name__ == "NameResolutionError":
            return _("the host name does not resolve"), _(_CHECK_URL)
        if type(cause).__name__ in ("RemoteDisconnected", "ConnectionResetError"):
            return _("the server closed the connection before it answered"), _(_CHECK_LOG)
        if type(cause).__name__ == "IncompleteRead":
            return _("the server's answer was cut off"), _(_CHECK_LOG)
    return _("the connection failed"), _(_CHECK_URL)


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
    """Raise UsageError if the URL is not the address of a server. Never quotes credentials."""
    hint = _("example: https://opa.example.com:8181")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UsageError(_("--opa-url is not a valid URL"), hint=hint) from None
    if "@" in parts.netloc:
        raise UsageError(
            _("--opa-url must not contain credentials"), hint=_("use --opa-token-file")
        )
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise UsageError(_("--opa-url must be an http or https address"), hint=hint)
    if parts.query or parts.fragment:
        raise UsageError(_("--opa-url must not have a query or a fragment"), hint=hint)


def check_tls(ca: str | None, certificate: str | None, key: str | None) -> None:
    """Raise UsageError for files that cannot be used for TLS."""
    if key and not certificate:
        raise UsageError(_("--opa-key needs --opa-certificate"))
    context = ssl.create_default_context()
    if ca:
        _check_file(
            ca,
            _("the file contains no CA certificate in PEM"),
            lambda: context.load_verify_locations(ca),
        )
    if certificate:
        for path in filter(None, (certificate, key)):
            _check_file(
                path, _("the file contains no certificate and unencrypted key in PEM"), lambda: None
            )
        _check_file(
            certificate,
            _("the file contains no certificate and unencrypted key in PEM"),
            lambda: context.load_cert_chain(certificate, key, password=_no_password),
        )


def _check_file(path: str, message: str, load: Callable[[], None]) -> None:
    if not Path(path).is_file():
        raise UsageError(_("no such file"), path)
    if Path(path).stat().st_size > _LARGEST_PEM:
        raise UsageError(message, path)
    try:
        load()
    except (OSError, ValueError):
        raise UsageError(message, path) from None


def _no_password() -> str:
    # The library would prompt for it on the terminal.
    raise ValueError("the key is encrypted")


def read_token(path: str) -> str:
    """Return the token in a file or pipe. Raises UsageError, which never quotes it."""
    hint = _("check --opa-token-file")
    try:
        content = read_bounded(path, _LARGEST_TOKEN)
        text = None if content is None else content.decode("ascii")
    except (OSError, ValueError):
        raise UsageError(_("cannot read the token"), path, hint) from None
    if text is None:
        size = _LARGEST_TOKEN >> 10
        raise UsageError(_("the token is larger than {size} KiB").format(size=size), path, hint)
    return checked_token(text, path)


def checked_token(text: str, place: str) -> str:
    """Return the token without surrounding white space. Raises UsageError for an invalid token."""
    token = text.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise UsageError(_("must contain exactly one token"), place)
    return token
