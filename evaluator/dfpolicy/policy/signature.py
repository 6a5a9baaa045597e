"""Signatures of OPA bundles: a JSON Web Token over the hash of each file.

PyJWT and cryptography (the extra `sign`) sign and verify without an OPA binary. Files are hashed as
OPA does: JSON files by their content, others by their bytes.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from dfpolicy.errors import EngineError, InputError, UsageError, reason
from dfpolicy.i18n.language import _
from dfpolicy.policy.opa_bundle import MANIFEST, Bundle
from dfpolicy.policy.source import Files
from dfpolicy.system.files import read_bounded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KEY_ID = "dfpolicy"
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_HASHES: Mapping[str, Callable[[bytes], Any]] = {
    "SHA-256": hashlib.sha256,
    "SHA-384": hashlib.sha384,
    "SHA-512": hashlib.sha512,
}
_STRUCTURED = (MANIFEST, "data.json", "data.yaml", "data.yml")
_LEAST_SECRET = 32
_LARGEST_KEY = 64 << 10
_PEM = b"-----BEGIN "


def signed(files: Files, key: str, key_id: str = KEY_ID) -> bytes:
    """Return the content of `.signatures.json` for these files.

    `key` is the path of a private key in PEM (RS256, or ES256 to ES512 by its curve) or of a
    shared secret (HS256). Raises DfpolicyError.
    """
    jwt = _jwt()
    content = _read(key)
    algorithm, usable = (
        _private(content, key) if content.startswith(_PEM) else _secret(content, key)
    )
    listed = [
        {"name": name, "hash": _hash(name, files[name]), "algorithm": "SHA-256"}
        for name in sorted(files)
    ]
    token = jwt.encode({"files": listed}, usable, algorithm, headers={"kid": key_id})
    return json.dumps({"signatures": [token]}).encode() + b"\n"


def algorithm_of(key: str) -> str:
    """Return the algorithm that OPA's configuration must name for this key."""
    _jwt()
    content = _read(key)
    return (_public(content, key) if content.startswith(_PEM) else _secret(content, key))[0]


def described(token: str) -> str:
    """Return the algorithm and key that a token names; nothing is verified."""
    try:
        part = token.partition(".")[0]
        header = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return _("{algorithm}, key {key}").format(
            algorithm=str(header["alg"])[:20], key=str(header.get("kid", _("none")))[:80]
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return _("not readable")


def verify(bundle: Bundle, key: str, name: str) -> None:
    """Check the signature of a bundle and the hash of each of its files.

    `key` is the path of the public key in PEM or of the shared secret, `name` the path of the
    bundle. Raises InputError if the owner of the key did not sign this content.
    """
    jwt = _jwt()
    content = _read(key)
    algorithm, usable = _public(content, key) if content.startswith(_PEM) else _secret(content, key)
    if not bundle.signatures:
        raise InputError(_("the bundle is not signed"), name, _("do not use it"))
    if len(bundle.signatures) > 1:
        raise InputError(
            _("the bundle has more than one signature"), name, _("OPA accepts only one")
        )
    try:
        # Only the key's algorithm: a token must not choose how it is verified.
        claims = jwt.decode(bundle.signatures[0], usable, algorithms=[algorithm])
    except jwt.ExpiredSignatureError:
        raise InputError(_("the bundle's signature expired"), name) from None
    except (jwt.PyJWTError, ValueError, OverflowError, RecursionError):
        # The last three are of a header that PyJWT reads before it checks the signature.
        hint = _("do not use it, or check the key")
        raise InputError(_("the bundle's signature does not match this key"), name, hint) from None
    _check_files(bundle.files, claims.get("files"), name)


def _check_files(files: Files, listed: Any, name: str) -> None:
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise InputError(_("the bundle's signature lists no files"), name)
    entries = {str(entry.get("name")): entry for entry in listed}
    for path in sorted(entries.keys() ^ files.keys()):
        message = _("a file in the bundle is not signed: {path}")
        if path in entries:
            message = _("a signed file is missing from the bundle: {path}")
        raise InputError(message.format(path=path[:80]), name, _("do not use it"))
    for path, entry in sorted(entries.items()):
        algorithm = str(entry.get("algorithm"))
        if algorithm not in _HASHES:
            raise InputError(
                _("the bundle uses the hash algorithm {algorithm}").format(
                    algorithm=algorithm[:20]
                ),
                name,
                _("use SHA-256"),
            )
        if _hash(path, files[path], algorithm) != entry.get("hash"):
            hint = _("do not use it")
            raise InputError(
                _("a file in the bundle was changed: {path}").format(path=path[:80]), name, hint
            )


def _hash(path: str, content: bytes, algorithm: str = "SHA-256") -> str:
    if path.rpartition("/")[2] in _STRUCTURED:
        try:
            content = json.dumps(
                json.loads(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False
            ).encode()
        except (ValueError, RecursionError):
            return ""
    found: str = _HASHES[algorithm](content).hexdigest()
    return found


def _jwt() -> Any:
    if find_spec("jwt") is None or find_spec("cryptography") is None:
        raise EngineError(
            _("signatures need PyJWT and cryptography"), hint=_("run pip install 'dfpolicy[sign]'")
        )
    import jwt

    return jwt


def _read(path: str) -> bytes:
    try:
        content = read_bounded(path, _LARGEST_KEY)
    except OSError as error:
        raise UsageError(
            _("cannot read the key: {reason}").format(reason=reason(error)), path
        ) from None
    if content is None:
        raise UsageError(
            _("the key is larger than {size} KiB").format(size=_LARGEST_KEY >> 10), path
        )
    return content


def _secret(content: bytes, path: str) -> tuple[str, Any]:
    if content.endswith(b"\n"):
        # It would be a part of the secret, also for OPA.
        raise UsageError(_("the secret ends with a newline"), path, _("write it with printf %s"))
    if len(content) < _LEAST_SECRET:
        raise UsageError(
            _("the secret must have at least {size} bytes").format(size=_LEAST_SECRET), path
        )
    return "HS256", content


def _private(content: bytes, path: str) -> tuple[str, Any]:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key: Any = load_pem_private_key(content, None)
    except (ValueError, TypeError):
        hint = _("give an unencrypted key in PEM")
        raise UsageError(_("the file contains no private key"), path, hint) from None
    return _algorithm(key, path), key


def _public(content: bytes, path: str) -> tuple[str, Any]:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key: Any = load_pem_public_key(content)
    except ValueError:
        hint = _("give a key in PEM, as `openssl pkey -pubout` writes it")
        raise UsageError(_("the file contains no public key"), path, hint) from None
    return _algorithm(key, path), key


def _algorithm(key: Any, path: str) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if isinstance(key, (rsa.RSAPrivateKey, rsa.RSAPublicKey)):
        return "RS256"
    curve = (
        key.curve.name
        if isinstance(key, (ec.EllipticCurvePrivateKey, ec.EllipticCurvePublicKey))
        else ""
    )
    if curve not in _CURVES:
        raise UsageError(_("OPA supports only RSA, P-256, P-384 and P-521 keys"), path)
    return _CURVES[curve]
