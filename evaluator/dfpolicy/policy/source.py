"""The Rego of this dfpolicy version, and its revision."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from dfpolicy.errors import EngineError
from dfpolicy.i18n.language import _
from dfpolicy.system.files import read_bounded

ROOT = "dfpolicy"
_PACKAGED = Path(__file__).parents[1] / "policies"
_CHECKOUT = Path(__file__).parents[3] / "policies"
_DIGITS = 12
_LARGEST_MODULE = 8 << 20

Files = Mapping[str, bytes]


@cache
def policy_files() -> Files:
    """Return the modules without their tests, by their path below `policies/`.

    Raises EngineError if they are missing.
    """
    folder = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
    files = modules(folder / ROOT, ROOT)
    if not files:
        raise EngineError(_("the policies are missing"), str(folder), _("reinstall dfpolicy"))
    return files


def modules(folder: Path, name: str) -> dict[str, bytes]:
    """Return the modules below a directory without tests, as `name/…`, sorted. Raises OSError."""
    return {
        f"{name}/{path.relative_to(folder).as_posix()}": _content(path)
        for path in sorted(folder.rglob("*.rego"))
        if path.is_file() and not path.name.endswith("_test.rego")
    }


def _content(path: Path) -> bytes:
    content = read_bounded(str(path), _LARGEST_MODULE)
    if content is None:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return content


def revision(files: Files) -> str:
    """Return the revision of the modules: the start of their digest."""
    return digest(files)[:_DIGITS]


def digest(files: Files) -> str:
    """Return the SHA-256 of the names and the content of the modules, in hexadecimal.

    It depends neither on their directory nor on how they are packed.
    """
    total = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()
