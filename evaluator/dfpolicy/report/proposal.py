"""Makes one proposal of the changes of all violations that count.

It has values of the chart, a patch, commands and questions. Nothing is rendered or judged again:
`dfpolicy fix` proves what it writes. Secrets of the input never get into a proposal: content that
depends on one is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dfpolicy.changes.chart_values import ChartChange, chart_values, charts_in, put
from dfpolicy.changes.object_places import Named
from dfpolicy.changes.operations import VALUES, part_at
from dfpolicy.changes.patches import patched_objects
from dfpolicy.changes.rendered_charts import CHART_LABEL, RenderedChart
from dfpolicy.changes.selection import Change, Wishes, changes_of
from dfpolicy.changes.text_edit import changed_documents, holds
from dfpolicy.changes.yaml_edit import same
from dfpolicy.errors import InputError
from dfpolicy.input.items import Item
from dfpolicy.model import (
    ChartRelease,
    JsonObject,
    Level,
    Operation,
    Proposal,
    ProposedCommand,
    ProposedOperation,
    ProposedQuestion,
    Resolving,
    Result,
)
from dfpolicy.reading.documents import Document
from dfpolicy.reading.host_documents import API_VERSION
from dfpolicy.reading.redaction import HIDDEN, without_secrets
from dfpolicy.report.effects import effect_of
from dfpolicy.report.folding import cause_of, roots
from dfpolicy.report.problems import natural
from dfpolicy.report.proposed_edits import edits

_DEEPFLOW = "deepflow"


def proposal(
    results: Sequence[Result],
    items: Sequence[Item],
    namespace: str | None,
    failing: frozenset[Level],
) -> Proposal | None:
    """Return what fixes the problems, or None if no violation that counts has a change.

    `items` are the objects of the input, and `namespace` is the release's. `failing` are the levels
    whose violations count.
    """
    causes = roots(results)
    counted = [one for one in results if effect_of(one, failing) in ("blocks", "loses")]
    changes = [_Resolved(one, causes) for one in changes_of(counted, Wishes())]
    if not changes:
        return None
    ready = [one for one in changes if one.change.operations and not one.change.questions]
    documents = _documents(items, ready)
    named = Named(documents)
    applied = [one for one in ready if one.fits(documents, named, namespace)]
    operations = [operation for one in applied for operation in one.change.operations]
    hidden = [replace(one, value=without_secrets(one.value)) for one in documents]
    made, charts = _values(operations, documents, hidden, namespace)
    hosts = _host_documents(items, operations)
    left = [
        one
        for one in _without_values(operations, made)
        if not _is_set(one, documents, named, hosts, namespace)
    ]
    patched, fixing = {_text(one) for one in left}, _Fixing(applied)
    found: Proposal = {
        "patch": _patch(left, documents, hidden, named, namespace),
        "operations": _operations(left, fixing),
        "commands": _commands(changes),
        "questions": _questions(changes),
        "edits": edits(
            # What a chart renders is edited in its values.
            [
                (one.change, one.resolving())
                for one in applied
                if all(_text(operation) in patched for operation in one.change.operations)
            ],
            items,
            namespace,
        ),
    }
    if made.origins:
        found["values"] = {
            "chart": _chart(charts),
            "content": made.values,
            "origins": [{"path": [*path], **fixing.resolving(by)} for path, by in made.origins],
        }
    return found


class _Resolved:
    """A change, and the problems that it fixes."""

    def __init__(self, change: Change, causes: Mapping[str, str]) -> None:
        self.change = change
        self.causes = list(dict.fromkeys(cause_of(one, causes) for one in change.findings))

    def resolving(self) -> Resolving:
        """The problems and requirements; the verdict numbers the problems."""
        return {"problems": [], "causes": self.causes, "ids": self.change.ids}

    def fits(self, documents: Sequence[Document], named: Named, namespace: str | None) -> bool:
        """Whether the objects have the shape that the operations need."""
        on_objects = [one for one in self.change.operations if _is_on_object(one)]
        if any(one["target"]["kind"] == VALUES for one in self.change.operations):
            return True
        try:
            about = named.about(one["target"] for one in on_objects)
            changed_documents(on_objects, [documents[one] for one in about], namespace)
        except InputError:
            return False
        return True


def _is_on_object(operation: Operation) -> bool:
    """Whether it changes an object of Kubernetes."""
    target = operation["target"]
    return target["kind"] != VALUES and target.get("apiVersion") != API_VERSION


def _documents(items: Sequence[Item], changes: Sequence[_Resolved]) -> list[Document]:
    """The objects that changes are about, and those of DeepFlow's charts, each as a document."""
    names = {operation["target"]["name"] for one in changes for operation in one.change.operations}
    found = []
    for item in items if names else ():
        value = item.value
        if value.get("apiVersion") == API_VERSION or value.get("kind") == "Node":
            continue
        metadata = value["metadata"]
        if metadata.get("name") in names or item.document.template or _is_labelled(metadata):
            found.append(replace(item.document, value=item.whole))
    return found


def _host_documents(
    items: Iterable[Item], operations: Iterable[Operation]
) -> dict[str, list[Document]]:
    """The documents of hosts that operations are about, by the names of their objects."""
    names = {one["target"]["name"] for one in operations if not _is_on_object(one)}
    found: dict[str, list[Document]] = {}
    for item in items if names else ():
        name = item.value["metadata"].get("name")
        if item.value.get("apiVersion") == API_VERSION and name in names:
            found.setdefault(name, []).append(item.document)
    return found


