"""`dfpolicy bundle`: the policies as a bundle for OPA servers."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import click

from dfpolicy.cli.bundle_files import line, output_option, read, unpacked_bundle, write
from dfpolicy.cli.bundle_registry import pull, push
from dfpolicy.cli.engine_options import opa_option, policy_option
from dfpolicy.cli.help import Group
from dfpolicy.errors import InputError
from dfpolicy.i18n.escaping import json_text
from dfpolicy.i18n.language import _, listed, marked, speaking, spoken, translate
from dfpolicy.system.streams import show, tell

if TYPE_CHECKING:
    from dfpolicy.policy.opa_bundle import Bundle

# The labels of what `inspect` shows.
FACTS = {
    "revision": marked("revision"),
    "content": marked("content"),
    "thisVersion": marked("this version"),
    "sha256": "sha256",
    "bytes": marked("bytes"),
    "files": marked("files"),
    "requirements": marked("requirements"),
    "signature": marked("signature"),
}
# A bundle from elsewhere may contain anything.
_LONGEST_REVISION = 80
_bundle_argument = click.argument("bundle", metavar="BUNDLE")


@click.group("bundle", cls=Group)
def command() -> None:
    """Build, inspect and verify the bundle for OPA servers."""


command.add_command(push)
command.add_command(pull)


@command.command("build")
@output_option
@policy_option
@opa_option
@click.option(
    "--signing-key",
    "key",
    metavar="FILE",
    help="Sign with this private key in PEM (RSA or ECDSA), or with this shared secret.",
)
@click.option(
    "--signing-key-id",
    "key_id",
    default="dfpolicy",
    show_default=True,
    metavar="NAME",
    help="Name of the key in OPA's configuration.",
)
def build(
    path: str, policies: tuple[str, ...], opa: str | None, key: str | None, key_id: str
) -> None:
    """Write the policies as an OPA bundle, and print its revision and digest.

    The same policies give a byte-identical bundle. --policy adds your own requirements; this
    needs an OPA binary, which checks them.
    """
    from dfpolicy.formats.outputs import check_inputs
    from dfpolicy.policy.opa_bundle import Sign, packed, unpacked
    from dfpolicy.policy.source import policy_files

    check_inputs([path], [key])
    files = policy_files()
    if policies:
        from dfpolicy.engines.opa_binary import find
        from dfpolicy.engines.own_policies import check_compiles, checked

        binary = find(opa)
        own = checked(policies, binary)
        check_compiles(own, binary)
        files = own.with_ours()
    sign: Sign | None = None
    if key is not None:
        from dfpolicy.policy.signature import signed

        def sign(content: Any) -> bytes:
            return signed(content, key, key_id)

    content = packed(files, sign)
    write(path, content)
    tell(line(_("written"), path, 10))
    tell(line(_("revision"), unpacked(content, path).revision, 10))
    tell(line("sha256", hashlib.sha256(content).hexdigest(), 10))


@command.command("inspect")
@_bundle_argument
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Output format.",
)
def inspect(bundle: str, form: str) -> None:
    """Show the revision, digest, requirements and signature of a bundle.

    This command verifies nothing; use `dfpolicy bundle verify`.
    """
    content = read(bundle)
    # JSON is for programs.
    with speaking("en" if form == "json" else spoken()):
        facts = _facts(unpacked_bundle(content, bundle), content)
    if form == "json":
        show(json_text(facts))
        return
    for name, value in facts.items():
        text = listed(value) if isinstance(value, list) else translate(str(value))
        tell(line(translate(FACTS[name]), text, 14))


@command.command("verify")
@_bundle_argument
@click.option(
    "--verification-key",
    "key",
    required=True,
    metavar="FILE",
    help="Public key in PEM, or shared secret.",
)
def verify(bundle: str, key: str) -> None:
    """Check that the owner of a key signed every file of a bundle.

    The exit code is 2 if the bundle was changed, is unsigned, or was signed with another key.
    """
    from dfpolicy.policy import signature
    from dfpolicy.policy.source import revision

    found = unpacked_bundle(read(bundle), bundle)
    signature.verify(found, key, bundle)
    if found.revision != revision(found.modules):
        raise InputError(
            _("the bundle's revision does not match its content"), bundle, _("do not use it")
        )
    algorithm = signature.algorithm_of(key)
    done = _("verified: revision {revision}, {count} files, signed with {algorithm}")
    tell(done.format(revision=found.revision, count=len(found.files), algorithm=algorithm))


def _facts(bundle: Bundle, content: bytes) -> dict[str, Any]:
    from dfpolicy.policy.source import policy_files, revision

    found = revision(bundle.modules)
    return {
        "revision": bundle.revision[:_LONGEST_REVISION] or marked("none"),
        "content": found,
        "thisVersion": marked("yes") if found == revision(policy_files()) else marked("no"),
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "files": len(bundle.files),
        "requirements": _identifiers(bundle),
        "signature": _signature(bundle),
    }


def _identifiers(bundle: Bundle) -> list[str]:
    from dfpolicy.policy.opa_bundle import IDENTIFIER

    texts = (content.decode("utf-8", "replace") for content in bundle.modules.values())
    return sorted({found for text in texts for found in IDENTIFIER.findall(text)})


def _signature(bundle: Bundle) -> str:
    if not bundle.signatures:
        return marked("none")
    from dfpolicy.policy.signature import described

    return listed(map(described, bundle.signatures))
