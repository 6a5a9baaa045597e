"""Secrets planted wherever a deployment can have some appear in no format, log or cache."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy.formats import comparison, features
from dfpolicy.formats.base import FORMATS, Style, renderer
from dfpolicy.model import Report
from dfpolicy.report.comparison import compare
from support import broken_server as broken
from support import decisions
from support.access import kubeconfig
from support.command import Run
from support.decisions import Json
from support.planted import LAST_APPLIED, PLACES, written

CANARY = "tweet7canary"
_SQL = f"CREATE USER 'a'@'%' IDENTIFIED BY '{CANARY}';\nSET PASSWORD FOR a = '{CANARY}';\n"
WHY = ("--reason", "r", "--owner", "o")


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
        document["data"] |= {"password": CANARY, "api_token": CANARY, "a.sql": _SQL}
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
        _plant_container(container)
    _plant_annotations(document)
    return document


def _plant_annotations(document: Json) -> None:
    metadata = document.get("metadata")
    if isinstance(metadata, dict) and document.get("kind"):
        metadata["annotations"] = (metadata.get("annotations") or {}) | {
            LAST_APPLIED: json.dumps({"any": CANARY}),
            "example.com/any": CANARY,
        }


def _plant_container(container: Json) -> None:
    """Plant a canary in each field of a container that can contain a secret."""
    words = [f"--password={CANARY}", "--token", CANARY, f"--to=http://u:{CANARY}@h/"]
    container["args"] = [*(container.get("args") or []), *words]
    command = container.get("command")
    if isinstance(command, list) and command:
        container["command"] = [*command, f"--api-key={CANARY}"]
    image = container.get("image")
    if isinstance(image, str) and image:
        container["image"] = f"u:{CANARY}@{image}"
    action = {
        "httpGet": {
            "port": 1,
            "path": f"/?key={CANARY}",
            "httpHeaders": [{"name": "Authorization", "value": CANARY}],
        }
    }
    container["livenessProbe"] = action
    container["startupProbe"] = {"exec": {"command": ["check", CANARY]}}
    container["lifecycle"] = {"preStop": action}


def _plain_kind(document: Json) -> str:
    """The kind that a host document is read as."""
    marks = {"services": "ComposeProject", "controller-ips": "AgentConfig", "type": "Domain"}
    return next((kind for mark, kind in marks.items() if mark in document), "")


def _plant_environment(service: Json) -> None:
    given = service.get("environment")
    if isinstance(given, list):
        service["environment"] = [*given, f"DB_PASSWORD={CANARY}"]
    else:
        service["environment"] = (given or {}) | {"DB_PASSWORD": CANARY}


def _configured(text: Any) -> Any:
    """The file with a planted password, if it is a file of settings."""
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


WHOLE = decisions.whole_files()
VIOLATIONS = [path for path in decisions.violating_files() if path not in WHOLE]


@pytest.mark.parametrize(
    "paths",
    [
        pytest.param(WHOLE, id="whole deployments"),
        pytest.param(VIOLATIONS, id="violations", marks=pytest.mark.slow),
    ],
)
def test_no_format_shows_a_canary(paths: list[Path], tmp_path: Path, cli: Run) -> None:
    for path in paths:
        text = yaml.safe_dump_all(_documents(path))
        assert CANARY in text
        mode = decisions.mode_of(path)
        done = cli("eval", "-", "-m", mode, "-v", "-o", "text", "-o", "json=report", stdin=text)
        assert CANARY not in done.stdout + done.stderr, path
        if "no DeepFlow agent in the input" in done.stderr:
            # An example of the server alone.
            continue
        assert done.returncode in (0, 1), done.stderr
        report: Report = json.loads((tmp_path / "report").read_text("utf-8"))
        for form, shown in _shown(report):
            assert CANARY not in shown, (path, form)


# Requirements read these, or a user's own. An OPA server sees them; no report quotes them.
READ = {
    "known key of the agent's file",
    "known option",
    "read annotation",
    "read setting of the server's file",
    "field of any kind",
}


@pytest.mark.parametrize("mode", ["single-k8s", "legacy-host"])
def test_a_secret_in_any_place_reaches_no_output(mode: str, tmp_path: Path, cli: Run) -> None:
    """Each place has a secret of its own, without a form by which it could be detected."""
    words = {name: f"tweet{number}canary" for number, name in enumerate(PLACES)}
    for number, (name, word) in enumerate(words.items()):
        folder = tmp_path / "in" / str(number)
        folder.mkdir(parents=True)
        file, content = written(PLACES[name], word, f"n{number}")
        assert word in content
        (folder / file).write_text(content, "utf-8")
    for folder in (tmp_path / "out", tmp_path / "cache"):
        folder.mkdir()
    outputs = [part for form in FORMATS for part in ("-o", f"{form}=out/{form}")]
    debug = {"DFPOLICY_DEBUG": "1", "DFPOLICY_CACHE_DIR": str(tmp_path / "cache")}
    shown: dict[str, str] = {}
    with broken.answering([broken.status(403)]) as server:
        for command, codes in (
            (("eval", "in", "-v", "-m", mode, *outputs), (0, 1)),
            *((("features", "in", "-o", form), (0,)) for form in features.FORMATS),
            *((("diff", "out/json", "out/json", "-o", form), (0,)) for form in comparison.FORMATS),
            (("eval", "in", "-m", mode, "--opa-url", server.url, "--opa-any-revision"), (3,)),
            (("waive", "--all", "out/json", *WHY, "--config", "out/waivers"), (0,)),
        ):
            done = cli(*command, env=debug)
            assert done.returncode in codes, done.stderr
            shown[" ".join(command)] = done.stdout + done.stderr
    for path in (*(tmp_path / "out").iterdir(), *(tmp_path / "cache").rglob("*")):
        if path.is_file():
            shown[path.name] = path.read_bytes().decode("utf-8", "replace")
    sent = b"".join(server.requests).decode()
    found = {
        (name, at) for at, text in shown.items() for name, word in words.items() if word in text
    }
    assert found == set()
    assert {name for name, word in words.items() if word in sent} == READ


SERVER_FILE = f"""\
controller:
  listen-port: 20417
  genesis:
    local_ip_ranges: [10.0.0.0/8]
  mysql:
    user-name: root
    user-password: {CANARY}
    host: db.example.com
    any: {CANARY}
