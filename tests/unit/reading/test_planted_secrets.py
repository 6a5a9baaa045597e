"""Secrets of every shape, planted in every place of a deployment: which of them reach the policies.

A secret that has no form of its own, and that nothing calls a secret, stays only in the places of
LEFT. Requirements read these texts, or they belong to a user's own requirements.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from dfpolicy.collect.kept import kept, kept_files
from dfpolicy.input.build import build_input
from dfpolicy.reading.documents import split
from dfpolicy.reading.sources import Source
from support.planted import PLACES, Place, written

CANARY = "tweet7canary"
# A secret in a form of its own stays nowhere.
FORMS = {
    "JWT": f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.{CANARY}",
    "PEM": f"-----BEGIN EC PRIVATE KEY-----\n{CANARY}\n-----END EC PRIVATE KEY-----",
    "access key": f"AKIA{CANARY.upper()}WXYZ",
    "base64": f"aG9Xc3RyT25nSXNUaGlz/{CANARY}+Zz==",
    "address": f"https://u:p@/{CANARY}@h/",
    "NAME=value": f"DB_PASSWORD={CANARY}",
    "--name=value": f"--db-password={CANARY}",
    "--name value": f"--token {CANARY}",
    "name: value": f"api-token: {CANARY}",
    "JSON": f'{{"secret": "{CANARY}"}}',
    "SQL": f"CREATE USER a IDENTIFIED BY '{CANARY}'",
    "header": f"Authorization: Bearer {CANARY}",
    "mysql -p": f"mysql -u root -p{CANARY}",
    "curl -u": f"curl -u root:{CANARY} h",
}
PLAIN = {
    "word": CANARY,
    "number": "1337422664",
    "-p value": f"run -p {CANARY}",
    "--ak=value": f"run --ak={CANARY} --sk {CANARY}",
    "docker login": f"docker login -u a -p {CANARY} r",
    "here-document": f"cat >x <<E\nthe word is my {CANARY}\nE",
    "sentence": f"please use {CANARY}, as always",
    "comment": f"run # {CANARY}",
    "quoted": f"x '{CANARY} {CANARY}'\\ {CANARY}",
    "hidden letter": f"--pass\u200bword={CANARY}",
}
LEFT = {
    # A user's own requirements read these.
    "field of any kind": {*PLAIN} - {"here-document"},
    # Requirements read these as they are.
    "known option": {*PLAIN} - {"here-document"},
    "read annotation": {*PLAIN},
    "known key of the agent's file": {*PLAIN},
    "read setting of the server's file": {*PLAIN},
}


def shown(place: Place, text: str) -> str:
    """What the policies see of a document with this text."""
    documents = split(Source(*written(place, text)))
    return json.dumps(build_input(documents).data, ensure_ascii=False)


def collected(place: Place, text: str) -> str:
    """What a collector keeps of a document with this text in a cluster."""
    made: Any = json.loads(written(place, text)[1]) if "apiVersion" in place(text) else {}
    found = [
        kept_files(one, {"deepflow-agent.yaml", "server.yaml", "K8S_WATCH_POLICY"})
        if one["kind"] == "ConfigMap"
        else kept(one["apiVersion"], one["kind"], one)
        for one in made.get("items") or [made]
        if one and one["kind"] != "Secret"
    ]
    return json.dumps(found, ensure_ascii=False)


@pytest.mark.parametrize("name", PLACES)
def test_only_these_reach_the_policies(name: str) -> None:
    assert left_of(shown, name) == LEFT.get(name, set())


@pytest.mark.parametrize("name", PLACES)
def test_only_these_are_collected(name: str) -> None:
    assert left_of(collected, name) <= LEFT.get(name, set())


def left_of(show: Callable[[Place, str], str], name: str) -> set[str]:
    return {
        shape
        for shape, text in {**FORMS, **PLAIN}.items()
        for secret in (CANARY, PLAIN["number"])
        if secret in show(PLACES[name], text).lower()
    }
