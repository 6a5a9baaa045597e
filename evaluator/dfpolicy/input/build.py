"""Builds the input document of the policies from the documents that were read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _, listed
from dfpolicy.input.items import Item, Section
from dfpolicy.input.node_kinds import Grouper, Kinds, grouped, is_node
from dfpolicy.input.pruning import Scoper, Scoping
from dfpolicy.reading.agent_file import with_decoded_files
from dfpolicy.reading.config_references import keys_of, referenced
from dfpolicy.reading.documents import Document
from dfpolicy.reading.host_documents import (
    API_VERSION,
    KINDS,
    wrap,
    wrap_server_file,
)
from dfpolicy.reading.redaction import without_secrets
from dfpolicy.reading.server_file import SERVER_FILE
from dfpolicy.reading.unrendered import refuse_kustomization


@dataclass(frozen=True, slots=True)
class RunningRelease:
    """The running release that is upgraded: its documents, its version, or both."""

    documents: Sequence[Document] = ()
    version: str | None = None


@dataclass(slots=True)
class EvaluationInput:
    """The input of the engine (`data`), its objects, and the ignored documents.

    `items` contains neither the objects of the running release nor those left out. `objects` counts
    the latter too, and `sources` are their files. `kinds` are the nodes that one node in `data`
    represents; `items` has all of them.
    """

    data: dict[str, Any]
    items: list[Item] = field(default_factory=list)
    ignored: list[Document] = field(default_factory=list)
    objects: int = 0
    sources: set[str] = field(default_factory=set)
    kinds: Kinds = field(default_factory=dict)


def build_input(
    documents: Iterable[Document],
    mode: str = "single-k8s",
    profile: str = "default",
    namespace: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    running: RunningRelease | None = None,
    scoper: Scoper | None = None,
    grouper: Grouper | None = None,
) -> EvaluationInput:
    """Sort documents into resources, node facts, cluster facts and the running release.

    Lists are expanded; values of Secrets are removed; an object that appears twice is kept once.
    The running release is `running`, or a RunningRelease among the documents. Its nodes and cluster
    facts count as facts. With a scoper, objects out of scope are left out of a large input, with a
    grouper all but one node of each kind. Raises InputError if two documents define an object
    differently, if facts are invalid, if an object has no name, or if there are two running
    releases.
    """
    built = EvaluationInput(
        {
            "mode": mode,
            "profile": profile,
            "release": {"namespace": namespace} if namespace else {},
            "resources": [],
            "nodes": [],
            "parameters": dict(parameters or {}),
        }
    )
    scoping = Scoping(scoper, built.data["resources"], namespace) if scoper else None
    seen: _Seen = {}
    stated = [(running.version, _items(running.documents, built))] if running else []
    for item in _items(documents, built):
        built.sources.add(item.document.source)
        if not _is_running_release(item.value):
            _add(item, built, seen, scoping)
            continue
        if stated:
            raise InputError(
                _("only one running release is allowed"),
                item.place,
                _("keep one, either in --from or as a document"),
            )
        _check_document(item, "running-release")
        spec = item.value["spec"]
        stated.append((spec.get("version"), _members(item)))
        if "ctlVersion" in spec:
            built.data["parameters"].setdefault("ctlVersion", spec["ctlVersion"])
    for version, items in stated:
        _add_running(version, items, built, seen)
    built.objects = len(built.items)
    if scoping:
        scoping.finish()
        built.items = [item for item in built.items if item.value]
    built.data["resources"] = _redacted(built.data["resources"])
    if grouper:
        built.data, built.kinds = grouped(grouper, built.data)
    # Only one of each kind, since there can be thousands.
    built.data["resources"] = [
        without_secrets(value) if is_node(value) else value for value in built.data["resources"]
    ]
    return built


def _redacted(resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The resources without their secrets, except those of Nodes."""
    keys = referenced(resources)
    return [
        value
        if is_node(value)
        else without_secrets(value, keys_of(value, keys) if value["kind"] == "ConfigMap" else ())
        for value in resources
    ]


_Seen = dict[tuple[str, str, str, str], Item]


