"""The whole flow: documents → one input → one decision of the policies → one report.

Every command that evaluates, and the Python API, uses this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from dfpolicy.errors import InputError, UsageError
from dfpolicy.i18n.language import _

if TYPE_CHECKING:
    from dfpolicy.engines.base import Engine
    from dfpolicy.input.build import EvaluationInput, RunningRelease
    from dfpolicy.model import GivenChart, Invocation, Language, Report
    from dfpolicy.reading.documents import Document
    from dfpolicy.reading.helm import Chart, Rendering
    from dfpolicy.report.baseline import Baseline
    from dfpolicy.settings.resolution import Settings

_HELM_SECONDS = 120


def read(
    sources: Sequence[str], facts: Sequence[str] = (), streamed: bool = False
) -> Iterator[Document]:
    """Return the documents of the sources, then those of the facts, each read when it is needed.

    A source is a file, a directory, a glob, or `-` for standard input. If `streamed`, large Lists
    are read item by item, and the documents can be used once. Raises InputError: at once if
    standard input is named twice, and while reading for unreadable input and for facts without a
    document.
    """
    if "-" in sources and "-" in facts:
        raise InputError(_("standard input is used twice"), "-", _("give `-` only once"))
    return _documents(sources, facts, streamed)


def rendering_of(chart: Chart, helm: str | None = None, timeout: float | None = None) -> Rendering:
    """Return the chart and what renders it, also with other values.

    `helm` is the path of the binary; by default it is that of $DFPOLICY_HELM, or on PATH. `timeout`
    is in seconds. The templates of a chart directory have their paths. A stream among the values is
    read here, so that the chart can be rendered repeatedly. Raises UsageError if there is no helm
    binary, or if values cannot be read.
    """
    from dataclasses import replace

    from dfpolicy.reading.documents import split
    from dfpolicy.reading.helm import Rendering, find_helm, placed, render, with_streams_read

    binary = find_helm(helm)

    def documents(chart: Chart) -> list[Document]:
        return [
            replace(found, template=found.template and placed(found.template, chart.reference))
            for found in split(render(chart, binary, timeout or _HELM_SECONDS))
        ]

    return Rendering(with_streams_read(chart), documents)


def named_chart(chart: Chart, flags: Sequence[str]) -> GivenChart:
    """Return the chart, its values files, and the flags of other options, for an invocation."""
    from dfpolicy.reading.helm import release_of
    from dfpolicy.reading.sources import RENDERED

    return {
        "reference": chart.name.removeprefix(RENDERED),
        "values": list(chart.values),
        "flags": list(flags),
        "release": release_of(chart),
    }


def judge(
    documents: Iterable[Document],
    settings: Settings,
    running: RunningRelease | None = None,
    engine: Engine | None = None,
    invocation: Invocation | None = None,
    baseline: Baseline | None = None,
    want: Sequence[str] = (),
    seen: Callable[[EvaluationInput], None] | None = None,
    each: bool = True,
) -> Report:
    """Return the report on the documents, in the language of the settings.

    `running` is the release that is upgraded. The engine is that of the settings by default. What
    `baseline` has does not count. `invocation` is what the commands of the report repeat. With
    `want`, features or "all", results say whether they cost one of them, and the report has
    reductions. `seen` is called with the input of the policies. Without `each`, a result can stand
    for a kind of nodes, which only the text report can show. Raises DfpolicyError.
    """
    from dfpolicy.engines.expansion import evaluate
    from dfpolicy.engines.selection import chosen_engine
    from dfpolicy.i18n.language import chosen
    from dfpolicy.input.build import build_input
    from dfpolicy.input.node_kinds import Grouper
    from dfpolicy.input.pruning import Scoper
    from dfpolicy.report.build import build_report, with_each_node
    from dfpolicy.report.locations import Locator

    engine = engine or chosen_engine(settings)
    config = settings.config
    waivers = config.waivers if config else ()
    if waivers:
        from dfpolicy.report.waivers import check_own

        check_own([(one.id, f"{one.file}:{one.line}") for one in waivers], settings["policies"])
    asked = {"want": [*want]} if want else {}
    built = build_input(
        some(documents, invocation),
        settings["mode"],
        settings["profile"],
        settings["namespace"],
        {**settings.parameters, **asked},
        running,
        engine if isinstance(engine, Scoper) else None,
        # A user's own requirement may look at any node.
        engine if isinstance(engine, Grouper) and not settings["policies"] else None,
    )
    if settings["policies"]:
        # A user's own requirement may look at any object.
        built.data["whole"] = True
    decision = evaluate(engine, built)
    if seen is not None:
        seen(built)
    locator = Locator(built.items)
    report = build_report(
        built,
        decision,
        engine,
        settings["failOn"],
        settings["strict"],
        waivers,
        config.path if config else None,
        settings=settings.configured,
        invocation=invocation,
        docs_url=settings["docsUrl"],
        known=baseline,
        locator=locator,
    )
    told = spoken(report, chosen(settings["language"]))
    return with_each_node(told, locator) if each else told


def spoken(report: Report, language: Language) -> Report:
    """Return the report in this language, its verdict included."""
    from dfpolicy.i18n.language import speaking
    from dfpolicy.i18n.translation import translated
    from dfpolicy.report.verdict import judged_again

    if language == report.get("language", "en"):
        return report
    with speaking(language):
        return judged_again(translated(report, language))


def _documents(sources: Sequence[str], facts: Sequence[str], streamed: bool) -> Iterator[Document]:
    from dfpolicy.reading.documents import split
    from dfpolicy.reading.sources import read_sources

    for source in read_sources(sources):
        yield from split(source, streamed)
    for source in read_sources(facts):
        found = list(split(source))
        if not found:
            raise InputError(
                _("this file contains no document"),
                source.name,
                _("give a file with facts, or remove it"),
            )
        yield from found


def some(documents: Iterable[Document], given: Invocation | None) -> Iterator[Document]:
    """Yield the documents, which are from `given`. Raises UsageError if there are none."""
    found = False
    for document in documents:
        found = True
        yield document
    if not found and given is not None and given["sources"] in ([], ["-"]):
        raise UsageError(
            _("standard input contains no document"),
            hint=_("run the command before the pipe alone to see what it prints, or give a file"),
        )
    if not found:
        sources = given["sources"] if given else []
        raise UsageError(
            _("the input contains no document"),
            sources[0] if len(sources) == 1 else "",
            _("give rendered manifests"),
        )
