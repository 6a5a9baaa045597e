"""The order of the wings: a module imports only from its own wing and from those below it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import dfpolicy

PACKAGE = Path(dfpolicy.__file__).parent
# From top to bottom: directories, and modules that are a level of their own.
WINGS = (
    *(
        "__main__",
        "__init__",
        "cli",
        "watch",
        "fleet",
        "fix",
        "api",
        "pipeline",
        "gatekeeper",
        "formats",
    ),
    *(
        "settings",
        "report",
        "changes",
        "engines",
        "collect",
        "input",
        "reading",
        "policy",
    ),
    *("system", "errors", "i18n", "model", "exit_codes", "version"),
)
MOST_AT_THE_TOP = 8

Graph = dict[str, set[str]]


def graph(package: Path, texts: bool = False) -> Graph:
    """The modules of a package below its name, each with all modules that it imports anywhere.

    With `texts`, a string that names a module counts too, for `import_module`.
    """
    files = {_name(path.relative_to(package)): path for path in package.rglob("*.py")}
    found = {name: set(_imports(path, package, files, texts)) for name, path in files.items()}
    return {name: others - {name} for name, others in found.items()}


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


def _imports(path: Path, package: Path, files: dict[str, Path], texts: bool) -> Iterator[str]:
    """What a file imports, also inside functions and for types only."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        found: list[str] = []
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: name the module from the top"
            found = [f"{node.module}.{alias.name}" for alias in node.names]
        elif texts and isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = [node.value] if node.value.partition(".")[2] in files else []
        for name in found:
            head, _, below = name.partition(".")
            if head == package.name:
                yield _module(below, files)


def _module(below: str, files: dict[str, Path]) -> str:
    """The module of a name: the name without the last parts that are not modules."""
    while below and below not in files:
        below = below.rpartition(".")[0]
    return below or "__init__"


def upward(modules: Graph) -> list[str]:
    """The imports of modules in higher wings, and the modules that are in no wing."""
    levels = {wing: level for level, wing in enumerate(WINGS)}
    level = {name: levels.get(name.partition(".")[0]) for name in modules}
    unknown = [f"{name} is in no wing" for name in modules if level[name] is None]
    return sorted(unknown) + sorted(
        f"{name} imports {other}"
        for name, others in modules.items()
        for other in others
        if (level[other] or 0) < (level[name] or 0)
    )


def circle(modules: Graph) -> list[str]:
    """The modules of an import cycle; empty if there is none."""
    try:
        TopologicalSorter(modules).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def test_no_module_imports_from_a_higher_wing() -> None:
    assert upward(graph(PACKAGE, texts=True)) == []


def test_there_are_no_import_cycles() -> None:
    assert circle(graph(PACKAGE)) == []


def test_few_modules_are_at_the_top() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= MOST_AT_THE_TOP


def test_every_wing_exists() -> None:
    assert {name.partition(".")[0] for name in graph(PACKAGE)} == set(WINGS)


def test_an_upward_import_is_detected(tmp_path: Path) -> None:
    files = {
        "__init__": "",
        "cli.main": "from dfpolicy.report import build\n",
        "report.build": "def f():\n    from dfpolicy.engines.wasm import run\n",
        "report.words": "import dfpolicy.cli.main\n",
        "engines.wasm": "if TYPE_CHECKING:\n    from dfpolicy.report.build import f\n",
        "system.lazy": "NAMES = {'run': 'dfpolicy.engines.wasm'}\n",
        "system.facade": "from dfpolicy import run\n",
        "attic.old": "",
    }
    for name, text in files.items():
        path = tmp_path / "dfpolicy" / f"{name.replace('.', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    package = tmp_path / "dfpolicy"
    assert upward(graph(package, texts=True)) == [
        "attic.old is in no wing",
        "engines.wasm imports report.build",
        "report.words imports cli.main",
        "system.facade imports __init__",
        "system.lazy imports engines.wasm",
    ]
    assert sorted(set(circle(graph(package)))) == ["engines.wasm", "report.build"]
