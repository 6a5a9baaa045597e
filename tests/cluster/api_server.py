"""A real Kubernetes API server on the loopback address, with its own etcd.

There is no kubelet, scheduler or controller-manager: objects stay as they are created, and a
namespace has no service account `default`. The tests do themselves what a controller would do for
them (`aggregate`).
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import ssl
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, LifoQueue
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import quote, urlencode

import pytest

from dfpolicy.model import JsonObject

if TYPE_CHECKING:
    from kubernetes.client import ApiClient

Item = TypeVar("Item")
Result = TypeVar("Result")

BINARIES = Path(__file__).parents[2] / ".tools" / "bin"
NEEDED = ("etcd", "kube-apiserver")
HOST = "127.0.0.1"
THREADS = 8
# Long enough for a busy machine; usually it takes four seconds.
START_LIMIT = 120.0
IDLE_LIMIT = 20.0
UPDATES = 20
# A user who is authenticated and has no permissions.
NOBODY = "nobody"

# The bytes before and after the number in an EC private key on the curve P-256. The public half may
# be left out, so that no library is needed to make a key.
_KEY = (bytes.fromhex("30310201010420"), bytes.fromhex("a00a06082a8648ce3d030107"))
# Stops the server with the tests, also if they are killed; systems without this feature leave it
# running.
_SHIM = """
import ctypes, os, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 9)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""


class ServerError(Exception):
    """The API server did not start, or gave an unusable answer."""


class Reply(NamedTuple):
    """The answer of the server."""

    status: int
    body: JsonObject
    warnings: list[str] = []  # noqa: RUF012 - a NamedTuple's default, which nobody changes

    @property
    def ok(self) -> bool:
        return self.status < 300

    @property
    def message(self) -> str:
        """The server's message about a refusal."""
        return str(self.body.get("message", self.body))


