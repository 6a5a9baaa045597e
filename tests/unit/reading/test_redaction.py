from __future__ import annotations

from typing import Any

import pytest

from dfpolicy.reading.redaction import without_secrets


def stripped(kind: str, spec: Any) -> Any:
    given = {"apiVersion": "dfpolicy.dev/v1", "kind": kind, "metadata": {"name": "a"}, "spec": spec}
    before = repr(given)
    kept = without_secrets(given)
    assert repr(given) == before
    assert {key: item for key, item in kept.items() if key != "spec"} == {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": kind,
        "metadata": {"name": "a"},
    }
    return kept["spec"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (
            {"DB_PASSWORD": "hunter2", "MODE": "a", "api_token": 5, "PLAIN": None},
            {"DB_PASSWORD": None, "MODE": "a", "api_token": None, "PLAIN": None},
        ),
        (
            ["AWS_SECRET=hunter2", "A=b=c", "SSH_KEY=hunter2", "KEYBOARD=de", "X_TOKEN", 5, None],
            ["AWS_SECRET", "A=b=c", "SSH_KEY", "KEYBOARD=de", "X_TOKEN", 5, None],
        ),
        ("PASSWORD=a", "PASSWORD=a"),
        (None, None),
    ],
)
def test_environments_of_services(given: Any, kept: Any) -> None:
    spec = {"name": "x", "services": {"a": {"image": "i", "environment": given}, "b": None}}
    assert stripped("ComposeProject", spec) == {
        "name": "x",
        "services": {"a": {"image": "i", "environment": kept}, "b": None},
    }


@pytest.mark.parametrize("spec", [None, [], "a", {}, {"services": ["a"]}, {"services": {"a": []}}])
def test_compose_files_of_any_shape(spec: Any) -> None:
    assert stripped("ComposeProject", spec) == spec


def test_environments_of_units() -> None:
    lines = ["A=b", "DB_PASSWORD=hunter2", '"MY_TOKEN=hunter2 b" C=d', "X=1 A_KEY='hunter2'", None]
    kept = stripped("SystemdUnit", {"Service": {"Environment": lines, "User": ["a"]}})
    assert kept["Service"]["User"] == ["a"]
    assert kept["Service"]["Environment"] == [
        "A=b",
        "DB_PASSWORD=",
        '"MY_TOKEN=',
        "X=1 A_KEY=",
        None,
    ]


@pytest.mark.parametrize(
    "spec", [None, {"Service": []}, {"Service": {"Environment": "A_TOKEN=a"}}, {"Unit": {}}]
)
def test_units_of_any_shape(spec: Any) -> None:
    assert stripped("SystemdUnit", spec) == spec


@pytest.mark.parametrize("kind", ["Domain", "Subdomain", "ServerConfig"])
def test_secrets_are_hidden_where_their_presence_counts(kind: str) -> None:
    spec = {
        "type": "aws",
        "config": {
            "secret_id": "hunter2",
            "secret_key": "hunter2",
            "password": 12345,
            "token": "",
            "access_key": None,
            "region_uuid": "a",
        },
        "secrets": [{"user-password": "hunter2", "host": "a"}],
    }
    kept = stripped(kind, spec)
    assert kept == {
        "type": "aws",
        "config": {
            "secret_id": "(hidden)",
            "secret_key": "(hidden)",
            "password": "(hidden)",
            "token": "",
            "access_key": None,
            "region_uuid": "a",
        },
        "secrets": [{"user-password": "(hidden)", "host": "a"}],
    }


@pytest.mark.parametrize("text", ["xxxxxxxx", "x", "********"])
def test_what_examples_have_in_their_place_stays(text: str) -> None:
    assert stripped("Domain", {"config": {"secret_key": text}}) == {"config": {"secret_key": text}}


def test_other_documents_are_kept() -> None:
    assert stripped("AgentConfig", {"password": "a"}) == {"password": "a"}
    foreign = {"apiVersion": "x/v1", "kind": "Domain", "metadata": {}, "spec": {"secret_key": "a"}}
    assert without_secrets(foreign) == foreign