def _items(documents: Iterable[Document], built: EvaluationInput) -> Iterator[Item]:
    for document in documents:
        refuse_kustomization(document.value, document.source, document.line)
        typed = document.value if _typed(document.value) else wrap(document)
        if typed is None:
            built.ignored.append(document)
        elif document.members is not None:
            for item in _streamed(document):
                yield from _all(item)
        else:
            for item in list(_unfold(Item(document, (), typed))):
                yield from _all(item)


def _streamed(document: Document) -> Iterator[Item]:
    """Yield the items of a List that is read item by item. Afterwards it has no value."""
    kind, version = document.value["kind"], document.value["apiVersion"]
    for position, member in enumerate(document.members or ()):
        own = replace(
            document,
            line=member.line,
            text_line=member.text_line,
            value=None,
            start=member.start,
            end=member.end,
            members=None,
        )
        section = Section(own, member.path) if member.line else None
        item = Item(document, ("items", position), member.value, section=section)
        yield from _unfold(_member(kind, version, item))
    document.value = document.members = None


def _add(item: Item, built: EvaluationInput, seen: _Seen, scoping: Scoping | None = None) -> None:
    if _first_of_its_name(item, seen):
        built.items.append(item)
        if _route(item, built.data) and scoping:
            scoping.add(item)


def _is_running_release(value: Mapping[str, Any]) -> bool:
    return bool(value["apiVersion"] == API_VERSION and value["kind"] == "RunningRelease")


def _members(item: Item) -> Iterator[Item]:
    for position, member in enumerate(item.value["spec"].get("resources") or ()):
        path = (*item.path, "spec", "resources", position)
        for found in _unfold(Item(item.document, path, member)):
            yield from _all(found)


def _add_running(
    version: str | None, items: Iterable[Item], built: EvaluationInput, seen: _Seen
) -> None:
    """Add the running release; its nodes and cluster facts are facts like any others."""
    resources: list[dict[str, Any]] = []
    own: _Seen = {}
    for item in items:
        if _is_fact(item.value):
            _add(item, built, seen)
        elif _first_of_its_name(item, own):
            if _is_running_release(item.value):
                raise InputError(
                    _("a running release must not contain a RunningRelease"),
                    item.place,
                    _("give it as a SOURCE"),
                )
            _refuse_unknown(item)
            resources.append(item.value)
    built.data["from"] = {"resources": _redacted(resources)} | (
        {"version": version} if version else {}
    )


def _is_fact(value: Mapping[str, Any]) -> bool:
    return is_node(value) or bool(
        value["apiVersion"] == API_VERSION and value["kind"] in ("NodeFacts", "ClusterFacts")
    )


def _unfold(item: Item) -> Iterator[Item]:
    value = item.value
    kind, version = value["kind"], value["apiVersion"]
    if not isinstance(kind, str) or not isinstance(version, str) or not kind or not version:
        raise InputError(_("apiVersion and kind must be strings"), item.place, _("correct them"))
    members = value.get("items")
    # A custom resource may be called AllowList; only a document with `items` is a collection.
    collection = kind == "List" or (kind.endswith("List") and "items" in value)
    if collection and (isinstance(members, list) or members is None):
        for position, member in enumerate(members or ()):
            path = (*item.path, "items", position)
            inner = Item(item.document, path, member, section=item.section)
            yield from _unfold(_member(kind, version, inner))
        return
    yield item


def _all(item: Item) -> Iterator[Item]:
    """Yield the item with its decoded files, and for the server's ConfigMap its ServerConfig."""
    item.value = with_decoded_files(item.value)
    # The item may already be left out when control returns.
    value, document = item.value, item.document
    yield item
    data = value.get("data")
    if value["kind"] != "ConfigMap" or not isinstance(data, dict):
        return
    text, metadata = data.get(SERVER_FILE), value.get("metadata")
    if not isinstance(text, str) or not isinstance(metadata, dict):
        return
    wrapped = wrap_server_file(metadata, _decoded(text))
    if wrapped:
        yield Item(document, item.path, wrapped, section=item.section)


def _decoded(text: str) -> Any:
    """The only document of a text; None for other YAML, which the server would report."""
    from dfpolicy.reading.yaml_reader import read_yaml

    try:
        found = [value for value, _ in read_yaml(text, "", 1)]
    except InputError:
        return None
    return found[0] if len(found) == 1 else None


