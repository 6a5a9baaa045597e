"""Bundles in registries, as OPA's downloader and `conftest pull` read them.

The artifact has one layer, the bundle. Everything that is read is compared with its digest.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _
from dfpolicy.policy.oci_reference import Reference
from dfpolicy.policy.oci_registry import Access, Registry
from dfpolicy.policy.opa_bundle import SIZE_LIMIT, too_large

_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_SHA256 = re.compile("sha256:[0-9a-f]{64}")
# The only type that OPA downloads.
_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
# With these, conftest unpacks the layer into the directory of its policies.
_UNPACKED = {"org.opencontainers.image.title": ".", "io.deis.oras.content.unpack": "true"}


def pushed(content: bytes, reference: Reference, access: Access) -> str:
    """Upload a bundle, and return the digest of its manifest. Raises DfpolicyError."""
    registry = Registry(reference.origin, reference.name, access)
    config = b"{}"
    for blob in (config, content):
        _upload(registry, blob)
    manifest = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "config": _descriptor(config, _CONFIG),
        "layers": [_descriptor(content, _LAYER) | {"annotations": _UNPACKED}],
    }
    text = json.dumps(manifest, separators=(",", ":"), sort_keys=True).encode()
    if reference.digest and reference.digest != _digest(text):
        raise InputError(
            _("the digest of this bundle would be {digest}").format(digest=_digest(text)),
            str(reference),
            _("push to a tag"),
        )
    place = f"manifests/{reference.version}"
    answer = registry.ask("PUT", place, content=text, headers={"Content-Type": _MANIFEST})
    registry.checked(answer, reference.version)
    return _digest(text)


def pulled(reference: Reference, access: Access) -> tuple[bytes, str]:
    """Return a bundle and the digest of its manifest. Raises DfpolicyError.

    Both have their digests: the bundle that of the manifest, the manifest that of the reference, if
    it has one. Only `signature.verify` says who made the bundle.
    """
    registry = Registry(reference.origin, reference.name, access)
    place = f"manifests/{reference.version}"
    answer = registry.checked(
        registry.ask("GET", place, headers={"Accept": _MANIFEST}), reference.version
    )
    found = _digest(answer.content)
    if reference.digest not in ("", found):
        raise _changed(reference)
    digest, size = _layer(answer.content, reference)
    if size > SIZE_LIMIT:
        raise too_large(str(reference))
    blob = registry.checked(registry.ask("GET", f"blobs/{digest}", limit=size + 1), digest)
    if _digest(blob.content) != digest:
        raise _changed(reference)
    return blob.content, found


def _upload(registry: Registry, blob: bytes) -> None:
    digest = _digest(blob)
    if registry.ask("HEAD", f"blobs/{digest}").status == 200:
        return
    begun = registry.checked(registry.ask("POST", "blobs/uploads/", content=b""), digest)
    place = begun.headers.get("Location", "")
    place += f"{'&' if '?' in place else '?'}digest={digest}"
    kind = {"Content-Type": "application/octet-stream"}
    registry.checked(registry.ask("PUT", place, content=blob, headers=kind), digest)


def _layer(content: bytes, reference: Reference) -> tuple[str, int]:
    """The digest and the size of the bundle that a manifest names. Raises InputError."""
    try:
        manifest: Any = json.loads(content)
        (layer,) = manifest["layers"]
        kind, digest, size = layer["mediaType"], layer["digest"], layer["size"]
        good = kind == _LAYER and _SHA256.fullmatch(digest) and type(size) is int and size >= 0
    except (ValueError, TypeError, KeyError, RecursionError):
        good = False
    if not good:
        raise InputError(
            _("this is no bundle for OPA"),
            str(reference),
            _("`dfpolicy bundle push` writes one"),
        )
    return str(digest), size


def _changed(reference: Reference) -> InputError:
    return InputError(_("the content does not have its digest"), str(reference), _("do not use it"))


def _descriptor(content: bytes, kind: str) -> dict[str, Any]:
    return {"mediaType": kind, "digest": _digest(content), "size": len(content)}


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
