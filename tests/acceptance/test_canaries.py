"""Secrets that are planted wherever a deployment has some come out of no format, log or cache."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy.formats import comparison, features
from dfpolicy.formats.base import FORMATS, Style, renderer
from dfpolicy.report.comparison import compare
from support import decisions
from support.decisions import Json

Run = Callable[..., "subprocess.CompletedProcess[str]"]

CANARY = "tweet7canary"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def planted(document: Json) -> Json:
    """The document with a canary at each place where its kind keeps secrets."""
    document = deepcopy(document)
    kind, spec = document.get("kind"), document.get("spec") or {}
    if kind is None:
        kind, spec = _plain_kind(document), document
    if kind == "Secret":
        document["data"] = {"token": CANARY}
        document["stringData"] = {"password": CANARY}
        document["metadata"]["annotations"] = {LAST_APPLIED: json.dumps({"data": CANARY})}
    if kind == "ConfigMap":
        data = document.setdefault("data", {}) or {}
        document["data"] = {name: _configured(text) for name, text in data.items()}
        document["data"] |= {"password": CANARY, "api_token": CANARY}
    if kind == "ComposeProject":
        for service in spec.get("services", {}).values():
            _plant_environment(service)
            service["command"] = ["--token", CANARY, f"--password={CANARY}"]
    if kind == "SystemdUnit":
        service = spec.setdefault("Service", {})
        service["Environment"] = [f"DB_PASSWORD={CANARY} A=b", f'"API_TOKEN={CANARY}"']
    if kind == "AgentConfig":
        spec["api-password"] = CANARY
    if kind in ("Domain", "Subdomain", "ServerConfig"):
        spec["config"] = (spec.get("config") or {}) | {"secret_key": CANARY, "token": CANARY}
        spec["mysql"] = {"user-password": CANARY}
    for container in _containers(spec):
        container["env"] = [
            *(container.get("env") or []),
            {"name": "MYSQL_PASSWORD", "value": CANARY},
            {"name": "DEEPFLOW_TOKEN", "value": CANARY},
        ]
        container["args"] = [*(container.get("args") or []), f"--password={CANARY}"]
    return document


def _plain_kind(document: Json) -> str:
    """The kind that a document of hosts is read as."""
    marks = {"services": "ComposeProject", "controller-ips": "AgentConfig", "type": "Domain"}
    return next((kind for mark, kind in marks.items() if mark in document), "")


def _plant_environment(service: Json) -> None:
    given = service.get("environment")
    if isinstance(given, list):
        service["environment"] = [*given, f"DB_PASSWORD={CANARY}"]
    else:
        service["environment"] = (given or {}) | {"DB_PASSWORD": CANARY}


def _configured(text: Any) -> Any:
    """A file of settings with a password among them, where it is one."""
    try:
        found = yaml.safe_load(text) if isinstance(text, str) else None
    except yaml.YAMLError:
        found = None
    if not isinstance(found, dict):
        return text
    secrets = {"password": CANARY, "mysql": {"user-password": CANARY}, "api-token": CANARY}
    return yaml.safe_dump(found | secrets)


def _containers(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        for key in ("containers", "initContainers"):
            yield from value.get(key) or ()
        for item in value.values():
            yield from _containers(item)


def _documents(path: Path) -> Iterator[Json]:
    for document in yaml.safe_load_all(path.read_text("utf-8")):
        if document:
            items = document["items"] if document.get("kind") == "List" else [document]
            yield from map(planted, items)
    yield planted({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "deepflow"}})


@cache
def sources() -> dict[str, Path]:
    """The examples that violate, and those of whole deployments, by name."""
    listed = decisions.example_files()
    return {
        str(path.relative_to(decisions.EXAMPLES)): path
        for path in listed
        if decisions.REQUIREMENTS not in path.parents or path.stem == "violation"
    }


@pytest.mark.parametrize("name", sorted(sources()))
def test_no_format_shows_a_canary(name: str, tmp_path: Path, dfpolicy: Run) -> None:
    path = sources()[name]
    documents = list(_documents(path))
    text = yaml.safe_dump_all(documents)
    assert CANARY in text
    (tmp_path / "in.yaml").write_text(text, "utf-8")
    target = tmp_path / "report.json"
    mode = decisions.mode_of(path)
    done = dfpolicy("eval", "in.yaml", "-m", mode, "-v", "-o", "text", "-o", f"json={target}")
    assert CANARY not in done.stdout + done.stderr
    if "no DeepFlow agent found" in done.stderr:
        # An example of the server alone.
        return
    assert done.returncode in (0, 1), done.stderr
    report = json.loads(target.read_text("utf-8"))
    for style in (Style(verbose=True), Style(), Style(unicode=False)):
        for form in FORMATS:
            assert CANARY not in renderer(form)(report, style), form
    for form in features.FORMATS:
        assert CANARY not in features.render(report["features"], form), form
    empty = report | {"results": []}
    for form in comparison.FORMATS:
        shown = comparison.renderer(form)(compare(empty, report), Style())
        assert CANARY not in shown, form


MALFORMED = {
    "duplicate": "apiVersion: v1\nkind: ConfigMap\ndata: {password: C, password: C}\n",
    "not closed": "apiVersion: v1\nkind: Secret\nstringData:\n  password: 'C\n",
    "tag": "apiVersion: v1\nkind: Secret\nstringData: {password: !C C}\n",
    "key": "apiVersion: v1\nkind: Secret\nstringData: {? [C] : C}\n",
    "anchor": "apiVersion: v1\nkind: Secret\nstringData: {password: *C}\n",
    "fact": "apiVersion: dfpolicy.dev/v1\nkind: NodeFacts\nmetadata: {name: a}\nspec: {btf: C}\n",
    "json": '{"apiVersion": "v1", "kind": "Secret", "stringData": {"password": "C" "C"}}',
    "binary": "apiVersion: v1\nkind: Secret\nstringData: {password: C\x00}\n",
    "configuration": "apiVersion: dfpolicy.dev/v1\nkind: RunningRelease\nspec: C\n",
}


@pytest.mark.parametrize("name", sorted(MALFORMED))
@pytest.mark.parametrize("debug", ["", "1"])
def test_no_message_shows_a_canary(name: str, debug: str, tmp_path: Path, dfpolicy: Run) -> None:
    text = MALFORMED[name].replace("C", CANARY) if "{" in name else _sown(MALFORMED[name])
    done = dfpolicy("eval", "-", stdin=text, env={"DFPOLICY_DEBUG": debug})
    assert done.returncode == 2
    assert CANARY not in done.stdout + done.stderr


def _sown(text: str) -> str:
    """The text with a canary at each C that stands alone."""
    parts = text.replace("ConfigMap", "\0").split("C")
    return CANARY.join(parts).replace("\0", "ConfigMap").replace(f"{CANARY}lusterF", "ClusterF")


def test_the_cache_holds_no_canary(tmp_path: Path, dfpolicy: Run) -> None:
    cache_folder = tmp_path / "cache"
    text = yaml.safe_dump_all(_documents(decisions.EXAMPLES / "single-k8s" / "broken.yaml"))
    env = {"DFPOLICY_CACHE_DIR": str(cache_folder)}
    assert dfpolicy("eval", "-", stdin=text, env=env).returncode == 1
    kept = [path for path in cache_folder.rglob("*") if path.is_file()]
    assert kept
    assert all(CANARY.encode() not in path.read_bytes() for path in kept)
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
