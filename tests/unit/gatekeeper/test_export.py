from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.errors import UsageError
from dfpolicy.gatekeeper.export import Export, export, write
from dfpolicy.gatekeeper.objects import Scope, constraints, template
from dfpolicy.i18n.language import speaking
from dfpolicy.model import JsonObject
from dfpolicy.policy.catalogue import load_catalogue
from dfpolicy.report.waivers import Waiver

# Client-side `kubectl apply` keeps the whole object in an annotation, which has this limit. It is
# JSON there, which is shorter than the YAML. What is below the limit is room for new requirements.
ANNOTATION = 262_144


@pytest.fixture(scope="module")
def made() -> Export:
    return export(WasmEngine(), load_catalogue(), Scope("multi-k8s", "strict", ["deepflow"]))


def test_defaults_of_the_parameters_are_valid() -> None:
    made = template(load_catalogue().groups[0])
    schema = made["spec"]["crd"]["spec"]["validation"]["openAPIV3Schema"]
    defaults = {name: one for name, one in schema["properties"].items() if "default" in one}
    assert defaults.keys() == {"mode", "profile"}
    assert all(one["default"] in one["enum"] for one in defaults.values())


def _objects(text: str) -> list[JsonObject]:
    return list(yaml.safe_load_all(text))


def test_constraints_have_the_action_of_their_level(made: Export) -> None:
    actions = {
        item["spec"]["parameters"]["levels"][0]: item["spec"]["enforcementAction"]
        for item in _objects(made.files["constraints/kubernetes-info.yaml"])
    }
    assert actions == {"required": "deny", "recommended": "warn", "informational": "dryrun"}
    # Objects that are missing there may still be created.
    late = _objects(made.files["constraints/rbac.yaml"])
    assert [item["spec"]["enforcementAction"] for item in late] == ["warn", "warn", "dryrun"]


@pytest.mark.parametrize(
    ("enforcement", "wanted"),
    [("dryrun", {"dryrun"}), ("warn", {"warn", "dryrun"}), ("deny", {"deny", "warn", "dryrun"})],
)
def test_no_constraint_is_stricter_than_the_enforcement(enforcement: str, wanted: set[str]) -> None:
    scope = Scope(enforcement=enforcement)
    assert {one["spec"]["enforcementAction"] for one in constraints("ebpf", scope)} == wanted


def test_waivers_are_in_the_constraints_of_their_group() -> None:
    waiver = Waiver("DF-NET-002", "DaemonSet/*", "a|b", "c", date(2999, 1, 2), "d", 3)
    exported = {"id": "DF-NET-002", "subject": "DaemonSet/*", "expires": "2999-01-02"}
    scope = Scope(waivers=[waiver])
    for made in constraints("af-packet", scope):
        assert made["spec"]["parameters"]["waivers"] == [exported]
    assert "waivers" not in constraints("ebpf", scope)[0]["spec"]["parameters"]
    page = export(WasmEngine(), load_catalogue(), scope).files["README.md"]
    assert "| DF-NET-002 | DaemonSet/&#42; | 2999-01-02 | a&#124;b |" in page


def test_constraints_have_the_scope(made: Export) -> None:
    for item in _objects(made.files["constraints/ebpf.yaml"]):
        spec = item["spec"]
        assert spec["match"]["namespaces"] == ["deepflow"]
        assert {"mode": "multi-k8s", "profile": "strict"}.items() <= spec["parameters"].items()


def test_templates_fit_into_an_annotation(made: Export) -> None:
    templates = [
        path
        for path in made.files
        if path.startswith("templates/") and not path.endswith("kustomization.yaml")
    ]
    assert templates
    assert max(len(made.files[path]) for path in templates) < 0.9 * ANNOTATION
    # Code is shown as lines.
    assert [path for path in templates if '- "package' in made.files[path]] == []


def test_every_template_denies_something(made: Export) -> None:
    (suite,) = _objects(made.files["suite.yaml"])
    denied = {
        test["template"]
        for test in suite["tests"]
        for case in test["cases"]
        if case["assertions"][0]["violations"] == "yes"
    }
    listed = yaml.safe_load(made.files["templates/kustomization.yaml"])["resources"]
    assert denied == {f"templates/{name}" for name in listed}


def test_every_requirement_is_exported_or_has_a_reason(made: Export) -> None:
    assert list(made.unseen) == [entry["id"] for entry in load_catalogue().requirements]
    readme = made.files["README.md"]
    assert [identifier for identifier in made.unseen if identifier not in readme] == []


def test_the_readme_is_in_the_language_in_force() -> None:
    catalogue = load_catalogue()
    with speaking("zh"):
        page = export(WasmEngine(), catalogue, Scope()).files["README.md"]
    assert catalogue.requirements[0]["id"] in page


def test_an_old_export_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write(Export({"suite.yaml": "a", "templates/a.yaml": "a"}, {}), folder)
    write(Export({"suite.yaml": "b", "templates/b.yaml": "b"}, {}), folder)
    assert (folder / "suite.yaml").read_text() == "b"
    assert [path.name for path in (folder / "templates").iterdir()] == ["b.yaml"]


def test_a_directory_that_is_not_an_export_is_unchanged(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(
        UsageError, match="the directory contains other files than a previous export"
    ):
        write(Export({"suite.yaml": "a"}, {}), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
