"""Writes files atomically, and reads files up to a limit."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from dfpolicy.errors import UsageError
from dfpolicy.i18n.language import _

_PRIVATE = 0o600
# Links of the system, for example /dev/stdout, which only root can change.
_SYSTEM = ("/dev", "/proc")
# A pipe without a writer is empty; opening it must not block.
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)


def write_file(text: str, path: str) -> None:
    """Write a text atomically, with its line ends unchanged.

    Unencodable characters, which only file names can contain, become `?`. Raises the same errors as
    `write_bytes`.
    """
    write_bytes(text.encode(errors="replace"), path)


def write_bytes(content: bytes, path: str) -> None:
    """Write bytes atomically.

    A new file is private until it gets its mode, and gets its mode before its content. Raises
    OSError, and the UsageError of `check_writable`.
    """
    check_writable(path)
    if Path(path).exists() and not Path(path).is_file():
        # A device or an open pipe, such as /dev/stderr, cannot be replaced. Without a reader, a
        # pipe is an error and does not block.
        handle = os.open(path, os.O_WRONLY | _AT_ONCE | _BINARY)
        with os.fdopen(handle, "wb") as stream:
            if _AT_ONCE:
                os.set_blocking(handle, True)
            stream.write(content)
        return
    target = Path(os.path.realpath(path))
    mode = _mode(target)
    # Set before it is created: a signal may come at any time.
    temporary = target.parent / f".dfpolicy-{secrets.token_hex(8)}"
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, _PRIVATE)
        with os.fdopen(handle, "wb") as stream:
            temporary.chmod(mode)
            stream.write(content)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_bounded(path: str, most: int) -> bytes | None:
    """Return the content of a file, pipe or device, or None for more than `most` bytes.

    A pipe without a writer is empty. Raises OSError.
    """
    handle = os.open(path, os.O_RDONLY | _AT_ONCE | _BINARY)
    with os.fdopen(handle, "rb") as stream:
        if _AT_ONCE:
            os.set_blocking(handle, True)
        content = stream.read(most + 1)
    return content if len(content) <= most else None


def check_writable(path: str) -> None:
    """Check that a path is new, a regular file, a character device, or an open pipe of the process.

    No link in it may lead out of the working directory, or out of the other directory that it
    names. Raises UsageError.
    """
    check_links(path)
    try:
        mode = Path(path).stat().st_mode
    except OSError:
        return
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISCHR(mode):
        return
    # A named pipe would block until somebody reads it. /dev/stdout, and /dev/fd/63 of a shell's
    # process substitution, are open already.
    if stat.S_ISBLK(mode) or not _of_system(Path(path)):
        raise UsageError(
            _("the output is a pipe, socket or block device"), path, _("give a regular file")
        )


def _of_system(path: Path) -> bool:
    named = Path(os.path.abspath(path))  # noqa: PTH100  resolve() would follow the links
    return any(named.is_relative_to(place) for place in _SYSTEM)


def check_links(path: str, folder: str | None = None) -> None:
    """Check that no link in the path leads out of a directory, by default the working directory.

    A path that names another directory may not lead out of that one. Raises UsageError.
    """
    if _of_system(Path(path)):
        return
    named = Path(os.path.abspath(path))  # noqa: PTH100  resolve() would follow the links
    here = Path(folder or Path.cwd()).absolute()
    allowed = here if named.is_relative_to(here) else named.parent
    # A link in a circle leads nowhere. Path.resolve() raises an error of its own for it.
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(os.path.realpath(allowed)):
        raise UsageError(
            _("a symbolic link points outside the directory"), path, _("give the file itself")
        )
    if target.is_symlink():
        raise UsageError(_("a symbolic link points to itself"), path, _("give the file itself"))


def _mode(target: Path) -> int:
    if target.exists():
        return target.stat().st_mode & 0o777
    # The only way to read the umask. It is private in case a thread creates a file meanwhile.
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask
