"""Keeps compiled modules between runs, so that only the first one compiles.

An entry is native code, so it is used only from a folder that belongs to the user alone,
and only when its digest matches. Anything wrong with the cache makes a run slower, never
different.
"""

from __future__ import annotations

import hashlib
import os
import platform
import stat
import tempfile
from pathlib import Path

_DIGEST = hashlib.sha256().digest_size


def key(wasm: bytes, compiler: str) -> str:
    """Return the name of an entry: module, compiler with its settings, and processor."""
    parts = (hashlib.sha256(wasm).hexdigest(), compiler, platform.machine(), platform.system())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def load(name: str) -> bytes | None:
    """Return the entry, or None when there is none that can be trusted."""
    folder = _folder()
    if folder is None:
        return None
    try:
        content = (folder / name).read_bytes()
    except OSError:
        return None
    digest, payload = content[:_DIGEST], content[_DIGEST:]
    return payload if hashlib.sha256(payload).digest() == digest else None


def store(name: str, payload: bytes) -> None:
    """Write the entry; readers see either all of it or nothing. Failure is silent."""
    folder = _folder()
    if folder is None:
        return
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as stream:
            stream.write(hashlib.sha256(payload).digest() + payload)
        Path(temporary).replace(folder / name)
    except OSError:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _folder() -> Path | None:
    """Return the cache folder, made with mode 0700; None when it is not the user's alone."""
    given = os.environ.get("DFPOLICY_CACHE_DIR")
    try:
        base = Path(given) if given else _default_folder()
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = base.stat()
    except (OSError, RuntimeError):
        return None
    if os.name == "posix" and (
        status.st_uid != os.getuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    ):
        return None
    return base


def _default_folder() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return (
        Path(home) if home and Path(home).is_absolute() else Path.home() / ".cache"
    ) / "dfpolicy"