def _is_set(
    operation: Operation,
    documents: Sequence[Document],
    named: Named,
    hosts: Mapping[str, Sequence[Document]],
    namespace: str | None,
) -> bool:
    """Whether the object already has what the operation says."""
    if _is_on_object(operation):
        own: Sequence[Document] = [documents[one] for one in named.about([operation["target"]])]
    else:
        own = hosts.get(operation["target"]["name"], ())
    return holds(operation, own, namespace)


def _is_labelled(metadata: JsonObject) -> bool:
    labels = metadata.get("labels")
    label = labels.get(CHART_LABEL) if isinstance(labels, dict) else None
    return isinstance(label, str) and label.startswith(_DEEPFLOW)


def _values(
    operations: Sequence[Operation],
    documents: Sequence[Document],
    redacted: Sequence[Document],
    namespace: str | None,
) -> tuple[ChartChange, list[RenderedChart]]:
    """The values that express the operations, without those that contain a secret."""
    charts = charts_in(None, documents)
    if not charts:
        return ChartChange({}, list(operations)), []
    made = chart_values(operations, documents, charts, namespace)
    hidden = made.values
    if _differ(documents, redacted):
        hidden = chart_values(operations, redacted, charts, namespace).values
    content: JsonObject = {}
    origins, left = [], list(made.left)
    for path, by in made.origins:
        value = part_at(made.values, path)
        if same(value, part_at(hidden, path)) and not _hides(value):
            put(content, path, value)
            origins.append((path, by))
        else:
            left += by
    return ChartChange(content, left, origins), charts


def _chart(charts: Sequence[RenderedChart]) -> ChartRelease:
    """The chart whose values these are: the one that contains the others."""
    whole = min(charts, key=lambda one: len(one.prefix))
    return {"name": whole.name, "version": whole.version}


def _without_values(operations: Sequence[Operation], made: ChartChange) -> list[Operation]:
    """The operations that a patch has to express; those on values have no other way."""
    texts = {_text(one) for one in made.left}
    return [one for one in operations if _text(one) in texts and one["target"]["kind"] != VALUES]


def _patch(
    operations: Sequence[Operation],
    documents: Sequence[Document],
    redacted: Sequence[Document],
    named: Named,
    namespace: str | None,
) -> list[JsonObject]:
    on_objects = [one for one in operations if _is_on_object(one)]
    if not on_objects:
        return []
    about = named.about(one["target"] for one in on_objects)
    own, hidden = ([held[one] for one in about] for held in (documents, redacted))
    try:
        made = patched_objects(on_objects, own, namespace)
        # The same work once more only shows what depends on a secret.
        safe = patched_objects(on_objects, hidden, namespace) if _differ(own, hidden) else made
    except InputError:
        # Two changes do not go together; `dfpolicy fix` finds out which one helps.
        return []
    shown = {_text(one) for one in safe}
    return [one for one in made if _text(one) in shown and not _hides(one)]


def _differ(documents: Sequence[Document], others: Sequence[Document]) -> bool:
    return any(one.value != other.value for one, other in zip(documents, others, strict=True))


def _hides(value: Any) -> bool:
    return HIDDEN in json.dumps(value)


def _operations(operations: Iterable[Operation], fixing: _Fixing) -> list[ProposedOperation]:
    distinct = {_text(one): one for one in operations}
    return [{"operation": one, **fixing.resolving([one])} for one in distinct.values()]


def _text(value: Operation | JsonObject) -> str:
    """What is equal for equal values: a thousand agents have thousands of operations."""
    return json.dumps(value, sort_keys=True)


class _Fixing:
    """What operations fix."""

    def __init__(self, changes: Sequence[_Resolved]) -> None:
        self._causes = [one.causes for one in changes]
        self._ids = [one.change.ids for one in changes]
        self._with: dict[str, set[int]] = {}
        for position, one in enumerate(changes):
            for operation in one.change.operations:
                self._with.setdefault(_text(operation), set()).add(position)

    def resolving(self, operations: Iterable[Operation]) -> Resolving:
        """Return the problems that the changes with these operations fix."""
        texts = {_text(one) for one in operations}
        found = sorted({position for text in texts for position in self._with.get(text, ())})
        causes = dict.fromkeys(cause for position in found for cause in self._causes[position])
        ids = dict.fromkeys(name for position in found for name in self._ids[position])
        return {"problems": [], "causes": [*causes], "ids": [*ids]}


def _commands(changes: Iterable[_Resolved]) -> list[ProposedCommand]:
    found: dict[str, ProposedCommand] = {}
    for one in changes:
        for command in one.change.commands:
            key = json.dumps([one.change.cause, command.command], sort_keys=True)
            if key not in found:
                found[key] = {
                    "command": command.command,
                    "risk": one.change.risk,
                    "nodes": [],
                    **one.resolving(),
                }
            if command.node:
                found[key]["nodes"].append(command.node)
    for entry in found.values():
        entry["nodes"] = sorted(set(entry["nodes"]), key=natural)
    return [*found.values()]


def _questions(changes: Iterable[_Resolved]) -> list[ProposedQuestion]:
    found: dict[str, ProposedQuestion] = {}
    for one in changes:
        for question in one.change.questions:
            new: ProposedQuestion = {"question": question, **one.resolving()}
            entry = found.setdefault(question["key"], new)
            for key in ("causes", "ids"):
                entry[key] = [*dict.fromkeys([*entry[key], *new[key]])]
    return [*found.values()]
