from __future__ import annotations

import pytest

from dfpolicy.errors import UsageError
from dfpolicy.policy.oci_reference import parsed

DIGEST = "sha256:" + "0a" * 32


@pytest.mark.parametrize(
    ("text", "origin", "name", "version"),
    [
        ("oci://registry.example.com/a:v1", "https://registry.example.com", "a", "v1"),
        (
            "oci://registry.example.com:5000/a/b-c:v1",
            "https://registry.example.com:5000",
            "a/b-c",
            "v1",
        ),
        (f"oci://10.0.0.7/a@{DIGEST}", "https://10.0.0.7", "a", DIGEST),
        ("oci://localhost:5000/a:v1", "http://localhost:5000", "a", "v1"),
        ("oci://127.0.0.1:5000/a:v1", "http://127.0.0.1:5000", "a", "v1"),
        ("oci://[::1]:5000/a:v1", "http://[::1]:5000", "a", "v1"),
        ("oci://localhost.example.com/a:v1", "https://localhost.example.com", "a", "v1"),
    ],
)
def test_only_the_loopback_interface_is_reached_without_tls(
    text: str, origin: str, name: str, version: str
) -> None:
    found = parsed(text)
    assert (found.origin, found.name, found.version, str(found)) == (origin, name, version, text)


@pytest.mark.parametrize(
    "text",
    [
        "registry.example.com/a:v1",
        "oci://registry.example.com/a",
        "oci://registry.example.com/A:v1",
        "oci://user:secret@registry.example.com/a:v1",
        "oci://registry.example.com/a/../b:v1",
        "oci://registry.example.com/a:v1?x",
        f"oci://registry.example.com/a@{DIGEST}0",
        "oci://registry.example.com/" + "a" * 600 + ":v1",
    ],
)
def test_an_invalid_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not the address of a bundle in a registry"):
        parsed(text)
