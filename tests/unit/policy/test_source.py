from __future__ import annotations

from pathlib import Path

import pytest

from dfpolicy.errors import EngineError
from dfpolicy.policy import source
from dfpolicy.policy.source import modules, policy_files, revision


def test_all_modules_and_no_test() -> None:
    files = policy_files()
    assert "dfpolicy/main/main.rego" in files
    assert all(name.startswith("dfpolicy/") for name in files)
    assert not [name for name in files if name.endswith("_test.rego")]


def test_the_revision_depends_only_on_names_and_content(tmp_path: Path) -> None:
    files = {"a.rego": b"package a", "b.rego": b""}
    assert revision(files) == revision(dict(reversed(files.items())))
    assert len(revision(files)) == 12
    others = [
        {"a.rego": b"package a"},
        {"a.rego": b"", "b.rego": b"package a"},
        {"a.regop": b"ackage a", "b.rego": b""},
        {"a.rego": b"package ab.rego", "": b""},
    ]
    assert len({revision(one) for one in [files, *others]}) == 5


def test_modules_of_a_folder(tmp_path: Path) -> None:
    for name in ("b.rego", "a/a.rego", "a/a_test.rego", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert list(modules(tmp_path, "p")) == ["p/a/a.rego", "p/b.rego"]


def test_an_installation_without_policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_CHECKOUT", tmp_path)
    policy_files.cache_clear()
    with pytest.raises(EngineError, match="reinstall dfpolicy"):
        policy_files()
    monkeypatch.undo()
    assert policy_files()
