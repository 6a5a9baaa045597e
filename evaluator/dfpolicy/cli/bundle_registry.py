"""`dfpolicy bundle push` and `pull`: bundles in registries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dfpolicy.cli.bundle_files import line, output_option, read, unpacked_bundle, write
from dfpolicy.cli.help import Command
from dfpolicy.errors import UsageError
from dfpolicy.i18n.language import _
from dfpolicy.system.streams import tell

if TYPE_CHECKING:
    from dfpolicy.policy.oci_registry import Access

_LARGEST_PASSWORD = 64 << 10
_OPTIONS = (
    click.option("--username", metavar="NAME", help="User of the registry."),
    click.option(
        "--password-file",
        metavar="FILE",
        help="File or pipe with the password or token of that user.",
    ),
    click.option(
        "--token-server",
        metavar="URL",
        help="Other address that may get the password: the registry's token server.",
    ),
    click.option("--ca", metavar="FILE", help="PEM file with the CA of the registry."),
)


def _registry_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command("push", cls=Command)
@click.argument("bundle", metavar="BUNDLE")
@click.argument("address", metavar="oci://HOST/NAME:TAG")
@_registry_options
def push(bundle: str, address: str, **options: str | None) -> None:
    """Upload a bundle to a registry, for OPA servers and for conftest.

        dfpolicy bundle push bundle.tar.gz oci://registry.example.com/dfpolicy/bundle:v1

    The digest that is printed names exactly this bundle.
    """
    from dfpolicy.policy.oci import pushed
    from dfpolicy.policy.oci_reference import parsed

    reference = parsed(address)
    content = read(bundle)
    revision = unpacked_bundle(content, bundle).revision
    digest = pushed(content, reference, _access(**options))
    tell(line(_("pushed"), str(reference), 10))
    tell(line(_("revision"), revision, 10))
    tell(line(_("digest"), digest, 10))


@click.command("pull", cls=Command)
@click.argument("address", metavar="oci://HOST/NAME:TAG")
@output_option
@click.option(
    "--verification-key",
    "key",
    metavar="FILE",
    help="Public key in PEM, or shared secret; not needed with a digest.",
)
@_registry_options
def pull(address: str, path: str, key: str | None, **options: str | None) -> None:
    """Download a bundle from a registry, and write it only if it is verified.

        dfpolicy bundle pull oci://HOST/NAME:TAG --verification-key bundle.pub
        dfpolicy bundle pull oci://HOST/NAME@sha256:...

    The signature or the digest says whose bundle it is: anyone who may push can move a tag.
    """
    from dfpolicy.policy import signature
    from dfpolicy.policy.oci import pulled
    from dfpolicy.policy.oci_reference import parsed

    reference = parsed(address)
    if not reference.digest and key is None:
        raise UsageError(
            _("a tag does not say whose bundle it is"),
            str(reference),
            _("give --verification-key, or the digest that `bundle push` printed"),
        )
    content, digest = pulled(reference, _access(**options))
    found = unpacked_bundle(content, str(reference))
    if key is not None:
        signature.verify(found, key, str(reference))
    write(path, content)
    tell(line(_("written"), path, 10))
    tell(line(_("revision"), found.revision, 10))
    tell(line(_("digest"), digest, 10))


def _access(
    username: str | None, password_file: str | None, token_server: str | None, ca: str | None
) -> Access:
    """How to reach the registry. Raises UsageError."""
    from dfpolicy.policy.oci_registry import Access

    if (username is None) != (password_file is None):
        raise UsageError(_("--username and --password-file need each other"))
    if ca is not None and not Path(ca).is_file():
        raise UsageError(_("cannot read the CA"), ca)
    password = "" if password_file is None else _password(password_file)
    return Access(username or "", password, ca, token_server or "")


def _password(path: str) -> str:
    from dfpolicy.system.files import read_bounded

    try:
        content = read_bounded(path, _LARGEST_PASSWORD)
        text = "" if content is None else content.decode().strip()
    except (OSError, ValueError):
        raise UsageError(_("cannot read the password"), path) from None
    if not text or not text.isprintable():
        raise UsageError(_("must contain exactly one password"), path)
    return text
