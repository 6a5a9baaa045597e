"""The options for a chart, and the rendering of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dfpolicy.cli.options import add_options
from dfpolicy.errors import UsageError
from dfpolicy.i18n.language import _

if TYPE_CHECKING:
    from dfpolicy.model import GivenChart
    from dfpolicy.reading.helm import Rendering

_Function = TypeVar("_Function", bound=Callable[..., Any])

_OPTIONS = [
    click.option(
        "--helm",
        "chart",
        metavar="CHART",
        help="Chart to render: a directory, a package, or a name for Helm.",
    ),
    click.option(
        "-f",
        "--helm-values",
        "values",
        multiple=True,
        metavar="FILE",
        help="Values file; repeatable.",
    ),
    click.option(
        "--helm-set",
        "assignments",
        multiple=True,
        metavar="KEY=VALUE",
        help="Set a value, as `helm --set` does; repeatable.",
    ),
    click.option(
        "--release",
        metavar="NAME",
        help="With --helm: name of the release.  [default: name of the chart]",
    ),
    click.option(
        "--helm-arg",
        "arguments",
        multiple=True,
        metavar="ARG",
        help="With --helm: another option for `helm template`, for example"
        " --helm-arg=--kube-version=1.30; repeatable.",
    ),
    click.option(
        "--helm-bin",
        "binary",
        metavar="PATH",
        help="With --helm: path of the helm binary.  [default: $DFPOLICY_HELM, or helm on PATH]",
    ),
    click.option(
        "--helm-timeout",
        "helm_timeout",
        type=click.IntRange(1, 3600),
        metavar="SECONDS",
        help="With --helm: time limit for rendering, in seconds.  [default: 120]",
    ),
]
_FLAGS = {
    "values": "-f",
    "assignments": "--helm-set",
    "release": "--release",
    "arguments": "--helm-arg",
    "binary": "--helm-bin",
    "helm_timeout": "--helm-timeout",
}
HELM_OPTIONS = ("chart", *_FLAGS)


def helm_options(function: _Function) -> _Function:
    """Add --helm and its options; HELM_OPTIONS has their keys."""
    return add_options(function, _OPTIONS)


def check_helm(given: Mapping[str, Any], others: tuple[str, ...]) -> None:
    """Raise UsageError for a flag without --helm, or if two inputs are standard input.

    `others` are the names of all other inputs.
    """
    alone = [flag for key, flag in _FLAGS.items() if given[key] not in (None, ())]
    if alone and given["chart"] is None:
        hint = _("give the chart with --helm; give manifests as SOURCE, without a flag")
        raise UsageError(_("{flag} needs --helm").format(flag=alone[0]), hint=hint)
    if given["chart"] == "":
        raise UsageError(_("--helm is empty"), hint=_("give a chart's directory, package or name"))
    if "-" in given["values"] and "-" in others:
        raise UsageError(_("standard input is used twice"), "-", _("give `-` only once"))


def given_chart(given: Mapping[str, Any]) -> GivenChart | None:
    """Return the chart and its values files, for the commands that a report names, if any.

    Of other options only the flags are named, because a value can be a secret. A release is none.
    """
    if given["chart"] is None:
        return None
    from dfpolicy.pipeline import named_chart
    from dfpolicy.reading.helm import Chart

    hidden = [_FLAGS[key] for key in ("assignments", "release", "arguments") if given[key]]
    chart = Chart(given["chart"], given["values"], release=given["release"])
    return named_chart(chart, hidden)


def chart_files(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield the paths that are read of the chart and its values."""
    from dfpolicy.reading.helm import files_of

    if given["chart"] is not None:
        yield from files_of(given["chart"], given["values"])


def rendering(given: Mapping[str, Any], namespace: str | None) -> Rendering | None:
    """Return the chart and what renders it, also with other values; None without a chart.

    The templates of a chart directory have their paths.
    A stream among the values is read here, so that the chart can be rendered repeatedly. Raises
    UsageError if there is no helm binary, or if values cannot be read.
    """
    if given["chart"] is None:
        return None
    from dfpolicy.pipeline import rendering_of
    from dfpolicy.reading.helm import Chart

    chart = Chart(
        given["chart"],
        given["values"],
        given["assignments"],
        given["release"],
        namespace,
        given["arguments"],
    )
    return rendering_of(chart, given["binary"], given["helm_timeout"])
