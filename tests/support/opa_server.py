"""A real OPA server on the loopback address, and a server for the files that it pulls."""

from __future__ import annotations

import functools
import http.server
import json
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.dev import opa

HOST = "127.0.0.1"
# Only a hanging server takes that long, on any machine.
START_LIMIT = 600.0


class OpaServer:
    """A running server: its address, its log, and its status."""

    def __init__(self, url: str, log: Path) -> None:
        self.url = url
        self.log = log

    def get(self, path: str) -> Any:
        """Return the JSON of a GET, or None for another status than 200."""
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            error.close()
            return None
        except OSError:
            return None

    def bundle_status(self, name: str) -> dict[str, Any]:
        """Return the server's status of a bundle that it pulls."""
        told = self.get("/v1/status") or {}
        found: dict[str, Any] = told.get("result", {}).get("bundles", {}).get(name, {})
        return found


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the files of a directory over HTTP."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer((HOST, 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{HOST}:{server.server_port}"
        server.shutdown()


@contextmanager
def held_port() -> Iterator[int]:
    """Reserve a port for a server that starts later, so that nobody else gets it."""
    with socket.socket() as held:
        # The server can listen on it nevertheless, because it sets this too.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((HOST, 0))
        yield held.getsockname()[1]


@contextmanager
def running(
    folder: Path, *arguments: str, ready: str = "/health", scheme: str = "http"
) -> Iterator[OpaServer]:
    """Run `opa run --server` with these arguments until the block ends.

    `ready` is the path that must answer 200 first, empty for none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "opa.log"
    with held_port() as port, log.open("wb") as stream:
        address = f"{HOST}:{port}"
        command = [opa.binary(), "run", "--server", "--skip-version-check", "--addr", address]
        process = subprocess.Popen([*command, *arguments], stdout=stream, stderr=stream, cwd=folder)
        server = OpaServer(f"{scheme}://{address}", log)
        try:
            wait(lambda: _up(server, process, ready), log)
            yield server
        finally:
            process.terminate()
            process.wait()


def wait(condition: Callable[[], bool], log: Path) -> None:
    """Wait until the condition is true; fail with the log if that takes too long."""
    end = time.monotonic() + START_LIMIT
    while not condition():
        assert time.monotonic() < end, log.read_text("utf-8")[-2000:]
        time.sleep(0.1)


def _up(server: OpaServer, process: subprocess.Popen[bytes], ready: str) -> bool:
    assert process.poll() is None, server.log.read_text("utf-8")[-2000:]
    if ready:
        return server.get(ready) is not None
    with socket.socket() as found:
        found.settimeout(1)
        host, _, port = server.url.rpartition("/")[2].partition(":")
        return found.connect_ex((host, int(port))) == 0
