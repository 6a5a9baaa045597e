"""The API server accepts all objects of the examples, field by field.

This includes the examples that violate a requirement, because what the server refuses never reaches
a cluster. Only the violation of DF-CH-007 is refused.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cluster.api_server import ApiServer, in_parallel
from dfpolicy.model import JsonObject
from support.decisions import EXAMPLES, example_files

# API groups that the server does not have, and why they are in examples.
SKIPPED = {
    "dfpolicy.dev": "documents of dfpolicy itself",
    "route.openshift.io": "OpenShift only",
}
# Examples whose purpose is that the server refuses them.
REFUSED = EXAMPLES / "requirements" / "DF-CH-007" / "violation.yaml"


def _identifier(path: Path) -> str:
    return str(path.relative_to(EXAMPLES).with_suffix(""))


def _objects(path: Path) -> list[JsonObject]:
    documents = yaml.safe_load_all(path.read_text("utf-8"))
    flat = [member for document in documents for member in _members(document)]
    return [item for item in flat if _group(item) not in SKIPPED]


def _members(document: JsonObject | None) -> list[JsonObject]:
    # Documents without apiVersion are agent group configurations.
    if not document or "apiVersion" not in document:
        return []
    if document["kind"] == "List":
        return [one for item in document["items"] for one in _members(item)]
    return [document]


def _group(document: JsonObject) -> str:
    group, separator, _ = str(document["apiVersion"]).rpartition("/")
    return group if separator else ""


@pytest.fixture(scope="module")
def namespaces(api_server: ApiServer) -> set[str]:
    """Create the namespaces of the examples' objects, which a dry run needs."""
    documents = [each for path in example_files() for each in _objects(path)]
    names = {each["metadata"].get("namespace") or "default" for each in documents}
    names |= {each["metadata"]["name"] for each in documents if each["kind"] == "Namespace"}
    for name in names - {"default"}:
        made = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        # Another test may have made it.
        assert api_server.create(made).status in (201, 409)
    return names


def test_there_is_something_to_create() -> None:
    assert len(example_files()) > 50
    assert sum(len(_objects(path)) for path in example_files()) > 100


@pytest.mark.parametrize("path", example_files(), ids=_identifier)
def test_the_api_server_accepts(api_server: ApiServer, namespaces: set[str], path: Path) -> None:
    documents = _objects(path)
    answers = in_parallel(lambda each: _answer(api_server, each), documents)
    refusals = [answer for answer in answers if answer]
    assert bool(refusals) == (path == REFUSED), refusals


def _answer(server: ApiServer, document: JsonObject) -> str:
    """The server's refusal; empty if it accepts the object."""
    answer = server.apply(document, dry_run=True, strict=True)
    if answer.ok:
        return ""
    return f"{document['kind']} {document['metadata']['name']}: {answer.message}"
