"""Files that are written at once or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_file(text: str, path: str) -> None:
    """Write a text, its line ends as they are, at once or not at all. Raises OSError.

    What cannot be encoded, which names of files alone can hold, becomes `?`.
    """
    write_bytes(text.encode(errors="replace"), path)


def write_bytes(content: bytes, path: str) -> None:
    """Write bytes at once or not at all. Raises OSError."""
    if Path(path).exists() and not Path(path).is_file():
        # A device or pipe, such as /dev/stderr, cannot be replaced.
        Path(path).write_bytes(content)
        return
    target = Path(path).resolve()
    # Named before it is made: a signal may come at any time.
    temporary = target.parent / f".dfpolicy-{secrets.token_hex(8)}"
    try:
        with temporary.open("xb") as stream:
            stream.write(content)
        temporary.chmod(_mode(target))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int:
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
