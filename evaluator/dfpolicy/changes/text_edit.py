"""Applies operations to the texts of the input, and changes only the lines in question.

After each edit, the whole text is read again. If a document does not have the expected value, the
edit is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dfpolicy.changes.object_places import (
    Named,
    Place,
    by_name,
    documents_of,
    matches,
    places,
    value_of,
)
from dfpolicy.changes.operations import UnfitError, applied, copied
from dfpolicy.changes.unit_edit import edited_unit
from dfpolicy.changes.yaml_edit import edited, same
from dfpolicy.changes.yaml_places import DIFFERENT, UneditableError
from dfpolicy.changes.yaml_rendering import ordered
from dfpolicy.errors import InputError
from dfpolicy.i18n.escaping import json_text
from dfpolicy.i18n.language import _, marked
from dfpolicy.model import JsonObject, Operation, Target
from dfpolicy.reading.documents import Document
from dfpolicy.reading.server_file import SERVER_CONFIG
from dfpolicy.reading.sources import Source
from dfpolicy.reading.systemd_unit import SUFFIX
from dfpolicy.reading.yaml_writer import write_yaml

UNFIT = marked("a field has another type than the change needs")
MISSING = marked("no document contains the object")
EXISTS = marked("the object exists with other content")


class TextEditError(InputError):
    """A text cannot be changed safely. The message says why."""


@dataclass(frozen=True, slots=True)
class ChangedText:
    """The text of a source before and after the changes, both without BOM.

    `source` is its name, as in `Document.source`.
    """

    source: str
    before: str
    after: str


def edited_texts(
    operations: Sequence[Operation], documents: Sequence[Document], namespace: str | None = None
) -> list[ChangedText]:
    """Return the sources whose texts the operations change, in their order.

    The operations have their values: answers are filled in before. `documents` are all documents
    of the sources; `namespace` is the release's, for objects without one. An object that appears
    twice changes in both places. A created object is appended to the source of the first changed
    object. Raises TextEditError, with the reason.
    """
    texts, home, created = _applied(operations, documents, namespace)
    if created and texts:
        (home or next((text for text in texts if text.typed), texts[0])).created = created
    return list(_changed(texts))


def changed_documents(
    operations: Sequence[Operation], documents: Sequence[Document], namespace: str | None = None
) -> list[Document]:
    """Return the documents with the values that they have after the operations, and created ones.

    Their texts stay as they are. Arguments and errors are those of `edited_texts`.
    """
    texts, _home, created = _applied(operations, documents, namespace)
    changed = [
        replace(text.document, value=text.new) if text.changed else text.document for text in texts
    ]
    source = documents[0].source if documents else ""
    for value in created:
        changed.append(Document(source, len(changed) + 1, 1, None, 1, value))
    return changed


def _applied(
    operations: Sequence[Operation], documents: Sequence[Document], namespace: str | None
) -> tuple[list[_Text], _Text | None, list[JsonObject]]:
    """The documents after the operations, the first that one is about, and the created objects."""
    texts = [_Text(document) for document in documents]
    named = Named(documents)
    home: _Text | None = None
    for operation in operations:
        if operation["op"] == "create":
            continue
        about = [texts[position] for position in named.about([operation["target"]])]
        found = [text for text in about if text.apply(operation, namespace)]
        if not found and not _in_created(operation, operations):
            raise _missing(operation)
        home = home or (found[0] if found else None)
    return texts, home, _created(operations, texts, named, namespace)


def holds(
    operation: Operation, documents: Sequence[Document], namespace: str | None = None
) -> bool:
    """Return whether an operation would change nothing, because what it says is so already."""
    try:
        changed = changed_documents([operation], documents, namespace)
    except InputError:
        return False
    return all(
        one is other or same(one.value, other.value)
        for one, other in zip(changed, documents, strict=False)
    ) and len(changed) == len(documents)


def holds_object(
    documents: Sequence[Document], target: Target, namespace: str | None = None
) -> bool:
    """Return whether a document contains the target of an operation."""
    return any(_Text(document).objects(target, namespace) for document in documents)


class _Text:
    """A document, and the value that it gets."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.old = document.value
        self.new: Any = None
        self.changed = False
        self.created: list[JsonObject] = []
        self._named: dict[str, list[Place]] | None = None

    @property
    def typed(self) -> bool:
        """Whether it is an object of Kubernetes."""
        return isinstance(self.old, dict) and "kind" in self.old and "apiVersion" in self.old

    @property
    def expected(self) -> Any:
        """The value after the changes."""
        self.load()
        return self.new if self.changed else self.old

    def load(self) -> None:
        """Read the value again if it was left out of a large input."""
        if self.old is None:
            self.old = value_of(self.document)

    def objects(self, target: Target, namespace: str | None) -> list[Place]:
        """Return the objects of the document that are the target."""
        if self.old is None and target["name"] not in self.document.text:
            return []
        self.load()
        document = replace(self.document, value=self.old)
        if target["kind"] == SERVER_CONFIG:
            found = [*places(document, SERVER_CONFIG)]
        else:
            if self._named is None:
                self._named = by_name(document)
            found = self._named.get(target["name"], [])
        return [place for place in found if matches(place.value, target, namespace)]

    def apply(self, operation: Operation, namespace: str | None) -> bool:
        """Apply the operation to the objects that it is about; return whether there are any."""
        found = self.objects(operation["target"], namespace)
        for place in found:
            if not self.changed:
                self.new = copied(self.old)
                self.changed = True
            try:
                self.new = _with(self.new, place.path, place.operation(operation))
            except UnfitError:
                raise _refusal(UNFIT, self.document) from None
        return bool(found)

    def edited(self) -> str:
        """Return the text of the document after the changes."""
        document = self.document
        if not self.changed or same(self.old, self.new):
            return document.text
        try:
            if document.source.endswith(SUFFIX):
                return edited_unit(document.text, self.new)
            return edited(document.text, self.old, self.new)
        except UneditableError as error:
            raise _refusal(error.reason, document, error.index) from None


