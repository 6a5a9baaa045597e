"""The arguments and options that say what is read; `eval` and `features` share them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from dfpolicy.errors import InputError, UsageError

if TYPE_CHECKING:
    from dfpolicy.documents import Document

sources_argument = click.argument("sources", nargs=-1, metavar="[SOURCE]...")
facts_option = click.option(
    "--facts",
    multiple=True,
    metavar="FILE",
    help="Facts beside the SOURCEs: a file, a directory or a glob; repeatable.",
)


def load(
    sources: Sequence[str], facts: Sequence[str] = (), optional: bool = False
) -> list[Document]:
    """Read the documents of the sources, then those of the facts.

    Where no source is named, standard input is read, or nothing if sources are `optional`.
    Raises UsageError when nothing is piped in, InputError for what cannot be read and for
    facts without a document.
    """
    from dfpolicy.documents import split
    from dfpolicy.sources import read_sources

    named = sources or (() if optional else _standard_input())
    if "-" in named and "-" in facts:
        raise InputError("standard input is named twice", "-", "name `-` once")
    documents = [document for source in read_sources(named) for document in split(source)]
    for source in read_sources(facts):
        found = list(split(source))
        if not found:
            raise InputError("no document in this file", source.name, "give facts, or leave it out")
        documents += found
    return documents


def _standard_input() -> tuple[str, ...]:
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("no SOURCE is given", hint="name a file, or pipe manifests into `eval -`")
    return ("-",)
