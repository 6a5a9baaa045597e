"""How the engine `server` handles servers that fail: each with one line and in time."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from urllib3.response import HTTPResponse

from dfpolicy.engines import answers
from dfpolicy.engines.server import ServerEngine, ServerOptions
from dfpolicy.errors import DfpolicyError, EngineError, UsageError
from dfpolicy.reading.limits import MIB, Limits
from support import broken_server as broken
from support import decisions, pauses
from support.certificates import self_signed, server_context

MODE = {"name": "single-k8s", "source": "given", "reason": "", "candidates": []}
DECISION: dict[str, Any] = {"agents": [], "features": [], "mode": MODE, "results": []}
TOKEN = "s3cr3t-t0ken"
# For a busy machine; only tests with their own limit wait that long.
SECONDS = 30.0
TOO_MANY = broken.status(429, headers="Retry-After: 0\r\n")


def engine(url: str, **options: Any) -> ServerEngine:
    return ServerEngine(ServerOptions(url, **{"timeout": SECONDS, "retries": 0, **options}), "r")


def failure(url: str, **options: Any) -> str:
    """The one line of a failure."""
    with pytest.raises(DfpolicyError) as caught:
        engine(url, token=TOKEN, **options).evaluate({"resources": []})
    assert caught.value.exit_code == (2 if isinstance(caught.value, UsageError) else 3)
    text = str(caught.value)
    assert "\n" not in text
    assert TOKEN not in text
    return text


def test_a_decision() -> None:
    with broken.answering([broken.decided(DECISION)]) as server:
        asked = engine(f"{server.url}/behind/a/proxy/", token=TOKEN)
        assert asked.evaluate({"mode": "auto", "x": "ü😀"}) == DECISION
    (request,) = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(
        b"POST /behind/a/proxy/v1/data/dfpolicy/main/decision?provenance=true HTTP"
    )
    assert f"Authorization: Bearer {TOKEN}".encode() in head
    assert json.loads(body) == {"input": {"mode": "auto", "x": "ü😀"}}


def test_feature_rows() -> None:
    with broken.answering([broken.decided([{"node": "a"}])]) as server:
        assert engine(server.url).features({}) == [{"node": "a"}]
    with broken.answering([broken.decided([{"nod": "a"}])]) as server, pytest.raises(EngineError):
        engine(server.url).features({})


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (broken.status(401), "does not accept this token or certificate (status 401)"),
        (broken.status(403), "the server denied access (status 403)"),
        (broken.status(404), "no policy dfpolicy/main (status 404)"),
        (broken.status(413), "larger than the server allows (status 413)"),
        (broken.status(429), "the server is overloaded (status 429)"),
        (broken.status(400), "rejected the request (status 400)"),
        (broken.status(418), "status 418"),
        (broken.status(500), "the server failed (status 500)"),
        (broken.status(503), "the server failed (status 503)"),
        (
            broken.status(302, headers="Location: /elsewhere\r\n"),
            "the server redirects to another address",
        ),
        (
            broken.status(307, headers="Location: /elsewhere\r\n"),
            "the server redirects to another address",
        ),
        (broken.status(200, b"<html>"), "not valid JSON"),
        (broken.status(200, b'{"result": {"agents"'), "not valid JSON"),
        (broken.status(200, b"[]"), "the server's answer is not from OPA"),
        (
            broken.status(200),
            "the server has no policy dfpolicy/main; load the bundle",
        ),
        (broken.half(), "the server's answer was cut off"),
        (broken.half_chunked, "the server's answer was cut off"),
        (broken.killed, "closed the connection before it answered"),
        (broken.closed, "closed the connection before it answered"),
        (broken.decided({}), "not a decision of this version: the document: the field 'agents'"),
        (broken.decided([TOKEN]), "the server's answer is not a decision of this version:"),
        (
            broken.decided({**DECISION, "results": [{"id": TOKEN}]}),
            "the server's answer is not a decision of this version:",
        ),
        (broken.decided(DECISION, "old\n\x1b[2J"), "have revision old ?[2J; this dfpolicy"),
        (
            broken.status(200, json.dumps({"result": DECISION}).encode()),
            "the server does not report the revision of its policies",
        ),
    ],
)
def test_each_failure_is_one_line(answer: broken.Answer, words: str) -> None:
    with broken.answering([answer]) as server:
        assert words in failure(server.url)


@pytest.mark.parametrize("answer", [broken.silent, broken.trickling])
def test_an_endless_answer_is_cut_off(answer: broken.Answer) -> None:
    with broken.answering([answer]) as server:
        assert "did not answer within 0.5 s" in failure(server.url, timeout=0.5, retries=2)


def test_an_unreachable_server_is_an_error() -> None:
    with broken.answering([broken.closed]) as server:
        pass
    assert "the connection was refused" in failure(server.url)
    assert "the host name does not resolve" in failure("http://nobody.invalid")


def test_undefined_and_not_ready() -> None:
    with broken.answering([broken.status(200), broken.status(500)]) as server:
        assert "the server has no policy dfpolicy/main, and its bundles are not active" in failure(
            server.url
        )
    assert server.requests[1].startswith(b"GET /health?bundles=true ")
    with broken.answering([broken.status(200), broken.silent]) as server:
        assert "did not answer within 3 s" in failure(f"{server.url}/opa", timeout=3.0)
    assert server.requests[1].startswith(b"GET /opa/health?bundles=true ")


@pytest.mark.parametrize(
    "answer",
    [broken.killed, broken.half(), broken.status(503), broken.status(429), TOO_MANY],
)
def test_a_transient_failure_is_retried(answer: broken.Answer) -> None:
    with broken.answering([answer, answer, broken.decided(DECISION)]) as server:
        assert engine(server.url, retries=2).evaluate({}) == DECISION
    assert len(server.requests) == 3


@pytest.mark.parametrize("answer", [broken.killed, broken.half(), TOO_MANY])
def test_the_number_of_retries_is_limited(answer: broken.Answer) -> None:
    with broken.answering([answer]) as server:
        failure(server.url, retries=2)
    assert len(server.requests) == 3


def test_the_pause_follows_retry_after(monkeypatch: pytest.MonkeyPatch) -> None:
    made = pauses.passed(monkeypatch)
    busy = broken.status(503, headers="Retry-After: 1\r\n")
    with broken.answering([busy, broken.decided(DECISION)]) as server:
        assert engine(server.url, retries=2).evaluate({}) == DECISION
    assert made == [1]


def test_no_pause_exceeds_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    made = pauses.passed(monkeypatch)
    with broken.answering([broken.status(429, headers="Retry-After: 86400\r\n")]) as server:
        assert "the server is overloaded (status 429)" in failure(server.url, retries=10)
    assert (made, len(server.requests)) == ([], 1)


@pytest.mark.parametrize(
    "answer", [broken.status(401), broken.status(413), broken.status(200, b"<"), broken.status(200)]
)
def test_a_permanent_failure_is_not_retried(answer: broken.Answer) -> None:
    with broken.answering([answer]) as server:
        failure(server.url, retries=5)
    assert sum(request.startswith(b"POST") for request in server.requests) == 1


def test_retries_stop_at_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    made = pauses.passed(monkeypatch)
    with broken.answering([broken.status(503)]) as server:
        assert "the server failed (status 503)" in failure(server.url, retries=99)
    # With the next one it would be more than 30 seconds.
    assert made == pytest.approx([0, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5, 5])
    assert len(server.requests) == 11


DEEP = b"[" * 100_000 + b"]" * 100_000
BOMB = gzip.compress(bytes(8 << 20))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (broken.status(200, BOMB, "Content-Encoding: gzip\r\n"), "is larger than 1 MiB; evaluate"),
        (broken.status(200, bytes(2 << 20)), "is larger than 1 MiB"),
        (broken.endless, "is larger than 1 MiB"),
        (
            broken.status(200, BOMB, "Content-Encoding: gzip, gzip\r\n"),
            "is compressed in an unknown way",
        ),
        (broken.status(200, BOMB, "Content-Encoding: br\r\n"), "is compressed in an unknown way"),
        (broken.status(200, b"plain", "Content-Encoding: gzip\r\n"), "cannot be unpacked"),
        (broken.status(200, DEEP), "is nested more than 200 levels deep"),
        (broken.status(200, b'{"result": ' + DEEP + b"}"), "is nested more than 200 levels deep"),
        (broken.status(200, b"[" * 100_000), "is not valid JSON; is it OPA?"),
        (broken.status(200, b'{"result": ' + b"9" * 5000 + b"}"), "is not valid JSON"),
        (broken.status(200, b'{"result": NaN}'), "is not valid JSON"),
        (broken.status(200, b'{"result": "\xff"}'), "is not valid JSON"),
        (broken.status(200, b"[" + b"1," * 200_000 + b"1]"), "contains more than 150000 values"),
        (broken.status(500, BOMB, "Content-Encoding: gzip\r\n"), "the server failed (status 500)"),
        (broken.status(400, bytes(2 << 20)), "rejected the request (status 400)"),
        (broken.status(200, headers="X: y\r\n" * 1000), "the connection failed"),
        (broken.status(200, headers=f"X: {'y' * 100_000}\r\n"), "the connection failed"),
    ],
)
def test_an_answer_is_bounded_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch, answer: broken.Answer, words: str
) -> None:
    monkeypatch.setattr(answers, "SIZE_LIMIT", MIB)
    monkeypatch.setattr(Limits, "values", 150_000)
    with broken.answering([answer]) as server:
        assert words in failure(server.url)


def test_a_compressed_decision_is_read() -> None:
    provenance = {"bundles": {"dfpolicy": {"revision": "r"}}}
    body = json.dumps({"provenance": provenance, "result": DECISION}).encode()
    packed = broken.status(200, gzip.compress(body), "Content-Encoding: gzip\r\n")
    with broken.answering([packed]) as server:
        assert engine(server.url).evaluate({}) == DECISION


def test_a_retried_failure_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[None] = []
    fully = HTTPResponse.drain_conn
    monkeypatch.setattr(HTTPResponse, "drain_conn", lambda self: read.append(fully(self)))
    with broken.answering([broken.status(503, bytes(2 << 20)), broken.decided(DECISION)]) as server:
        assert engine(server.url, retries=1).evaluate({}) == DECISION
    assert read == []


@pytest.mark.parametrize("any_revision", [False, True])
def test_a_decision_that_leaves_requirements_out_is_refused(any_revision: bool) -> None:
    example = decisions.EXAMPLES / "single-k8s" / "broken.yaml"
    document = decisions.example_input(example)
    whole: Any = decisions.example_decision(example)
    missing = ("DF-EBPF-005", "DF-NET-002")
    less = {**whole, "results": [one for one in whole["results"] if one["id"] not in missing]}
    told = "it has no result of DF-NET-002, DF-EBPF-005, required in the mode single-k8s"
    answers = [broken.decided(one) for one in (whole, less, {**whole, "results": []})]
    with broken.answering(answers) as server:
        asked = engine(server.url, any_revision=any_revision)
        assert asked.evaluate(document) == whole
        with pytest.raises(EngineError, match=f"the server's decision is not complete: {told}"):
            asked.evaluate(document)
        with pytest.raises(EngineError, match="no result of DF-K8S-001, DF-K8S-002, DF-K8S-003, "):
            asked.evaluate(document)


def test_a_decision_about_another_mode_is_refused() -> None:
    refused = pytest.raises(EngineError, match="it is about the mode single-k8s")
    with broken.answering([broken.decided(DECISION)]) as server, refused:
        engine(server.url).evaluate({"mode": "multi-k8s"})


def test_any_revision_is_accepted_on_request() -> None:
    with broken.answering([broken.decided(DECISION, "other")]) as server:
        asked = engine(server.url, any_revision=True)
        assert asked.evaluate({}) == DECISION
    assert asked.bundle == "other"


def test_input_that_is_not_json_is_not_sent() -> None:
    never = pytest.raises(EngineError, match="the input cannot be converted to JSON")
    with broken.answering([broken.decided(DECISION)]) as server, never:
        engine(server.url).evaluate({"a": float("inf")})
    assert server.requests == []


def test_a_self_signed_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = self_signed(tmp_path)
    # It must not decide which certificates are trusted.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pair.certificate))
    with broken.answering([broken.decided(DECISION)], server_context(pair)) as server:
        assert "is not trusted: self" in failure(server.url, retries=2)
        assert engine(server.url, ca=str(pair.certificate)).evaluate({}) == DECISION
        other = self_signed(tmp_path / "other")
        assert "is not trusted" in failure(server.url, ca=str(other.certificate))


def test_a_certificate_of_the_client(tmp_path: Path) -> None:
    pair, mine = self_signed(tmp_path / "server"), self_signed(tmp_path / "client")
    context = server_context(pair, mine)
    with broken.answering([broken.decided(DECISION)], context) as server:
        known = {"ca": str(pair.certificate)}
        shown = {"certificate": str(mine.certificate), "key": str(mine.key)}
        assert engine(server.url, **known, **shown).evaluate({}) == DECISION
        assert failure(server.url, **known)


def test_netrc_does_not_replace_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n", "utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with broken.answering([broken.decided(DECISION)]) as server:
        engine(server.url, token=TOKEN).evaluate({})
    assert f"Bearer {TOKEN}".encode() in server.requests[0]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("opa:8181", "--opa-url must be an http or https address"),
        ("ftp://opa", "--opa-url must be an http or https address"),
        ("http://", "--opa-url must be an http or https address"),
        ("http://opa:port", "not a valid URL"),
        (f"http://user:{TOKEN}@opa", "--opa-url must not contain credentials"),
        ("http://opa/?a=b", "--opa-url must not have a query or a fragment"),
    ],
)
def test_an_invalid_address_is_refused(url: str, words: str) -> None:
    assert words in failure(url)


def test_invalid_certificate_files_are_refused(tmp_path: Path) -> None:
    pair = self_signed(tmp_path)
    text = tmp_path / "text"
    text.write_text("no PEM", "utf-8")
    for options, words in (
        ({"ca": str(tmp_path / "none")}, "no such file"),
        ({"ca": str(text)}, "contains no CA certificate in PEM"),
        ({"certificate": str(text)}, "the file contains no certificate and unencrypted key in PEM"),
        (
            {"certificate": str(pair.certificate)},
            "the file contains no certificate and unencrypted key in PEM",
        ),
        ({"certificate": str(pair.certificate), "key": str(tmp_path / "none")}, "no such file"),
        ({"key": str(pair.key)}, "--opa-key needs --opa-certificate"),
    ):
        assert words in failure("https://127.0.0.1:1", **options)


def test_the_token_does_not_show_in_the_options() -> None:
    assert TOKEN not in repr(ServerOptions("http://a", token=TOKEN))
