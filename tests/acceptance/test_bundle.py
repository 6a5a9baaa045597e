"""`dfpolicy bundle`, and real OPA servers that pull its bundles."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dfpolicy.policy.opa_bundle import packed
from dfpolicy.policy.source import Files, policy_files, revision
from support import decisions, opa_server
from support.certificates import self_signed
from support.command import Run
from support.decisions import EXAMPLES

MANIFESTS = str(EXAMPLES / "single-k8s" / "manifests.yaml")
SECRET = "0123456789abcdef0123456789abcdef"
REVISION = revision(policy_files())
# OPA waits that many seconds between its attempts.
POLLING = {"min_delay_seconds": 1, "max_delay_seconds": 1}


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(SECRET, "ascii")
    return path


def pulling(folder: Path, url: str) -> list[str]:
    """The arguments of an OPA that pulls bundle.tar.gz and accepts it if it is signed."""
    folder.mkdir(exist_ok=True)
    config = {
        "services": {"bundles": {"url": url}},
        "keys": {"dfpolicy": {"algorithm": "HS256", "key": SECRET}},
        "status": {"console": True},
        "bundles": {
            "dfpolicy": {
                "service": "bundles",
                "resource": "bundle.tar.gz",
                "polling": POLLING,
                "signing": {"keyid": "dfpolicy"},
            }
        },
    }
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return ["--config-file", str(folder / "config.json")]


def test_a_bundle_is_byte_identical_in_every_process(cli: Run, tmp_path: Path) -> None:
    first = cli("bundle", "build")
    second = cli("bundle", "build", "-o", str(tmp_path / "b.tar.gz"))
    assert first.stdout.splitlines()[1:] == second.stdout.splitlines()[1:]
    other = tmp_path / "other"
    other.mkdir()
    # Another process has another seed of hashes.
    command = [sys.executable, "-m", "dfpolicy", "bundle", "build"]
    subprocess.run(command, cwd=other, check=True, stdout=subprocess.DEVNULL)
    made = {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (tmp_path / "bundle.tar.gz", tmp_path / "b.tar.gz", other / "bundle.tar.gz")
    }
    assert len(made) == 1
    assert first.stdout.splitlines()[1:] == [f"revision  {REVISION}", f"sha256    {made.pop()}"]


def test_inspect_and_verify(cli: Run, tmp_path: Path, secret: Path) -> None:
    cli("bundle", "build", "--signing-key", str(secret), "--signing-key-id", "mine")
    shown = json.loads(cli("bundle", "inspect", "bundle.tar.gz", "-o", "json").stdout)
    assert (shown["revision"], shown["content"], shown["thisVersion"]) == (
        REVISION,
        REVISION,
        "yes",
    )
    assert shown["signature"] == "HS256, key mine"
    assert shown["sha256"] == hashlib.sha256((tmp_path / "bundle.tar.gz").read_bytes()).hexdigest()
    from dfpolicy.policy.catalogue import load_catalogue

    wanted = sorted(entry["id"] for entry in load_catalogue().requirements)
    assert shown["requirements"] == wanted
    text = cli("bundle", "inspect", "bundle.tar.gz").stdout
    assert f"revision      {REVISION}\n" in text
    done = cli("bundle", "verify", "bundle.tar.gz", "--verification-key", str(secret))
    assert (done.returncode, done.stdout) == (
        0,
        f"verified: revision {REVISION}, {len(policy_files()) + 1} files, signed with HS256\n",
    )


def test_a_modified_bundle_fails_verification(cli: Run, tmp_path: Path, secret: Path) -> None:
    (tmp_path / "unsigned").write_bytes(packed(policy_files()))
    (tmp_path / "tampered").write_bytes(tampered(secret))
    (tmp_path / "text").write_text("no bundle, but long enough", "utf-8")
    for name, words in (
        ("unsigned", "the bundle is not signed"),
        ("tampered", "a file in the bundle was changed: dfpolicy/main/main.rego"),
        ("text", "not a gzip archive"),
        ("none", "cannot read the bundle:"),
    ):
        done = cli("bundle", "verify", name, "--verification-key", str(secret))
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert f"{name}: {words}" in done.stderr


def test_a_wrong_revision_fails_verification(
    cli: Run, tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dfpolicy.policy.signature import signed

    monkeypatch.setattr("dfpolicy.policy.opa_bundle.revision", lambda _: "0" * 12)
    lying = packed(policy_files(), lambda files: signed(files, str(secret)))
    (tmp_path / "b").write_bytes(lying)
    done = cli("bundle", "verify", "b", "--verification-key", str(secret))
    assert done.returncode == 2
    assert "the bundle's revision does not match its content" in done.stderr


def tampered(secret: Path) -> bytes:
    """A bundle with a signature of other files."""
    from dfpolicy.policy.signature import signed

    files = dict(policy_files())
    files["dfpolicy/main/main.rego"] += b"\n# changed\n"

    def sign(packed_files: Files) -> bytes:
        before = policy_files()["dfpolicy/main/main.rego"]
        return signed({**packed_files, "dfpolicy/main/main.rego": before}, str(secret))

    return packed(files, sign)


@pytest.mark.slow
def test_two_opa_replicas_pull_the_bundle(cli: Run, tmp_path: Path, secret: Path) -> None:
    decisions.need_opa()
    cli("bundle", "build", "--signing-key", str(secret))
    (tmp_path / "www").mkdir()
    shutil.move(tmp_path / "bundle.tar.gz", tmp_path / "www")
    embedded = cli("eval", MANIFESTS, "-o", "json")
    ready = "/health?bundles"
    with (
        opa_server.serving(tmp_path / "www") as url,
        opa_server.running(tmp_path / "1", *pulling(tmp_path / "1", url), ready=ready) as first,
        opa_server.running(tmp_path / "2", *pulling(tmp_path / "2", url), ready=ready) as second,
    ):
        for replica in (first, second):
            assert replica.bundle_status("dfpolicy")["active_revision"] == REVISION
            done = cli("eval", MANIFESTS, "-o", "json", "--opa-url", replica.url)
            assert (done.returncode, done.stderr) == (embedded.returncode, "")
            report, wanted = json.loads(done.stdout), json.loads(embedded.stdout)
            assert report.pop("dfpolicy")["engine"] == "server"
            assert report == {key: wanted[key] for key in wanted if key != "dfpolicy"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "words"), [("unsigned", "missing .signatures.json"), ("tampered", "digest mismatch")]
)
def test_a_server_refuses_a_modified_bundle(
    cli: Run, tmp_path: Path, secret: Path, kind: str, words: str
) -> None:
    decisions.need_opa()
    (tmp_path / "www").mkdir()
    content = packed(policy_files()) if kind == "unsigned" else tampered(secret)
    (tmp_path / "www" / "bundle.tar.gz").write_bytes(content)
    with (
        opa_server.serving(tmp_path / "www") as url,
        opa_server.running(tmp_path / "1", *pulling(tmp_path / "1", url)) as server,
    ):
        opa_server.wait(lambda: "message" in server.bundle_status("dfpolicy"), server.log)
        status = server.bundle_status("dfpolicy")
        assert "active_revision" not in status
        assert words in json.dumps(status)
        assert server.get("/health?bundles") is None
        done = cli("eval", MANIFESTS, "--opa-url", server.url)
        assert (done.returncode, done.stdout) == (3, "")
        assert (
            "the server has no policy dfpolicy/main, and its bundles are not active" in done.stderr
        )


@pytest.mark.slow
def test_a_server_with_tls_and_a_token(cli: Run, tmp_path: Path) -> None:
    """A real OPA that requires a token and limits the input."""
    decisions.need_opa()
    pair = self_signed(tmp_path / "s")
    folder = tmp_path / "opa"
    folder.mkdir()
    (folder / "bundle.tar.gz").write_bytes(packed(policy_files()))
    (folder / "authz").mkdir()
    (folder / "authz" / ".manifest").write_text('{"roots": ["system"]}', "utf-8")
    (folder / "authz" / "authz.rego").write_text(
        'package system.authz\n\ndefault allow := false\n\nallow if input.identity == "t0ken"\n',
        "utf-8",
    )
    (folder / "config.json").write_text(
        json.dumps({"server": {"decoding": {"max_length": 50_000}}}), "utf-8"
    )
    arguments = [
        *("--bundle", str(folder / "bundle.tar.gz"), str(folder / "authz")),
        *("--config-file", str(folder / "config.json")),
        *("--authentication", "token", "--authorization", "basic"),
        *("--tls-cert-file", str(pair.certificate)),
        *("--tls-private-key-file", str(pair.key)),
    ]
    with opa_server.running(folder, *arguments, ready="", scheme="https") as server:
        shown = ["--opa-ca", str(pair.certificate)]
        plain = ["eval", MANIFESTS, "--opa-url", server.url]
        known = [*plain, *shown]
        token = {"DFPOLICY_OPA_TOKEN": "t0ken"}
        assert cli(*known, env=token).returncode == 0
        for arguments_, variables, words in (
            (plain, token, "the server's certificate is not trusted: self"),
            (known, {"DFPOLICY_OPA_TOKEN": "wr0ng"}, "(status 401)"),
            (known, {}, "(status 401)"),
            (
                [*plain[:1], "-", *plain[2:], *shown],
                token,
                "the input is larger than the server allows",
            ),
        ):
            text = Path(MANIFESTS).read_text("utf-8") + "---\n" + big_object()
            done = cli(*arguments_, stdin=text, env=variables)
            assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
            assert words in done.stderr
            assert "t0ken" not in done.stderr
            assert "wr0ng" not in done.stderr


def big_object() -> str:
    data = {"a": "x" * 200_000}
    document = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": data}
    return json.dumps(document)
