"""`dfpolicy version`: the version, and what identifies the policies."""

from __future__ import annotations

import hashlib
import platform

import click

from dfpolicy.cli.help import Command
from dfpolicy.i18n.escaping import json_text
from dfpolicy.model import JsonObject
from dfpolicy.policy.catalogue import BUNDLED, load_catalogue
from dfpolicy.policy.source import digest, policy_files, revision
from dfpolicy.system.streams import show
from dfpolicy.version import VERSION


@click.command("version", cls=Command)
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="Output format.",
)
def command(form: str) -> None:
    """Show the version of dfpolicy, and with -o json the digest of its policies.

    The revision is the one that `dfpolicy bundle build` prints and OPA servers report. Reports
    name the start of the module's digest, unless another engine made the decision.
    """
    show(f"dfpolicy {VERSION}\n" if form == "text" else json_text(_document()))


def _document() -> JsonObject:
    files = policy_files()
    module = BUNDLED.with_name("policy.wasm").read_bytes()
    return {
        "version": VERSION,
        "policies": {
            "revision": revision(files),
            "digest": f"sha256:{digest(files)}",
            "module": f"sha256:{hashlib.sha256(module).hexdigest()}",
            "requirements": len(load_catalogue().requirements),
        },
        "python": platform.python_version(),
        "platform": platform.platform(),
    }
