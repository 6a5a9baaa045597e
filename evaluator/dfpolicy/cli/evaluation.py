"""The options and the run of an evaluation, shared by `eval` and `check`."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dfpolicy.cli.changes import SHARED
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
from dfpolicy.formats.base import FORMATS, STORED
from dfpolicy.i18n.language import chosen, speak
from dfpolicy.model import MODES, PROFILES
from dfpolicy.reading.limits import within
from dfpolicy.report.verdict import FAIL_ON
from dfpolicy.settings.config_file import load_config
from dfpolicy.settings.resolution import ASSUME, COLORS, Settings, repeating, resolve
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
    help="Settings and waivers; '' for none.  [default: $DFPOLICY_CONFIG, or dfpolicy.yaml here or"
    " above, which cannot set engine, output or limits]",
)

# None means that a flag is not given; `resolve` then decides. These are part of the input.
_INPUT = [
    config_option,
    click.option(
        "-m",
        "--mode",
        type=click.Choice(("auto", *MODES)),
        metavar="MODE",
        help="How DeepFlow is deployed: see `dfpolicy explain modes`.  [default: auto]",
    ),
    click.option(
        "--profile",
        type=click.Choice(PROFILES),
        metavar="NAME",
        help="default, or strict: DeepFlow's documentation literally.  [default: default]",
    ),
    click.option(
        "-n",
        "--namespace",
        metavar="NS",
        help="Namespace of objects without one.  [default: the one in the role bindings]",
    ),
    click.option(
        ASSUME,
        multiple=True,
        metavar="KEY=VALUE",
        help="State agentVersion=v7.1, ctlVersion=v7.1 or acceptedCnis=NAME,NAME.",
    ),
    # The former name of --assume.
    click.option("--set", multiple=True, metavar="KEY=VALUE", hidden=True),
]
_FAIL_ON = click.option(
    "--fail-on",
    "failOn",
    type=click.Choice(list(FAIL_ON)),
    metavar="LEVEL",
    help="required, recommended (losses too) or none.  [default: required]",
)
_FIX = [
    *_INPUT,
    click.option(
        "--strict/--no-strict",
        default=None,
        help="Exit 1 if a required fact is not checked, 2 if a document is skipped."
        "  [default: no-strict]",
    ),
    click.option(
        "--color",
        type=click.Choice(COLORS),
        metavar="WHEN",
        help="auto, always or never; auto follows NO_COLOR and FORCE_COLOR.  [default: auto]",
    ),
    language_option,
    click.option(
        "--docs-url",
        "docsUrl",
        metavar="URL",
        help="Directory of pages that explain the requirements; reports then link to URL/ID.",
    ),
    *ENGINE_SETTINGS,
    *LIMIT_SETTINGS,
]
_SETTINGS = [_FAIL_ON, *_FIX]
baseline_option = click.option(
    "--baseline",
    metavar="REPORT",
    help="Count only problems that this report, from -o json, does not have.",
)
_REPORTS = [baseline_option, output_option(FORMATS, SHARED), verbosity_options]


@dataclass(frozen=True)
class Read:
    """What was read: the documents to check, the running release that they upgrade, and how.

    The commands in the report repeat `invocation`.
    """

    documents: Iterable[Document]
    running: RunningRelease | None = None
    invocation: Invocation | None = None


def settings_options(function: _Function) -> _Function:
    """Add --config and the flags of the settings except --output; `in_force` accepts them."""
    return add_options(function, _SETTINGS)


def fix_options(function: _Function) -> _Function:
    """Add the same without --fail-on: what counts is what the operator wants to be fixed."""
    return add_options(function, _FIX)


def input_options(function: _Function) -> _Function:
    """Add --config and the flags of the settings that are part of the input, and the limits."""
    return add_options(function, [*_INPUT, language_option, *LIMIT_SETTINGS])


def evaluation_options(function: _Function) -> _Function:
    """Add the options that `run` takes."""
    return settings_options(add_options(function, _REPORTS))


def in_force(config: str | None = None, **flags: Any) -> Settings:
    """Return the settings in force with these flags, and warn about those that are ignored.

    From then on, texts are in the language of the settings. Raises DfpolicyError.
    """
    settings = resolve(flags, os.environ, load_config(config, os.environ))
    # The configuration file may set another language than the one of the locale.
    speak(chosen(settings["language"]))
    if settings.warning:
        say(settings.warning)
    return settings


def run(
    read: Callable[[Settings], Read],
    verbose: bool,
    quiet: bool,
    inputs: Iterable[str] = (),
    changes: Sequence[str | None] = (),
    baseline: str | None = None,
    **flags: Any,
) -> int:
    """Evaluate the documents that `read` returns, write the reports, return the exit code.

    Neither a report nor one of the other outputs, `changes`, may replace one of `inputs` or a file
    of the settings. A stored report may replace its baseline. Settings are checked before anything
    is read. Raises DfpolicyError.
    """
    from dfpolicy.engines.selection import chosen_engine
    from dfpolicy.formats.outputs import check_inputs, parse_outputs
    from dfpolicy.pipeline import judge

    # Documents are trees. The garbage collector's search for cycles would take a seventh of a large
    # run.
    gc.set_threshold(_NEW_OBJECTS)
    check_verbosity(verbose, quiet)
    settings = in_force(**flags)
    targets = parse_outputs(settings["outputs"], settings.values["outputs"].source)
    places = [*changes, *(target.path for target in targets)]
    check_inputs(places, chain(inputs, settings.files))
    others = [target.path for target in targets if target.format not in STORED]
    check_inputs([*changes, *others], [baseline])
    engine = chosen_engine(settings)
    with within(settings.limits):
        found = read(settings)
        report = judge(
            found.documents,
            settings,
            found.running,
            engine,
            found.invocation and repeating(found.invocation, {**flags, "baseline": baseline}),
            _baseline(baseline),
            each=verbose or any(target.format != "text" for target in targets),
        )
    write_report(report, targets, settings["color"], verbose, quiet)
    return int(report["exitCode"])


def _baseline(path: str | None) -> Baseline | None:
    if path is None:
        return None
    from dfpolicy.report.baseline import Baseline
    from dfpolicy.report.stored_reports import load_report

    return Baseline(load_report(path))