def _with(value: Any, path: Sequence[str | int], operation: Operation) -> Any:
    """The value of a document after the operation on the object at the path."""
    if not path:
        if not isinstance(value, dict):
            raise UnfitError
        return applied(value, operation)
    *above, last = path
    parent = value
    for step in above:
        parent = parent[step]
    parent[last] = _with(parent[last], (), operation)
    return value


def _created(
    operations: Sequence[Operation],
    texts: Sequence[_Text],
    named: Named,
    namespace: str | None,
) -> list[JsonObject]:
    """The created objects, with the other operations on them, without those that exist."""
    found: list[JsonObject] = []
    for operation in operations:
        if operation["op"] != "create":
            continue
        made: JsonObject = operation["value"]
        if any(same(made, other) for other in found):
            continue
        target = operation["target"]
        about = [texts[position] for position in named.about([target])]
        held = [place.value for text in about for place in text.objects(target, namespace)]
        held += [other for other in found if matches(other, target, namespace)]
        if not held:
            found.append(made)
        elif not all(same(other, made) for other in held):
            raise _refused(EXISTS, f"{target['kind']} {target['name']}")
    for i, made in enumerate(found):
        for operation in operations:
            if operation["op"] != "create" and matches(made, operation["target"], namespace):
                found[i] = made = applied(made, operation)
    return found


def _in_created(operation: Operation, operations: Sequence[Operation]) -> bool:
    return any(
        other["op"] == "create" and matches(other["value"], operation["target"])
        for other in operations
    )


def _changed(texts: Sequence[_Text]) -> Iterator[ChangedText]:
    by_source: dict[str, list[_Text]] = {}
    for text in texts:
        by_source.setdefault(text.document.source, []).append(text)
    for name, parts in by_source.items():
        before = parts[0].document.within
        made, position = [], 0
        for part in parts:
            document = part.document
            made += [before[position : document.start], part.edited()]
            position = document.end
        created = [value for part in parts for value in part.created]
        after = _appended("".join(made) + before[position:], created)
        if after != before:
            _check(after, parts, created)
            yield ChangedText(name, before, after)


def _appended(text: str, created: Sequence[JsonObject]) -> str:
    """The text with more documents at its end."""
    end = "\r\n" if "\r\n" in text else "\n"
    if text.lstrip()[:1] in ("{", "["):
        return text + "".join(
            ("" if text.endswith("\n") else end) + json_text(ordered(value)).replace("\n", end)
            for value in created
        )
    for value in created:
        break_ = "" if text.endswith("\n") or not text else end
        text += break_ + f"---\n{write_yaml(ordered(value))}".replace("\n", end)
    return text


def _check(text: str, parts: Sequence[_Text], created: Sequence[JsonObject]) -> None:
    """Raise TextEditError if the text does not have exactly the expected documents."""
    name = parts[0].document.source
    if name.endswith(SUFFIX):
        # `edited_unit` has checked its only document.
        return
    held = [document.value for document in documents_of(Source(name, text))]
    if not same(held, [*(part.expected for part in parts), *created]):
        changed = next((part for part in parts if part.changed), parts[0])
        raise _refusal(DIFFERENT, changed.document)


def _refusal(reason: str, document: Document, index: int = 0) -> TextEditError:
    line = document.text_line + document.text.count("\n", 0, index) if index else document.line
    return _refused(reason, f"{document.source}:{line}")


def _refused(reason: str, where: str) -> TextEditError:
    message = _("cannot change this text safely: {reason}").format(reason=_(reason))
    return TextEditError(message, where, _("change it by hand"))


def _missing(operation: Operation) -> TextEditError:
    target = operation["target"]
    return TextEditError(
        _(MISSING), f"{target['kind']} {target['name']}", _("give the file that contains it")
    )