class ApiServer:
    """The running server: its address, its credentials, and the requests of tests."""

    def __init__(self, url: str, ca_file: Path, tokens: Mapping[str, str], logs: Path) -> None:
        self.url = url
        self.ca_file = ca_file
        self.admin_token = tokens["admin"]
        self.nobody_token = tokens[NOBODY]
        self._logs = logs
        self._idle: LifoQueue[tuple[float, http.client.HTTPSConnection]] = LifoQueue()
        self._context = ssl.create_default_context(cafile=str(ca_file))
        self._clients: list[ApiClient] = []
        self._kinds: dict[str, dict[str, tuple[str, bool]]] = {}
        # What `create` stored and nobody has deleted since, by path, oldest first.
        self._stored: dict[str, JsonObject] = {}
        # The server's own objects that a test deleted, to be created again.
        self._built_in: set[str] = set()
        self._restart: Callable[[], None] = lambda: None

    # Access

    def request(
        self,
        method: str,
        path: str,
        body: JsonObject | None = None,
        *,
        token: str | None = None,
    ) -> Reply:
        """Send a request as the administrator, or with another token."""
        headers = {"Authorization": f"Bearer {token or self.admin_token}"}
        payload = None if body is None else json.dumps(body)
        if payload is not None:
            headers["Content-Type"] = "application/json"
        connection = self._connection()
        try:
            connection.request(method, path, payload, headers)
            answer = connection.getresponse()
            text = answer.read()
        except BaseException:
            connection.close()
            raise
        self._idle.put((time.monotonic(), connection))
        warnings = answer.headers.get_all("Warning", [])
        if "json" in answer.headers.get_content_type():
            return Reply(answer.status, json.loads(text), warnings)
        return Reply(answer.status, {"message": text.decode()}, warnings)

    def _connection(self) -> http.client.HTTPSConnection:
        try:
            used, connection = self._idle.get_nowait()
        except Empty:
            address = self.url.removeprefix("https://")
            return http.client.HTTPSConnection(address, timeout=60, context=self._context)
        if time.monotonic() - used > IDLE_LIMIT:
            # The server may have closed it; the next request opens it again.
            connection.close()
        return connection

    def kubeconfig(self, path: Path, token: str | None = None) -> Path:
        """Write a kubeconfig for the administrator, or for the owner of a token."""
        cluster = {"server": self.url, "certificate-authority": str(self.ca_file)}
        content = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "test", "cluster": cluster}],
            "users": [{"name": "test", "user": {"token": token or self.admin_token}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
            "current-context": "test",
        }
        # JSON is YAML.
        path.write_text(json.dumps(content), "utf-8")
        return path

    def client(self, token: str | None = None) -> ApiClient:
        """Return a client of the package `kubernetes`; it is closed with the server."""
        from kubernetes.client import ApiClient, Configuration

        settings = Configuration()
        settings.host = self.url
        settings.ssl_ca_cert = str(self.ca_file)
        settings.api_key = {"authorization": f"Bearer {token or self.admin_token}"}
        settings.proxy = None
        client = ApiClient(settings)
        self._clients.append(client)
        return client

    def service_account_token(self, namespace: str, name: str) -> str:
        """Return a token of a service account, which is created if it is missing."""
        metadata = {"name": name, "namespace": namespace}
        for kind, about in (("Namespace", {"name": namespace}), ("ServiceAccount", metadata)):
            self.apply({"apiVersion": "v1", "kind": kind, "metadata": about})
        wanted = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{name}/token"
        answer = self.request("POST", path, wanted)
        return str(_succeeded(answer).body["status"]["token"])

    def log_tail(self, lines: int = 40) -> str:
        """Return the last lines that the two servers wrote."""
        return _tail(self._logs, lines)

    def restart(self) -> None:
        """Kill the API server, and start it again with the same data."""
        while not self._idle.empty():
            self._idle.get()[1].close()
        self._restart()

    def close(self) -> None:
        """Close all connections."""
        for client in self._clients:
            client.rest_client.pool_manager.clear()
            client.close()  # type: ignore[no-untyped-call]
        while not self._idle.empty():
            self._idle.get()[1].close()

    # Objects

    def create(self, document: JsonObject, *, dry_run: bool = False, strict: bool = False) -> Reply:
        """Create an object; a dry run does not store it, and `strict` refuses unknown fields."""
        path = self._collection(document) + _options(dry_run, strict)
        answer = self.request("POST", path, document)
        if answer.ok and not dry_run:
            stored = document | {"metadata": answer.body["metadata"]}
            path = self._path(stored)
            if path not in self._built_in:
                self._stored[path] = stored
        return answer

    def apply(self, document: JsonObject, *, dry_run: bool = False, strict: bool = False) -> Reply:
        """Create an object, or replace the one with its name."""
        answer = self.create(document, dry_run=dry_run, strict=strict)
        for _ in range(UPDATES):
            if answer.status != http.HTTPStatus.CONFLICT:
                break
            # Custom resources can be updated only with their version, and their controller writes
            # too.
            version = self.get(document).body.get("metadata", {}).get("resourceVersion", "")
            update = document | {"metadata": document["metadata"] | {"resourceVersion": version}}
            path = self._path(document) + _options(dry_run, strict)
            answer = self.request("PUT", path, update)
        return answer

    def get(self, document: JsonObject) -> Reply:
        """Read the object with the kind and the name of the document."""
        return self.request("GET", self._path(document))

    def delete(self, document: JsonObject) -> Reply:
        """Delete the object with the kind and the name of the document."""
        path = self._path(document)
        answer = self.request("DELETE", path)
        if self._stored.pop(path, None) is None and answer.ok:
            self._built_in.add(path)
        if answer.ok and document["kind"] == "Namespace":
            # A controller would empty it and then remove its finalizer.
            emptied = answer.body | {"spec": {"finalizers": []}}
            return self.request("PUT", f"{path}/finalize", emptied)
        return answer

    def delete_stored(self) -> None:
        """Delete all that `create` and `apply` stored, the newest first.

        Deleting a namespace does not delete what is in it: no controller runs.
        """
        for document in reversed(list(self._stored.values())):
            self.delete(document)

    def aggregate(self) -> None:
        """Fill the ClusterRoles that aggregate the rules of others, as a controller does."""
        path = "/apis/rbac.authorization.k8s.io/v1/clusterroles"
        changed = True
        while changed:
            changed = False
            for role in _succeeded(self.request("GET", path)).body["items"]:
                if not role.get("aggregationRule"):
                    continue
                rules = self._aggregated(path, role)
                if rules != (role.get("rules") or []):
                    named = f"{path}/{quote(_name(role), safe='')}"
                    _succeeded(self.request("PUT", named, role | {"rules": rules}))
                    changed = True

    def _aggregated(self, path: str, role: JsonObject) -> list[JsonObject]:
        rules: list[JsonObject] = []
        for selector in role["aggregationRule"].get("clusterRoleSelectors") or []:
            query = urlencode({"labelSelector": selector_text(selector)})
            for part in _succeeded(self.request("GET", f"{path}?{query}")).body["items"]:
                if _name(part) != _name(role):
                    rules += [rule for rule in part.get("rules") or [] if rule not in rules]
        return rules

    def access(self, user: str, groups: list[str], **attributes: str) -> JsonObject:
        """Query the authorizer; the answer has `allowed` and, if there is one, a `reason`."""
        key = "nonResourceAttributes" if "path" in attributes else "resourceAttributes"
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SubjectAccessReview",
            "spec": {"user": user, "groups": groups, key: attributes},
        }
        path = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
        status: JsonObject = _succeeded(self.request("POST", path, review)).body["status"]
        return status

    def create_nodes(
        self, count: int, make: Callable[[int], JsonObject] | None = None
    ) -> list[str]:
        """Create this many Nodes with their status, and return their names."""

        def store(number: int) -> str:
            # Unlike other kinds, a Node may be created with its status.
            return _name(_succeeded(self.create((make or node)(number))).body)

        return in_parallel(store, range(count))

    def delete_nodes(self) -> None:
        """Delete all Nodes."""
        path = "/api/v1/nodes"
        _succeeded(self.request("DELETE", path))
        self._stored = {
            key: value for key, value in self._stored.items() if not key.startswith(f"{path}/")
        }

    def forget(self, api_version: str) -> None:
        """Read the kinds of a version again, after some were added."""
        self._kinds.pop(api_version, None)

    def _served(self, api_version: str) -> dict[str, tuple[str, bool]]:
        if api_version not in self._kinds:
            answer = self.request("GET", _root(api_version))
            self._kinds[api_version] = {
                entry["kind"]: (entry["name"], entry["namespaced"])
                for entry in answer.body.get("resources", [])
                if "/" not in entry["name"]
            }
        return self._kinds[api_version]

    def _collection(self, document: JsonObject) -> str:
        api_version, kind = document["apiVersion"], document["kind"]
        # Unserved resources are requested too: the server refuses them.
        plural, namespaced = self._served(api_version).get(kind, (kind.lower() + "s", False))
        namespace = quote(document["metadata"].get("namespace") or "default", safe="")
        place = f"/namespaces/{namespace}" if namespaced else ""
        return f"{_root(api_version)}{place}/{plural}"

    def _path(self, document: JsonObject) -> str:
        return f"{self._collection(document)}/{quote(_name(document), safe='')}"


