"""OPA bundles: a gzipped tar archive of modules with a manifest, and read again."""

from __future__ import annotations

import io
import json
import re
import tarfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dfpolicy.errors import InputError
from dfpolicy.policy.source import ROOT, Files, revision

MANIFEST = ".manifest"
SIGNATURES = ".signatures.json"
# Far more than the policies take, far less than hurts.
SIZE_LIMIT = 64 << 20
# The line of METADATA that names a requirement.
IDENTIFIER = re.compile(r"^#\s+id:\s*[\"']?(DF-[A-Z0-9]+-[0-9]{3})\b", re.MULTILINE)

Sign = Callable[[Files], bytes]


@dataclass(frozen=True)
class Bundle:
    """What a bundle holds: its files but the signatures, its manifest, and its signatures.

    `signatures` are JSON Web Tokens, None where there is no file of them.
    """

    files: Files
    manifest: Mapping[str, Any]
    signatures: tuple[str, ...] | None

    @property
    def modules(self) -> Files:
        """The files but the manifest."""
        return {name: content for name, content in self.files.items() if name != MANIFEST}

    @property
    def revision(self) -> str:
        """The revision of the manifest, empty where it states none."""
        return str(self.manifest.get("revision") or "")


def packed(modules: Files, sign: Sign | None = None, root: str = ROOT) -> bytes:
    """Return the bundle of these modules, the same bytes each time.

    `sign` makes the content of `.signatures.json` from the files. Packages lie below `root`.
    """
    manifest = {"rego_version": 1, "revision": revision(modules), "roots": [root]}
    files = {MANIFEST: json.dumps(manifest).encode() + b"\n", **modules}
    if sign is not None:
        files[SIGNATURES] = sign(files)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(files):
            member = tarfile.TarInfo(name)
            member.size = len(files[name])
            archive.addfile(member, io.BytesIO(files[name]))
    # The module gzip would write the time. The tenth byte names the system, here none.
    packer = zlib.compressobj(9, wbits=31)
    made = packer.compress(stream.getvalue()) + packer.flush()
    return made[:9] + b"\xff" + made[10:]


def unpacked(content: bytes, name: str) -> Bundle:
    """Return what the bundle holds. `name` is its place. Raises InputError."""
    files = _members(_inflated(content, name), name)
    manifest = _parsed(files.get(MANIFEST, b"{}"), MANIFEST, name)
    signatures = files.pop(SIGNATURES, None)
    return Bundle(files, manifest, None if signatures is None else _tokens(signatures, name))


def _inflated(content: bytes, name: str) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        inflated = unpacker.decompress(content, SIZE_LIMIT)
    except zlib.error:
        raise InputError("no gzipped archive", name, "give a bundle of OPA") from None
    if unpacker.unconsumed_tail:
        raise InputError(f"the bundle holds more than {SIZE_LIMIT >> 20} MiB", name)
    if not unpacker.eof:
        raise InputError("the bundle ends too early", name, "fetch it again")
    if unpacker.unused_data:
        raise InputError("something stands behind the bundle's archive", name)
    return inflated


def _members(archived: bytes, name: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(archived), mode="r:") as archive:
            for member in archive:
                path = member.name.removeprefix("./").lstrip("/")
                if member.isdir():
                    continue
                if not member.isfile() or path in files:
                    raise InputError("a file of the bundle is a link, or there twice", name)
                reader = archive.extractfile(member)
                files[path] = reader.read() if reader else b""
    except tarfile.TarError:
        raise InputError("no tar archive", name, "give a bundle of OPA") from None
    return files


def _parsed(content: bytes, member: str, name: str) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise InputError(f"{member} of the bundle is no JSON object", name)
    return value


def _tokens(content: bytes, name: str) -> tuple[str, ...]:
    tokens = _parsed(content, SIGNATURES, name).get("signatures")
    if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens):
        raise InputError(f"{SIGNATURES} of the bundle holds no list of signatures", name)
    return tuple(tokens)
