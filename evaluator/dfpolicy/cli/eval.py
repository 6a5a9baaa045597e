"""`dfpolicy eval`: reads manifests and facts, and writes a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from dfpolicy.cli.changes import divided, prepared
from dfpolicy.cli.evaluation import Read, evaluation_options, run
from dfpolicy.cli.helm import (
    HELM_OPTIONS,
    chart_files,
    check_helm,
    given_chart,
    helm_options,
    rendering,
)
from dfpolicy.cli.help import Command
from dfpolicy.cli.inputs import (
    check_upgrade,
    facts_option,
    from_option,
    invocation,
    load,
    load_running,
    presence_options,
    sources_argument,
    standard_input,
)
from dfpolicy.errors import NoAgentError, UsageError
from dfpolicy.i18n.language import _
from dfpolicy.system.streams import say

if TYPE_CHECKING:
    from dfpolicy.fix.outputs import Target
    from dfpolicy.input.build import RunningRelease
    from dfpolicy.model import Invocation
    from dfpolicy.reading.documents import Document
    from dfpolicy.reading.helm import Rendering
    from dfpolicy.reading.prefilter import Found
    from dfpolicy.settings.resolution import Settings


@click.command("eval", cls=Command)
@sources_argument
@facts_option
@from_option
@helm_options
@presence_options
@evaluation_options
def command(
    sources: tuple[str, ...],
    facts: tuple[str, ...],
    running: tuple[str, ...],
    if_present: bool,
    whole_directories: bool,
    whole_folders: bool,
    **options: Any,
) -> int:
    """Check rendered manifests against DeepFlow's deployment requirements. Changes nothing.

    SOURCE is a file, a directory, a pattern, or `-` for standard input. Examples:

        helm template deepflow-agent deepflow/deepflow-agent -n deepflow | dfpolicy eval -
        dfpolicy eval --helm charts/deepflow-agent -f values.yaml
        dfpolicy eval agent.yaml nodes.yaml
        dfpolicy eval agent.yaml --facts facts.yaml
        dfpolicy eval new.yaml --from running.yaml

    With access to the cluster, `dfpolicy check` answers more.
    """
    helm = {key: options.pop(key) for key in HELM_OPTIONS}
    check_helm(helm, (*sources, *facts, *running))
    if if_present and helm["chart"] is not None:
        raise UsageError(_("--if-present works with files, not with a chart"), hint=_("remove it"))

    found: list[Found] = []
    whole = whole_directories or whole_folders
    inputs = [*sources, *facts, *running, *helm["values"]]
    write_changes = _changes(options, inputs, helm)

    def read(settings: Settings) -> Read:
        check_upgrade(running, settings["mode"])
        # First what needs no standard input, so that its errors are reported at once.
        release = load_running(running, (*sources, *facts))
        chart = rendering(helm, settings["namespace"])
        documents: Iterable[Document] = chart.documents if chart else []
        named = _named(sources, whole)
        if if_present:
            found.append(_find(named))
            if not found[0].documents:
                # Most commits do not touch DeepFlow; the engine does not need to start for them.
                raise NoAgentError(found[0].account())
            documents = chain(found[0].documents, load((), facts, optional=True))
        else:
            optional = helm["chart"] is not None
            # Changes need the documents again.
            streamed = not write_changes
            documents = chain(documents, load(named, facts, optional, streamed))
        # A hook names every file of a commit.
        files = dict.fromkeys(one.source for one in found[0].documents) if found else named
        invoked = invocation("eval", [*files], facts, running, given_chart(helm))
        if write_changes:
            documents = write_changes.keep(documents, chart, settings, release, invoked)
        return Read(documents, release, invoked)

    def more() -> Iterator[str]:
        yield from chart_files(helm)
        yield from _named(sources, whole)

    try:
        changes = [one.path for one in write_changes.outputs] if write_changes else []
        code = run(read, inputs=chain(inputs, more()), changes=changes, **options)
        if write_changes:
            write_changes.write()
        return code
    except NoAgentError:
        if not found:
            raise
        say(found[0].account(), "info")
        return 0


class _Changes:
    """The outputs of an evaluation that are changes, not reports."""

    def __init__(self, outputs: list[Target], inputs: Sequence[str]) -> None:
        self.outputs = outputs
        self.inputs = inputs

    def keep(
        self,
        documents: Iterable[Document],
        chart: Rendering | None,
        settings: Settings,
        running: RunningRelease | None,
        invocation: Invocation,
    ) -> Iterable[Document]:
        """Return the documents, and keep them for changes: they are read only once."""
        from dataclasses import replace

        self.documents = list(documents)
        self.chart = chart
        self.settings = settings
        self.running = running
        self.invocation = invocation
        # Of a large input, the evaluation leaves out values, which the changes need again.
        return [replace(one) for one in self.documents]

    def write(self) -> None:
        """Plan the changes and write them. Raises DfpolicyError."""
        from dfpolicy.changes.selection import Wishes
        from dfpolicy.fix.headline import told_missing
        from dfpolicy.fix.outputs import write_all
        from dfpolicy.fix.rounds import planned
        from dfpolicy.reading.sources import RENDERED

        documents = [one for one in self.documents if not one.source.startswith(RENDERED)]
        deployment, judge = prepared(
            documents, self.chart, self.settings, self.invocation, running=self.running
        )
        plan = planned(deployment, judge, Wishes())
        lacking = write_all(self.outputs, plan, deployment, self.inputs)
        if lacking:
            say(told_missing(lacking, len(plan.changes)))


def _changes(
    options: dict[str, Any], inputs: Sequence[str], chart: Mapping[str, Any]
) -> _Changes | None:
    """The outputs that are changes, if any; the reports stay in the options. Raises UsageError."""
    named, options["outputs"] = divided(options["outputs"])
    if not named:
        return None
    from dfpolicy.fix.outputs import check_unread, collision, parse
    from dfpolicy.formats.outputs import collide, parse_output

    reports = options["outputs"] or ["text"]
    found = parse(named, chart["chart"] is not None)
    if collide([*(one.path for one in found), *(parse_output(one)[1] for one in reports)]):
        raise collision()
    check_unread(found, inputs)
    return _Changes(found, inputs)


def _named(sources: tuple[str, ...], whole_directories: bool) -> Sequence[str]:
    if not whole_directories:
        return sources
    from dfpolicy.reading.sources import with_neighbours

    return with_neighbours(sources)


def _find(sources: Sequence[str]) -> Found:
    from dfpolicy.reading.prefilter import find

    return find(sources or standard_input())
