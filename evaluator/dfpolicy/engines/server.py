"""The engine `server`: queries a running OPA over HTTP.

opa-python-client makes the requests. It does not retry POST, its time limit is per packet, and it
uses certificates and credentials from the environment. Retries, the time limit and the trust are
therefore set here. A query changes nothing, so it can be retried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from opa_client.opa import OpaClient
from urllib3.exceptions import MaxRetryError, ProtocolError
from urllib3.response import BaseHTTPResponse

from dfpolicy.engines import server_errors, worker
from dfpolicy.engines.answers import BoundedAdapter
from dfpolicy.engines.shape import decision_fault, features_fault, omission
from dfpolicy.errors import EngineError
from dfpolicy.i18n.language import _
from dfpolicy.input.encoding import written
from dfpolicy.model import Decision, EngineName, FeatureRow, JsonObject
from dfpolicy.system.retries import TRANSIENT, Retries, retries


@dataclass(frozen=True)
class ServerOptions:
    """How the server is reached.

    `ca`, `certificate` and `key` are PEM files; without `ca`, certifi's CA bundle is used.
    Times are in seconds: `connect_timeout` for each connection, `timeout` for an evaluation
    with its `retries`. `any_revision` accepts decisions of other policies than this dfpolicy's.
    """

    url: str
    token: str | None = None
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    connect_timeout: float = 5.0
    timeout: float = 60.0
    retries: int = 2
    any_revision: bool = False

    def __repr__(self) -> str:
        return f"ServerOptions({self.url!r}, …)"


class ServerEngine:
    """Evaluates on an OPA server whose bundle has this revision.

    Raises UsageError for an invalid URL, token or certificate.
    """

    name: EngineName = "server"

    def __init__(self, options: ServerOptions, revision: str) -> None:
        self._options = options
        self._wanted = revision
        self.bundle = revision
        self._adapter = BoundedAdapter(options.url)
        self._client = _client(options, self._adapter)

    def evaluate(self, document: JsonObject) -> Decision:
        """Return the decision on an input document. Raises EngineError."""
        decision: Decision = self._ask("decision", document)
        self._check(decision_fault(decision))
        left_out = omission(decision, document)
        if left_out is not None:
            raise self._error(
                _("the server's decision is not complete: {fault}").format(fault=left_out),
                _("load the bundle of this version, which `dfpolicy bundle build` writes"),
            )
        return decision

    def features(self, document: JsonObject) -> list[FeatureRow]:
        """Return only the feature rows of the decision. Raises EngineError."""
        rows: list[FeatureRow] = self._ask("features", document)
        self._check(features_fault(rows))
        return rows

    def _check(self, fault: str | None) -> None:
        if fault is not None:
            raise self._error(
                _("the server's answer is not a decision of this version: {fault}").format(
                    fault=fault
                )
            )

    def _error(self, message: str, hint: str = "") -> EngineError:
        return EngineError(message, self._options.url, hint)

    def _ask(self, entrypoint: str, document: JsonObject) -> Any:
        # Otherwise it would be reported as a failure of the server.
        written(document)
        job = worker.start(lambda: self._result(self._answer(entrypoint, document)))
        limit = self._options.timeout
        if not job.wait(limit):
            hint = _("raise --opa-timeout, or evaluate fewer documents at once")
            raise self._error(
                _("the server did not answer within {seconds:g} s").format(seconds=limit), hint
            )
        if isinstance(job.outcome, BaseException):
            raise job.outcome
        return job.outcome

    def _answer(self, entrypoint: str, document: JsonObject) -> Any:
        left = retries(self._options.retries, self._options.timeout)
        while True:
            # To try again because of a status, urllib3 would first read all of the answer.
            self._adapter.max_retries = left.new(
                status_forcelist=(), respect_retry_after_header=False
            )
            try:
                # The revision comes with the decision, because one address can have many replicas.
                return self._client.query_rule(
                    document, "dfpolicy.main", entrypoint, {"provenance": "true"}
                )
            except requests.exceptions.ChunkedEncodingError as error:
                # urllib3 returned the answer before the connection broke.
                left = self._after(error, left)
            except requests.exceptions.HTTPError as error:
                if error.response is None or error.response.status_code not in TRANSIENT:
                    raise server_errors.explained(error, self._options.url) from error
                left = self._after(error, left, error.response.raw)
            except (requests.exceptions.RequestException, OSError) as error:
                raise server_errors.explained(error, self._options.url) from error

    def _after(
        self,
        error: requests.exceptions.RequestException,
        left: Retries,
        response: BaseHTTPResponse | None = None,
    ) -> Retries:
        """Wait before the next attempt. Raises EngineError if there is none."""
        cause = ProtocolError(error) if response is None else None
        try:
            left = left.increment("POST", self._options.url, response, cause)
        except MaxRetryError:
            raise server_errors.explained(error, self._options.url) from error
        left.sleep(response)
        return left

    def _result(self, answer: Any) -> Any:
        if not isinstance(answer, dict):
            raise self._error(_("the server's answer is not from OPA"), _("check --opa-url"))
        if "result" not in answer:
            raise self._undefined()
        self._check_revision(answer.get("provenance"))
        return answer["result"]

    def _undefined(self) -> EngineError:
        health = f"{self._options.url.rstrip('/')}/health"
        if self._client.check_health({"bundles": "true"}, health):
            hint = _("load the bundle that `dfpolicy bundle build` writes")
            return self._error(_("the server has no policy dfpolicy/main"), hint)
        return self._error(
            _("the server has no policy dfpolicy/main, and its bundles are not active"),
            _("check the server's log and its /v1/status"),
        )

    def _check_revision(self, provenance: Any) -> None:
        found = list(_revisions(provenance))
        if self._wanted in found:
            return
        if self._options.any_revision:
            self.bundle = server_errors.shortened(", ".join(found)) or "unknown"
            return
        if not found:
            raise self._error(
                _("the server does not report the revision of its policies"),
                _("load the bundle that `dfpolicy bundle build` writes, or use --opa-any-revision"),
            )
        shown = server_errors.shortened(", ".join(found))
        raise self._error(
            _("the server's policies have revision {found}; this dfpolicy needs {wanted}").format(
                found=shown, wanted=self._wanted
            ),
            _("use the same version on both sides, or use --opa-any-revision"),
        )


def _revisions(provenance: Any) -> Iterator[str]:
    bundles = provenance.get("bundles") if isinstance(provenance, Mapping) else None
    for bundle in bundles.values() if isinstance(bundles, Mapping) else ():
        revision = bundle.get("revision") if isinstance(bundle, Mapping) else None
        if isinstance(revision, str) and revision:
            yield revision


def _client(options: ServerOptions, adapter: BoundedAdapter) -> OpaClient:
    server_errors.check_url(options.url)
    server_errors.check_tls(options.ca, options.certificate, options.key)
    parts = urlsplit(options.url)
    certificate = (options.certificate, options.key) if options.key else options.certificate
    client = OpaClient(
        host=parts.hostname or "",
        port=parts.port or (443 if parts.scheme == "https" else 80),
        ssl=parts.scheme == "https",
        cert=certificate,
        headers={"Authorization": f"Bearer {options.token}"} if options.token else None,
        timeout=(options.connect_timeout, options.timeout),
    )
    # It supports neither a proxy path nor an IPv6 address.
    client.schema = f"{parts.scheme}://"
    client.root_url = f"{options.url.rstrip('/')}/v1"
    session = client._session
    session.mount(f"{parts.scheme}://", adapter)
    session.verify = options.ca or True
    # .netrc would replace the token, and REQUESTS_CA_BUNDLE the CA bundle.
    session.proxies = requests.utils.get_environ_proxies(options.url)
    session.trust_env = False
    # OPA does not redirect, and a decision must not come from another server.
    session.max_redirects = 0
    return client
