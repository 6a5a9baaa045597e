"""Signatures of OPA bundles: a JSON Web Token over the hash of each file.

PyJWT and cryptography sign and verify, so that neither needs an OPA binary; the extra `sign`
has them. OPA's own rules for what is hashed hold: JSON files by their content, others by their
bytes.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from dfpolicy.errors import EngineError, InputError, UsageError, reason
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
    """Return the algorithm that OPA's configuration has to name for this key."""
    _jwt()
    content = _read(key)
    return (_public(content, key) if content.startswith(_PEM) else _secret(content, key))[0]


def described(token: str) -> str:
    """Return the algorithm and key that a token names, which proves nothing."""
    try:
        part = token.partition(".")[0]
        header = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return f"{str(header['alg'])[:20]} by key {str(header.get('kid', 'none'))[:80]}"
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return "not readable"


def verify(bundle: Bundle, key: str, name: str) -> None:
    """Check the signature of a bundle and the hash of each of its files.

    `key` is the path of the public key in PEM or of the shared secret, `name` the place of the
    bundle. Raises InputError for a bundle that is not what the owner of the key signed.
    """
    jwt = _jwt()
    content = _read(key)
    algorithm, usable = _public(content, key) if content.startswith(_PEM) else _secret(content, key)
    if not bundle.signatures:
        raise InputError("the bundle is not signed", name, "do not use it")
    if len(bundle.signatures) > 1:
        raise InputError("the bundle has more than one signature", name, "OPA takes one")
    try:
        # Only what the key is for: a token must not choose how it is checked.
        claims = jwt.decode(bundle.signatures[0], usable, algorithms=[algorithm])
    except jwt.ExpiredSignatureError:
        raise InputError("the bundle's signature is over", name) from None
    except (jwt.PyJWTError, ValueError, OverflowError, RecursionError):
        # The last three are of a header that PyJWT reads before it checks the signature.
        hint = "do not use it, or check the key"
        raise InputError("the bundle's signature is not by this key", name, hint) from None
    _check_files(bundle.files, claims.get("files"), name)


def _check_files(files: Files, listed: Any, name: str) -> None:
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise InputError("the bundle's signature lists no files", name)
    entries = {str(entry.get("name")): entry for entry in listed}
    for path in sorted(entries.keys() ^ files.keys()):
        where = "signed but missing" if path in entries else "there but not signed"
        raise InputError(f"a file of the bundle is {where}: {path[:80]}", name, "do not use it")
    for path, entry in sorted(entries.items()):
        algorithm = str(entry.get("algorithm"))
        if algorithm not in _HASHES:
            raise InputError(f"the bundle is hashed by {algorithm[:20]}", name, "use SHA-256")
        if _hash(path, files[path], algorithm) != entry.get("hash"):
            hint = "do not use it"
            raise InputError(f"a file of the bundle was changed: {path[:80]}", name, hint)


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
            "signatures need PyJWT and cryptography", hint="pip install 'dfpolicy[sign]'"
        )
    import jwt

    return jwt


def _read(path: str) -> bytes:
    try:
        content = read_bounded(path, _LARGEST_KEY)
    except OSError as error:
        raise UsageError(f"the key cannot be read: {reason(error)}", path) from None
    if content is None:
        raise UsageError(f"the key is larger than {_LARGEST_KEY >> 10} KiB", path)
    return content


def _secret(content: bytes, path: str) -> tuple[str, Any]:
    if content.endswith(b"\n"):
        # It would be a part of the secret, also for OPA.
        raise UsageError("the secret ends in a newline", path, "write it with printf %s")
    if len(content) < _LEAST_SECRET:
        raise UsageError(f"the secret has less than {_LEAST_SECRET} bytes", path)
    return "HS256", content


def _private(content: bytes, path: str) -> tuple[str, Any]:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key: Any = load_pem_private_key(content, None)
    except (ValueError, TypeError):
        hint = "give one in PEM, unencrypted"
        raise UsageError("the file holds no private key", path, hint) from None
    return _algorithm(key, path), key


def _public(content: bytes, path: str) -> tuple[str, Any]:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key: Any = load_pem_public_key(content)
    except ValueError:
        hint = "give one in PEM, as of `openssl pkey -pubout`"
        raise UsageError("the file holds no public key", path, hint) from None
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
        raise UsageError("OPA takes keys of RSA, P-256, P-384 and P-521 only", path)
    return _CURVES[curve]