def node(number: int) -> JsonObject:
    """Create a Node with the kubelet's report about its machine."""
    kernels = ("5.15.0-91-generic", "4.18.0-553.el8.x86_64", "6.8.0-31-generic")
    images = ("Ubuntu 22.04.4 LTS", "Red Hat Enterprise Linux 8.10 (Ootpa)", "Ubuntu 24.04 LTS")
    architecture = "arm64" if number % 5 == 4 else "amd64"
    name = f"node-{number:05}"
    capacity = {"cpu": "8", "memory": "32Gi", "pods": "110"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "labels": {
                "kubernetes.io/arch": architecture,
                "kubernetes.io/hostname": name,
                "kubernetes.io/os": "linux",
            },
        },
        "spec": {"podCIDR": f"10.{128 + number // 256 % 128}.{number % 256}.0/24"},
        "status": {
            "capacity": capacity,
            "allocatable": capacity,
            "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}],
            "nodeInfo": {
                "architecture": architecture,
                "bootID": f"boot-{number}",
                "containerRuntimeVersion": "containerd://1.7.13",
                "kernelVersion": kernels[number % 3],
                "kubeProxyVersion": "",
                "kubeletVersion": "v1.34.4",
                "machineID": f"machine-{number}",
                "operatingSystem": "linux",
                "osImage": images[number % 3],
                "systemUUID": f"system-{number}",
            },
        },
    }


