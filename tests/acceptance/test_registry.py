"""Bundles in a real registry, and what pulls them: dfpolicy, conftest and OPA."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import decisions, opa_server
from support.command import Run

BROKEN = str(decisions.EXAMPLES / "single-k8s" / "broken.yaml")
CONFTEST = decisions.ROOT / ".tools" / "bin" / "conftest"
SECRET = "0123456789abcdef0123456789abcdef"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the host and port of Debian's docker-registry on the loopback interface."""
    program = shutil.which("docker-registry")
    if program is None:
        text = "there is no docker-registry; run `make tools-registry`"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)
    folder = tmp_path_factory.mktemp("registry")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    config = {
        "version": "0.1",
        "storage": {"filesystem": {"rootdirectory": str(folder / "data")}},
        "http": {"addr": host},
    }
    (folder / "config.yml").write_text(json.dumps(config), "utf-8")
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([program, "serve", folder / "config.yml"], stdout=log, stderr=log)
    try:
        end = time.monotonic() + opa_server.START_LIMIT
        while not _answers(f"http://{host}/v2/"):
            assert server.poll() is None, (folder / "log").read_text("utf-8")
            assert time.monotonic() < end
            time.sleep(0.1)
        yield host
    finally:
        server.kill()
        server.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture
def pushed(registry: str, cli: Run, tmp_path: Path) -> str:
    """Return the address of a signed bundle of this version; its key is `secret`."""
    (tmp_path / "secret").write_text(SECRET, "ascii")
    assert cli("bundle", "build", "--signing-key", "secret").returncode == 0
    address = f"oci://{registry}/dfpolicy/bundle:v1"
    done = cli("bundle", "push", "bundle.tar.gz", address)
    assert (done.returncode, done.stderr) == (0, "")
    return address


def test_a_pulled_bundle_is_the_one_that_was_pushed(pushed: str, cli: Run, tmp_path: Path) -> None:
    own = (tmp_path / "bundle.tar.gz").read_bytes()
    done = cli("bundle", "pull", pushed, "-o", "by-key.tar.gz", "--verification-key", "secret")
    assert done.returncode == 0
    digest = done.stdout.split()[-1]
    by_digest = f"{pushed.rpartition(':')[0]}@{digest}"
    assert cli("bundle", "pull", by_digest, "-o", "by-digest.tar.gz").returncode == 0
    for name in ("by-key.tar.gz", "by-digest.tar.gz"):
        assert (tmp_path / name).read_bytes() == own
    (tmp_path / "other").write_text(SECRET[::-1], "ascii")
    done = cli("bundle", "pull", pushed, "-o", "bad.tar.gz", "--verification-key", "other")
    assert done.returncode == 2
    assert not (tmp_path / "bad.tar.gz").exists()


def test_conftest_pulls_it_and_finds_the_same(pushed: str, cli: Run, tmp_path: Path) -> None:
    if not CONFTEST.exists() and not os.environ.get("CI"):
        pytest.skip("conftest is missing; run `make tools`")
    subprocess.run([CONFTEST, "pull", "--policy", "policy", pushed], cwd=tmp_path, check=True)
    done = subprocess.run(
        [
            *(CONFTEST, "test", "-p", "policy", "-n", "dfpolicy.adapters.conftest"),
            *("--combine", "-o", "json", BROKEN),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(cli("eval", BROKEN, "-o", "json").stdout)
    violated = {
        one["id"]
        for one in report["results"]
        if (one["outcome"], one["level"]) == ("violation", "required")
    }
    (told,) = json.loads(done.stdout)
    assert {one["metadata"]["id"] for one in told["failures"]} == violated != set()


def test_opa_pulls_it_and_makes_the_same_decision(pushed: str, cli: Run, tmp_path: Path) -> None:
    place = pushed.removeprefix("oci://")
    config = {
        "services": {"registry": {"url": f"http://{place.partition('/')[0]}", "type": "oci"}},
        "keys": {"dfpolicy": {"algorithm": "HS256", "key": SECRET}},
        "bundles": {
            "dfpolicy": {
                "service": "registry",
                "resource": place,
                "polling": {"min_delay_seconds": 1, "max_delay_seconds": 1},
                "signing": {"keyid": "dfpolicy"},
            }
        },
        "persistence_directory": str(tmp_path / "store"),
    }
    (tmp_path / "config.json").write_text(json.dumps(config), "utf-8")
    folder = tmp_path / "opa"
    folder.mkdir()
    arguments = ("--config-file", str(tmp_path / "config.json"))
    with opa_server.running(folder, *arguments, ready="/health?bundles=true") as server:
        by_server = cli("eval", BROKEN, "-o", "json", "--opa-url", server.url)
    assert by_server.returncode == 1, by_server.stderr
    own = cli("eval", BROKEN, "-o", "json")
    results = [json.loads(done.stdout)["results"] for done in (own, by_server)]
    assert results[0] == results[1]
