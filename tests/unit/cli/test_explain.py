from __future__ import annotations

import re
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dfpolicy.cli import explain
from dfpolicy.errors import UsageError
from dfpolicy.i18n.columns import width
from dfpolicy.model import MODES
from dfpolicy.policy.catalogue import Catalogue, load_catalogue
from support.languages import speak_pseudo

REF = "https://deepflow.io/docs/ce-install/overview/"


def entry(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"DF-A-00{number}",
        "title": f"Title {number}",
        "description": "A reason.",
        "group": "a",
        "level": "recommended",
        "reads": ["manifests", "nodes"],
        "impact": ["AutoTagging", "Agent start"],
        "remediation": "Set `field: 1`.",
        "since": "0.1.0",
        "modes": ["single-k8s"],
        "related_resources": [{"description": "The page", "ref": REF}],
    } | more


GROUP = {
    "group": "a",
    "title": "Group A",
    "description": "What it is.",
    "order": 1,
    "modes": ["single-k8s", "multi-k8s"],
}
CHINESE = {
    **{f"Title {number}": f"标题 {number}" for number in (1, 2, 3)},
    "A reason.": "原因很长、" * 20 + "如此。",
    "Set `field: 1`.": "设置 `field: 1`。",
    "{kind} are set": "已设置{kind}",
    "the fields": "字段",
    "Group A": "甲组",
    "What it is.": "说明。",
    "The page": "页面",
}
CATALOGUE = Catalogue(
    (GROUP,),
    (
        entry(1),
        entry(
            2,
            asks="deepflow-ctl -v",
            waivable=False,
            level="required",
            words={"kind": "the fields"},
            met="{kind} are set",
        ),
        entry(3, modes=["multi-k8s"], related=["DF-A-002"]),
    ),
)


@pytest.fixture(autouse=True)
def _catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain, "load_catalogue", lambda: CATALOGUE)
    speak_pseudo(monkeypatch, CHINESE)


def told(*arguments: str, charset: str = "utf-8", **environment: str) -> Result:
    return CliRunner(charset=charset).invoke(explain.command, arguments, env=environment)


def test_a_requirement_in_english() -> None:
    assert told("df-a-001", "--lang", "en").output.splitlines() == [
        "DF-A-001  Title 1" + " " * 63 + "recommended, Group A",
        "",
        "Why       A reason.",
        "You lose  AutoTagging, Agent start",
        "Checked   on manifests, node facts",
        "",
        "Fix       Set `field: 1`.",
        "Find out  dfpolicy check --deep",
        "",
        "Applies   single-k8s",
        "Source    The page:",
        f"          {REF}",
    ]
    more = told("DF-A-002", "--lang", "en").output
    assert "\nFind out  dfpolicy check --deep\n          deepflow-ctl -v\n" in more
    assert "\nWaiver    It cannot be waived: " in more
    assert "\nMet if    the fields are set\n" in more


def test_the_examples_of_a_requirement_are_those_of_its_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(explain, "load_catalogue", load_catalogue)
    shown = told("DF-EBPF-005", "--examples", "--lang", "en").output
    for title in ("A violation", "A pass", "An unknown, which is never a pass"):
        assert f"\n{title}\n\n    # " in shown
    assert "\n    +        - name: sys-kernel-debug\n" in shown
    assert "\n    waivers:\n      - id: DF-EBPF-005\n" in shown
    chinese = told("DF-EBPF-005", "--examples", "--lang", "zh").output
    assert "kind: DaemonSet" in chinese
    assert not re.search("^ *#", chinese, re.M)
    refused = told("ebpf", "--examples")
    assert isinstance(refused.exception, UsageError)


@pytest.mark.parametrize(("one", "other"), [("2", "3"), ("3", "2")])
def test_related_requirements_name_each_other(one: str, other: str) -> None:
    shown = told(f"DF-A-00{one}", "--lang", "en").output
    assert shown.endswith(f"\nRelated   DF-A-00{other} Title {other}\n")


def test_a_requirement_in_chinese() -> None:
    lines = told("DF-A-002", "--lang", "zh").output.splitlines()
    assert lines[0].startswith("DF-A-002  标题 2 ")
    assert REF.replace("/docs/", "/docs/zh/") in lines[-2]
    # Only names, IDs, code and addresses are left in Latin letters.
    kept = r"DF-A-00\d|single-k8s|`field: 1`|dfpolicy check --deep|deepflow-ctl -v|https:\S+"
    words = re.findall(r"[A-Za-z-]{2,}", re.sub(kept, "", "\n".join(lines[2:])))
    assert words == []


def test_chinese_texts_are_aligned_and_wrapped_by_width() -> None:
    lines = [*filter(None, told("DF-A-001", "--lang", "zh").output.splitlines()[1:])]
    margins = {width(re.match(r".*? {2,}", line)[0]) for line in lines}  # type: ignore[index]
    assert margins == {len("Formerly") * 2 + 2}
    reason = [line for line in lines if "原因" in line]
    assert len(reason) > 1
    assert all(90 < width(line) <= 100 for line in reason[:-1])


def test_a_group_and_a_mode_in_chinese() -> None:
    group = told("a", "--lang", "zh").output.splitlines()
    assert group[0] == "甲组 (a): 说明。"
    assert group[1].startswith("  DF-A-001       文")
    assert group[1].endswith("标题 1")
    mode = told("multi-k8s", "--lang", "zh").output.splitlines()
    assert re.fullmatch(r"multi-k8s: 1 文+ 3 文+ 文+", mode[0])
    assert [line.split()[0] for line in mode[1:]] == ["DF-A-001", "DF-A-002", "DF-A-003"]
    assert "文文文 文文文文文文文文文文" in mode[1]


@pytest.mark.parametrize(
    ("arguments", "environment", "chinese"),
    [
        ((), {"LC_ALL": "zh_CN.UTF-8"}, True),
        (("--lang", "auto"), {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_TW.UTF-8"}, True),
        ((), {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, False),
        (("--lang", "en"), {"LC_ALL": "zh_CN.UTF-8"}, False),
        (("--lang", "zh"), {"LC_ALL": "en_US.UTF-8"}, True),
    ],
)
def test_the_language_is_the_locales_unless_it_is_given(
    arguments: tuple[str, ...], environment: dict[str, str], chinese: bool
) -> None:
    assert ("标题" in told("DF-A-001", *arguments, **environment).output) is chinese


def test_another_language_is_refused() -> None:
    refused = told("DF-A-001", "--lang", "fr")
    assert refused.exit_code == 2
    assert "'auto', 'en', 'zh'" in refused.output


def test_unencodable_characters_become_question_marks() -> None:
    shown = told("DF-A-001", "--lang", "zh", charset="ascii")
    assert shown.exit_code == 0
    assert shown.output.startswith("DF-A-001  ?? 1 ")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("DF-A-0003", "DF-A-003?"),
        ("DF-B-002", "DF-A-002?"),
        ("k8s", "single-k8s, multi-k8s, managed-k8s?"),
        ("serverless", "serverless-pod?"),
        ("nonsense", ""),
    ],
)
def test_an_unknown_name_suggests_those_with_the_fewest_edits(name: str, near: str) -> None:
    error = told(name).exception
    assert isinstance(error, UsageError)
    assert error.hint.removeprefix("did you mean ") == (
        near or "`dfpolicy explain` lists all of them"
    )


def test_the_modes() -> None:
    lines = told("modes", "--lang", "en").output.splitlines()
    assert [line.split()[0] for line in lines[2:10]] == [*MODES]
    assert lines[3].endswith("(2 requirements)")