"""


def _cluster() -> list[Json]:
    """The example's agent, a server, and other objects, with canaries in every place."""
    path = decisions.EXAMPLES / "single-k8s" / "manifests.yaml"
    found = [one for one in _documents(path) if one["kind"] in ("DaemonSet", "ConfigMap")]
    mounts = [{"name": "server", "mountPath": "/etc/server.yaml", "subPath": "server.yaml"}]
    mounts += [{"name": "sql", "mountPath": "/docker-entrypoint-initdb.d"}]
    server = {"name": "deepflow-server", "image": "r/deepflow-server:v7", "volumeMounts": mounts}
    volumes = [{"name": name, "configMap": {"name": name}} for name in ("server", "sql")]
    pod = {"containers": [server], "volumes": volumes, "serviceAccountName": "deepflow-agent"}
    labels = {"app": "deepflow", "component": "deepflow-server"}
    template = {"metadata": {"labels": labels}, "spec": pod}
    found.append(
        planted(
            {"kind": "Deployment", "metadata": {"name": "s"}, "spec": {"template": template}},
        )
    )
    files = {"server.yaml": SERVER_FILE, "a.sql": _SQL}
    for name in ("server", "sql"):
        found.append({"kind": "ConfigMap", "metadata": {"name": name}, "data": files})
    found.append(planted({"kind": "Node", "metadata": {"name": "n"}}))
    config = json.dumps({"type": "macvlan", "token": CANARY})
    others: dict[str, Json] = {
        "ServiceAccount": {"secrets": [{"name": CANARY}]},
        "StorageClass": {"parameters": {"any": CANARY}},
        "NetworkAttachmentDefinition": {"spec": {"config": config}},
        "ClusterRoleBinding": {"subjects": [{"kind": "User", "name": "u", "any": CANARY}]},
    }
    for kind, body in others.items():
        found.append(planted({"kind": kind, "metadata": {"name": "deepflow-agent"}, **body}))
    for one in found:
        one["metadata"]["namespace"] = "deepflow"
    return found


def _served(objects: list[Json]) -> broken.Choice:
    """Answer as an API server with these objects."""

    def choose(request: bytes) -> broken.Answer:
        path = request.split()[1].decode().partition("?")[0]
        answer: Json = {"groups": [{"name": "k8s.cni.cncf.io"}]}
        if path not in ("/version", "/apis"):
            lists = [one for one in objects if path.endswith(_plural(one["kind"]))]
            places = [f"{_plural(one['kind'])}/{one['metadata']['name']}" for one in objects]
            named = [one for one, place in zip(objects, places, strict=True) if place in path]
            answer = named[0] if named else {"items": lists}
        return broken.status(200, json.dumps(answer).encode())

    return choose


