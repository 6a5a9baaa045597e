from __future__ import annotations

import json
from pathlib import Path

from dfpolicy.policy.catalogue import Catalogue, load_catalogue, localized

ENTRIES = (
    {"id": "DF-A-001", "group": "a", "aliases": ["DF-OLD-009"]},
    {"id": "DF-B-001", "group": "b"},
    {"id": "DF-A-002", "group": "a"},
)
CATALOGUE = Catalogue(({"group": "a"}, {"group": "b"}), ENTRIES)


def test_requirements_are_found_by_id_and_former_id() -> None:
    assert CATALOGUE.requirement("df-a-001") is ENTRIES[0]
    assert CATALOGUE.requirement("DF-OLD-009") is ENTRIES[0]
    assert CATALOGUE.requirement("DF-A-00") is None
    assert CATALOGUE.of_group("a") == [ENTRIES[0], ENTRIES[2]]
    assert CATALOGUE.of_group("c") == []


def test_a_catalogue_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.json"
    remedy = {"en": "a", "zh": "b"}
    content = {"groups": [{"group": "a"}], "requirements": [], "remedies": [remedy]}
    path.write_text(json.dumps(content), "utf-8")
    assert load_catalogue(path) == Catalogue(({"group": "a"},), (), (remedy,))


def test_a_catalogue_in_another_language() -> None:
    link = {"description": "see", "ref": "https://example.com/"}
    zh = {"title": "标题", "related_resources": ["参见"]}
    entry = {"id": "DF-A-001", "title": "title", "related_resources": [link], "zh": zh}
    catalogue = Catalogue(({"title": "group", "zh": {"title": "组"}},), (entry, {"title": "bare"}))
    assert catalogue.in_language("en") is catalogue
    spoken = catalogue.in_language("zh")
    assert [group["title"] for group in spoken.groups] == ["组"]
    assert [one["title"] for one in spoken.requirements] == ["标题", "bare"]
    assert spoken.requirements[0]["related_resources"] == [link | {"description": "参见"}]


def test_the_bundled_catalogue_is_in_order() -> None:
    catalogue = load_catalogue()
    order = [group["group"] for group in catalogue.groups]
    assert [group["order"] for group in catalogue.groups] == sorted(
        group["order"] for group in catalogue.groups
    )
    keys = [(order.index(entry["group"]), entry["id"]) for entry in catalogue.requirements]
    assert keys == sorted(set(keys))


def test_texts_of_a_language_take_the_place_of_the_english() -> None:
    links = [
        {"description": "The page", "ref": "https://deepflow.io/docs/ce-install/overview/"},
        {"description": "Another", "ref": "https://kubernetes.io/docs/"},
    ]
    texts = {"title": "标题", "related_resources": ["页面", "其他"]}
    told = {"id": "DF-A-001", "title": "A title", "related_resources": links, "zh": texts}
    untold = {"id": "DF-A-002", "title": "Another title", "related_resources": links, "zh": {}}
    catalogue = Catalogue((), (told, untold))
    assert catalogue.in_language("en") == catalogue
    first, second = catalogue.in_language("zh").requirements
    assert (first["id"], first["title"]) == ("DF-A-001", "标题")
    assert first["related_resources"] == [
        {"description": "页面", "ref": "https://deepflow.io/docs/zh/ce-install/overview/"},
        {"description": "其他", "ref": "https://kubernetes.io/docs/"},
    ]
    assert second == untold


def test_only_addresses_of_deepflow_have_another_language() -> None:
    assert localized("https://deepflow.io/docs/a/", "zh") == "https://deepflow.io/docs/zh/a/"
    assert localized("https://deepflow.io/docs/a/", "en") == "https://deepflow.io/docs/a/"
    assert localized("https://deepflow.io/community.html", "zh").count("zh") == 0
