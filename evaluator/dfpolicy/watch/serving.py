"""Serves metrics and health over HTTP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dfpolicy.errors import DfpolicyError, UsageError, reason
from dfpolicy.i18n.language import _

# A client that sends nothing does not keep a thread.
_SECONDS = 10

# The status, content type and content of an answer.
Answer = tuple[int, str, bytes]
PLAIN = "text/plain; charset=utf-8"


def parse_address(text: str) -> tuple[str, int]:
    """Read HOST:PORT or :PORT. Raises UsageError."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or not 0 <= int(port[:6]) < 65536:
        raise UsageError(_("must be HOST:PORT or :PORT"), "--listen", _("example: :8080"))
    return host.removeprefix("[").removesuffix("]"), int(port)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing about a client that left."""


def serve(address: tuple[str, int], answers: dict[str, Callable[[], Answer]]) -> _Server:
    """Answer GET requests for these paths on a thread, and return the server.

    Raises DfpolicyError if the address cannot be used.
    """

    class Handler(BaseHTTPRequestHandler):
        timeout = _SECONDS
        server_version = "dfpolicy"
        sys_version = ""

        def do_GET(self) -> None:
            answer = answers.get(self.path.partition("?")[0])
            status, kind, content = answer() if answer else (404, PLAIN, b"not found\n")
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Log nothing: probes come every few seconds."""

    host, port = address
    try:
        _Server.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        server = _Server((host, port), Handler)
    except OSError as error:
        raise DfpolicyError(
            _("cannot listen: {reason}").format(reason=reason(error)),
            f"{host}:{port}",
            _("give another address with --listen"),
        ) from error
    threading.Thread(target=server.serve_forever, name="http", daemon=True).start()
    return server
