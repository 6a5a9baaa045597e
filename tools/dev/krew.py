"""The archive of the kubectl plugin, and its manifest for krew."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import tarfile
from pathlib import Path

from tools.dev.errors import DevError
from tools.dev.paths import ROOT

from dfpolicy.reading.yaml_writer import write_yaml
from dfpolicy.version import VERSION

ARCHIVE = "kubectl-dfpolicy.tar.gz"
_FILES = ("deploy/kubectl/kubectl-dfpolicy", "LICENSE")


def main(url: str, folder: Path = ROOT / "dist") -> int:
    """Write both into a directory. `url` is where the archive will be. Raises DevError."""
    if not re.fullmatch(r"https://[^\s]+", url):
        raise DevError(
            "URL must begin with https://: the directory to which you upload the archive"
        )
    content = archive()
    folder.mkdir(exist_ok=True)
    (folder / ARCHIVE).write_bytes(content)
    (folder / "krew.yaml").write_text(manifest(url.rstrip("/"), content), "utf-8")
    print(f"wrote {folder / ARCHIVE} and {folder / 'krew.yaml'}")
    return 0


def archive() -> bytes:
    """Return the archive; the bytes are the same each time."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name in _FILES:
            path = ROOT / name
            entry = tarfile.TarInfo(path.name)
            entry.size = path.stat().st_size
            entry.mode = 0o755 if path.parent.name == "kubectl" else 0o644
            with path.open("rb") as stream:
                archive.addfile(entry, stream)
    return gzip.compress(packed.getvalue(), mtime=0)


def manifest(url: str, content: bytes) -> str:
    """Return the manifest of the plugin, whose archive has this content."""
    platform = {
        "selector": {
            "matchExpressions": [{"key": "os", "operator": "In", "values": ["darwin", "linux"]}]
        },
        "uri": f"{url}/{ARCHIVE}",
        "sha256": hashlib.sha256(content).hexdigest(),
        "bin": "kubectl-dfpolicy",
    }
    return write_yaml(
        {
            "apiVersion": "krew.googlecontainertools.github.com/v1alpha2",
            "kind": "Plugin",
            "metadata": {"name": "dfpolicy"},
            "spec": {
                "version": f"v{VERSION}",
                "shortDescription": "Check a cluster against DeepFlow's requirements",
                "description": "Collects facts of the cluster and checks DeepFlow's agent.\n",
                "caveats": "Needs dfpolicy on PATH: pipx install dfpolicy\n",
                "platforms": [platform],
            },
        }
    )
