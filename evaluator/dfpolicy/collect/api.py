"""Reads a cluster's API as plain JSON, by the usual rules for a kubeconfig."""

from __future__ import annotations

import json
import math
import os
import re
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from urllib3 import HTTPHeaderDict, Timeout
from urllib3.exceptions import HTTPError, MaxRetryError, ReadTimeoutError

from dfpolicy.errors import DfpolicyError, InputError, UsageError
from dfpolicy.i18n.language import _, listed, marked
from dfpolicy.model import JsonObject
from dfpolicy.system.retries import TRANSIENT, Retries, retries
from dfpolicy.version import VERSION

PAGE = 500
# Of a collection; a million objects.
_MOST_PAGES = 2_000
# Seconds for each attempt; no attempt begins later than this after the first.
TIMEOUT_SECONDS = 30
# As many as client-go. Refused connections are retried too: a load balancer may accept the next.
RETRIES = 10
_RECONNECTS = 2
_EXPIRED = 410
_RESTARTS = 3
# Bytes of an answer, unpacked. A page of 500 objects is much smaller.
LARGEST = 256 << 20
# Bytes of an event of a watch, which has one object.
LARGEST_EVENT = 16 << 20
_LONGEST_WAIT = 60.0
_CONNECTIONS = 32
_JSON = "application/json"
# JSON is YAML.
_CONTENT_TYPES = {"PATCH": "application/apply-patch+yaml"}
_CHUNK = 1 << 20
_LARGEST_KUBECONFIG = 8 << 20
_SHOWN_CONTEXTS = 20
TOO_LARGE = marked("the answer is too large")
# Names in a path come from objects that a tenant of the cluster can create. The API server does not
# check all of them, and `..` or `?` would request another object.
_PATH = re.compile(r"(?:/[A-Za-z0-9](?:[A-Za-z0-9._:-]*[A-Za-z0-9])?)+")


@dataclass(frozen=True)
class Access:
    """Which cluster to connect to, as which user, and how long to wait for each answer.

    `timeout` is in seconds, None for no limit. Groups need a user.
    """

    kubeconfig: str | None = None
    context: str | None = None
    user: str | None = None
    groups: tuple[str, ...] = ()
    timeout: float | None = TIMEOUT_SECONDS


