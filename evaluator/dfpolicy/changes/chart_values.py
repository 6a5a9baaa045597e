"""Writes operations on rendered objects as values of the charts that rendered them.

The content of a value is that of the object after the operations, so that it does not depend on the
values before. What no value of the release expresses is left, for a patch.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dfpolicy.changes.chart_forms import (
    Content,
    Entry,
    is_template,
    is_unwatched,
    line,
    variables,
    word,
    written,
)
from dfpolicy.changes.chart_table import Row, rows
from dfpolicy.changes.object_places import matches, name_of, value_of
from dfpolicy.changes.operations import VALUES, UnfitError, applied, part_at
from dfpolicy.changes.rendered_charts import RenderedChart as RenderedChart
from dfpolicy.changes.rendered_charts import charts_in as charts_in
from dfpolicy.changes.rendered_charts import rendered_by
from dfpolicy.changes.yaml_edit import same, values_of
from dfpolicy.model import JsonObject, Operation, Target
from dfpolicy.reading.documents import Document
from dfpolicy.reading.server_file import SERVER_CONFIG, SERVER_FILE

_POD = ["spec", "template", "spec"]
# The lines of the chart's template have this indent; a text in the values has less.
_OF_TEMPLATE = re.compile(r"^  deepflow-agent\.yaml: \|[-+0-9]*\n {6}\S", re.MULTILINE)


@dataclass(frozen=True)
class ChartChange:
    """An overlay of values, and the operations that no value of this release expresses.

    `origins` are the paths in the overlay, each with the operations that it expresses.
    """

    values: JsonObject
    left: list[Operation]
    origins: list[tuple[tuple[str, ...], list[Operation]]] = field(default_factory=list)


def chart_values(
    operations: Sequence[Operation],
    documents: Sequence[Document],
    charts: Sequence[RenderedChart],
    namespace: str | None,
) -> ChartChange:
    """Return the values that make the charts render what the operations say.

    The operations have their values: answers are filled in before. `documents` are the rendered
    ones; `namespace` is the release's, for objects without one. The values have the types that the
    charts expect, and belong after all other values.
    """
    objects = list(_objects(documents, charts))
    by_name: dict[str, list[_Object]] = {}
    alike: dict[RenderedChart, list[_Object]] = {}
    for one in objects:
        by_name.setdefault(name_of(one.value), []).append(one)
        alike.setdefault(one.chart, []).append(one)
    values: JsonObject = {}
    left: list[int] = []
    origins: dict[tuple[str, ...], set[int]] = {}
    for number, operation in enumerate(operations):
        if operation["target"]["kind"] == VALUES:
            entry = _given(operation, charts)
            if entry is None:
                left.append(number)
            else:
                put(values, *entry)
                origins.setdefault(entry[0], set()).add(number)
            continue
        about = by_name.get(operation["target"]["name"], [])
        found = [one for one in about if one.take(number, operation, namespace)]
        if not found:
            left.append(number)
    for one in objects:
        entries = one.entries(alike[one.chart])
        for path, value, numbers in entries:
            whole = (*one.chart.prefix, *path)
            put(values, whole, value)
            origins.setdefault(whole, set()).update(numbers)
        left += one.left
    return ChartChange(
        values,
        [operations[number] for number in sorted(set(left))],
        [(path, [operations[n] for n in sorted(numbers)]) for path, numbers in origins.items()],
    )


def _objects(documents: Sequence[Document], charts: Sequence[RenderedChart]) -> Iterator[_Object]:
    for document in documents:
        chart = rendered_by(document, charts)
        if chart is None:
            continue
        value = value_of(document)
        if isinstance(value, dict) and isinstance(value.get("kind"), str):
            yield _Object(document, chart, value)


@dataclass(slots=True)
class _Object:
    """A rendered object, and the operations on it by their numbers."""

    document: Document
    chart: RenderedChart
    value: JsonObject
    operations: dict[int, Operation] = field(default_factory=dict)
    left: list[int] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    @property
    def kind(self) -> str:
        return str(self.value["kind"])

    def take(self, number: int, operation: Operation, namespace: str | None) -> bool:
        """Keep the operation if it is about this object."""
        if operation["op"] == "create":
            return False
        own = self._own(operation)
        if own is None or not matches(self.value, own["target"], namespace):
            return False
        self.operations[number] = own
        return True

    def _own(self, operation: Operation) -> Operation | None:
        """The operation as one on this object: the server's configuration is in a ConfigMap."""
        target, path = operation["target"], operation["path"]
        if target["kind"] != SERVER_CONFIG:
            return operation
        data = self.value.get("data")
        inside = [step for step in path[1:] if isinstance(step, str)]
        if not isinstance(data, dict) or SERVER_FILE not in data or len(inside) != len(path) - 1:
            return None
        named: Target = {"kind": "ConfigMap", "name": target["name"]}
        if "namespace" in target:
            named["namespace"] = target["namespace"]
        return {**operation, "target": named, "path": ["data", SERVER_FILE], "inside": inside}

    def entries(
        self, others: Sequence[_Object]
    ) -> list[tuple[tuple[str, ...], Any, Collection[int]]]:
        """Return path, value and operations of each value; what none expresses is then in `left`.

        The operations are given by their numbers.
        """
        pending = self._effective()
        found: list[tuple[tuple[str, ...], Any, Collection[int]]] = []
        for row in self._rows():
            covered = {n: one for n, one in pending.items() if self._covers(row, one)}
            if not covered:
                continue
            if row.file:
                entries, taken = self._file_entries(row, covered, pending)
            else:
                entries, taken = self._object_entries(row, covered, others)
            found += [(path, value, taken) for path, value in entries]
            pending = {n: one for n, one in pending.items() if n not in taken}
            self.taken |= taken
        self.left += pending
        return found

    def _effective(self) -> dict[int, Operation]:
        """The operations that change something, in their order."""
        value, found = self.value, {}
        for number, operation in self.operations.items():
            try:
                changed = applied(value, operation)
            except UnfitError:
                # A value of another type is replaced where the chart writes the whole file.
                found[number] = operation
                continue
            if changed is not value:
                found[number] = operation
            value = changed
        return found

    def _covers(self, row: Row, operation: Operation) -> bool:
        path = operation["path"]
        if row.file:
            key = operation.get("inside", [""])[0]
            return path == ["data", row.file] and (not row.key or key == row.key)
        starts = [[*_POD, *row.pod]] if row.pod else []
        if row.container:
            starts.append([*self._container, *row.container])
        return "inside" not in operation and any(path[: len(one)] == one for one in starts)

    @property
    def _container(self) -> list[Any]:
        # The template names it like the chart.
        return [*_POD, "containers", {"name": self.chart.own_name}]

    def _rows(self) -> list[Row]:
        return [
            row
            for row in rows(self.chart.name, self.chart.version)
            if not row.kinds or self.kind in row.kinds
        ]

    def content(self, row: Row, value: JsonObject) -> Content:
        """Return the content of an object that the row is about."""
        pod = part_at(value, [*_POD, *row.pod]) if row.pod else None
        container = part_at(value, [*self._container, *row.container]) if row.container else None
        return Content(self.kind, pod, container)

    def _object_entries(
        self, row: Row, covered: Mapping[int, Operation], others: Sequence[_Object]
    ) -> tuple[list[Entry], set[int]]:
        """The values of a row, and the operations that they express, if not all then some."""
        taken: dict[int, Operation] = {}
        entries: list[Entry] = []
        for group in [dict(covered), *_groups(covered)]:
            tried = dict(sorted({**taken, **group}.items()))
            made = self._written(row, tried, others)
            if made is not None:
                taken, entries = tried, made
            if len(taken) == len(covered):
                break
        return entries, set(taken)

    def _written(
        self, row: Row, operations: Mapping[int, Operation], others: Sequence[_Object]
    ) -> list[Entry] | None:
        try:
            after = self._after(operations)
        except UnfitError:
            return None
        content = self.content(row, after)
        made = written(row, self.content(row, self.value), content)
        if made is None:
            return None
        if row.form == "variables":
            # The chart adds these variables to each of its workloads.
            mine = variables(row, self.kind, content.container)
            for other in others:
                if other is self or other.kind not in row.fixed:
                    continue
                if not same(variables(row, other.kind, other.expected(row)), mine):
                    return None
            if is_unwatched(content.container):
                # The chart has a value for this variable, so that it is not among the others.
                unwatched = (one for one in self._rows() if one.form == "unwatched")
                return [*_below(row, made), *((one.value, True) for one in unwatched)]
        return _below(row, made)

    def expected(self, row: Row) -> Any:
        """Return the field of the container after the operations that no other row expresses."""
        others = {n: one for n, one in self.operations.items() if n not in self.taken}
        try:
            after = self._after(others)
        except UnfitError:
            return None
        return self.content(row, after).container

    def _after(self, operations: Mapping[int, Operation]) -> JsonObject:
        value = self.value
        for operation in operations.values():
            value = applied(value, operation)
        return value

    def _file_entries(
        self, row: Row, covered: Mapping[int, Operation], pending: Mapping[int, Operation]
    ) -> tuple[list[Entry], set[int]]:
        if row.form == "tree":
            return self._tree(row, covered)
        if row.form == "file":
            return self._whole_file(row, covered)
        keys = {one.key for one in self._rows() if one.key}
        inside = [one["inside"] for one in pending.values() if "inside" in one]
        # The whole text in the values would hide the single ones.
        if any(len(path) > 1 or path[0] not in keys for path in inside):
            return [], set()
        if not _OF_TEMPLATE.search(self.document.text):
            return [], set()
        entries: list[Entry] = []
        for operation in covered.values():
            value = operation["value"] if operation["op"] == "set" else None
            if operation["op"] not in ("set", "remove") or is_template(value):
                return [], set()
            entries = [((), _listed(value) if row.form == "addresses" else line(value))]
        return _below(row, entries), set(covered)

    def _whole_file(
        self, row: Row, covered: Mapping[int, Operation]
    ) -> tuple[list[Entry], set[int]]:
        place = ["data", row.file]
        try:
            # Values of the file that other rows express have no effect beside its text.
            on_file = {n: one for n, one in self.operations.items() if one["path"] == place}
            text = part_at(self._after(on_file), place)
        except UnfitError:
            return [], set()
        if is_template(text):
            return [], set()
        return _below(row, [((), text)]), set(covered)

    def _tree(self, row: Row, covered: Mapping[int, Operation]) -> tuple[list[Entry], set[int]]:
        """The values of a file that the chart writes from a tree of values."""
        entries: list[Entry] = []
        taken: set[int] = set()
        try:
            documents = values_of(part_at(self._after(covered), ["data", row.file]))
        except UnfitError:
            return [], set()
        for number, operation in covered.items():
            value = part_at((documents or [None])[0], operation["inside"])
            if not is_template(value):
                entries.append((tuple(operation["inside"]), _leaves(value)))
                taken.add(number)
        return _below(row, entries), taken


