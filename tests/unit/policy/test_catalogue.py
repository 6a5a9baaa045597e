from __future__ import annotations

import json
from pathlib import Path

from dfpolicy.policy.catalogue import Catalogue, load_catalogue

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
    content = {"groups": [{"group": "a"}], "requirements": []}
    path.write_text(json.dumps(content), "utf-8")
    assert load_catalogue(path) == Catalogue(({"group": "a"},), ())


def test_the_bundled_catalogue_is_in_order() -> None:
    catalogue = load_catalogue()
    order = [group["group"] for group in catalogue.groups]
    assert [group["order"] for group in catalogue.groups] == sorted(
        group["order"] for group in catalogue.groups
    )
    keys = [(order.index(entry["group"]), entry["id"]) for entry in catalogue.requirements]
    assert keys == sorted(set(keys))
