"""What the operator gave: a chart with values, files, or both; and what changes make of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dfpolicy.errors import InputError
from dfpolicy.fix.operations import part_at
from dfpolicy.fix.selection import Change
from dfpolicy.fix.text_edit import (
    ChangedText,
    changed_documents,
    edited_texts,
    holds_object,
    matches,
)
from dfpolicy.fix.yaml_edit import same
from dfpolicy.i18n.language import _
from dfpolicy.model import JsonObject, Operation
from dfpolicy.reading.documents import Document, split
from dfpolicy.reading.host_documents import API_VERSION
from dfpolicy.reading.limits import Limits, within
from dfpolicy.reading.sources import Source
from dfpolicy.reading.yaml_writer import write_yaml

if TYPE_CHECKING:
    from dfpolicy.fix.chart_values import RenderedChart
    from dfpolicy.reading.helm import Rendering

# The target of operations on the values of a chart.
VALUES = "HelmValues"


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
        if rendered:
            from dfpolicy.reading.helm import with_streams_read

            self.rendered = replace(rendered, chart=with_streams_read(rendered.chart))
        self.files = list(documents)
        self.from_chart = self.rendered.render(self.rendered.chart) if self.rendered else []
        self.charts: list[RenderedChart] = []
        if rendered:
            from dfpolicy.fix.chart_values import charts_in

            self.charts = charts_in(rendered.chart, self.from_chart)

    @property
    def documents(self) -> list[Document]:
        """All documents, before any change."""
        return [*self.from_chart, *self.files]

    def after(self, rounds: Sequence[Sequence[Change]]) -> Changed:
        """Return the deployment after the changes of each round, one round after another.

        Values of a chart can add objects, which changes of the next round are about.
        """
        made = _Changes(self)
        for changes in rounds:
            for change in changes:
                made.add(change)
            made.render()
        return made.result()

    def simulated(self, changes: Sequence[Change]) -> list[Document]:
        """Return the documents after these changes, without rendering the chart for each.

        Operations on objects of the chart are applied in memory. It is quicker than `after`, which
        proves.
        """
        made = _Changes(self)
        in_files: list[Operation] = []
        values: list[Operation] = []
        in_chart: list[Operation] = []
        for change in changes:
            for one in change.operations:
                if one["target"]["kind"] == VALUES:
                    values.append(one)
                elif made.is_in_files(one):
                    in_files.append(one)
                else:
                    in_chart.append(one)
        documents = self.with_values(made.overlay(values, [])[0])
        for one in in_chart:
            # Another change may have taken its object away.
            with suppress(InputError):
                documents = changed_documents([one], documents, self.namespace)
        try:
            files = self.reread(edited_texts(in_files, self.files, self.namespace))
        except InputError:
            files = changed_documents(in_files, self.files, self.namespace)
        return [*documents, *files]

    def with_values(self, values: JsonObject) -> list[Document]:
        """Return the documents of the chart, rendered with this overlay after all other values."""
        if self.rendered is None or not values:
            return self.from_chart
        chart = self.rendered.chart
        with tempfile.TemporaryDirectory(prefix="dfpolicy-") as folder, within(self.limits):
            overlay = Path(folder, "overlay.yaml")
            overlay.write_text(write_yaml(values), "utf-8")
            return self.rendered.render(replace(chart, values=(*chart.values, str(overlay))))

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

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.namespace = deployment.namespace
        self.values: JsonObject = {}
        # The chart's documents with the values of all rounds before, and with the changes so far.
        self.rendered = deployment.from_chart
        self.expected = deployment.from_chart
        self.on_chart: list[Operation] = []
        # The operations among them that no value expresses.
        self.left: list[Operation] = []
        self.on_files: list[Operation] = []
        self.patched: list[Operation] = []
        self.refused: list[tuple[Change, str]] = []

    def add(self, change: Change) -> None:
        """Apply a change to the chart's values and objects, and to the files."""
        namespace = self.namespace
        values = [one for one in change.operations if one["target"]["kind"] == VALUES]
        objects = [one for one in change.operations if one["target"]["kind"] != VALUES]
        in_files = [one for one in objects if self.is_in_files(one)]
        in_chart = [one for one in objects if one not in in_files]
        try:
            overlay, left = self.overlay(values, in_chart)
            expected = changed_documents(in_chart, self.expected, namespace)
            texts = self._edited(in_files)
        except InputError as error:
            place = f"{error.where}: " if error.where else ""
            self.refused.append((change, f"{place}{error.message}"))
            return
        self.values = merged(self.values, overlay)
        self.expected = expected
        self.on_chart += in_chart
        self.left += left
        (self.on_files if texts else self.patched).extend(in_files)

    def overlay(
        self, values: list[Operation], objects: list[Operation]
    ) -> tuple[JsonObject, list[Operation]]:
        """The values of the chart that express the operations, and those that none expresses."""
        deployment = self.deployment
        if deployment.rendered is None:
            if values:
                raise InputError(_("it needs the values of the chart"), "", _("use --helm"))
            return {}, []
        from dfpolicy.fix.chart_values import chart_values

        made = chart_values(
            [*values, *objects], self.expected, deployment.charts, deployment.namespace
        )
        if any(one in values for one in made.left):
            raise InputError(_("this release of the chart has no value for it"))
        return made.values, made.left

    def is_in_files(self, operation: Operation) -> bool:
        deployment = self.deployment
        if deployment.rendered is None:
            return True
        return operation["op"] != "create" and holds_object(
            deployment.files, operation["target"], self.namespace
        )

    def _edited(self, operations: Sequence[Operation]) -> bool:
        """Whether the texts of the files can express the operations; else a patch must.

        Raises InputError if a patch cannot express them either.
        """
        if not operations:
            return True
        deployment = self.deployment
        try:
            edited_texts([*self.on_files, *operations], deployment.files, self.namespace)
        except InputError:
            if any(
                one["target"].get("apiVersion", API_VERSION) == API_VERSION for one in operations
            ):
                raise
            changed_documents([*self.patched, *operations], deployment.files, self.namespace)
            return False
        return True

    def render(self) -> None:
        """Render the chart with the values so far; what they do not express is patched."""
        deployment = self.deployment
        if deployment.rendered is None:
            return
        self.rendered = deployment.with_values(self.values)
        self.expected = self.rendered
        for operation in self.on_chart:
            try:
                after = changed_documents([operation], self.expected, self.namespace)
            except InputError:
                # Without the object nothing is wrong with it.
                continue
            if not _same(after, self.expected) and not self._expressed(operation):
                self.expected = after
                if operation not in self.patched:
                    self.patched.append(operation)

    def _expressed(self, operation: Operation) -> bool:
        """Whether values express the operation, in the chart's own way.

        The chart may name a volume differently, or write more fields. Values without effect express
        nothing: an assignment with --helm-set may hide them.
        """
        verb, path, value = operation["op"], operation["path"], operation.get("value")
        if operation in self.left or "inside" in operation:
            return False
        parts = [
            part_at(one.value, path)
            for one in self.rendered
            if isinstance(one.value, dict)
            and matches(one.value, operation["target"], self.namespace)
        ]
        if verb == "remove":
            return all(part is None for part in parts)
        if verb == "add" and path[-1] in ("volumes", "volumeMounts") and isinstance(value, dict):
            value = {key: item for key, item in value.items() if key != "name"}
            return all(any(_contains(one, value) for one in part or ()) for part in parts)
        return verb == "set" and all(_contains(part, value) for part in parts)

    def result(self) -> Changed:
        """The deployment after all of them."""
        deployment = self.deployment
        texts = (
            edited_texts(self.on_files, deployment.files, self.namespace) if self.on_files else []
        )
        files = deployment.reread(texts)
        of_files = [one for one in self.patched if one not in self.on_chart]
        if of_files:
            files = changed_documents(of_files, files, self.namespace)
        documents = [*self.expected, *files]
        base = [*self.rendered, *deployment.files]
        return Changed(documents, base, self.values, texts, self.patched, self.refused)


def merged(values: JsonObject, others: JsonObject) -> JsonObject:
    """Return the values with others over them, as Helm merges values files."""
    found = dict(values)
    for key, value in others.items():
        former = found.get(key)
        if isinstance(former, dict) and isinstance(value, dict):
            value = merged(former, value)
        found[key] = value
    return found


def _contains(value: object, wanted: object) -> bool:
    """Whether a value has at least these fields; false and empty ones may be absent."""
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(
            _contains(value.get(key), wanted[key]) for key in wanted
        )
    return same(value, wanted) or not (value or wanted)


def _same(some: Sequence[Document], others: Sequence[Document]) -> bool:
    return len(some) == len(others) and all(
        one is other or same(one.value, other.value)
        for one, other in zip(some, others, strict=True)
    )
