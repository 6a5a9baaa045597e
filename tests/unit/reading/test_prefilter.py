from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy.errors import InputError
from dfpolicy.reading.documents import load_documents
from dfpolicy.reading.prefilter import find
from dfpolicy.reading.sources import with_neighbours
from support.decisions import example_decision, example_files

AGENT = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: a, labels: {app: deepflow-agent}}
spec: {}
"""
ROLE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: deepflow}\n"


def write(folder: Path, files: dict[str, str | bytes]) -> str:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(folder)


def kinds(folder: str) -> list[str]:
    return [document.value.get("kind", "-") for document in find([folder]).documents]


@pytest.mark.parametrize(
    "content",
    [
        "{{- if .Values.a }}\na: [\n",
        b"a: \xe9\n",
        b"\0\0",
        "apiVersion: v1\nkind: ConfigMap\n",
        "a: 1\na: 2\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n",
        "",
    ],
)
def test_files_that_do_not_name_deepflow_may_have_any_content(
    tmp_path: Path, content: str | bytes
) -> None:
    folder = write(tmp_path, {"a.yaml": AGENT, "b.yaml": content})
    assert kinds(folder) == ["DaemonSet"]


def test_what_may_belong_to_the_agent_is_kept(tmp_path: Path) -> None:
    facts = "apiVersion: dfpolicy.dev/v1\nkind: NodeFacts\nmetadata: {name: a}\n"
    files: dict[str, str | bytes] = {
        "agent.yaml": AGENT.encode("utf-16"),
        "facts.yaml": facts,
        "role.yaml": ROLE.replace("deepflow", "DeepFlow"),
        "deepflow-agent.yaml": "verbose: true\n",
    }
    assert len(kinds(write(tmp_path, files))) == 4


def test_base64_in_lines_does_not_hide_an_agent_before_an_error(tmp_path: Path) -> None:
    for image in (
        "!!binary |\n  ci9kZWVwZmxv\n  dy1hZ2VudA==",
        "!!binary ci9kZWVwZmxv\n dy1hZ2VudA==",
    ):
        text = f"{AGENT.replace('deepflow-agent', 'a')}image: {image}\n---\na: [\n"
        with pytest.raises(InputError):
            find([write(tmp_path, {"b.yaml": f"deepflow: 1\n---\n{text}"})])


def test_the_default_of_a_variable_does_not_hide_an_agent(tmp_path: Path) -> None:
    text = "services: {a: {image: 'r/deepflow-${X:-agent}:v7.1'}}\n"
    assert kinds(write(tmp_path, {"compose.yaml": text})) == ["-"]


def test_files_that_are_not_manifests_are_skipped(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "agent.yaml": AGENT,
        "kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\n"
        "kind: Kustomization\nnamespace: deepflow\n",
        "values.yaml": "image: {repository: deepflow-agent}\n",
        ".ci.yml": "- deepflow\n",
        "report.json": '{"apiVersion": "dfpolicy.dev/v1", "kind": "Report", "results": []}',
        "kubeconfig.yaml": "apiVersion: v1\nkind: Config\ncontexts: [{name: deepflow}]\n",
    }
    assert kinds(write(tmp_path, files)) == ["DaemonSet"]


@pytest.mark.parametrize("text", ["spec: {}\n", "metadata: {}\n", "items: []\n"])
def test_an_invalid_object_is_kept_for_its_error(tmp_path: Path, text: str) -> None:
    broken = f"apiVersion: v1\nkind: Pod\n{text}# deepflow-agent\n"
    assert kinds(write(tmp_path, {"a.yaml": broken})) == ["Pod"]


def test_without_the_agent_no_file_is_read_as_yaml(tmp_path: Path) -> None:
    folder = write(tmp_path, {"a.yaml": "deepflow: [", "b.yaml": ROLE, "c.yaml": "a: 1"})
    found = find([folder])
    assert found.documents == []
    names = f"{folder}/a.yaml, {folder}/b.yaml"
    assert found.account() == f"no DeepFlow agent in 3 files; 2 files mention DeepFlow: {names}"


def test_the_notice_is_short(tmp_path: Path) -> None:
    folder = write(tmp_path, {f"{name}.yaml": ROLE for name in "abcdefgh"})
    assert find([folder]).account().endswith(f"{folder}/c.yaml, …")
    assert find([write(tmp_path / "x", {"a.yaml": ""})]).account() == "no DeepFlow agent in 1 file"


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("image: deepflow-agent\na: [\n", "b.yaml:"),
        (
            "image: deepflow-agent\n{{ if }}\n",
            "exclude templates, and evaluate the chart with --helm",
        ),
        (b"image: deepflow-agent\n\xe9", "b.yaml:2: not valid UTF-8"),
    ],
)
def test_an_unreadable_file_that_names_the_agent_is_an_error(
    tmp_path: Path, content: str | bytes, part: str
) -> None:
    with pytest.raises(InputError) as told:
        find([write(tmp_path, {"b.yaml": content})])
    assert part in str(told.value)


def test_files_of_the_same_directory_are_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["a/1.yaml", "a/2.yml", "a/3.json", "a/4.service", "a/5.txt", "a/b/6.yaml", "7.yaml"]
    write(tmp_path, dict.fromkeys(names, ""))
    beside = ["a/1.yaml", "a/2.yml", "a/3.json", "a/4.service"]
    assert with_neighbours(["a/1.yaml"]) == beside
    assert with_neighbours(["a/5.txt", "./a/2.yml"]) == ["a/5.txt", *beside]
    assert with_neighbours(["7.yaml", "a", "-"]) == ["7.yaml", "a", "-"]
    assert with_neighbours(["a/b/*.yaml"]) == ["a/b/6.yaml"]
    with pytest.raises(InputError, match="no such file"):
        with_neighbours(["gone.yaml"])


Spell = Callable[[str], str]


def flow(value: Any, spell: Spell, key: Spell) -> str:
    """The value as YAML in flow style, with each string and key spelled like this."""
    if isinstance(value, dict):
        members = (f"{key(name)} : {flow(item, spell, key)}" for name, item in value.items())
        return "{" + ", ".join(members) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item, spell, key) for item in value) + "]"
    return spell(value) if isinstance(value, str) else json.dumps(value)


def spelled(template: str) -> Spell:
    """A spelling with an escape for each character that has one of that length."""

    def spell(text: str) -> str:
        letters = (template % ord(char) if ord(char) < 128 else char for char in text)
        return f'"{"".join(letters)}"'

    return spell


def binary(text: str) -> str:
    return f'!!binary "{base64.b64encode(text.encode()).decode()}"'


def odd_tag(text: str) -> str:
    return f'!<tag:yaml.org,2002:%62inary> "{base64.b64encode(text.encode()).decode()}"'


def broken(line_break: str) -> Spell:
    """A string with an escaped line break after each of its letters."""

    def spell(text: str) -> str:
        plain = (json.dumps(char, ensure_ascii=False)[1:-1] for char in text)
        # A space after the break would be part of it.
        escaped = ("\\x20" if char == " " else char for char in plain)
        return '"' + f"\\{line_break}".join(escaped) + '"'

    return spell


def anchored() -> Spell:
    seen: dict[str, str] = {}

    def spell(text: str) -> str:
        if text in seen:
            return f"*{seen[text]} "
        seen[text] = f"a{len(seen)}"
        return f"&{seen[text]} {json.dumps(text)}"

    return spell


def block(documents: list[Any]) -> str:
    return yaml.safe_dump_all(documents, default_style="|", allow_unicode=True, sort_keys=False)


def flowing(spell: Spell, key: Spell | None = None) -> Callable[[list[Any]], str]:
    return lambda documents: "".join(
        f"---\n{flow(item, spell, key or spell)}\n" for item in documents
    )


def anchors(documents: list[Any]) -> str:
    return "".join(flowing(anchored())([item]) for item in documents)


def directed(documents: list[Any]) -> str:
    first = flowing(lambda text: binary(text).replace("!!binary", "!b!ary"), json.dumps)
    head = "%TAG !b! tag:yaml.org,2002:bin\n"
    return head + first(documents[:1]) + flowing(binary)(documents[1:])


def lines(documents: list[Any]) -> str:
    return "".join(json.dumps(item) + "\n" for item in documents)


ENCODINGS: dict[str, tuple[Callable[[list[Any]], str], str]] = {
    "json": (lines, "utf-8"),
    "json escapes": (flowing(spelled("\\u%04x")), "utf-8"),
    "yaml escapes": (flowing(spelled("\\x%02X")), "utf-8"),
    "long escapes": (flowing(spelled("\\U%08x")), "utf-8"),
    "line breaks": (flowing(broken("\n \t"), json.dumps), "utf-8"),
    "other line breaks": (flowing(broken("\u2028 "), json.dumps), "utf-8"),
    "anchors": (anchors, "utf-8"),
    "block scalars": (block, "utf-8"),
    "binary": (flowing(binary), "utf-8"),
    "odd tag": (flowing(odd_tag), "utf-8"),
    "directive": (directed, "utf-8"),
    "byte order mark": (block, "utf-8-sig"),
    "utf-16": (lines, "utf-16"),
    "utf-16, escapes": (flowing(spelled("\\x%02x")), "utf-16"),
    "utf-16, binary": (flowing(binary), "utf-16"),
}
AGENTS = [path for path in example_files() if b"deepflow-agent" in path.read_bytes()]


def test_every_agent_is_found() -> None:
    """Everything that the policies detect as an agent contains the word that is searched."""
    for path in example_files():
        if example_decision(path)["agents"]:
            assert find([str(path)]).documents, path


@pytest.mark.parametrize("name", sorted(ENCODINGS))
def test_no_encoding_hides_an_agent(tmp_path: Path, name: str) -> None:
    encode, encoding = ENCODINGS[name]
    assert len(AGENTS) > 150
    for path in AGENTS:
        documents = [document.value for document in load_documents([str(path)])]
        # Host documents are detected by their file names.
        target = tmp_path / path.name
        target.write_bytes(encode(documents).encode(encoding))
        wanted = [document.value for document in find([str(path)]).documents]
        found = [document.value for document in find([str(target)]).documents]
        assert [json.dumps(value) for value in found] == [json.dumps(value) for value in wanted]


@pytest.mark.parametrize(
    "content",
    [
        b'a: "C:\\\\users\\\\x64eepflow-agent"\n',
        b"a: !!binary |\n  QUJD\nb: !Sub x\n",
        b"BinaryMediaTypes: [a]\nb: !Ref c\nc: [\n",
        b'{"a": "\\u00e9\\ud83d\\ude00 \\n"}',
        b"\\\\\\",
    ],
)
def test_escapes_that_spell_something_else(tmp_path: Path, content: bytes) -> None:
    found = find([write(tmp_path, {"a.yaml": content})])
    assert (found.documents, found.naming) == ([], [])


def test_base64_is_searched_in_unreadable_files(tmp_path: Path) -> None:
    text = f"image: {binary('deepflow-agent')}\nb: !Unknown c\n"
    with pytest.raises(InputError, match="Kubernetes does not know this YAML tag"):
        find([write(tmp_path, {"a.yaml": text})])
