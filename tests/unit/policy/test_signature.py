"""Signatures of bundles: made and verified here, and each checked with OPA's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from tools.dev import opa

from dfpolicy.errors import EngineError, InputError, UsageError
from dfpolicy.policy import signature
from dfpolicy.policy.opa_bundle import Bundle, packed, unpacked
from dfpolicy.policy.source import policy_files
from support import decisions

SECRET = b"0123456789abcdef0123456789abcdef"
MODULES = {
    "dfpolicy/a.rego": b"package dfpolicy.a\n\nx := 1\n",
    "dfpolicy/b.rego": b"package dfpolicy.b\n",
}
ALGORITHMS = {"rsa": "RS256", "p256": "ES256", "p384": "ES384", "p521": "ES512", "secret": "HS256"}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with NAME.key and NAME.pub of each kind."""
    folder = tmp_path_factory.mktemp("keys")
    made: dict[str, Any] = {
        "rsa": rsa.generate_private_key(65537, 2048),
        "p256": ec.generate_private_key(ec.SECP256R1()),
        "p384": ec.generate_private_key(ec.SECP384R1()),
        "p521": ec.generate_private_key(ec.SECP521R1()),
        "other": ec.generate_private_key(ec.SECP256R1()),
        "ed25519": ed25519.Ed25519PrivateKey.generate(),
    }
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    for name, key in made.items():
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
        public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
        (folder / f"{name}.key").write_bytes(private)
        (folder / f"{name}.pub").write_bytes(public)
    for suffix in ("key", "pub"):
        (folder / f"secret.{suffix}").write_bytes(SECRET)
    return folder


def signed(keys: Path, name: str) -> bytes:
    key = str(keys / f"{name}.key")
    return packed(MODULES, lambda files: signature.signed(files, key))


def fault(bundle: Bundle, key: Path) -> str:
    with pytest.raises(InputError) as caught:
        signature.verify(bundle, str(key), "b.tar.gz")
    return str(caught.value)


@pytest.mark.parametrize("name", ALGORITHMS)
def test_a_signed_bundle_verifies(keys: Path, name: str) -> None:
    bundle = unpacked(signed(keys, name), "b")
    public = keys / f"{name}.pub"
    signature.verify(bundle, str(public), "b")
    assert signature.algorithm_of(str(public)) == ALGORITHMS[name]
    (token,) = bundle.signatures or ()
    assert signature.described(token) == f"{ALGORITHMS[name]}, key dfpolicy"
    for other in {"other", *ALGORITHMS} - {name}:
        assert "the bundle's signature does not match this key" in fault(
            bundle, keys / f"{other}.pub"
        )


@pytest.mark.parametrize("name", ALGORITHMS)
def test_opa_verifies_our_signature(keys: Path, tmp_path: Path, name: str) -> None:
    decisions.need_opa()
    path = tmp_path / "b.tar.gz"
    path.write_bytes(signed(keys, name))
    for key, wanted in ((name, 0), ("other", 1)):
        done = opa.run_unchecked(
            *("build", "--bundle", str(path), "--output", str(tmp_path / "out.tar.gz")),
            *("--verification-key", str(keys / f"{key}.pub"), "--verification-key-id", "dfpolicy"),
            *("--signing-alg", ALGORITHMS[name]),
        )
        assert done.returncode == wanted, done.stderr


@pytest.mark.parametrize("name", ALGORITHMS)
def test_we_verify_opas_signature(keys: Path, tmp_path: Path, name: str) -> None:
    decisions.need_opa()
    folder, path = tmp_path / "b", tmp_path / "b.tar.gz"
    folder.mkdir()
    (folder / "a.rego").write_text("package a\n\nx := 1\n", "utf-8")
    (folder / "data.json").write_text('{"ü<&>": [1, true, null, "\\u00e9😀"]}', "utf-8")
    opa.run(
        *("build", "--bundle", str(folder), "--output", str(path)),
        *("--signing-key", str(keys / f"{name}.key"), "--signing-alg", ALGORITHMS[name]),
    )
    signature.verify(unpacked(path.read_bytes(), "b"), str(keys / f"{name}.pub"), "b")


def test_a_changed_bundle_does_not_verify(keys: Path) -> None:
    bundle, key = unpacked(signed(keys, "p256"), "b"), keys / "p256.pub"
    files = dict(bundle.files)
    changes: list[tuple[dict[str, bytes], str]] = [
        (
            {**files, "dfpolicy/a.rego": b"package dfpolicy.a\n\nx := 2\n"},
            "changed: dfpolicy/a.rego",
        ),
        ({**files, "dfpolicy/c.rego": b""}, "a file in the bundle is not signed: dfpolicy/c.rego"),
        ({**files, ".manifest": b'{"roots": [""]}'}, "changed: .manifest"),
        (
            {name: files[name] for name in files if "b.rego" not in name},
            "missing from the bundle: dfpolicy/b.rego",
        ),
    ]
    for changed, words in changes:
        assert words in fault(Bundle(changed, {}, bundle.signatures), key)
    assert "the bundle is not signed" in fault(Bundle(files, {}, None), key)
    assert "the bundle is not signed" in fault(Bundle(files, {}, ()), key)
    assert "more than one" in fault(Bundle(files, {}, (bundle.signatures or ()) * 2), key)


def test_a_token_cannot_choose_its_algorithm(keys: Path) -> None:
    import jwt

    files = unpacked(signed(keys, "rsa"), "b").files
    key = keys / "rsa.pub"
    unsigned = jwt.encode({"files": []}, "", algorithm="none")
    assert "the bundle's signature does not match this key" in fault(
        Bundle(files, {}, (unsigned,)), key
    )
    assert "the bundle's signature does not match this key" in fault(
        Bundle(files, {}, ("garbage",)), key
    )
    private = (keys / "rsa.key").read_bytes()
    for claims, words in (
        ({"files": "x"}, "lists no files"),
        (
            {"files": [{"name": name, "algorithm": "MD5"} for name in files]},
            "the hash algorithm MD5",
        ),
        ({"files": [], "exp": 1}, "the bundle's signature expired"),
    ):
        token = jwt.encode(claims, private, "RS256")
        assert words in fault(Bundle(files, {}, (token,)), key)


def test_invalid_keys_are_refused(keys: Path, tmp_path: Path) -> None:
    wrong = {"short": SECRET[:-1], "newline": SECRET + b"\n", "pem": b"-----BEGIN X-----\n"}
    for name, content in wrong.items():
        (tmp_path / name).write_bytes(content)
    for path, words in (
        (tmp_path / "none", "cannot read the key:"),
        (tmp_path / "short", "at least 32 bytes"),
        (tmp_path / "newline", "the secret ends with a newline"),
        (tmp_path / "pem", "the file contains no private key"),
        (keys / "rsa.pub", "the file contains no private key"),
        (keys / "ed25519.key", "OPA supports only RSA, P-256, P-384 and P-521 keys"),
    ):
        with pytest.raises(UsageError, match=words):
            signature.signed({}, str(path))
    with pytest.raises(UsageError, match="the file contains no public key"):
        signature.algorithm_of(str(keys / "rsa.key"))


def test_without_the_extra(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signature, "find_spec", lambda _: None)
    with pytest.raises(EngineError, match=r"pip install 'dfpolicy\[sign\]'"):
        signature.signed(policy_files(), str(keys / "rsa.key"))


@pytest.mark.parametrize("token", ["", "a.b.c", "e30.", "W10.x", json.dumps({})])
def test_a_token_that_cannot_be_read(token: str) -> None:
    assert signature.described(token) == "not readable"