class RefusedError(Exception):
    """The API server did not answer a request; `status` is the HTTP status, 0 for none."""

    def __init__(self, status: int, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        # The seconds that the API server asks to wait before the next request.
        self.wait = wait

    @property
    def transient(self) -> bool:
        """Whether the API server failed and may answer later, as opposed to a refusal."""
        return self.status == 0 or self.status in TRANSIENT


class Api:
    """A connection. Raises RefusedError if the API server refuses a request.

    Requests are retried after a lost connection, 429 or 5xx. Once all retries of a request failed,
    later requests are tried only once, except deletions.
    """

    def __init__(
        self, client: Any, configuration: Any, name: str, access: Access | None = None
    ) -> None:
        # The client's API calls differ between versions; its connections do not.
        self._pool = client.rest_client.pool_manager
        self._configuration = configuration
        self.name = name
        self._access = access or Access()
        self._patient = True

    def get(self, path: str, query: dict[str, str] | None = None) -> JsonObject:
        """Return the JSON object at a path."""
        return self.request("GET", path, query=query)

    def log(self, path: str, query: dict[str, str], most: int) -> bytes:
        """Return a container's log. It comes from the node, which is requested only once.

        Raises RefusedError, also for a log of more than `most` bytes.
        """
        return self._send("GET", path, query, None, "*/*", most=most, from_node=True)

    def apply(self, path: str, document: JsonObject, manager: str) -> JsonObject:
        """Create or change an object by server-side apply, and return it.

        An object that is equal already is not changed. Fields that another manager owns too are
        taken over.
        """
        query = {"fieldManager": manager, "force": "true"}
        content = self._send("PATCH", path, query, document, "application/json")
        return _parsed(content)

    def stream(self, path: str, query: dict[str, str], silence: float) -> Iterator[JsonObject]:
        """Yield the objects that a path sends, one a line, until the API server ends the answer.

        The request is sent only once. Raises RefusedError, also after `silence` seconds without a
        byte, and for a line of more than LARGEST_EVENT bytes.
        """
        url = self._url(path, query)
        try:
            response = self._pool.request(
                "GET",
                url,
                headers=self._headers("application/json", None),
                timeout=Timeout(silence),
                retries=False,
                redirect=False,
                preload_content=False,
            )
        except HTTPError as error:
            raise RefusedError(0, _network_reason(error)) from None
        try:
            if response.status >= 300:
                raise RefusedError(response.status, _reason(response.status), _wait(response))
            for line in _lines(response):
                yield _parsed(line)
        except HTTPError as error:
            raise RefusedError(0, _network_reason(error)) from None
        finally:
            response.close()

    def pages(
        self, path: str, query: dict[str, str] | None = None
    ) -> Iterator[tuple[list[JsonObject], int]]:
        """Yield (objects, number of remaining objects) of a collection, 500 at a time.

        If the continuation of a list has expired, the list is read again from its start. An object
        may then come twice; the last one counts.
        """
        for restart in range(_RESTARTS):
            try:
                yield from self._pages(path, query or {})
                return
            except RefusedError as error:
                if error.status != _EXPIRED or restart == _RESTARTS - 1:
                    raise

    def request(
        self,
        method: str,
        path: str,
        body: JsonObject | None = None,
        query: dict[str, str] | None = None,
    ) -> JsonObject:
        """Send a request and return the object of the answer."""
        return _parsed(self._send(method, path, query, body, "application/json"))

    def _pages(
        self, path: str, selection: dict[str, str]
    ) -> Iterator[tuple[list[JsonObject], int]]:
        query = selection | {"limit": str(PAGE)}
        for _number in range(_MOST_PAGES):
            page = self.get(path, query)
            items, metadata = page.get("items", 0), page.get("metadata") or {}
            # Go writes an empty list as null.
            items = [] if items is None else items
            if not isinstance(items, list) or not isinstance(metadata, dict):
                raise RefusedError(0, marked("the answer is not a list"))
            remaining = metadata.get("remainingItemCount")
            yield items, remaining if isinstance(remaining, int) else 0
            token = metadata.get("continue")
            if not token:
                return
            query["continue"] = str(token)
        raise RefusedError(0, TOO_LARGE)

    def _send(
        self,
        method: str,
        path: str,
        query: dict[str, str] | None,
        body: JsonObject | None,
        accept: str,
        most: int = LARGEST,
        from_node: bool = False,
    ) -> bytes:
        url = self._url(path, query)
        content = None if body is None else json.dumps(body).encode()
        patient = (self._patient or method == "DELETE") and not from_node
        total = RETRIES if patient else 0
        left = retries(total, TIMEOUT_SECONDS, min(total, _RECONNECTS), method != "POST")
        try:
            status, answer = self._exchange(method, url, content, accept, most, left)
        except HTTPError as error:
            raise self._refused(0, _network_reason(error), from_node) from None
        if status >= 300:
            raise self._refused(status, _reason(status), from_node)
        if answer is None:
            raise self._refused(0, TOO_LARGE, from_node)
        return answer

    def _url(self, path: str, query: dict[str, str] | None) -> str:
        if not _PATH.fullmatch(path):
            raise RefusedError(400, marked("an invalid name"))
        url = f"{self._configuration.host.rstrip('/')}{path}"
        return f"{url}?{urlencode(query)}" if query else url

    def _exchange(
        self, method: str, url: str, body: bytes | None, accept: str, most: int, left: Retries
    ) -> tuple[int, bytes | None]:
        """Return the status and the content of an answer.

        The content is None if it is an error, or has more than `most` bytes.
        """
        headers = self._headers(accept, _CONTENT_TYPES.get(method, _JSON) if body else None)
        while True:
            # As in kubectl, the time limit includes the content.
            deadline = time.monotonic() + (self._access.timeout or math.inf)
            response = self._pool.request(
                method,
                url,
                body=body,
                headers=headers,
                timeout=Timeout(self._access.timeout),
                # To try again because of a status, urllib3 would first read the answer to its end.
                retries=left.new(status_forcelist=(), respect_retry_after_header=False),
                redirect=False,
                preload_content=False,
            )
            left = (response.retries or left).new(
                status_forcelist=left.status_forcelist, respect_retry_after_header=True
            )
            if response.status >= 300:
                # Only the status is read.
                response.close()
                if not left.is_retry(method, response.status, "Retry-After" in response.headers):
                    return response.status, None
                try:
                    left = left.increment(method, url, response)
                except MaxRetryError:
                    return response.status, None
                left.sleep(response)
                continue
            try:
                return response.status, _content(response, most, deadline)
            except HTTPError as error:
                # urllib3 retries only until the content begins.
                left = left.increment(method, url, None, error)
                response.close()
                left.sleep()

    def _headers(self, accept: str, sends: str | None) -> HTTPHeaderDict:
        headers = HTTPHeaderDict({"Accept": accept, "User-Agent": f"dfpolicy/{VERSION}"})
        for setting in self._configuration.auth_settings().values():
            if setting["in"] == "header" and setting["value"]:
                headers[setting["key"]] = setting["value"]
        if sends:
            headers["Content-Type"] = sends
        if self._access.user:
            headers["Impersonate-User"] = _encoded(self._access.user)
        for group in self._access.groups:
            headers.add("Impersonate-Group", _encoded(group))
        return headers

    def _refused(self, status: int, reason: str, from_node: bool) -> RefusedError:
        error = RefusedError(status, reason)
        # A broken node says nothing about the API server.
        self._patient = self._patient and (from_node or not error.transient)
        return error


def _parsed(content: bytes) -> JsonObject:
    """Return the JSON object of an answer. Raises RefusedError for anything else."""
    try:
        answer = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        raise RefusedError(0, marked("the answer is not valid JSON")) from None
    if not isinstance(answer, dict):
        raise RefusedError(0, marked("the answer is not a JSON object"))
    return answer


def _lines(response: Any) -> Iterator[bytes]:
    """Yield the lines of an answer. Raises RefusedError for one that is too long."""
    rest = bytearray()
    while part := response.read1(_CHUNK, decode_content=True):
        rest += part
        *lines, rest = rest.split(b"\n")
        yield from (bytes(line) for line in lines if line)
        if len(rest) > LARGEST_EVENT:
            raise RefusedError(0, TOO_LARGE)


def _wait(response: Any) -> float:
    """Return the seconds in the header Retry-After, at most a minute; 0 without one."""
    text = response.headers.get("Retry-After", "")
    return min(float(text), _LONGEST_WAIT) if text.isdecimal() and len(text) < 10 else 0.0


def _content(response: Any, most: int, deadline: float) -> bytes | None:
    """Return the unpacked content, or None for more than `most` bytes. Raises HTTPError.

    A node can send its log as slowly as it likes; after `deadline` the answer has timed out.
    """
    content = bytearray()
    while part := response.read1(_CHUNK, decode_content=True):
        content += part
        if len(content) > most:
            response.close()
            return None
        if time.monotonic() >= deadline:
            pool: Any = None
            raise ReadTimeoutError(pool, "", "the content takes too long")
    response.release_conn()
    return bytes(content)


def _encoded(text: str) -> str:
    # A header is UTF-8 for Kubernetes, and Latin-1 for Python.
    return text.encode().decode("latin-1")


def kubeconfig_files(given: str | None) -> list[str]:
    """Return the paths of the kubeconfig: the given one, or those that are used by default."""
    return [str(Path(path).expanduser()) for path in _kubeconfig(given).split(os.pathsep)]


def _kubeconfig(given: str | None) -> str:
    return given or os.environ.get("KUBECONFIG") or "~/.kube/config"


def connect(access: Access) -> Api:
    """Return a connection to the cluster of a kubeconfig.

    It is the named one, else $KUBECONFIG, else ~/.kube/config, else that of the current pod. Raises
    UsageError for an unknown context or an invalid user, InputError for an invalid kubeconfig,
    DfpolicyError if the cluster does not answer.
    """
    from kubernetes import client, config

    _check_user(access)
    load: Any = config
    configuration = client.Configuration()
    # By default a few for each processor; `watch` keeps one for each collection.
    configuration.connection_pool_maxsize = _CONNECTIONS
    kubeconfig = _kubeconfig(access.kubeconfig)
    try:
        if _inside(access):
            load.load_incluster_config(configuration)
            name = "cluster"
        else:
            _check_files(kubeconfig)
            name = _context(load, kubeconfig, access.context)
            load.load_kube_config(kubeconfig, name, configuration, persist_config=False)
    except DfpolicyError:
        raise
    except Exception as error:
        # The client raises many kinds of exceptions here, and their texts may quote the file.
        raise InputError(
            _("the kubeconfig cannot be used ({name})").format(name=type(error).__name__),
            kubeconfig,
            _("give one with --kubeconfig, and check --context"),
        ) from error
    api = Api(client.ApiClient(configuration), configuration, name, access)
    _check_answer(api)
    return api


def _check_user(access: Access) -> None:
    if access.groups and not access.user:
        raise UsageError(_("--as-group needs --as"), hint=_("give the user with --as"))
    for option, text in [("--as", access.user), *(("--as-group", one) for one in access.groups)]:
        if text is not None and (not text or not text.isprintable()):
            raise UsageError(_("the name is empty or invalid"), option)


def _check_files(kubeconfig: str) -> None:
    """Check that each file of a list is regular and not too large, before the client reads it."""
    for part in filter(None, kubeconfig.split(os.pathsep)):
        try:
            found = Path(part).expanduser().stat()
        except (OSError, ValueError, RuntimeError):
            continue
        if not stat.S_ISREG(found.st_mode):
            raise InputError(_("not a regular file"), part, _("give a file with --kubeconfig"))
        if found.st_size > _LARGEST_KUBECONFIG:
            size = _LARGEST_KUBECONFIG >> 20
            raise InputError(_("the kubeconfig is larger than {size} MiB").format(size=size), part)


def _context(config: Any, kubeconfig: str, name: str | None) -> str:
    """Return the name of the context to use. Raises UsageError, which lists the known ones."""
    found: Any = config.kube_config.KubeConfigMerger(kubeconfig).config
    if found is None:
        hint = _("give a file with --kubeconfig")
        raise InputError(_("no such file or directory"), kubeconfig, hint)
    merged = found.value
    known = [str(entry["name"]) for entry in merged.get("contexts") or ()]
    chosen = merged.get("current-context") if name is None else name
    if chosen in known:
        return str(chosen)
    message = _("the kubeconfig has no current context")
    if chosen:
        message = _("the kubeconfig has no context {name!r}").format(name=str(chosen)[:60])
    hint = _("it has no contexts")
    if known:
        shown = [*sorted(known)[:_SHOWN_CONTEXTS], *("…" for _rest in known[_SHOWN_CONTEXTS:][:1])]
        hint = _("known contexts: {names}").format(names=listed(shown))
    raise UsageError(message, kubeconfig, hint)


def _inside(access: Access) -> bool:
    if access.kubeconfig or access.context or os.environ.get("KUBECONFIG"):
        return False
    return not Path("~/.kube/config").expanduser().exists() and bool(
        os.environ.get("KUBERNETES_SERVICE_HOST")
    )


def _check_answer(api: Api) -> None:
    try:
        api.get("/version")
    except RefusedError as error:
        if error.transient:
            raise DfpolicyError(
                _("the API server does not answer: {reason}").format(reason=_(error.reason)),
                api.name,
                _("check the kubeconfig and the network"),
            ) from None
        if error.status == 401:
            raise InputError(
                _("the API server rejects the credentials"), api.name, _("log in again")
            ) from None


def _reason(status: int) -> str:
    words = {
        401: marked("not authenticated"),
        403: marked("forbidden"),
        404: marked("not found"),
        410: marked("expired"),
        429: marked("too many requests"),
    }
    return words.get(status, f"HTTP {status}")


def _network_reason(error: Any) -> str:
    cause = getattr(error, "reason", None) or error
    name = type(cause).__name__
    return {
        "NewConnectionError": marked("connection refused"),
        "ConnectTimeoutError": marked("timed out"),
        "ReadTimeoutError": marked("timed out"),
        "ProtocolError": marked("the connection was lost"),
        "NameResolutionError": marked("the name does not resolve"),
        "SSLError": marked("its certificate is not trusted"),
    }.get(name, name)
