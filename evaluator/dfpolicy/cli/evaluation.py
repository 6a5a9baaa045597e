"""What `eval` and `check` share: the options of an evaluation, and its run."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable
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
from dfpolicy.formats.base import FORMATS, listed
from dfpolicy.model import MODES, PROFILES
from dfpolicy.reading.limits import within
from dfpolicy.report.verdict import FAIL_ON
from dfpolicy.settings.config_file import load_config
from dfpolicy.settings.resolution import COLORS, Settings, resolve
from dfpolicy.system.streams import say

if TYPE_CHECKING:
    from dfpolicy.input.build import RunningRelease
    from dfpolicy.model import Invocation
    from dfpolicy.reading.documents import Document
    from dfpolicy.report.baseline import Baseline

_NEW_OBJECTS = 50_000
_Function = TypeVar("_Function", bound=Callable[..., Any])

config_option = click.option(
    "--config",
    metavar="FILE",
    help="Configuration file; '' for none.  [default: $DFPOLICY_CONFIG, or the nearest "
    "dfpolicy.yaml of this folder and those above, which sets no engine, output or limit]",
)

# None has to mean that a flag is not given; what holds then is told by `resolve`.
_SETTINGS = [
    config_option,
    click.option(
        "-m",
        "--mode",
        type=click.Choice(("auto", *MODES)),
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
    click.option(
        "--docs-url",
        "docsUrl",
        metavar="URL",
        help="Folder of pages that explain the requirements; reports then link to URL/ID.",
    ),
    *ENGINE_SETTINGS,
    *LIMIT_SETTINGS,
]
baseline_option = click.option(
    "--baseline",
    metavar="REPORT",
    help="Count new problems only: what this report, from -o json, has too is accepted.",
)
_REPORTS = [baseline_option, output_option(listed(FORMATS)), verbosity_options]


@dataclass(frozen=True)
class Read:
    """What was read: the documents to judge, the running release that they upgrade, and how.

    `invocation` is what the commands of the report repeat.
    """

    documents: Iterable[Document]
    running: RunningRelease | None = None
    invocation: Invocation | None = None


def settings_options(function: _Function) -> _Function:
    """Add --config and the flags of the settings, but --output; `in_force` takes them."""
    return add_options(function, _SETTINGS)


def evaluation_options(function: _Function) -> _Function:
    """Add the options that `run` takes."""
    return settings_options(add_options(function, _REPORTS))


def in_force(config: str | None = None, **flags: Any) -> Settings:
    """Return the settings in force with these flags, and warn of those that are ignored.

    Raises DfpolicyError.
    """
    settings = resolve(flags, os.environ, load_config(config, os.environ))
    if settings.warning:
        say(settings.warning)
    return settings


def run(
    read: Callable[[Settings], Read],
    verbose: bool,
    quiet: bool,
    baseline: str | None = None,
    **flags: Any,
) -> int:
    """Evaluate the documents that `read` returns, write the reports, return the exit code.

    Settings are checked before anything is read. Raises DfpolicyError.
    """
    from dfpolicy.engines.selection import chosen_engine
    from dfpolicy.formats.outputs import parse_outputs
    from dfpolicy.pipeline import judge

    # Documents are trees: to look for cycles in them often takes a seventh of a large run.
    gc.set_threshold(_NEW_OBJECTS)
    check_verbosity(verbose, quiet)
    settings = in_force(**flags)
    targets = parse_outputs(settings["outputs"], settings.values["outputs"].source)
    engine = chosen_engine(settings)
    with within(settings.limits):
        found = read(settings)
        report = judge(
            found.documents,
            settings,
            found.running,
            engine,
            found.invocation,
            _baseline(baseline),
        )
    write_report(report, targets, settings["color"], verbose, quiet)
    return int(report["exitCode"])


def _baseline(path: str | None) -> Baseline | None:
    if path is None:
        return None
    from dfpolicy.report.baseline import Baseline
    from dfpolicy.report.stored_reports import load_report

    return Baseline(load_report(path))