def _typed(value: Any) -> bool:
    return isinstance(value, dict) and "kind" in value and "apiVersion" in value


def _member(kind: str, version: str, item: Item) -> Item:
    """Return the item of a collection, with its kind and apiVersion. Raises InputError."""
    member: Any = item.value
    if not isinstance(member, dict):
        raise InputError(
            _("an item of the {kind} is not an object").format(kind=kind),
            item.place,
            _("remove it"),
        )
    if kind != "List":
        # The API server omits kind and apiVersion in the items of a typed list.
        item.value = {"apiVersion": version, "kind": kind.removesuffix("List"), **member}
    elif "kind" not in member or "apiVersion" not in member:
        raise InputError(_("an item of the List has no apiVersion or kind"), item.place)
    return item


def _first_of_its_name(item: Item, seen: dict[tuple[str, str, str, str], Item]) -> bool:
    value = item.value
    metadata = value.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    if not isinstance(metadata, dict) or not isinstance(name, str) or not name:
        if isinstance(metadata, dict) and isinstance(metadata.get("generateName"), str):
            return True
        if isinstance(metadata, dict) and metadata.get("name") not in (None, ""):
            # Such as 5, or a plain `n`, which is a boolean.
            raise InputError(_("metadata.name must be a string"), item.place, _("quote it"))
        raise InputError(
            _("the {kind} has no metadata.name").format(kind=value["kind"][:60]),
            item.place,
            _("add a name, or remove the object"),
        )
    if name == "*" and _is_fact(value):
        # In results it stands for all nodes.
        raise InputError(
            _("metadata.name must not be `*`"), item.place, _("give the name of the node")
        )
    namespace = metadata.get("namespace")
    if namespace is not None and not isinstance(namespace, str):
        raise InputError(_("metadata.namespace must be a string"), item.place, _("quote it"))
    identity = (value["apiVersion"], value["kind"], namespace or "", name)
    first = seen.setdefault(identity, item)
    if first is item:
        return True
    if first.whole == value:
        return False
    raise InputError(
        _("the {kind} {name} is also defined at {place}, with different content").format(
            kind=value["kind"], name=name, place=first.place
        ),
        item.place,
        _("evaluate them separately, or remove one"),
    )


def _route(item: Item, data: dict[str, Any]) -> bool:
    """Sort the object by its kind, and return whether it is one of the resources."""
    value = item.value
    if value["apiVersion"] == API_VERSION and value["kind"] == "NodeFacts":
        _check_document(item, "node-facts")
        data["nodes"].append(without_secrets(value))
    elif value["apiVersion"] == API_VERSION and value["kind"] == "ClusterFacts":
        _check_document(item, "cluster-facts")
        if "cluster" in data:
            raise InputError(
                _("only one ClusterFacts document is allowed"), item.place, _("keep one")
            )
        data["cluster"] = without_secrets(value)
    else:
        _refuse_unknown(item)
        # Its secrets are removed once it is known to be in scope.
        data["resources"].append(value)
        return True
    return False


def _refuse_unknown(item: Item) -> None:
    value = item.value
    if value["apiVersion"].startswith("dfpolicy.dev/") and not _host_document(value):
        raise InputError(
            _("unknown kind {apiVersion} {kind}").format(
                apiVersion=value["apiVersion"][:60], kind=value["kind"][:60]
            ),
            item.place,
            _("{version} defines NodeFacts, ClusterFacts, RunningRelease, {names}").format(
                version=API_VERSION, names=listed(KINDS)
            ),
        )


def _host_document(value: Mapping[str, Any]) -> bool:
    return bool(value["apiVersion"] == API_VERSION and value["kind"] in KINDS)


def _check_document(item: Item, schema: str) -> None:
    # jsonschema takes 150 ms to import; most runs have no facts.
    from dfpolicy.input.schemas import fault

    found = fault(item.value, schema)
    if found:
        from dfpolicy.reading.positions import Positions

        document, path = item.origin
        line = Positions().line(document, (*path, *found.path))
        raise InputError(
            _("{kind}: {text}").format(kind=item.value["kind"], text=found.text),
            f"{item.document.source}:{line}",
            _("see `dfpolicy schema {schema}`").format(schema=schema),
        )
