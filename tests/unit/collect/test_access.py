"""The connection to a cluster: which context, which user, and which limits."""

from __future__ import annotations

import gzip
import itertools
import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from urllib3.exceptions import ReadTimeoutError

from dfpolicy.collect import api
from dfpolicy.collect.api import Access, RefusedError, connect
from dfpolicy.errors import InputError, UsageError
from support import broken_server as broken
from support.access import kubeconfig

EMPTY = broken.status(200, b"{}")


def test_a_user_and_groups_are_impersonated(tmp_path: Path) -> None:
    with broken.answering([EMPTY]) as server:
        path = kubeconfig(tmp_path / "kubeconfig", server.url)
        found = connect(Access(path, user="jürgen", groups=("a", "b c")))
        found.request("POST", "/api/v1/namespaces", {})
    assert server.requests
    for request in server.requests:
        lines = request.split(b"\r\n")
        assert "Impersonate-User: jürgen".encode() in lines
        assert lines.count(b"Impersonate-Group: a") == lines.count(b"Impersonate-Group: b c") == 1


@pytest.mark.parametrize(
    ("access", "message"),
    [
        (Access(groups=("a",)), "--as-group needs --as"),
        (Access(user=""), "--as: the name is empty or invalid"),
        (Access(user="a\r\nX: y"), "--as: the name is empty or invalid"),
        (Access(user="a", groups=("b\n",)), "--as-group: the name is empty or invalid"),
    ],
)
def test_invalid_users(access: Access, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        connect(access)
    assert str(caught.value).startswith(message)


def test_an_unknown_context_lists_the_known_ones(tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    kubeconfig(path, "https://127.0.0.1:1")
    with pytest.raises(UsageError) as caught:
        connect(Access(str(path), "near"))
    expected = f"{path}: the kubeconfig has no context 'near'; known contexts: far"
    assert str(caught.value) == expected
    content = json.loads(path.read_text("utf-8"))
    content["contexts"] += [{"name": f"c{number:02}"} for number in range(40)]
    del content["current-context"]
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(UsageError) as caught:
        connect(Access(str(path)))
    message = str(caught.value)
    assert "the kubeconfig has no current context; known contexts: c00, c01, " in message
    assert message.endswith("c19, …")


def test_kubeconfigs_that_never_end_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"")
    os.truncate(tmp_path / "large", 1 << 40)
    for name, message in (
        ("/dev/zero", "not a regular file"),
        (str(tmp_path / "pipe"), "not a regular file"),
        (str(tmp_path / "large"), "the kubeconfig is larger than 8 MiB"),
        (str(tmp_path), "not a regular file"),
        (str(tmp_path / "absent"), "no such file or directory"),
    ):
        with pytest.raises(InputError, match=message):
            connect(Access(name))
        monkeypatch.setenv("KUBECONFIG", name)
        with pytest.raises(InputError, match=message):
            connect(Access())


def test_an_answer_is_bounded_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = gzip.compress(b'{"items": ["' + b" " * (64 << 20) + b'"]}')
    large = broken.status(200, packed, headers="Content-Encoding: gzip\r\n")
    monkeypatch.setattr(api, "RETRIES", 0)
    with broken.answering([EMPTY, large]) as server:
        found = connect(Access(kubeconfig(tmp_path / "kubeconfig", server.url)))
        with pytest.raises(RefusedError, match="the answer is too large"):
            found.log("/log", {}, 1 << 20)


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'{"items": {"a": 1}}', b'{"metadata": 5}', b"{", b'{"a": NaN']
)
def test_an_answer_that_is_not_a_list_is_refused(content: bytes, tmp_path: Path) -> None:
    with broken.answering([EMPTY, broken.status(200, content)]) as server:
        found = connect(Access(kubeconfig(tmp_path / "kubeconfig", server.url)))
        with pytest.raises(RefusedError):
            list(found.pages("/api/v1/nodes"))


class Dripping:
    """An answer that never ends, one byte at a time."""

    def read1(self, *_: object, **__: object) -> bytes:
        return b" "


def test_an_answer_that_never_ends_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(monotonic=itertools.count().__next__)
    monkeypatch.setattr(api, "time", clock)
    with pytest.raises(ReadTimeoutError):
        api._content(Dripping(), 1 << 20, 1000)


@pytest.mark.parametrize("name", ["..", ".", "", "../a", "a?watch=1", "a%2e", "a\n", "-", "é"])
def test_a_name_that_leads_to_another_object_is_not_requested(tmp_path: Path, name: str) -> None:
    with broken.answering([EMPTY]) as server:
        found = connect(Access(kubeconfig(tmp_path / "kubeconfig", server.url)))
        with pytest.raises(RefusedError, match="an invalid name"):
            found.get(f"/api/v1/namespaces/{name}/configmaps")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        # What is no list is not an empty one.
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"{}", "not a list"),
        (b'{"items": {}}', "not a list"),
        (b'{"items": [], "metadata": [1]}', "not a list"),
        (b'{"items": [], "metadata": {"continue": "a"}}', "too large"),
    ],
)
def test_a_list_is_whole_or_refused(
    tmp_path: Path, answer: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "_MOST_PAGES", 3)
    with broken.answering([EMPTY, broken.status(200, answer)]) as server:
        found = connect(Access(kubeconfig(tmp_path / "kubeconfig", server.url)))
        with pytest.raises(RefusedError, match=reason):
            list(found.pages("/api/v1/nodes"))


def test_an_empty_list_can_be_null(tmp_path: Path) -> None:
    with broken.answering([broken.status(200, b'{"items": null}')]) as server:
        found = connect(Access(kubeconfig(tmp_path / "kubeconfig", server.url)))
        assert list(found.pages("/api/v1/nodes")) == [([], 0)]
