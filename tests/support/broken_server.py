"""Servers that answer as OPA never should, byte by byte."""

from __future__ import annotations

import itertools
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

HOST = "127.0.0.1"
Answer = Callable[[socket.socket], None]
# What answers a request.
Choice = Callable[[bytes], Answer]


class BrokenServer:
    """The address, and the requests that came, headers and all."""

    def __init__(self, port: int, scheme: str) -> None:
        self.url = f"{scheme}://{HOST}:{port}"
        self.requests: list[bytes] = []


@contextmanager
def answering(
    answers: Sequence[Answer] | Choice, context: ssl.SSLContext | None = None
) -> Iterator[BrokenServer]:
    """Serve each connection with the next answer, repeating the last one, or with a chosen one."""
    choose = answers if callable(answers) else _in_turn(answers)
    with socket.create_server((HOST, 0)) as listener:
        server = BrokenServer(listener.getsockname()[1], "https" if context else "http")
        thread = threading.Thread(target=_serve, args=(listener, server, choose, context))
        thread.daemon = True
        thread.start()
        try:
            yield server
        finally:
            # Otherwise the accepting thread would keep it open.
            listener.shutdown(socket.SHUT_RDWR)


def _serve(
    listener: socket.socket,
    server: BrokenServer,
    choose: Choice,
    context: ssl.SSLContext | None,
) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(
            target=_answer, args=(connection, server, choose, context), daemon=True
        ).start()


def _answer(
    connection: socket.socket,
    server: BrokenServer,
    choose: Choice,
    context: ssl.SSLContext | None,
) -> None:
    with suppress(OSError), connection:
        connection.settimeout(20)
        stream = context.wrap_socket(connection, server_side=True) if context else connection
        request = _request(stream)
        server.requests.append(request)
        choose(request)(stream)
        stream.close()


def _in_turn(answers: Sequence[Answer]) -> Choice:
    count = itertools.count()
    return lambda _: answers[min(next(count), len(answers) - 1)]


def _request(stream: socket.socket) -> bytes:
    content = b""
    while b"\r\n\r\n" not in content:
        part = stream.recv(65536)
        if not part:
            return content
        content += part
    head, _, body = content.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        body += stream.recv(65536)
    return head + b"\r\n\r\n" + body


def status(code: int, body: bytes = b"{}", headers: str = "") -> Answer:
    """An answer with this status and body."""
    head = f"HTTP/1.1 {code} X\r\nContent-Type: application/json\r\n{headers}"
    head += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return lambda stream: stream.sendall(head.encode() + body)


def decided(result: Any, revision: str = "r") -> Answer:
    """The answer of an OPA with this result."""
    provenance = {"version": "1.22.2", "bundles": {"dfpolicy": {"revision": revision}}}
    return status(200, json.dumps({"provenance": provenance, "result": result}).encode())


def half(body: bytes = b'{"result": {"agents": [') -> Answer:
    """An answer that claims a larger length."""
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body) * 10}\r\n\r\n"
    return lambda stream: stream.sendall(head.encode() + body)


def half_chunked(stream: socket.socket) -> None:
    """An answer in chunks without the last."""
    stream.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{"result": {')


def killed(stream: socket.socket) -> None:
    """No answer; the connection is reset, as by a killed process."""
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def closed(_: socket.socket) -> None:
    """No answer; the connection is closed."""


def silent(stream: socket.socket) -> None:
    """No answer while the other side waits for one."""
    stream.settimeout(None)
    while stream.recv(65536):
        pass


def trickling(stream: socket.socket) -> None:
    """An endless answer, one byte at a time."""
    stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        stream.sendall(b" ")
        threading.Event().wait(0.05)


def endless(stream: socket.socket, code: int = 200) -> None:
    """An endless answer without a length, sent as fast as it is read."""
    stream.sendall(f"HTTP/1.1 {code} X\r\nConnection: close\r\n\r\n".encode())
    while True:
        stream.sendall(b" " * 65536)


def failing_endlessly(stream: socket.socket) -> None:
    """An endless answer with the status 503."""
    endless(stream, 503)
