"""Reads a cluster's API as plain JSON, by the usual rules for a kubeconfig."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from dfpolicy.errors import DfpolicyError, InputError
from dfpolicy.i18n.language import _, listed, marked
from dfpolicy.i18n.suggestions import did_you_mean
from dfpolicy.model import JsonObject
from dfpolicy.system.retries import TRANSIENT, retries
from dfpolicy.version import VERSION

PAGE = 500
# Seconds for each attempt; no attempt begins later than this after the first.
TIMEOUT_SECONDS = 30
# As many as client-go. Refused connections are retried too: a load balancer may accept the next.
RETRIES = 10
_RECONNECTS = 2
_CONTEXTS = 6
_EXPIRED = 410
_RESTARTS = 3


class RefusedError(Exception):
    """The API server did not answer a request; `status` is the HTTP status, 0 for none."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason

    @property
    def transient(self) -> bool:
        """Whether the API server failed and may answer later, as opposed to a refusal."""
        return self.status == 0 or self.status in TRANSIENT


class Api:
    """A connection. Raises RefusedError if the API server refuses a request.

    Requests are retried after a lost connection, 429 or 5xx. Once all retries of a request failed,
    later requests are tried only once, except deletions.
    """

    def __init__(self, client: Any, configuration: Any, name: str) -> None:
        # The client's API calls differ between versions; its connections do not.
        self._pool = client.rest_client.pool_manager
        self._configuration = configuration
        self.name = name
        self._patient = True

    def get(self, path: str, query: dict[str, str] | None = None) -> JsonObject:
        """Return the JSON object at a path."""
        return self.request("GET", path, query=query)

    def text(self, path: str, query: dict[str, str] | None = None) -> str:
        """Return the text at a path, for example a container's log."""
        return self._send("GET", path, query, None, "*/*").decode("utf-8", "replace")

    def pages(self, path: str) -> Iterator[tuple[list[JsonObject], int]]:
        """Yield (objects, number of remaining objects) of a collection, 500 at a time.

        If the continuation of a list has expired, the list is read again from its start. An object
        may then come twice; the last one counts.
        """
        for restart in range(_RESTARTS):
            try:
                yield from self._pages(path)
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
        content = self._send(method, path, query, body, "application/json")
        try:
            answer = json.loads(content or b"{}")
        except ValueError:
            raise RefusedError(0, marked("the answer is not valid JSON")) from None
        return answer if isinstance(answer, dict) else {}

    def _pages(self, path: str) -> Iterator[tuple[list[JsonObject], int]]:
        query = {"limit": str(PAGE)}
        while True:
            page = self.get(path, query)
            metadata = page.get("metadata") or {}
            yield page.get("items") or [], metadata.get("remainingItemCount") or 0
            token = metadata.get("continue")
            if not token:
                return
            query = {"limit": str(PAGE), "continue": token}

    def _send(
        self,
        method: str,
        path: str,
        query: dict[str, str] | None,
        body: JsonObject | None,
        accept: str,
    ) -> bytes:
        url = f"{self._configuration.host.rstrip('/')}{path}"
        headers = {"Accept": accept, "User-Agent": f"dfpolicy/{VERSION}"}
        for setting in self._configuration.auth_settings().values():
            if setting["in"] == "header" and setting["value"]:
                headers[setting["key"]] = setting["value"]
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        total = RETRIES if self._patient or method == "DELETE" else 0
        try:
            response = self._pool.request(
                method,
                f"{url}?{urlencode(query)}" if query else url,
                body=content,
                headers=headers,
                timeout=Timeout(TIMEOUT_SECONDS),
                retries=retries(total, TIMEOUT_SECONDS, min(total, _RECONNECTS), method != "POST"),
                redirect=False,
            )
        except HTTPError as error:
            raise self._refused(0, _network_reason(error)) from None
        if response.status >= 300:
            raise self._refused(response.status, _reason(response.status))
        answer: bytes = response.data
        return answer

    def _refused(self, status: int, reason: str) -> RefusedError:
        error = RefusedError(status, reason)
        self._patient = self._patient and not error.transient
        return error


def connect(kubeconfig: str | None = None, context: str | None = None) -> Api:
    """Return a connection to the cluster of a kubeconfig.

    It is the named one, else $KUBECONFIG, else ~/.kube/config, else that of the current pod. Raises
    InputError for an invalid kubeconfig, DfpolicyError if the cluster does not answer.
    """
    from kubernetes import client, config

    load: Any = config
    configuration = client.Configuration()
    try:
        if _inside(kubeconfig, context):
            load.load_incluster_config(configuration)
            name = "cluster"
        else:
            load.load_kube_config(kubeconfig, context, configuration, persist_config=False)
            name = _context_name(load, kubeconfig, context)
    except Exception as error:
        where = kubeconfig or os.environ.get("KUBECONFIG", "~/.kube/config")
        known = _contexts(load, kubeconfig)
        if context and known and context not in known:
            message = _("the kubeconfig has no context {name!r}").format(name=context[:60])
            every = _("it has {names}").format(names=listed(known[:_CONTEXTS]))
            raise InputError(message, where, did_you_mean(context, known) or every) from error
        # The client raises many kinds of exceptions here, and their texts may quote the file.
        raise InputError(
            _("the kubeconfig cannot be used ({name})").format(name=type(error).__name__),
            where,
            _("give one with --kubeconfig, and check --context"),
        ) from error
    api = Api(client.ApiClient(configuration), configuration, name)
    _check_answer(api)
    return api


def _contexts(config: Any, kubeconfig: str | None) -> list[str]:
    """Return the names of the contexts; none where the file cannot be read."""
    try:
        found, _active = config.list_kube_config_contexts(kubeconfig)
        return [str(one["name"]) for one in found]
    except Exception:
        return []


def _inside(kubeconfig: str | None, context: str | None) -> bool:
    if kubeconfig or context or os.environ.get("KUBECONFIG"):
        return False
    return not Path("~/.kube/config").expanduser().exists() and bool(
        os.environ.get("KUBERNETES_SERVICE_HOST")
    )


def _context_name(config: Any, kubeconfig: str | None, context: str | None) -> str:
    if context:
        return context
    _, active = config.list_kube_config_contexts(kubeconfig)
    return str(active["name"])


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
