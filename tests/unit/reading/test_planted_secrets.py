"""Secrets of every shape, planted in every place of a deployment: which of them reach the policies.

A secret that has no form of its own, and that nothing calls a secret, stays only in the places of
LEFT. Requirements read these texts, or they belong to a user's own requirements.
"""

from __future__ import annotations

import json

import pytest

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


@pytest.mark.parametrize("name", PLACES)
def test_only_these_reach_the_policies(name: str) -> None:
    left = {
        shape
        for shape, text in {**FORMS, **PLAIN}.items()
        for secret in (CANARY, PLAIN["number"])
        if secret in shown(PLACES[name], text).lower()
    }
    assert left == LEFT.get(name, set())
