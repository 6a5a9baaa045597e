from __future__ import annotations

import os
from pathlib import Path

import pytest

from dfpolicy.errors import InputError, UsageError
from dfpolicy.fleet.clusters import Cluster, find


def tree(folder: Path, *files: str) -> str:
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("", "utf-8")
    return str(folder)


def test_each_directory_in_a_source_is_a_cluster_even_if_it_only_contains_directories(
    tmp_path: Path,
) -> None:
    source = tree(tmp_path, "b/agent.yaml", "a/manifests/agent.yaml", ".git/x.yaml", "README.md")
    assert find([source]) == [Cluster("a", f"{source}/a"), Cluster("b", f"{source}/b")]


@pytest.mark.parametrize("file", ["agent.yaml", "dfpolicy.yaml", "nodes.json"])
def test_a_directory_with_documents_or_settings_is_one_cluster(tmp_path: Path, file: str) -> None:
    source = tree(tmp_path / "lisbon", file, "facts/nodes.yaml")
    assert find([source]) == [Cluster("lisbon", source)]


def test_the_configuration_of_the_fleet_does_not_make_its_directory_a_cluster(
    tmp_path: Path,
) -> None:
    source = tree(tmp_path, "dfpolicy.yaml", "lisbon/agent.yaml")
    found = find([source], (), os.path.relpath(tmp_path / "dfpolicy.yaml"))
    assert [one.name for one in found] == ["lisbon"]


def test_files_and_contexts_are_clusters_and_equal_names_become_paths(tmp_path: Path) -> None:
    source = tree(tmp_path, "a/lisbon.yaml", "b/lisbon.yaml")
    files = [f"{source}/a/lisbon.yaml", f"{source}/b/lisbon.yaml"]
    assert [(one.name, one.source) for one in find(files, ["porto"])] == [
        *zip(files, files, strict=True),
        ("porto", "porto"),
    ]


@pytest.mark.parametrize(
    ("sources", "error"),
    [([], UsageError), (["missing"], InputError), (["empty"], InputError)],
)
def test_a_source_without_a_cluster_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sources: list[str], error: type[Exception]
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error):
        find(sources)
