"""What `eval` and `check` share: the options of an evaluation, and its run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dfpolicy.errors import UsageError
from dfpolicy.verdict import FAIL_ON

if TYPE_CHECKING:
    from dfpolicy.documents import Document

PARAMETERS = ("agentVersion",)
MODES = (
    *("auto", "all-in-one", "single-k8s", "multi-k8s", "managed-k8s", "serverless-pod"),
    *("legacy-host", "cloud-host", "upgrade"),
)
_Function = TypeVar("_Function", bound=Callable[..., Any])

_OPTIONS = [
    click.option(
        "-m",
        "--mode",
        type=click.Choice(MODES),
        default="auto",
        show_default=True,
        help="Deployment mode; auto tells it from the input.",
    ),
    click.option(
        "--profile",
        type=click.Choice(["default", "strict"]),
        default="default",
        show_default=True,
        help="strict accepts no equivalent: it grades by the words of DeepFlow's overview page.",
    ),
    click.option(
        "--namespace",
        metavar="NS",
        help="Namespace of objects that name none.  [default: the one the bindings name]",
    ),
    click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="KEY=VALUE",
        help="State a fact that manifests cannot tell: agentVersion=v7.1.",
    ),
    click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        metavar="FORMAT[=PATH]",
        help="text, json or yaml; repeatable.  [default: text]",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(list(FAIL_ON)),
        default="required",
        show_default=True,
        help="Lowest level whose violations give exit code 1.",
    ),
    click.option(
        "--strict",
        is_flag=True,
        help="An unknown of a required requirement gives exit code 1, an ignored document 2.",
    ),
    click.option("-v", "--verbose", is_flag=True, help="Show passes too."),
    click.option("-q", "--quiet", is_flag=True, help="Show violations only."),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Colour of text output.",
    ),
]


def evaluation_options(function: _Function) -> _Function:
    """Add the options that `run` takes."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def run(
    read: Callable[[], Sequence[Document]],
    mode: str,
    profile: str,
    namespace: str | None,
    settings: tuple[str, ...],
    outputs: tuple[str, ...],
    fail_on: str,
    strict: bool,
    verbose: bool,
    quiet: bool,
    color: str,
) -> int:
    """Evaluate the documents that `read` returns, write the reports, return the exit code.

    Options are checked before anything is read. Raises DfpolicyError.
    """
    from dfpolicy.input import build_input
    from dfpolicy.outputs import parse_outputs, style_of, write
    from dfpolicy.report import build_report

    if verbose and quiet:
        raise UsageError("-v and -q exclude each other", hint="give one of them")
    targets = parse_outputs(outputs)
    parameters = _parameters(settings)
    documents = read()
    if not documents:
        raise UsageError("the input holds no document", hint="give rendered manifests")
    built = build_input(documents, mode, profile, namespace, parameters)
    from dfpolicy.engines.wasm import WasmEngine

    engine = WasmEngine()
    decision = engine.evaluate(built.data)
    report = build_report(built, decision, engine, fail_on, strict)
    for target in targets:
        write(target.render(report, style_of(target, color, verbose, quiet)), target.path)
    return int(report["exitCode"])


def _parameters(settings: tuple[str, ...]) -> dict[str, str]:
    parameters = {}
    for setting in settings:
        key, separator, value = setting.partition("=")
        if not separator or not value:
            raise UsageError("--set wants KEY=VALUE", hint="such as agentVersion=v7.1")
        if key not in PARAMETERS:
            raise UsageError(
                f"--set does not know {key[:40]!r}", hint=f"known: {', '.join(PARAMETERS)}"
            )
        parameters[key] = value
    return parameters
