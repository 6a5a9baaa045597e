"""The real Gatekeeper controller next to the API server, on the loopback address.

It runs outside of the cluster, as the administrator, and is reached through the address in its
webhook. One process does the work of the webhook and of the audit.
"""

from __future__ import annotations

import socket
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import yaml

from cluster.api_server import (
    BINARIES,
    HOST,
    ApiServer,
    ServerError,
    free_ports,
    started,
)
from dfpolicy.model import JsonObject

MANIFESTS = BINARIES.parent / "gatekeeper.yaml"
NAMESPACE = "gatekeeper-system"
# In seconds; usually each takes a few, and many times that on a busy machine.
LIMIT = 300.0
AUDIT_INTERVAL = 2
CONSTRAINTS = "constraints.gatekeeper.sh/v1beta1"
# The webhook ignores objects with this label, so that only the audit sees them.
UNREVIEWED = "dfpolicy.dev/unreviewed"
_WEBHOOK = "validation.gatekeeper.sh"

Found = TypeVar("Found")


def missing() -> list[str]:
    """Return the files that `make tools-gatekeeper` has not installed."""
    return [path.name for path in (BINARIES / "gatekeeper", MANIFESTS) if not path.is_file()]


def awaited(ask: Callable[[], Found], what: str) -> Found:
    """Return the first answer that is truthy. Raises ServerError."""
    limit = time.monotonic() + LIMIT
    while time.monotonic() < limit:
        with suppress(OSError):
            if found := ask():
                return found
        time.sleep(0.2)
    raise ServerError(f"not within {LIMIT:.0f} s: {what}")


@contextmanager
def controlling(server: ApiServer, folder: Path) -> Iterator[str]:
    """Run the controller until the end of the block, and return its webhook's address.

    The API server does not call it before `register`.
    """
    _define(server)
    server.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
    # The audit does not create its directory.
    certificates, cache = folder / "webhook", folder / "audit"
    certificates.mkdir()
    cache.mkdir()
    # The certificate of the API server is also valid for this address.
    for name, part in (("tls.crt", "crt"), ("tls.key", "key")):
        content = (server.ca_file.parent / f"apiserver.{part}").read_bytes()
        (certificates / name).write_bytes(content)
    port, health, metrics = free_ports(3)
    arguments = [
        *("gatekeeper", f"--kubeconfig={server.kubeconfig(folder / 'gatekeeper.kubeconfig')}"),
        *("--operation=webhook", "--operation=audit"),
        *("--operation=status", "--operation=generate"),
        *("--disable-cert-rotation", "--debug-use-fake-pod", f"--cert-dir={certificates}"),
        *(f"--host={HOST}", f"--port={port}", f"--health-addr={HOST}:{health}"),
        *(f"--prometheus-port={metrics}", f"--audit-interval={AUDIT_INTERVAL}"),
        # All of them, not only the first twenty.
        *(f"--api-cache-dir={cache}", "--constraint-violations-limit=500"),
    ]
    environment = {"POD_NAME": "gatekeeper", "POD_NAMESPACE": NAMESPACE}
    log = folder / "gatekeeper.log"
    process = started(arguments, log, environment)
    try:
        awaited(lambda: _accepts(port) or process.poll() is not None, "the webhook's port")
        if process.poll() is not None:
            raise ServerError(f"Gatekeeper ended; its last words:\n{log.read_text()[-4000:]}")
        yield f"https://{HOST}:{port}/v1/admit"
    finally:
        process.kill()
        process.wait()


def _define(server: ApiServer) -> None:
    definitions = [
        document
        for document in yaml.safe_load_all(MANIFESTS.read_text("utf-8"))
        if document["kind"] == "CustomResourceDefinition"
    ]
    for document in definitions:
        answer = server.create(document)
        if not answer.ok:
            raise ServerError(answer.message)
    for document in definitions:
        spec = document["spec"]
        version = f"{spec['group']}/{spec['versions'][0]['name']}"
        awaited(partial(_serves, server, version, spec["names"]["kind"]), version)


def _accepts(port: int) -> bool:
    with socket.create_connection((HOST, port), timeout=1):
        return True


def _serves(server: ApiServer, version: str, kind: str) -> bool:
    answer = server.request("GET", f"/apis/{version}")
    return kind in {entry["kind"] for entry in answer.body.get("resources", [])}


def apply(server: ApiServer, documents: Iterable[JsonObject]) -> None:
    """Apply documents, for example templates and then the constraints of their kinds."""
    for document in documents:
        if document["apiVersion"] == CONSTRAINTS:
            awaited(partial(_serves, server, CONSTRAINTS, document["kind"]), document["kind"])
            server.forget(CONSTRAINTS)
        answer = server.apply(document)
        if not answer.ok:
            raise ServerError(answer.message)


def register(server: ApiServer, url: str, namespace: str) -> None:
    """Let the API server call the webhook for everything that is written in a namespace."""
    client = {"url": url, "caBundle": b64encode(server.ca_file.read_bytes()).decode()}
    everything = {"apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*"]}
    webhook = {
        "name": _WEBHOOK,
        "clientConfig": client,
        "rules": [everything | {"operations": ["CREATE", "UPDATE"]}],
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
        "objectSelector": {"matchExpressions": [{"key": UNREVIEWED, "operator": "DoesNotExist"}]},
        "failurePolicy": "Fail",
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        # The longest that an API server waits, for a busy machine.
        "timeoutSeconds": 30,
    }
    apply(
        server,
        [
            {
                "apiVersion": "admissionregistration.k8s.io/v1",
                "kind": "ValidatingWebhookConfiguration",
                "metadata": {"name": "gatekeeper-validating-webhook-configuration"},
                "webhooks": [webhook],
            }
        ],
    )


def audited(server: ApiServer, kind: str, name: str) -> list[JsonObject]:
    """Return the violations that the audit has written to a constraint."""
    document = {"apiVersion": CONSTRAINTS, "kind": kind, "metadata": {"name": name}}
    status: JsonObject = server.get(document).body.get("status") or {}
    return list(status.get("violations") or [])
