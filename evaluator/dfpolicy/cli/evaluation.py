"""What `eval` and `check` share: the options of an evaluation, and its run."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dfpolicy.cli.engine_options import ENGINE_SETTINGS
from dfpolicy.cli.limit_options import LIMIT_SETTINGS
from dfpolicy.cli.options import (
    add_options,
    check_verbosity,
    language_option,
    output_option,
    verbosity_options,
    write_report,
)
from dfpolicy.config import load_config
from dfpolicy.errors import UsageError
from dfpolicy.language import chosen
from dfpolicy.limits import within
from dfpolicy.reports.base import FORMATS, listed
from dfpolicy.settings import COLORS, MODES, PROFILES, Settings, resolve
from dfpolicy.verdict import FAIL_ON

if TYPE_CHECKING:
    from dfpolicy.documents import Document
    from dfpolicy.engines.base import Engine
    from dfpolicy.input import RunningRelease
    from dfpolicy.report import Report

_NEW_OBJECTS = 50_000
_Function = TypeVar("_Function", bound=Callable[..., Any])

config_option = click.option(
    "--config",
    metavar="FILE",
    help="The configuration; '' for none.  [default: $DFPOLICY_CONFIG, or the nearest "
    "dfpolicy.yaml of this folder and those above]",
)

# None has to mean that a flag is not given; what holds then is told by `resolve`.
_SETTINGS = [
    config_option,
    click.option(
        "-m",
        "--mode",
        type=click.Choice(MODES),
        help="Deployment mode; auto tells it from the input.  [default: auto]",
    ),
    click.option(
        "--profile",
        type=click.Choice(PROFILES),
        help="strict accepts no equivalent: it grades by the words of DeepFlow's overview page."
        "  [default: default]",
    ),
    click.option(
        "--namespace",
        metavar="NS",
        help="Namespace of objects that name none.  [default: the one the bindings name]",
    ),
    click.option(
        "--set",
        multiple=True,
        metavar="KEY=VALUE",
        help="State what manifests cannot tell: agentVersion=v7.1, ctlVersion=v7.1, or"
        " acceptedCnis=NAME,NAME.",
    ),
    click.option(
        "--fail-on",
        "failOn",
        type=click.Choice(list(FAIL_ON)),
        help="Lowest level whose violations give exit code 1.  [default: required]",
    ),
    click.option(
        "--strict/--no-strict",
        default=None,
        help="An unknown of a required requirement gives exit code 1, an ignored document 2."
        "  [default: no-strict]",
    ),
    click.option(
        "--color",
        type=click.Choice(COLORS),
        help="Colour of text output.  [default: auto]",
    ),
    language_option,
    *ENGINE_SETTINGS,
    *LIMIT_SETTINGS,
]
_REPORTS = [output_option(listed(FORMATS)), verbosity_options]


@dataclass(frozen=True)
class Read:
    """What was read: the documents to judge, and the running release that they upgrade."""

    documents: Iterable[Document]
    running: RunningRelease | None = None


def settings_options(function: _Function) -> _Function:
    """Add --config and the flags of the settings, but --output; `in_force` takes them."""
    return add_options(function, _SETTINGS)


def evaluation_options(function: _Function) -> _Function:
    """Add the options that `run` takes."""
    return settings_options(add_options(function, _REPORTS))


def in_force(config: str | None = None, **flags: Any) -> Settings:
    """Return the settings that hold beside these flags. Raises DfpolicyError."""
    return resolve(flags, os.environ, load_config(config, os.environ))


def run(
    read: Callable[[Settings], Read],
    verbose: bool,
    quiet: bool,
    **flags: Any,
) -> int:
    """Evaluate the documents that `read` returns, write the reports, return the exit code.

    Settings are checked before anything is read. Raises DfpolicyError.
    """
    from dfpolicy.engines.selection import chosen_engine
    from dfpolicy.outputs import parse_outputs
    from dfpolicy.translation import translated

    # Documents are trees: to look for cycles in them often takes a seventh of a large run.
    gc.set_threshold(_NEW_OBJECTS)
    check_verbosity(verbose, quiet)
    settings = in_force(**flags)
    targets = parse_outputs(settings["outputs"], settings.values["outputs"].source)
    engine = chosen_engine(settings)
    with within(settings.limits):
        found = read(settings)
        report = evaluate(found.documents, settings, found.running, engine)
    report = translated(report, chosen(settings["language"]))
    write_report(report, targets, settings["color"], verbose, quiet)
    return int(report["exitCode"])


def evaluate(
    documents: Iterable[Document],
    settings: Settings,
    running: RunningRelease | None = None,
    engine: Engine | None = None,
) -> Report:
    """Return the report on the documents, by the engine of the settings if none is given.

    Raises DfpolicyError.
    """
    from dfpolicy.engines.selection import chosen_engine
    from dfpolicy.input import build_input
    from dfpolicy.report import build_report
    from dfpolicy.scoping import Scoper

    engine = engine or chosen_engine(settings)
    if settings.config and settings.config.waivers:
        from dfpolicy.waivers import check_own

        held = settings.config.waivers
        check_own([(one.id, f"{one.file}:{one.line}") for one in held], settings["policies"])
    documents = _some(documents)
    built = build_input(
        documents,
        settings["mode"],
        settings["profile"],
        settings["namespace"],
        settings.parameters,
        running,
        engine if isinstance(engine, Scoper) else None,
    )
    if settings["policies"]:
        built.data["whole"] = True
    decision = engine.evaluate(built.data)
    return build_report(
        built, decision, engine, settings["failOn"], settings["strict"], settings.config
    )


def _some(documents: Iterable[Document]) -> Iterator[Document]:
    """Yield the documents. Raises UsageError where there is none."""
    found = False
    for document in documents:
        found = True
        yield document
    if not found:
        raise UsageError("the input holds no document", hint="give rendered manifests")