def _given(
    operation: Operation, charts: Sequence[RenderedChart]
) -> tuple[tuple[str, ...], Any] | None:
    """An operation on values, for the names of the release; None if the release has no such."""
    target, path = operation["target"], operation["path"]
    chart = next((one for one in charts if one.name == target["name"]), None)
    steps = tuple(step for step in path if isinstance(step, str))
    if chart is None or len(steps) < len(path) or operation["op"] not in ("set", "remove"):
        return None
    value = operation["value"] if operation["op"] == "set" else None
    for row in rows(chart.name, chart.version):
        if steps[: len(row.means)] == row.means:
            value = word(value) if row.form == "word" else value
            return (*chart.prefix, *row.value, *steps[len(row.means) :]), value
    return None


def _below(row: Row, entries: Sequence[Entry]) -> list[Entry]:
    """The entries of a row, with their paths in the values of the chart."""
    return [((*row.value, *path), value) for path, value in entries]


def _groups(operations: Mapping[int, Operation]) -> list[dict[int, Operation]]:
    """The operations by the name of the member of a list that they are about."""
    found: dict[Any, dict[int, Operation]] = {}
    for number, operation in operations.items():
        found.setdefault(_member(operation) or number, {})[number] = operation
    return list(found.values())


def _member(operation: Operation) -> str | None:
    last, value = operation["path"][-1], operation.get("value")
    member = value if isinstance(last, str) else last
    name = member.get("name") if isinstance(member, dict) else None
    return name if isinstance(name, str) else None


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _leaves(value: Any) -> Any:
    """The value with strings that the template writes without quotes."""
    if isinstance(value, dict):
        return {key: _leaves(item) for key, item in value.items()}
    return line(value)


def put(values: JsonObject, path: Sequence[str], value: Any) -> None:
    """Set a value of an overlay; it is merged with what is there."""
    *above, last = path
    here = values
    for key in above:
        if not isinstance(here.get(key), dict):
            here[key] = {}
        here = here[key]
    if isinstance(value, dict) and isinstance(here.get(last), dict):
        for key, item in value.items():
            put(here, (last, key), item)
    else:
        here[last] = value
