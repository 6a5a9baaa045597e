from __future__ import annotations

import pytest

from dfpolicy.i18n.language import speaking
from dfpolicy.policy.catalogue import Catalogue
from dfpolicy.policy.requirement_words import localized, translated_catalogue
from support.languages import speak

DEEPFLOW = "https://deepflow.io/docs/ce-install/overview/"
LINKS = [
    {"description": "The page", "ref": DEEPFLOW},
    {"description": "Another", "ref": "https://kubernetes.io/docs/"},
]
GROUP = {"group": "a", "title": "Group", "description": "What it is."}
ENTRY = {
    "id": "DF-A-001",
    "title": "A title",
    "description": "Why.",
    "remediation": "Add `{resource}` of {group}.",
    "words": {"resource": "pods", "group": "the core group"},
    "related_resources": LINKS,
}
WORDS: dict[str | tuple[str, str], str] = {
    "Group": "组",
    "A title": "标题",
    "Add `{resource}` of {group}.": "添加{group}的 `{resource}`。",
    "the core group": "核心组",
    # Elsewhere it is a noun; as an API resource it is a name.
    "pods": "容器组",
    "The page": "页面",
}


def test_texts_are_translated_and_remediations_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, WORDS)
    catalogue = Catalogue((GROUP,), (ENTRY,))
    english = translated_catalogue(catalogue)
    with speaking("zh"):
        chinese = translated_catalogue(catalogue)
    assert english.groups == (GROUP,)
    assert english.requirements == (ENTRY | {"remediation": "Add `pods` of the core group."},)
    assert chinese.groups == (GROUP | {"title": "组"},)
    (entry,) = chinese.requirements
    # A text without a translation stays English.
    assert (entry["title"], entry["description"]) == ("标题", "Why.")
    assert entry["remediation"] == "添加核心组的 `pods`。"
    assert entry["related_resources"] == [
        {"description": "页面", "ref": DEEPFLOW.replace("/docs/", "/docs/zh/")},
        LINKS[1],
    ]


def test_only_addresses_of_deepflow_have_another_language() -> None:
    assert localized(DEEPFLOW) == DEEPFLOW
    with speaking("zh"):
        assert localized(DEEPFLOW) == "https://deepflow.io/docs/zh/ce-install/overview/"
        assert localized("https://deepflow.io/community.html").count("zh") == 0
