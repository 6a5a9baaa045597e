from __future__ import annotations

import gzip
import hashlib
import io
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from dfpolicy.errors import InputError
from dfpolicy.policy import opa_bundle
from dfpolicy.policy.opa_bundle import packed, unpacked
from dfpolicy.policy.source import policy_files, revision

SCRIPT = """
import hashlib
from dfpolicy.policy.opa_bundle import packed
from dfpolicy.policy.source import policy_files
print(hashlib.sha256(packed(policy_files())).hexdigest())
"""


def archive(*members: tuple[str, bytes, bytes]) -> bytes:
    """A gzipped archive of (name, type, content)."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as made:
        for name, kind, content in members:
            member = tarfile.TarInfo(name)
            member.type, member.size = kind, len(content)
            made.addfile(member, io.BytesIO(content))
    return gzip.compress(stream.getvalue(), mtime=0)


def test_packing_and_unpacking_round_trips() -> None:
    bundle = unpacked(packed(policy_files()), "b")
    assert bundle.modules == policy_files()
    assert bundle.revision == revision(policy_files())
    assert bundle.manifest["roots"] == ["dfpolicy"]
    assert bundle.manifest["rego_version"] == 1
    assert bundle.signatures is None


def test_the_bundle_is_byte_identical_each_time(tmp_path: Path) -> None:
    made = hashlib.sha256(packed(policy_files())).hexdigest()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == made
    backwards = dict(reversed(list(policy_files().items())))
    assert hashlib.sha256(packed(backwards)).hexdigest() == made


def test_names_as_opa_writes_them() -> None:
    content = archive(
        ("/a.rego", tarfile.REGTYPE, b"package a"),
        ("./b/", tarfile.DIRTYPE, b""),
        ("./b/b.rego", tarfile.REGTYPE, b"package b"),
        ("/.signatures.json", tarfile.REGTYPE, b'{"signatures": ["t"]}'),
    )
    bundle = unpacked(content, "b")
    assert sorted(bundle.files) == ["a.rego", "b/b.rego"]
    assert bundle.signatures == ("t",)
    assert bundle.revision == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is truncated"),
        (b"x" * 20, "not a gzip archive"),
        (gzip.compress(b"x", mtime=0), "not a tar archive"),
        (packed({})[:-9], "is truncated"),
        (packed({}) + b"x", "the bundle has extra data after its archive"),
        (
            archive(("a", tarfile.SYMTYPE, b"")),
            "the bundle contains a link, a device or a sparse file",
        ),
        (
            archive(("a", tarfile.REGTYPE, b""), ("/a", tarfile.REGTYPE, b"")),
            "the bundle contains a file twice",
        ),
        (
            archive((".manifest", tarfile.REGTYPE, b"[]")),
            ".manifest in the bundle is not a JSON object",
        ),
        (
            archive((".signatures.json", tarfile.REGTYPE, b"{}")),
            "in the bundle contains no list of signatures",
        ),
        (archive((".signatures.json", tarfile.REGTYPE, b'{"signatures": [1]}')), "no list"),
        # OPA reads this content as the next file, which nobody signed.
        (archive(("a/", tarfile.DIRTYPE, b"x" * 512)), "a directory with content"),
        (archive(("a/", tarfile.AREGTYPE, b"x" * 512)), "a directory with content"),
        # OPA uses the first name, whatever comes between.
        (
            archive(("a", b"L", b"a.txt\0"), ("a", b"x", b"15 path=a.rego\n"), ("a", b"0", b"")),
            "two names for one file",
        ),
    ],
)
def test_invalid_bundles_are_refused(content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        unpacked(content, "b.tar.gz")


def test_a_bundle_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opa_bundle, "SIZE_LIMIT", 1 << 20)
    with pytest.raises(InputError, match="larger than 1 MiB"):
        unpacked(gzip.compress(b"\0" * (2 << 20)), "b")
