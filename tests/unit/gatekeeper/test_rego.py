from __future__ import annotations

import re

from dfpolicy.gatekeeper.rego import modules
from dfpolicy.policy.catalogue import load_catalogue

GROUPS = [group["group"] for group in load_catalogue().groups]


def test_the_adapter_is_exported_with_its_libraries() -> None:
    own, libraries = modules("rbac")
    assert own.startswith("package dfpolicy.adapters.gatekeeper\n")
    packages = [text.partition("package ")[2].partition("\n")[0] for text in libraries]
    assert "lib.dfpolicy.requirements.rbac" in packages
    assert "lib.dfpolicy.lib.rbac" in packages
    assert [name for name in packages if "adapters" in name or name.endswith("_test")] == []
    assert len(packages) == len(set(packages))


def test_every_import_is_among_the_libraries() -> None:
    for group in GROUPS:
        own, libraries = modules(group)
        packages = {re.search(r"^package (\S+)$", text, re.MULTILINE)[1] for text in libraries}  # type: ignore[index]
        for text in (own, *libraries):
            imported = set(re.findall(r"^import data\.(\S+)", text, re.MULTILINE))
            assert imported <= packages, group


def test_every_reference_is_rewritten() -> None:
    for group in GROUPS:
        own, libraries = modules(group)
        assert [text for text in (own, *libraries) if "data.dfpolicy" in text] == []


def test_only_comments_used_by_results_are_kept() -> None:
    _, libraries = modules("kubernetes-info")
    own = [text for text in libraries if "package lib.dfpolicy.requirements." in text]
    (group,) = (text for text in own if "# scope: subpackages\n" in text)
    (requirement,) = (text for text in own if "#   id: DF-K8S-001\n" in text)
    assert "#   order: 1\n" in group
    assert "#   remediation: " in requirement
    for text in own:
        assert "description" not in text
        assert "related_resources" not in text
    others = [text for text in libraries if text not in own]
    assert [line for text in others for line in text.splitlines() if line.startswith("#")] == []


def test_a_group_comes_with_all_its_requirements() -> None:
    for group in GROUPS:
        _, libraries = modules(group)
        ids = re.findall(r"^#   id: (\S+)$", "\n".join(libraries), re.MULTILINE)
        assert sorted(ids) == [entry["id"] for entry in load_catalogue().of_group(group)]