def in_parallel(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Do the work on all items in parallel, as far as that helps; results keep their order."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, items))


def selector_text(selector: JsonObject) -> str:
    """Write a label selector as the API server takes it in a query."""
    words = {"In": "in", "NotIn": "notin"}
    parts = [f"{key}={value}" for key, value in (selector.get("matchLabels") or {}).items()]
    for expression in selector.get("matchExpressions") or []:
        key, operator = expression["key"], expression["operator"]
        if operator in words:
            parts.append(f"{key} {words[operator]} ({','.join(expression['values'])})")
        else:
            parts.append(key if operator == "Exists" else f"!{key}")
    return ",".join(parts)


def missing_binaries() -> list[str]:
    """Return the names of the server binaries that are missing."""
    return [name for name in NEEDED if not (BINARIES / name).is_file()]


def need_binaries(others: Sequence[str] = (), targets: str = "tools-cluster") -> None:
    """Skip the test without the server binaries, and these others; in CI, fail it."""
    missing = [*missing_binaries(), *others]
    if missing:
        text = f"there is no {' and no '.join(missing)}; run `make {targets}`"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)


@contextmanager
def running(folder: Path) -> Iterator[ApiServer]:
    """Run etcd and an API server with their data in the directory, until the end of the block."""
    logs = folder / "logs"
    logs.mkdir()
    processes: list[subprocess.Popen[bytes]] = []
    try:
        store, peer, port = free_ports(3)
        processes.append(started(_etcd(folder, store, peer), logs / "etcd.log"))
        tokens = {"admin": secrets.token_hex(16), NOBODY: secrets.token_hex(16)}
        arguments = _kube_apiserver(folder, port, store, tokens)
        processes.append(started(arguments, logs / "kube-apiserver.log"))
        certificate = folder / "certificates" / "apiserver.crt"
        limit = time.monotonic() + START_LIMIT
        _await(certificate.is_file, processes, logs, limit)
        server = ApiServer(f"https://{HOST}:{port}", certificate, tokens, logs)

        def restart() -> None:
            processes[-1].kill()
            processes[-1].wait()
            processes[-1] = started(arguments, logs / "kube-apiserver.log")
            _await(lambda: _ready(server), processes, logs, time.monotonic() + START_LIMIT)

        server._restart = restart
        try:
            _await(lambda: _ready(server), processes, logs, limit)
            yield server
        finally:
            server.close()
    finally:
        # Their data does not justify a slow shutdown.
        for process in reversed(processes):
            process.kill()
            process.wait()


def _etcd(folder: Path, port: int, peer: int) -> list[str]:
    peers = f"http://{HOST}:{peer}"
    clients = f"http://{HOST}:{port}"
    return [
        *("etcd", f"--data-dir={folder / 'etcd'}", "--unsafe-no-fsync", "--log-level=warn"),
        *(f"--listen-client-urls={clients}", f"--advertise-client-urls={clients}"),
        *(f"--listen-peer-urls={peers}", f"--initial-advertise-peer-urls={peers}"),
        f"--initial-cluster=default={peers}",
    ]


