"""Stores compiled modules between runs, so that only the first run compiles.

An entry is native code. It is used only from a directory that nobody else can write, and only if
the digest of its key and content matches. A fault of the cache makes a run slower but never
changes its result.
"""

from __future__ import annotations

import hashlib
import os
import platform
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dfpolicy.errors import UsageError
from dfpolicy.system.files import check_links

_DIGEST = hashlib.sha256().digest_size
_LOCK_SECONDS = 20.0
_POLL_SECONDS = 0.05
# Many times what a compiled module needs.
_LARGEST = 256 << 20


def key(wasm: bytes, compiler: str) -> str:
    """Return the name of an entry: module, compiler with its settings, and processor."""
    parts = (hashlib.sha256(wasm).hexdigest(), compiler, platform.machine(), platform.system())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def load(name: str) -> bytes | None:
    """Return the entry, or None if there is no trusted one."""
    folder = _folder()
    if folder is None:
        return None
    try:
        with open(folder / name, "rb", opener=_open) as stream:
            status = os.fstat(stream.fileno())
            usable = stat.S_ISREG(status.st_mode) and _own(status) and status.st_size <= _LARGEST
            content = stream.read(_LARGEST) if usable else b""
    except OSError:
        return None
    digest, payload = content[:_DIGEST], content[_DIGEST:]
    return payload if _bound(name, payload) == digest else None


def store(name: str, payload: bytes) -> None:
    """Write the entry atomically. Failures are silent."""
    folder = _folder()
    if folder is None:
        return
    temporary = folder / f".{secrets.token_hex(8)}"
    # After a success there is nothing to remove.
    with suppress(OSError):
        try:
            with open(temporary, "xb", opener=_open) as stream:
                stream.write(_bound(name, payload) + payload)
            temporary.replace(folder / name)
        finally:
            temporary.unlink(missing_ok=True)


def _bound(name: str, payload: bytes) -> bytes:
    """Return the digest of name and content: the entry of another module is not this one's."""
    return hashlib.sha256(name.encode() + b"\0" + payload).digest()


@contextmanager
def alone() -> Iterator[None]:
    """Let one process compile at a time; processes that start meanwhile load its result.

    A process that waits too long, or cannot lock, continues without the lock.
    """
    folder, handle = _folder(), None
    try:
        # Windows cannot open or lock directories.
        with suppress(OSError, ImportError):
            if folder is not None:
                handle = os.open(folder, os.O_RDONLY)
                _lock(handle)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _lock(folder: int) -> None:
    import fcntl

    end = time.monotonic() + _LOCK_SECONDS
    while time.monotonic() < end:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_POLL_SECONDS)
        else:
            return


def _open(path: str, flags: int) -> int:
    # A pipe instead of an entry would block, and a link would lead elsewhere.
    plain = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    return os.open(path, flags | plain, 0o600)


def _folder() -> Path | None:
    """Return the cache directory, created with mode 0700.

    None if others can write it, or if a link in a relative path leads elsewhere.
    """
    given = os.environ.get("DFPOLICY_CACHE_DIR")
    try:
        if given and not Path(given).is_absolute():
            # A link in a checkout could lead anywhere.
            check_links(given)
        base = Path(given) if given else _default_folder()
        if base is None:
            return None
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        return base if _own(base.stat()) else None
    except (OSError, RuntimeError, UsageError):
        return None


def _own(status: os.stat_result) -> bool:
    """Whether the user owns it and nobody else can write it."""
    return os.name != "posix" or (
        status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )


def _default_folder() -> Path | None:
    caches = os.environ.get("XDG_CACHE_HOME")
    if caches and Path(caches).is_absolute():
        return Path(caches) / "dfpolicy"
    home = Path.home()
    # A home directory that does not exist is not created.
    return home / ".cache" / "dfpolicy" if home.is_dir() else None
