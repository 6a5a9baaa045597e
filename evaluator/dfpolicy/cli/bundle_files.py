"""Bundles as files, for the commands of `dfpolicy bundle`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dfpolicy.errors import DfpolicyError, InputError, reason
from dfpolicy.i18n.columns import padded
from dfpolicy.i18n.language import _

if TYPE_CHECKING:
    from dfpolicy.policy.opa_bundle import Bundle

output_option = click.option(
    "-o",
    "--output",
    "path",
    default="bundle.tar.gz",
    show_default=True,
    metavar="PATH",
    help="Where to write the bundle.",
)


def line(label: str, text: str, columns: int) -> str:
    """Return a line of output: a label, padded to a number of columns, and a text."""
    return padded(label, columns) + text


def unpacked_bundle(content: bytes, name: str) -> Bundle:
    """Return the content of a bundle. Raises InputError."""
    from dfpolicy.policy.opa_bundle import unpacked

    return unpacked(content, name)


def read(path: str) -> bytes:
    """Return the bytes of a bundle, within its limit. Raises InputError."""
    from dfpolicy.policy.opa_bundle import SIZE_LIMIT, too_large
    from dfpolicy.system.files import read_bounded

    try:
        content = read_bounded(path, SIZE_LIMIT)
    except OSError as error:
        raise InputError(
            _("cannot read the bundle: {reason}").format(reason=reason(error)), path
        ) from None
    if content is None:
        raise too_large(path)
    return content


def write(path: str, content: bytes) -> None:
    """Write a bundle. Raises DfpolicyError."""
    from dfpolicy.system.files import write_bytes

    try:
        write_bytes(content, path)
    except OSError as error:
        raise DfpolicyError(
            _("cannot write the bundle: {reason}").format(reason=reason(error)), path
        ) from None
