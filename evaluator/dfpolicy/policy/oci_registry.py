"""Requests to a registry, within limits.

Credentials go to the registry that the user names, and to a token server that the user names; never
to an address that an answer contains. Answers are counted while they are read.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import requests

from dfpolicy.errors import DfpolicyError, InputError, UsageError
from dfpolicy.i18n.language import _

_TIMEOUTS = (10, 60)
# Of everything together, in seconds.
_DEADLINE = 300
_MOST_REDIRECTS = 3
_CHUNK = 64 << 10
# Tokens and errors are small.
SMALL = 1 << 20
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Access:
    """How a registry is reached.

    `ca` is a PEM file; by default certifi's CA bundle is used. `token_server` is the address that
    may get `user` and `password` in addition to the registry itself.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    ca: str | None = None
    token_server: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The status, the headers and the content of an answer."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Registry:
    """One repository of a registry at `origin`, for example `https://registry.example.com`."""

    def __init__(self, origin: str, name: str, access: Access) -> None:
        self.origin = origin
        self.name = name
        self._access = access
        self._token = ""
        self._end = time.monotonic() + _DEADLINE
        self._session = requests.Session()
        # .netrc would add credentials, and REQUESTS_CA_BUNDLE replace the CA bundle.
        self._session.proxies = requests.utils.get_environ_proxies(origin)
        self._session.trust_env = False
        self._session.verify = access.ca or True

    def ask(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        limit: int = SMALL,
    ) -> Answer:
        """Return the answer to a request below `/v2/NAME`, or at an address of the registry.

        At most `limit` bytes are read. Raises DfpolicyError if there is no answer.
        """
        url = urljoin(f"{self.origin}/v2/{self.name}/", path)
        if not _same_origin(url, self.origin):
            raise DfpolicyError(
                _("the registry sends uploads to another address: {host}").format(
                    host=urlsplit(url).hostname or ""
                ),
                self.origin,
            )
        answer = self._sent(method, url, content, headers or {}, limit)
        if answer.status == 401 and not self._token:
            self._authorize(answer.headers.get("WWW-Authenticate", ""), write=method != "GET")
            answer = self._sent(method, url, content, headers or {}, limit)
        return answer

    def checked(self, answer: Answer, what: str) -> Answer:
        """Return the answer if it is a success. Raises InputError or DfpolicyError."""
        if answer.status < 300:
            return answer
        where = f"{self.origin}/{self.name}"
        if answer.status in (401, 403):
            message = _("the registry denied access: {what}").format(what=what)
            raise InputError(message, where, _("check --username and --password-file"))
        if answer.status == 404:
            raise InputError(_("the registry does not have it: {what}").format(what=what), where)
        message = _("the registry answered with status {status}: {what}")
        raise DfpolicyError(message.format(status=answer.status, what=what), where)

    def _sent(
        self,
        method: str,
        url: str,
        content: bytes | None,
        headers: Mapping[str, str],
        limit: int,
    ) -> Answer:
        given = {"Accept-Encoding": "identity", **headers}
        if self._token:
            given["Authorization"] = self._token
        for _number in range(_MOST_REDIRECTS + 1):
            answer = self._read(method, url, content, given, limit)
            place = answer.headers.get("Location", "")
            if answer.status not in (301, 302, 303, 307, 308) or method != "GET" or not place:
                return answer
            # Registries keep blobs in other stores, whose addresses contain what opens them.
            url = urljoin(url, place)
            if not url.startswith("https://") and not _same_origin(url, self.origin):
                raise DfpolicyError(
                    _("the registry redirects to an address without TLS"), self.origin
                )
            if not _same_origin(url, self.origin):
                given.pop("Authorization", None)
        raise DfpolicyError(_("the registry redirects too often"), self.origin)

    def _read(
        self, method: str, url: str, content: bytes | None, headers: Mapping[str, str], limit: int
    ) -> Answer:
        found = bytearray()
        try:
            with self._session.request(
                method,
                url,
                data=content,
                headers=dict(headers),
                timeout=_TIMEOUTS,
                stream=True,
                allow_redirects=False,
            ) as answer:
                # `raw` unpacks nothing.
                while chunk := answer.raw.read(_CHUNK):
                    found += chunk
                    if len(found) > limit:
                        message = _("the registry's answer is larger than {count} bytes")
                        raise DfpolicyError(message.format(count=limit), self.origin)
                    if time.monotonic() > self._end:
                        raise DfpolicyError(_("the registry did not answer in time"), self.origin)
                return Answer(answer.status_code, answer.headers, bytes(found))
        except (requests.exceptions.RequestException, OSError) as error:
            raise DfpolicyError(
                _("cannot reach the registry: {reason}").format(reason=type(error).__name__),
                self.origin,
            ) from error
        except Exception as error:
            # What urllib3 raises while it reads is no error of requests.
            if isinstance(error, DfpolicyError):
                raise
            message = _("the registry's answer was cut off: {reason}")
            raise DfpolicyError(message.format(reason=type(error).__name__), self.origin) from error

    def _authorize(self, challenge: str, write: bool) -> None:
        """Get what the next requests need, as the registry's challenge asks for."""
        access = self._access
        plain = base64.b64encode(f"{access.user}:{access.password}".encode()).decode()
        kind, _space, rest = challenge.partition(" ")
        if kind.lower() == "basic":
            if access.user:
                self._token = f"Basic {plain}"
            return
        given = dict(_CHALLENGE.findall(rest))
        realm = given.get("realm", "")
        safe = realm.startswith("https://") or _same_origin(realm, self.origin)
        if kind.lower() != "bearer" or not safe:
            raise DfpolicyError(_("unknown authentication of the registry"), self.origin)
        headers = {"Accept-Encoding": "identity"}
        if access.user:
            if not any(_same_origin(realm, one) for one in (self.origin, access.token_server)):
                raise UsageError(
                    _("the registry wants the credentials at {host}").format(
                        host=urlsplit(realm).hostname or ""
                    ),
                    self.origin,
                    _("if that is right, name it with --token-server"),
                )
            headers["Authorization"] = f"Basic {plain}"
        scope = f"repository:{self.name}:{'pull,push' if write else 'pull'}"
        query = urlencode({"service": given.get("service", ""), "scope": scope})
        answer = self._read("GET", f"{realm}?{query}", None, headers, SMALL)
        told = _object(self.checked(answer, _("a token")).content)
        token = told.get("token") or told.get("access_token")
        if not isinstance(token, str) or not token.isprintable():
            raise DfpolicyError(_("the registry's token server returned no token"), self.origin)
        self._token = f"Bearer {token}"


def _same_origin(url: str, origin: str) -> bool:
    one, other = urlsplit(url), urlsplit(origin)
    ports = {"https": 443, "http": 80}
    return (one.scheme, one.hostname, one.port or ports.get(one.scheme)) == (
        other.scheme,
        other.hostname,
        other.port or ports.get(other.scheme),
    )


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
