"""The Python API: `dfpolicy eval` as functions. Import them from `dfpolicy`."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from dfpolicy.errors import UsageError
from dfpolicy.i18n.language import _
from dfpolicy.pipeline import judge, named_chart, read, rendering_of, spoken

if TYPE_CHECKING:
    from dfpolicy.model import Invocation, Report
    from dfpolicy.reading.documents import Document
    from dfpolicy.reading.helm import Chart

Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


def evaluate_files(
    sources: Paths = (),
    *,
    facts: Paths = (),
    mode: str = "auto",
    profile: str = "default",
    namespace: str | None = None,
    config: str | os.PathLike[str] | None = None,
    parameters: Mapping[str, str | Sequence[str]] | None = None,
    engine: str = "auto",
    policies: Paths = (),
    helm: str | os.PathLike[str] | None = None,
    helm_values: Paths = (),
    helm_set: str | Sequence[str] = (),
    lang: str = "auto",
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

    `helm` is a chart that the helm binary renders: a directory, a package, or a name for Helm.
    `helm_values` are its values files, `helm_set` values as KEY=VALUE. Sources, if there are any,
    are checked together with it.

    `lang` is the language of the report and of errors: "en", "zh", or "auto" for the locale.

    Raises InputError for input that cannot be read or checked (no document, no agent), UsageError
    for an invalid argument, EngineError if the engine fails. All are DfpolicyErrors.
    """
    from itertools import chain

    from dfpolicy.engines.selection import chosen_engine
    from dfpolicy.i18n.language import chosen as chosen_language
    from dfpolicy.i18n.language import speaking
    from dfpolicy.reading.limits import within
    from dfpolicy.settings.config_file import load_config
    from dfpolicy.settings.resolution import repeating, resolve

    given = {
        "mode": None if mode == "auto" else mode,
        "profile": None if profile == "default" else profile,
        "namespace": namespace,
        "engine": None if engine == "auto" else engine,
        "policies": _paths(policies),
        "language": None if lang == "auto" else lang,
        "assume": [_assignment(name, value) for name, value in (parameters or {}).items()],
    }
    file = None if config is None else os.fspath(config)
    settings = resolve(given, os.environ, load_config(file, os.environ))
    if settings.warning:
        warnings.warn(settings.warning, stacklevel=2)
    with speaking(chosen_language(settings["language"])), within(settings.limits):
        chosen = chosen_engine(settings)
        named, stated = _paths(sources), _paths(facts)
        if not named and not stated and helm is None:
            raise UsageError(_("no file is given"), hint=_("give files, directories or globs"))
        invoked: Invocation = {"command": "eval", "sources": named, "facts": stated}
        documents: Iterable[Document] = read(named, stated, streamed=True)
        chart = _chart(helm, _paths(helm_values), _paths(helm_set), settings["namespace"])
        if chart is not None:
            flags = ["--helm-set"] if helm_set else []
            invoked = {**invoked, "chart": named_chart(chart, flags)}
            documents = chain(rendering_of(chart).documents, documents)
        return judge(
            documents,
            settings,
            engine=chosen,
            invocation=repeating(invoked, {**given, "config": file}),
        )


def _chart(
    helm: str | os.PathLike[str] | None,
    values: Sequence[str],
    assignments: Sequence[str],
    namespace: str | None,
) -> Chart | None:
    """Return the chart, if any. Raises UsageError for values without a chart."""
    from dfpolicy.reading.helm import Chart

    if helm is not None:
        return Chart(os.fspath(helm), values, assignments, None, namespace)
    for name, given in (("helm_values", values), ("helm_set", assignments)):
        if given:
            raise UsageError(_("{name} needs helm").format(name=name), hint=_("name the chart"))
    return None


def render(report: Report, format: str, lang: str = "auto") -> str:  # noqa: A002  the expected name
    """Return the report in a format of `dfpolicy eval -o`, for example "html" or "sarif".

    `lang` is "en", "zh", or "auto" for the report's own language. Raises UsageError for an unknown
    format or language.
    """
    from dfpolicy.formats.base import Style, renderer
    from dfpolicy.i18n.language import CHOICES, chosen, listed, speaking

    rendered = renderer(format)
    if lang not in CHOICES:
        wanted = _("must be one of {choices}").format(choices=listed(CHOICES))
        raise UsageError(wanted, "lang")
    if lang != "auto":
        report = spoken(report, chosen(lang))
    with speaking(report.get("language", "en")):
        return rendered(report, Style())


def _paths(given: Paths) -> list[str]:
    if isinstance(given, (str, os.PathLike)):
        return [os.fspath(given)]
    return [os.fspath(path) for path in given]


def _assignment(name: str, value: str | Sequence[str]) -> str:
    return f"{name}={value if isinstance(value, str) else ','.join(value)}"
