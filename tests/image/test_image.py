"""The container image: its content, and how it runs. `make test-image` builds it first.

buildah runs the image without a daemon, in a chroot.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support import command

ROOT = Path(__file__).parents[2]
BROKEN = "examples/single-k8s/broken.yaml"
Completed = subprocess.CompletedProcess[str]
Buildah = Callable[..., Completed]

pytestmark = pytest.mark.skipif(
    "DFPOLICY_IMAGE" not in os.environ, reason="only `make test-image` builds the image"
)


def run(*words: str | Path, check: bool = True) -> Completed:
    return subprocess.run(words, capture_output=True, text=True, check=check)


@pytest.fixture(scope="module")
def buildah(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Buildah]:
    """Return `buildah` with a storage of its own."""
    folder = tmp_path_factory.mktemp("storage")
    storage = ("--root", folder / "root", "--runroot", folder / "run", "--storage-driver", "vfs")

    def call(*words: str | Path, check: bool = True) -> Completed:
        return run("buildah", *storage, *words, check=check)

    yield call
    call("rm", "--all")


@pytest.fixture(scope="module")
def container(buildah: Buildah) -> str:
    """Return the name of a container of the image."""
    return buildah("from", "--quiet", f"oci-archive:{os.environ['DFPOLICY_IMAGE']}").stdout.strip()


@pytest.fixture(scope="module")
def inside(buildah: Buildah, container: str) -> Buildah:
    """Return a function that runs the entry point with arguments, in the tree of this project."""

    def call(*words: str | Path, check: bool = False) -> Completed:
        volume = f"{ROOT / 'examples'}:/work/examples:ro"
        told = ("run", "--isolation", "chroot", "--volume", volume, container, "--")
        return buildah(*told, "/usr/local/bin/dfpolicy", *words, check=check)

    return call


def test_the_configuration_has_a_user_without_privileges(buildah: Buildah, container: str) -> None:
    told = json.loads(buildah("inspect", container).stdout)["OCIv1"]["config"]
    assert told["User"] == "65532:65532"
    assert told["Entrypoint"] == ["/usr/local/bin/dfpolicy"]
    assert told["WorkingDir"] == "/work"


def test_an_evaluation_has_the_same_report_as_on_the_host(inside: Buildah) -> None:
    done = inside("eval", BROKEN)
    assert done.returncode == 1
    assert done.stdout == command.run("eval", BROKEN, folder=ROOT).stdout


def test_the_policies_and_the_probe_are_inside(inside: Buildah) -> None:
    told, own = (json.loads(call("version", "-o", "json").stdout) for call in (inside, command.run))
    assert told["policies"] == own["policies"]
    script = inside("collect", "script", "--probe").stdout
    assert script == command.run("collect", "script", "--probe").stdout


def test_signatures_and_metrics_need_nothing_else(buildah: Buildah, container: str) -> None:
    told = ("run", "--isolation", "chroot", container, "--", "/opt/dfpolicy/bin/python", "-I", "-c")
    buildah(*told, "import cryptography, jwt, prometheus_client")


def test_the_collector_of_nodes_runs(inside: Buildah) -> None:
    done = inside("collect", "node")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^  kernelRelease: ", done.stdout, re.MULTILINE)


def test_it_runs_on_a_read_only_file_system(buildah: Buildah, container: str) -> None:
    root = buildah("mount", container).stdout.strip()
    manifests = (ROOT / BROKEN).read_text("utf-8")
    script = """
        mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && mount --rbind /dev "$0/dev" &&
        ! touch "$0/work/x" 2>/dev/null && chroot "$@"
    """
    inner = ("--userspec=65532:65532", root, "/usr/local/bin/dfpolicy", "eval", "-q", "-")
    done = subprocess.run(
        ("unshare", "--mount", "sh", "-c", script, root, *inner),
        input=manifests,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == command.run("eval", "-q", "-", stdin=manifests).stdout


def test_a_second_build_gives_the_same_image(tmp_path: Path) -> None:
    image = Path(os.environ["DFPOLICY_IMAGE"])
    (wheel,) = (ROOT / "dist").glob("*.whl")
    build = ROOT / "tools" / "image" / "build.sh"
    environment = {**os.environ, "PYTHON": sys.executable}
    again = tmp_path / "again.tar"
    subprocess.run((build, wheel, again), env=environment, check=True, cwd=ROOT)
    digests = [
        run("tar", "--extract", "--to-stdout", "--file", path, "index.json").stdout
        for path in (image, again)
    ]
    assert digests[0] == digests[1] != ""
