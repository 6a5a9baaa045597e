"""What to change, in each format: the same values and patches, whole and readable as YAML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import yaml

from dfpolicy.formats import proposed as parts
from dfpolicy.formats.base import Style, renderer
from dfpolicy.i18n.language import speaking
from dfpolicy.model import Language, Report
from dfpolicy.pipeline import judge, spoken
from dfpolicy.reading.documents import split
from dfpolicy.reading.sources import Source
from dfpolicy.settings.resolution import resolve
from support.proposals import proposed
from support.reports import hostile_proposal

each_language = pytest.mark.parametrize("language", ["en", "zh"])


def rendered(name: str, report: Report, language: Language = "en", **style: Any) -> str:
    with speaking(language):
        return renderer(name)(spoken(report, language), Style(**style))


def section(text: str, heading: str) -> list[str]:
    """The lines below a heading of the text report."""
    lines = text.splitlines()
    start = lines.index(heading) + 1
    return lines[start : lines.index("", start)]


def file_of(lines: list[str], title: str) -> Any:
    """The YAML below a title."""
    start = next(i for i, line in enumerate(lines) if title in line) + 1
    own = [line for line in lines[start:] if line.startswith(" " * 6)]
    return yaml.safe_load("\n".join(own))


@each_language
def test_the_text_shows_values_that_can_be_copied(language: Language) -> None:
    report = proposed()
    heading = {"en": "CHANGE", "zh": "怎么改"}[language]
    lines = section(rendered("text", report, language), heading)
    end = next(i for i, line in enumerate(lines) if "DaemonSet" in line)
    held = report["verdict"]["proposal"]["values"]["content"]
    assert file_of(lines[:end], "deepflow-agent 7.1.002") == held
    patch = "      spec.template.spec.hostPID: true"
    (line,) = [line for line in lines if line.startswith(patch)]
    assert line.split() == [*patch.split(), "#", "1"]
    assert "         sysctl -w kernel.kptr_restrict=1" in lines
    command = report["verdict"]["next"]["change"][0]
    assert lines[-1].strip() == command
    assert not any("kptr_restrict" in one["text"] for one in report["verdict"]["changes"])


def long() -> Report:
    """A report with values, operations and texts that do not fit."""
    made = deepcopy(proposed())
    found = made["verdict"]["proposal"]
    found["values"]["content"] = {f"key{i}": i for i in range(100)}
    operation = found["operations"][0]
    target = operation["operation"]["target"]
    found["operations"] = [
        {**operation, "operation": {"op": "set", "target": target, "path": [f"f{i}"], "value": i}}
        for i in range(100)
    ]
    others: Any = [{**target, "name": f"other-{i}"} for i in range(100)]
    found["operations"] += [
        {**operation, "operation": {"op": "set", "target": one, "path": ["z"], "value": 1}}
        for one in others
    ]
    return made


def test_each_part_has_lines_and_what_does_not_fit_is_counted() -> None:
    text = rendered("text", long())
    assert text.count("\n") <= 65
    lines = section(text, "CHANGE")
    assert "      key0: 0" in lines
    assert any(line.startswith("      f0: 0") for line in lines)
    assert any("kptr_restrict=1" in line for line in lines)
    left = [int(found) for found in re.findall(r"and (\d+) more: -v", "\n".join(lines))]
    shown = sum(bool(re.match(r"      (key|f)\d", line)) for line in lines)
    assert sum(left) + shown == 200
    (objects,) = re.findall(r"and (\d+) more objects: -v", "\n".join(lines))
    assert int(objects) + sum("DaemonSet" in line for line in lines) == 101
    assert rendered("text", long(), verbose=True).count("\n") <= 160


def blocks_of_markdown(text: str) -> Iterator[str]:
    for match in re.finditer(r"^(```+)yaml\n(.*?)^\1$", text, re.DOTALL | re.MULTILINE):
        yield match[2]


@each_language
def test_markdown_and_html_have_the_files(language: Language) -> None:
    made = deepcopy(proposed())
    found = made["verdict"]["proposal"]
    # A string of several lines stays one, and a fence in it ends nothing.
    found["values"]["content"] = {"a": {"b": "x: 1\n```\ny: '2'\n"}, "c": [{"d": [1, "y"]}, "no"]}
    expected = [found["values"]["content"], *found["patch"]]
    markdown = "---\n".join(blocks_of_markdown(rendered("markdown", made, language)))
    assert list(yaml.safe_load_all(markdown)) == expected
    page = rendered("html", made, language)
    files = re.findall(r'<pre class="command"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert list(yaml.safe_load_all("---\n".join(map(html.unescape, files)))) == expected
    for command in made["verdict"]["next"]["change"]:
        assert f'<code class="command">{command}</code>' in page


def test_a_file_is_the_content_whatever_it_contains() -> None:
    found = hostile_proposal()
    assert yaml.safe_load(parts.values_text(found)) == found["values"]["content"]
    assert list(yaml.safe_load_all(parts.patch_text(found))) == found["patch"]


COMPOSE = """
services:
  deepflow-agent:
    image: registry.example.com/deepflow-agent:v7.1
    restart: always
    cap_add: [SYS_ADMIN, SYS_RESOURCE, SYS_PTRACE, NET_ADMIN, NET_RAW, IPC_LOCK]
    network_mode: host
    pid: host
"""
UNIT = """
[Unit]
After=network-online.target
[Service]
ExecStart=/usr/sbin/deepflow-agent -f /etc/deepflow-agent.yaml
LimitNOFILE=65536
User=deepflow
"""
ON_HOSTS = [
    (
        "compose.yaml",
        COMPOSE,
        [
            "services.deepflow-agent.cap_add: + SYSLOG",
            'services.deepflow-agent.volumes: + "/sys/kernel/debug:/sys/kernel/debug:ro"',
        ],
    ),
    (
        "deepflow-agent.service",
        UNIT,
        [
            "+ [Install] WantedBy=multi-user.target",
            "- [Service] User=",
            "[Service] Delegate=true",
            "[Service] Restart=always",
        ],
    ),
]


@pytest.mark.parametrize(("name", "text", "lines"), ON_HOSTS)
def test_operations_on_hosts_are_what_differs_in_the_form_of_the_file(
    name: str, text: str, lines: list[str]
) -> None:
    report = judge(split(Source(name, text)), resolve({}, {}, None))
    (block,) = parts.operations(report["verdict"]["proposal"])
    assert sorted(line.text for line in block.lines) == sorted(lines)
