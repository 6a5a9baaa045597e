"""Writes and reads OPA bundles: gzipped tar archives of modules with a manifest."""

from __future__ import annotations

import io
import json
import re
import tarfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _
from dfpolicy.policy.source import ROOT, Files, revision

MANIFEST = ".manifest"
SIGNATURES = ".signatures.json"
# Much more than the policies need, and harmless.
SIZE_LIMIT = 64 << 20
_BLOCK = 512
_LONGEST_STATED = 64 << 10
_LONG_NAME, _EXTENDED, _GLOBAL = b"L", b"x", b"g"
# The line of METADATA with a requirement's id.
IDENTIFIER = re.compile(r"^#\s+id:\s*[\"']?(DF-[A-Z0-9]+-[0-9]{3})\b", re.MULTILINE)

Sign = Callable[[Files], bytes]


@dataclass(frozen=True)
class Bundle:
    """The content of a bundle: its files without signatures, its manifest, and its signatures.

    `signatures` are JSON Web Tokens, or None without a signature file.
    """

    files: Files
    manifest: Mapping[str, Any]
    signatures: tuple[str, ...] | None

    @property
    def modules(self) -> Files:
        """The files without the manifest."""
        return {name: content for name, content in self.files.items() if name != MANIFEST}

    @property
    def revision(self) -> str:
        """The revision in the manifest, or an empty string."""
        return str(self.manifest.get("revision") or "")


def packed(modules: Files, sign: Sign | None = None, root: str = ROOT) -> bytes:
    """Return the bundle of these modules, the same bytes each time.

    `sign` makes the content of `.signatures.json` from the files. Packages are below `root`.
    """
    manifest = {"rego_version": 1, "revision": revision(modules), "roots": [root]}
    files = {MANIFEST: json.dumps(manifest).encode() + b"\n", **modules}
    if sign is not None:
        files[SIGNATURES] = sign(files)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted({*files, *_directories(files)}):
            member = tarfile.TarInfo(name)
            if name in files:
                member.size = len(files[name])
                archive.addfile(member, io.BytesIO(files[name]))
            else:
                member.type, member.mode = tarfile.DIRTYPE, 0o755
                archive.addfile(member)
    # The module gzip would write the time. The tenth byte is the system, here unknown.
    packer = zlib.compressobj(9, wbits=31)
    made = packer.compress(stream.getvalue()) + packer.flush()
    return made[:9] + b"\xff" + made[10:]


def _directories(files: Files) -> set[str]:
    """The directories of the files: conftest does not make those that an archive leaves out."""
    return {parent.as_posix() for name in files for parent in PurePosixPath(name).parents} - {"."}


def unpacked(content: bytes, name: str) -> Bundle:
    """Return the content of the bundle. `name` is its path. Raises InputError."""
    files = _members(_inflated(content, name), name)
    manifest = _parsed(files.get(MANIFEST, b"{}"), MANIFEST, name)
    signatures = files.pop(SIGNATURES, None)
    return Bundle(files, manifest, None if signatures is None else _tokens(signatures, name))


def too_large(name: str) -> InputError:
    """The error for a bundle of more than SIZE_LIMIT bytes, packed or unpacked."""
    return InputError(_("the bundle is larger than {size} MiB").format(size=SIZE_LIMIT >> 20), name)


def _inflated(content: bytes, name: str) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        inflated = unpacker.decompress(content, SIZE_LIMIT)
    except zlib.error:
        raise InputError(_("not a gzip archive"), name, _("give an OPA bundle")) from None
    if unpacker.unconsumed_tail:
        raise too_large(name)
    if not unpacker.eof:
        raise InputError(_("the bundle is truncated"), name, _("download it again"))
    if unpacker.unused_data:
        raise InputError(_("the bundle has extra data after its archive"), name)
    return inflated


def _members(archived: bytes, name: str) -> dict[str, bytes]:
    """Return the files of a tar archive, each no larger than its bytes in the archive.

    tarfile is not safe here: it expands a sparse member to gigabytes and, in older Pythons, never
    returns for a negative size.
    """
    files: dict[str, bytes] = {}
    position, stated = 0, ""
    while any(header := archived[position : position + _BLOCK]):
        size = _size(header, name)
        start = position + _BLOCK
        content = archived[start : start + size]
        if len(content) < size:
            raise InputError(_("the bundle's archive is truncated"), name, _("download it again"))
        position = start + -(-size // _BLOCK) * _BLOCK
        kind = header[156:157]
        if kind in (_LONG_NAME, _EXTENDED, _GLOBAL):
            found = _stated_name(kind, content, name)
            if stated and found:
                # Readers differ in which one they use.
                raise InputError(_("the bundle contains two names for one file"), name)
            stated = stated or found
            continue
        path = (stated or _name(header)).removeprefix("./").lstrip("/")
        stated = ""
        if kind == tarfile.DIRTYPE or (kind == tarfile.AREGTYPE and path.endswith("/")):
            if size:
                # OPA reads no content of a directory, and would read the next file there.
                raise InputError(_("the bundle contains a directory with content"), name)
            continue
        if kind not in (tarfile.REGTYPE, tarfile.AREGTYPE):
            raise InputError(_("the bundle contains a link, a device or a sparse file"), name)
        if path in files:
            raise InputError(_("the bundle contains a file twice"), name)
        files[path] = content
    return files


def _size(header: bytes, name: str) -> int:
    checksum = sum(header[:148]) + 8 * 0x20 + sum(header[156:])
    try:
        stated, size = int(header[148:156].strip(b"\0 "), 8), int(header[124:136].strip(b"\0 "), 8)
    except ValueError:
        stated, size = -1, 0
    if len(header) < _BLOCK or stated != checksum or size < 0:
        raise InputError(_("not a tar archive"), name, _("give an OPA bundle"))
    return size


def _name(header: bytes) -> str:
    prefix = header[345:500].partition(b"\0")[0] if header[257:263] == b"ustar\0" else b""
    plain = header[:100].partition(b"\0")[0]
    return (prefix + b"/" + plain if prefix else plain).decode("utf-8", "replace")


def _stated_name(kind: bytes, content: bytes, name: str) -> str:
    """Return the name that an extension member sets for the next file, or an empty string."""
    if len(content) > _LONGEST_STATED:
        raise InputError(_("the bundle contains a name that is too long"), name)
    if kind == _LONG_NAME:
        return content.partition(b"\0")[0].decode("utf-8", "replace")
    path = b""
    while content:
        length = content.partition(b" ")[0]
        size = int(length) if length.isdigit() and len(length) < 10 else 0
        record, content = content[len(length) + 1 : size], content[size:]
        key, _separator, value = record.rstrip(b"\n").partition(b"=")
        if not size or key == b"size" or key.startswith(b"GNU.sparse"):
            raise InputError(_("the bundle contains a sparse file, or a file without a size"), name)
        path = value if key == b"path" and kind == _EXTENDED else path
    return path.decode("utf-8", "replace")


def _parsed(content: bytes, member: str, name: str) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise InputError(
            _("{member} in the bundle is not a JSON object").format(member=member), name
        )
    return value


def _tokens(content: bytes, name: str) -> tuple[str, ...]:
    tokens = _parsed(content, SIGNATURES, name).get("signatures")
    if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens):
        raise InputError(
            _("{member} in the bundle contains no list of signatures").format(member=SIGNATURES),
            name,
        )
    return tuple(tokens)