def _kube_apiserver(folder: Path, port: int, store: int, tokens: Mapping[str, str]) -> list[str]:
    people = folder / "tokens.csv"
    rows = [f"{tokens['admin']},admin,1,system:masters", f"{tokens[NOBODY]},{NOBODY},2"]
    people.write_text("\n".join(rows) + "\n", "utf-8")
    key = folder / "service-account.key"
    key.write_text(_private_key(), "utf-8")
    return [
        *("kube-apiserver", f"--etcd-servers=http://{HOST}:{store}"),
        *(f"--bind-address={HOST}", f"--advertise-address={HOST}", f"--secure-port={port}"),
        *(f"--cert-dir={folder / 'certificates'}", f"--token-auth-file={people}"),
        *("--authorization-mode=RBAC", "--allow-privileged=true"),
        "--service-account-issuer=https://kubernetes.default.svc",
        *(f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}"),
        "--service-cluster-ip-range=10.0.0.0/24",
        # They refuse pods whose service account does not exist, and taint new nodes.
        "--disable-admission-plugins=ServiceAccount,TaintNodesByCondition",
        # It would publish an address that is not a loopback address.
        "--endpoint-reconciler-type=none",
        # The tests send requests as fast as they can.
        *("--enable-priority-and-fairness=false", "--max-requests-inflight=0"),
        "--max-mutating-requests-inflight=0",
    ]


def _private_key() -> str:
    number = bytes([secrets.randbelow(127) + 1]) + secrets.token_bytes(31)
    text = b64encode(_KEY[0] + number + _KEY[1]).decode()
    return f"-----BEGIN EC PRIVATE KEY-----\n{text}\n-----END EC PRIVATE KEY-----\n"


def free_ports(count: int) -> list[int]:
    """Return ports of the loopback address that were free a moment ago."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind((HOST, 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def started(
    arguments: list[str], log: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a program of .tools/bin that ends with the tests, its output in the log."""
    program = str(BINARIES / arguments[0])
    with log.open("wb") as output:
        # In its own session, so that Ctrl-C reaches the tests, which then stop it.
        return subprocess.Popen(
            [sys.executable, "-c", _SHIM, str(os.getpid()), program, *arguments[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **(environment or {})},
        )


def _await(
    done: Callable[[], bool], processes: list[subprocess.Popen[bytes]], logs: Path, limit: float
) -> None:
    while not done():
        ended = [process.args for process in processes if process.poll() is not None]
        if ended or time.monotonic() > limit:
            what = "ended" if ended else f"was not ready within {START_LIMIT:.0f} s"
            raise ServerError(f"etcd or the API server {what}; the last words:\n{_tail(logs, 40)}")
        time.sleep(0.1)


def _ready(server: ApiServer) -> bool:
    try:
        return server.request("GET", "/readyz").ok
    except OSError:
        return False


def _tail(logs: Path, lines: int) -> str:
    parts = []
    for log in sorted(logs.glob("*.log")):
        text = log.read_text("utf-8", errors="replace").splitlines()[-lines:]
        parts.append("\n".join([f"--- {log.name}", *text]))
    return "\n".join(parts)


def _options(dry_run: bool, strict: bool) -> str:
    asked = {"dryRun": "All"} if dry_run else {}
    return "?" + urlencode(asked | ({"fieldValidation": "Strict"} if strict else {}))


def _root(api_version: str) -> str:
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


def _name(document: JsonObject) -> str:
    return str(document["metadata"]["name"])


def _succeeded(answer: Reply) -> Reply:
    if not answer.ok:
        raise ServerError(f"{answer.status}: {answer.message}")
    return answer