def _plural(kind: str) -> str:
    plural = f"/{kind.lower()}s"
    return {
        "/networkattachmentdefinitions": "/network-attachment-definitions",
        "/storageclasss": "/storageclasses",
    }.get(plural, plural)


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_no_canary_is_collected_from_a_cluster(form: str, tmp_path: Path, cli: Run) -> None:
    objects = _cluster()
    assert all(CANARY in json.dumps(one) for one in objects)
    with broken.answering(_served(objects)) as server:
        path = kubeconfig(tmp_path / "kubeconfig", server.url)
        done = cli("collect", "cluster", "--kubeconfig", path, "-o", form)
    assert (done.returncode, done.stderr) == (0, "")
    assert CANARY not in done.stdout
    found = yaml.safe_load(done.stdout)["items"]
    assert {one["kind"] for one in found} == {"ClusterFacts", *(one["kind"] for one in objects)}
    names = [one["metadata"]["name"] for one in found if one["kind"] == "ConfigMap"]
    # Requirements do not read the SQL.
    assert names == ["deepflow-agent", "server"]
    (server_file,) = (one["data"] for one in found if one["metadata"]["name"] == "server")
    assert yaml.safe_load(server_file["server.yaml"]) == {
        "controller": {
            "genesis": {"local_ip_ranges": ["10.0.0.0/8"]},
            "mysql": {"host": "db.example.com"},
        }
    }


def _shown(report: Report) -> Iterator[tuple[str, str]]:
    """The report in each format, and in each style that shows more or something else."""
    for form in FORMATS:
        yield form, renderer(form)(report, Style(verbose=True))
    for style in (Style(), Style(unicode=False)):
        yield "text", renderer("text")(report, style)
    for form in features.FORMATS:
        yield form, features.render(report["features"], form)
    empty: Report = {**report, "results": []}
    for form in comparison.FORMATS:
        yield form, comparison.renderer(form)(compare(empty, report), Style())


OURS = "apiVersion: dfpolicy.dev/v1\nmetadata: {name: a}\nkind: "
# Input that is refused at a place, and the words of the error.
MALFORMED = {
    "apiVersion: v1\nkind: ConfigMap\ndata: {password: C, password: C}\n": "duplicate key",
    "apiVersion: v1\nkind: Secret\nstringData:\n  password: 'C\n": "not valid YAML",
    "apiVersion: v1\nkind: Secret\nstringData: {password: !C C}\n": "does not know this YAML tag",
    "apiVersion: v1\nkind: Secret\nstringData: {? [C] : C}\n": "a mapping key must be a string",
    "apiVersion: v1\nkind: Secret\nstringData: {password: *C}\n": "an alias is not defined",
    f"{OURS}NodeFacts\nspec: {{btf: C}}\n": "spec.btf",
    '{"apiVersion": "v1", "kind": "Secret", "stringData": {"password": "C" "C"}}': "not valid YAML",
    "apiVersion: v1\nkind: Secret\nstringData: {password: C\0}\n": "NUL",
    f"{OURS}RunningRelease\nspec: C\n": "RunningRelease: spec",
}


@pytest.mark.parametrize("text", MALFORMED)
@pytest.mark.parametrize("debug", ["", "1"])
def test_no_message_shows_a_canary(text: str, debug: str, cli: Run) -> None:
    sown = re.sub(r"\bC\b", CANARY, text)
    assert CANARY in sown
    done = cli("eval", "-", stdin=sown, env={"DFPOLICY_DEBUG": debug})
    assert (done.returncode, done.stdout) == (2, "")
    assert re.match(r"dfpolicy: error: stdin:\d+: .*" + MALFORMED[text], done.stderr)
    assert CANARY not in done.stderr


def test_the_cache_contains_no_canary(tmp_path: Path, dfpolicy: Run) -> None:
    cache_folder = tmp_path / "cache"
    text = yaml.safe_dump_all(_documents(decisions.EXAMPLES / "single-k8s" / "broken.yaml"))
    env = {"DFPOLICY_CACHE_DIR": str(cache_folder)}
    assert dfpolicy("eval", "-", stdin=text, env=env).returncode == 1
    kept = [path for path in cache_folder.rglob("*") if path.is_file()]
    assert kept
    assert all(CANARY.encode() not in path.read_bytes() for path in kept)
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
