"""`dfpolicy eval`: reads manifests and facts, and writes a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from dfpolicy.cli.evaluation import Read, evaluation_options, run
from dfpolicy.cli.helm import HELM_OPTIONS, check_helm, helm_options, load_chart
from dfpolicy.cli.help import Command
from dfpolicy.cli.inputs import (
    facts_option,
    from_option,
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
    from dfpolicy.model import Invocation
    from dfpolicy.reading.documents import Document
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

    def read(settings: Settings) -> Read:
        if running and settings["mode"] not in ("auto", "upgrade"):
            raise UsageError(
                _("--from cannot be used with --mode {mode}").format(mode=settings["mode"]),
                hint=_("use --mode upgrade"),
            )
        # First what needs no standard input, so that its errors are reported at once.
        release = load_running(running, (*sources, *facts))
        documents: Iterable[Document] = load_chart(helm, settings["namespace"])
        named = _named(sources, whole_folders)
        if if_present:
            found.append(_find(named))
            if not found[0].documents:
                # Most commits do not touch DeepFlow; the engine does not need to start for them.
                raise NoAgentError(found[0].account())
            documents = chain(found[0].documents, load((), facts, optional=True))
        else:
            optional = helm["chart"] is not None
            documents = chain(documents, load(named, facts, optional))
        named_files = [] if helm["chart"] is not None else list(sources or ("-",))
        if found:
            # A hook names every file of a commit.
            named_files = [*dict.fromkeys(one.source for one in found[0].documents)]
        invoked: Invocation = {
            "command": "eval",
            "sources": named_files,
            "facts": list(facts),
        }
        return Read(documents, release, invoked)

    try:
        return run(read, **options)
    except NoAgentError:
        if not found:
            raise
        say(found[0].account())
        return 0


def _named(sources: tuple[str, ...], whole_folders: bool) -> Sequence[str]:
    if not whole_folders:
        return sources
    from dfpolicy.reading.sources import with_neighbours

    return with_neighbours(sources)


def _find(sources: Sequence[str]) -> Found:
    from dfpolicy.reading.prefilter import find

    return find(sources or standard_input())
