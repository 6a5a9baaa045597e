"""The Python API: `dfpolicy eval` as functions. Import them from `dfpolicy`."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dfpolicy.errors import UsageError
from dfpolicy.i18n.language import _
from dfpolicy.pipeline import judge, read

if TYPE_CHECKING:
    from dfpolicy.model import Invocation, Report

Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


def evaluate_files(
    sources: Paths,
    *,
    facts: Paths = (),
    mode: str = "auto",
    profile: str = "default",
    namespace: str | None = None,
    config: str | os.PathLike[str] | None = None,
    parameters: Mapping[str, str | Sequence[str]] | None = None,
    engine: str = "auto",
    policies: Paths = (),
) -> Report:
    """Check manifests and facts, and return the report (schema `report`).

    The results, mode, waivers, verdict and exit code are those of `dfpolicy eval` with the same
    files and flags. An argument with its default value counts as a missing flag: `dfpolicy.yaml`
    and the DFPOLICY_ variables then apply, as for the command.

    A `dfpolicy.yaml` that is found, not named with `config`, cannot set the engine or limits; a
    warning lists its ignored keys.

    `sources` and `facts` are files, directories or globs, and `-` is standard input; a single path
    needs no list. `config` is the path of a `dfpolicy.yaml`, None for the nearest one in the
    working directory or above, "" for none. `parameters` are those of --assume: agentVersion,
    ctlVersion, acceptedCnis. `policies` are directories of your own requirements.

    Raises InputError for input that cannot be read or checked (no document, no agent), UsageError
    for an invalid argument, EngineError if the engine fails. All are DfpolicyErrors.
    """
    from dfpolicy.engines.selection import chosen_engine
    from dfpolicy.reading.limits import within
    from dfpolicy.settings.config_file import load_config
    from dfpolicy.settings.resolution import repeating, resolve

    given = {
        "mode": None if mode == "auto" else mode,
        "profile": None if profile == "default" else profile,
        "namespace": namespace,
        "engine": None if engine == "auto" else engine,
        "policies": _paths(policies),
        "assume": [_assignment(name, value) for name, value in (parameters or {}).items()],
    }
    file = None if config is None else os.fspath(config)
    settings = resolve(given, os.environ, load_config(file, os.environ))
    if settings.warning:
        warnings.warn(settings.warning, stacklevel=2)
    chosen = chosen_engine(settings)
    named, stated = _paths(sources), _paths(facts)
    if not named and not stated:
        raise UsageError(_("no file is given"), hint=_("give files, directories or globs"))
    invoked: Invocation = {"command": "eval", "sources": named, "facts": stated}
    with within(settings.limits):
        return judge(
            read(named, stated, streamed=True),
            settings,
            engine=chosen,
            invocation=repeating(invoked, {**given, "config": file}),
        )


def render(report: Report, format: str) -> str:  # noqa: A002  the name that a caller expects
    """Return the report in a format of `dfpolicy eval -o`, for example "html" or "sarif".

    The text is in the report's own language. Raises UsageError for an unknown format.
    """
    from dfpolicy.formats.base import Style, renderer
    from dfpolicy.i18n.language import speaking

    with speaking(report.get("language", "en")):
        return renderer(format)(report, Style())


def _paths(given: Paths) -> list[str]:
    if isinstance(given, (str, os.PathLike)):
        return [os.fspath(given)]
    return [os.fspath(path) for path in given]


def _assignment(name: str, value: str | Sequence[str]) -> str:
    return f"{name}={value if isinstance(value, str) else ','.join(value)}"
