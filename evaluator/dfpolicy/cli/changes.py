"""What a plan of changes needs, for `fix`, and for `eval` with an output of changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from dfpolicy.reading.limits import within

if TYPE_CHECKING:
    from dfpolicy.fix.deployment import Deployment
    from dfpolicy.fix.rounds import Judge
    from dfpolicy.input.build import RunningRelease
    from dfpolicy.model import Invocation, Report
    from dfpolicy.reading.documents import Document
    from dfpolicy.reading.helm import Rendering
    from dfpolicy.settings.resolution import Settings

# What `eval` writes too; the other outputs of `fix` have names of reports or need no report.
SHARED = ("values", "patch", "objects", "kustomize", "script", "gatekeeper", "plan")


def divided(outputs: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the outputs that are changes, and those that are reports."""
    changes = [text for text in outputs if text.partition("=")[0] in SHARED]
    return changes, [text for text in outputs if text not in changes]


def prepared(
    documents: Iterable[Document],
    chart: Rendering | None,
    settings: Settings,
    invocation: Invocation,
    want: Sequence[str] = (),
    running: RunningRelease | None = None,
) -> tuple[Deployment, Judge]:
    """Return the deployment, and what judges it, for one plan or several.

    `documents` are those that do not come from the chart; `want` is that of the wishes, and
    `running` is the release that is upgraded. Raises DfpolicyError.
    """
    from dataclasses import replace

    from dfpolicy.engines.selection import chosen_engine
    from dfpolicy.fix.deployment import Deployment
    from dfpolicy.pipeline import judge

    engine = chosen_engine(settings)
    with within(settings.limits):
        deployment = Deployment(documents, settings["namespace"], settings.limits, chart)

    # A report that is judged for a plan needs no proposal of changes.
    given: Invocation = {**invocation, "command": "fix"}

    def judged(found: Iterable[Document]) -> Report:
        # Of a large input, an evaluation leaves out values, which the next one needs again.
        copies = [replace(one) for one in found]
        former = running and replace(running, documents=[*map(replace, running.documents)])
        with within(settings.limits):
            return judge(copies, settings, former, engine, given, want=want)

    return deployment, judged
