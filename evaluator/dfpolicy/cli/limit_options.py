"""The options for input limits."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import click

from dfpolicy.cli.options import add_options
from dfpolicy.reading.limits import MIB, Limits, within
from dfpolicy.settings.resolution import LARGEST_LIMIT, limits_in_force

_Function = TypeVar("_Function", bound=Callable[..., Any])

_COUNT = click.IntRange(1, LARGEST_LIMIT)
# None means that a flag is not given; `limits_in_force` then decides.
LIMIT_SETTINGS = [
    click.option(
        "--max-input-size",
        "maxInputSize",
        type=_COUNT,
        metavar="MIB",
        help=f"Maximum size of all inputs together, in MiB.  [default: {Limits.size // MIB}]",
    ),
    click.option(
        "--max-documents",
        "maxDocuments",
        type=_COUNT,
        metavar="N",
        help=f"Maximum number of documents, including empty ones.  [default: {Limits.documents}]",
    ),
    click.option(
        "--max-values",
        "maxValues",
        type=_COUNT,
        metavar="N",
        help="Maximum number of values and keys in all documents, aliases expanded."
        f"  [default: {Limits.values}]",
    ),
]


def limit_options(function: _Function) -> _Function:
    """Add the options; `within_limits` accepts them."""
    return add_options(function, LIMIT_SETTINGS)


def within_limits(**flags: Any) -> AbstractContextManager[None]:
    """Read within the limits of these flags, or of the environment.

    Raises UsageError for an invalid variable.
    """
    return within(limits_in_force(flags, os.environ))
