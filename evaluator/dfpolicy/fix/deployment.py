"""What the operator gave: a chart with values, files, or both; and what changes make of it."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dfpolicy.changes.operations import VALUES
from dfpolicy.changes.selection import Change
from dfpolicy.changes.text_edit import ChangedText, changed_documents, edited_texts, holds_object
from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _
from dfpolicy.model import JsonObject, Operation
from dfpolicy.reading.documents import Document, split
from dfpolicy.reading.host_documents import API_VERSION
from dfpolicy.reading.limits import Limits, within
from dfpolicy.reading.sources import Source
from dfpolicy.reading.yaml_writer import write_yaml

if TYPE_CHECKING:
    from dfpolicy.changes.chart_values import ChartChange, RenderedChart
    from dfpolicy.reading.helm import Rendering


@dataclass(frozen=True, slots=True)
class Changed:
    """The deployment after changes.

    `documents` are those to judge, and `base` the same without the patch. `values` is the overlay
    for the chart, `texts` are the changed files, and `patched` the operations on objects that
    neither can express. `refused` are the changes that cannot be made, with the reasons.
    """

    documents: list[Document]
    base: list[Document]
    values: JsonObject = field(default_factory=dict)
    texts: list[ChangedText] = field(default_factory=list)
    patched: list[Operation] = field(default_factory=list)
    refused: list[tuple[Change, str]] = field(default_factory=list)


class Deployment:
    """The documents of a chart, of files, and of facts, which changes can be applied to."""

    def __init__(
        self,
        documents: Iterable[Document],
        namespace: str | None,
        limits: Limits,
        rendered: Rendering | None = None,
    ) -> None:
        """Keep the documents that do not come from the chart, and render the chart."""
        self.namespace = namespace
        self.limits = limits
        self.rendered = rendered
        self.files = list(documents)
        self.from_chart = rendered.documents if rendered else []
        self._by_values: dict[str, list[Document]] = {}
        self._latest: tuple[object, Changed] | None = None
        self.charts: list[RenderedChart] = []
        if rendered:
            from dfpolicy.changes.chart_values import charts_in

            self.charts = charts_in(rendered.chart, self.from_chart)

    @property
    def documents(self) -> list[Document]:
        """All documents, before any change."""
        return [*self.from_chart, *self.files]

    def after(self, rounds: Sequence[Sequence[Change]], by_patch: Collection[str] = ()) -> Changed:
        """Return the deployment after the changes of each round, one round after another.

        Values of a chart can add objects, which changes of the next round are about. `by_patch` are
        the identities of changes that the chart's values do not express, although it has such
        values. Asked again for the same, it returns the same object.
        """
        asked = [[one.identity for one in changes] for changes in rounds], {*by_patch}
        if self._latest is not None and self._latest[0] == asked:
            return self._latest[1]
        made = _Changes(self, by_patch)
        for changes in rounds:
            for change in changes:
                made.add(change)
            made.render()
        self._latest = asked, made.result()
        return self._latest[1]

    def is_in_files(self, operation: Operation) -> bool:
        """Whether the operation is on an object of a file, not on one that the chart renders."""
        if self.rendered is None:
            return True
        return operation["op"] != "create" and holds_object(
            self.files, operation["target"], self.namespace
        )

    def simulated(self, changes: Sequence[Change]) -> list[Document]:
        """Return the documents after these changes, without rendering the chart.

        Operations on objects of the chart are applied in memory. It is quicker than `after`, which
        proves. No operation may be on values of the chart.
        """
        files = self.files
        operations = [one for change in changes for one in change.operations]
        # A document of a host is read from its text.
        of_hosts = [one for one in operations if one["target"].get("apiVersion") == API_VERSION]
        with suppress(InputError):
            files = self.reread(edited_texts(of_hosts, files, self.namespace))
        for one in operations:
            # Another change may have taken its object away.
            with suppress(InputError):
                if one not in of_hosts and self.is_in_files(one):
                    files = changed_documents([one], files, self.namespace)
        return [*self.simulated_chart(changes), *files]

    def simulated_chart(self, changes: Sequence[Change]) -> list[Document]:
        """Return the documents of the chart with the operations on them applied in memory."""
        documents = self.from_chart
        for one in (one for change in changes for one in change.operations):
            with suppress(InputError):
                if one["target"].get("apiVersion") != API_VERSION and not self.is_in_files(one):
                    documents = changed_documents([one], documents, self.namespace)
        return documents

    def with_values(self, values: JsonObject) -> list[Document]:
        """Return the documents of the chart, rendered with this overlay after all other values.

        Helm runs once for each overlay: rounds and trials ask for many of them again.
        """
        if self.rendered is None or not values:
            return self.from_chart
        text = write_yaml(values)
        if text not in self._by_values:
            chart = self.rendered.chart
            with tempfile.TemporaryDirectory(prefix="dfpolicy-") as folder, within(self.limits):
                overlay = Path(folder, "overlay.yaml")
                overlay.write_text(text, "utf-8")
                values_files = (*chart.values, str(overlay))
                self._by_values[text] = self.rendered.render(replace(chart, values=values_files))
        return self._by_values[text]

    def reread(self, texts: Sequence[ChangedText]) -> list[Document]:
        """Return the documents of the files, with the changed texts in place of theirs."""
        by_source = {text.source: text for text in texts}
        found, seen = [], set()
        with within(self.limits):
            for document in self.files:
                source = document.source
                if source not in by_source:
                    found.append(document)
                elif source not in seen:
                    seen.add(source)
                    found += split(Source(source, by_source[source].after))
        return found


class _Changes:
    """Changes that are applied one after another."""

    def __init__(self, deployment: Deployment, by_patch: Collection[str] = ()) -> None:
        self.deployment = deployment
        self.by_patch = by_patch
        self.namespace = deployment.namespace
        self.values: JsonObject = {}
        # The chart's documents with the values of all rounds before, and with the changes so far.
        self.rendered = deployment.from_chart
        self.expected = deployment.from_chart
        self.on_files: list[Operation] = []
        self.texts: list[ChangedText] = []
        self.patched: list[Operation] = []
        self.refused: list[tuple[Change, str]] = []

    def add(self, change: Change) -> None:
        """Apply a change to the chart's values and objects, and to the files."""
        namespace = self.namespace
        values = [one for one in change.operations if one["target"]["kind"] == VALUES]
        objects = [one for one in change.operations if one["target"]["kind"] != VALUES]
        in_files = [one for one in objects if self.deployment.is_in_files(one)]
        in_chart = [one for one in objects if one not in in_files]
        try:
            by_patch = in_chart if change.identity in self.by_patch else []
            made = self.overlay(values, [one for one in in_chart if one not in by_patch])
            expected = changed_documents(in_chart, self.expected, namespace)
            texts = self._edited(in_files)
        except InputError as error:
            place = f"{error.where}: " if error.where else ""
            self.refused.append((change, f"{place}{error.message}"))
            return
        self.values = merged(self.values, made.values)
        self.expected = expected
        self.patched += [*made.left, *by_patch]
        (self.on_files if texts else self.patched).extend(in_files)

    def overlay(self, values: list[Operation], objects: list[Operation]) -> ChartChange:
        """The values of the chart that express the operations, and the operations that are left."""
        from dfpolicy.changes.chart_values import ChartChange, chart_values

        deployment = self.deployment
        if deployment.rendered is None:
            if values:
                told = _("only a value of the chart changes it; give the chart with --helm")
                raise InputError(told, "", _("use --helm"))
            return ChartChange({}, [])
        made = chart_values(
            [*values, *objects], self.expected, deployment.charts, deployment.namespace
        )
        if any(one in values for one in made.left):
            raise InputError(_("this release of the chart has no value for it"))
        return made

    def _edited(self, operations: Sequence[Operation]) -> bool:
        """Whether the texts of the files can express the operations; else a patch must.

        Raises InputError if a patch cannot express them either.
        """
        if not operations:
            return True
        deployment = self.deployment
        try:
            self.texts = edited_texts(
                [*self.on_files, *operations], deployment.files, self.namespace
            )
        except InputError:
            if any(
                one["target"].get("apiVersion", API_VERSION) == API_VERSION for one in operations
            ):
                raise
            changed_documents([*self.patched, *operations], deployment.files, self.namespace)
            return False
        return True

    def render(self) -> None:
        """Render the chart with the values so far, and patch what they do not express."""
        deployment = self.deployment
        if deployment.rendered is None:
            return
        self.rendered = deployment.with_values(self.values)
        self.expected = self.rendered
        for operation in self.patched:
            if deployment.is_in_files(operation):
                continue
            # Without the object nothing is wrong with it.
            with suppress(InputError):
                self.expected = changed_documents([operation], self.expected, self.namespace)

    def result(self) -> Changed:
        """The deployment after all of them."""
        deployment = self.deployment
        files = deployment.reread(self.texts)
        of_files = [one for one in self.patched if deployment.is_in_files(one)]
        if of_files:
            files = changed_documents(of_files, files, self.namespace)
        documents = [*self.expected, *files]
        base = [*self.rendered, *deployment.files]
        return Changed(documents, base, self.values, self.texts, self.patched, self.refused)


def merged(values: JsonObject, others: JsonObject) -> JsonObject:
    """Return the values with others over them, as Helm merges values files."""
    found = dict(values)
    for key, value in others.items():
        former = found.get(key)
        if isinstance(former, dict) and isinstance(value, dict):
            value = merged(former, value)
        found[key] = value
    return found
