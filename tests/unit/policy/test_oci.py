"""Registries that lie, and where credentials go. `acceptance/test_registry.py` has a real one."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dfpolicy.errors import DfpolicyError, UsageError
from dfpolicy.policy import oci
from dfpolicy.policy.oci_reference import Reference
from dfpolicy.policy.oci_registry import Access
from support.command import Run

LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
Answers = dict[str, tuple[int, Mapping[str, str], bytes]]


@dataclass
class Server:
    """A server with fixed answers, by method and path, and the requests that it got."""

    host: str
    answers: Answers = field(default_factory=dict)
    got: list[tuple[str, str]] = field(default_factory=list)

    def reference(self, digest: str = "") -> Reference:
        return Reference(self.host, "a", "" if digest else "v1", digest)

    def serves(self, content: bytes, **layer: object) -> None:
        """Serve a bundle; `layer` replaces fields of its descriptor."""
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        told = {"mediaType": LAYER, "digest": digest, "size": len(content), **layer}
        manifest = json.dumps({"layers": [told]}).encode()
        self.answers["GET /v2/a/manifests/v1"] = (200, {}, manifest)
        self.answers[f"GET /v2/a/blobs/{told['digest']}"] = (200, {}, content)


@pytest.fixture
def servers() -> Iterator[list[Server]]:
    """Two servers on the loopback interface, which are two origins."""
    made, running = [], []
    for _number in range(2):

        class Handler(BaseHTTPRequestHandler):
            server_of: Server

            def answer(self) -> None:
                own = self.server_of
                key = f"{self.command} {self.path.partition('?')[0]}"
                own.got.append((key, self.headers.get("Authorization", "")))
                status, headers, content = own.answers.get(key, (404, {}, b""))
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.send_response(status)
                for name, text in headers.items():
                    self.send_header(name, text)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_PUT = do_POST = do_HEAD = answer  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Handler.server_of = Server(f"127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        made.append(Handler.server_of)
        running.append(server)
    yield made
    for server in running:
        server.shutdown()
        server.server_close()


def test_a_bundle_with_another_digest_is_not_written(
    servers: list[Server], cli: Run, tmp_path: Path
) -> None:
    one = servers[0]
    one.serves(b"good")
    (blob,) = (key for key in one.answers if "/blobs/" in key)
    one.answers[blob] = (200, {}, b"evil")
    (tmp_path / "key").write_text("0" * 32, "utf-8")
    done = cli("bundle", "pull", f"oci://{one.host}/a:v1", "--verification-key", "key")
    assert done.returncode == 2
    assert "the content does not have its digest" in done.stderr
    assert not (tmp_path / "bundle.tar.gz").exists()


def test_a_manifest_with_another_digest_is_refused(servers: list[Server]) -> None:
    one = servers[0]
    one.serves(b"good")
    wanted = "sha256:" + "0" * 64
    one.answers[f"GET /v2/a/manifests/{wanted}"] = one.answers["GET /v2/a/manifests/v1"]
    with pytest.raises(DfpolicyError, match="does not have its digest"):
        oci.pulled(one.reference(wanted), Access())


@pytest.mark.parametrize(
    "layer",
    [{"mediaType": "text/plain"}, {"digest": "sha256:../x"}, {"size": -1}, {"size": True}],
)
def test_a_manifest_of_something_else_is_refused(
    servers: list[Server], layer: dict[str, object]
) -> None:
    servers[0].serves(b"good", **layer)
    with pytest.raises(DfpolicyError, match="this is no bundle for OPA"):
        oci.pulled(servers[0].reference(), Access())


def test_no_more_bytes_are_read_than_the_manifest_states(servers: list[Server]) -> None:
    servers[0].serves(b"good", size=2)
    with pytest.raises(DfpolicyError, match="larger than 3 bytes"):
        oci.pulled(servers[0].reference(), Access())
    servers[0].serves(b"good", size=65 << 20)
    with pytest.raises(DfpolicyError, match="the bundle is larger than 64 MiB"):
        oci.pulled(servers[0].reference(), Access())


def test_credentials_do_not_go_to_an_address_in_an_answer(servers: list[Server]) -> None:
    one, other = servers
    realm = f'Bearer realm="http://{one.host}/token",service="s"'
    one.answers["GET /v2/a/manifests/v1"] = (401, {"WWW-Authenticate": realm}, b"")
    elsewhere = f'Bearer realm="https://{other.host}/token"'
    for challenge in (elsewhere, f'Bearer realm="http://{other.host}/token"'):
        one.answers["GET /v2/a/manifests/v1"] = (401, {"WWW-Authenticate": challenge}, b"")
        with pytest.raises((UsageError, DfpolicyError)):
            oci.pulled(one.reference(), Access("me", "secret"))
    assert other.got == []


def test_a_redirect_does_not_get_the_token(servers: list[Server]) -> None:
    one, other = servers
    one.serves(b"good")
    (blob,) = (key for key in one.answers if "/blobs/" in key)
    place = f"http://{other.host}{blob.partition(' ')[2]}"
    one.answers[blob] = (307, {"Location": place}, b"")
    with pytest.raises(DfpolicyError, match="redirects to an address without TLS"):
        oci.pulled(one.reference(), Access())
    assert other.got == []


def test_a_bundle_is_not_uploaded_to_another_address(servers: list[Server]) -> None:
    one, other = servers
    place = {"Location": f"http://{other.host}/v2/a/blobs/uploads/1"}
    one.answers["POST /v2/a/blobs/uploads/"] = (202, place, b"")
    with pytest.raises(DfpolicyError, match="sends uploads to another address"):
        oci.pushed(b"good", one.reference(), Access())
    assert other.got == []


def test_a_tag_without_a_key_is_refused_before_anything_is_read(
    servers: list[Server], cli: Run
) -> None:
    done = cli("bundle", "pull", f"oci://{servers[0].host}/a:v1")
    assert done.returncode == 2
    assert "give --verification-key" in done.stderr
    assert servers[0].got == []
