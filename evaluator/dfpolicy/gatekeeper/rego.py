"""The modules of the policies for Gatekeeper: below `lib`, with the METADATA they evaluate.

In a template, Gatekeeper allows one package of any name and libraries below `lib`, which can read
only `data.lib` and `data.inventory`. `dfpolicy` therefore becomes `lib.dfpolicy` in packages,
imports and references. Tokens are rewritten, without `opa parse`, because a user of the command may
have no OPA. Gatekeeper would refuse a reference that this misses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import yaml

from dfpolicy.gatekeeper.unused import without_unused
from dfpolicy.policy.source import policy_files

ADAPTER = "dfpolicy.adapters.gatekeeper"
GROUPS = "dfpolicy.requirements"

# The libraries whose functions add a change to a verdict.
CHANGES = "_changes"

_OF_VERDICT = re.compile(r"^([a-z][a-z_]*)\((.*, |)verdict\) :=", re.MULTILINE)
_IMPORT = re.compile(r"^import data\.(dfpolicy\.[a-z0-9_.]+)", re.MULTILINE)
_PACKAGE = re.compile(r"^package (dfpolicy\.[a-z0-9_.]+)$", re.MULTILINE)
# A comment or string, where nothing is rewritten, or the start of a reference.
_TOKEN = re.compile(r'(#[^\n]*|`[^`]*`|"(?:\\.|[^"\\\n])*")|\bdata\.dfpolicy\b')
_COMMENTS = re.compile(r"^[ \t]*#[^\n]*\n", re.MULTILINE)
_INDENT = re.compile(r"^\t+", re.MULTILINE)
_EMPTY_LINES = re.compile(r"^\n", re.MULTILINE)
_METADATA = re.compile(r"^# METADATA\n((?:#[^\n]*\n)+)", re.MULTILINE)
# The parts of a requirement's METADATA that results contain.
_USED = ("id", "level", "group", "order", "modes", "impact", "remediation", "words")


def modules(group: str) -> tuple[str, list[str]]:
    """Return the adapter and its libraries, for a group in kebab-case.

    The libraries are the group, its requirements, and what they and the adapter use of others.
    """
    names = _closure([*_packages(f"{GROUPS}.{group.replace('-', '_')}"), ADAPTER])
    # Without METADATA and outside `lib`: it is the template's own module.
    own = _moved(_COMMENTS.sub("", _text(ADAPTER)))
    requirements = [_exported(name) for name in names if name.startswith(GROUPS)]
    others = [_exported(name) for name in names if name != ADAPTER and not name.startswith(GROUPS)]
    libraries = [*without_unused(own, requirements, others), *requirements]
    return own.replace(f"package lib.{ADAPTER}", f"package {ADAPTER}"), libraries


def _closure(names: Iterable[str]) -> list[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _IMPORT.findall(_text(name))
    return sorted(found)


def _packages(group: str) -> list[str]:
    """The group's package, with the shared METADATA, and the packages of its requirements."""
    folder = group.replace(".", "/")
    names = [name.removesuffix(".rego") for name in policy_files() if name.startswith(f"{folder}/")]
    own = f"{folder}/{folder.rpartition('/')[2]}"
    return [group, *(name.replace("/", ".") for name in names if name != own)]


def _text(name: str) -> str:
    """The module of a package: a file for a requirement, a directory with a file for others."""
    path = name.replace(".", "/")
    files = policy_files()
    module = files.get(f"{path}.rego")
    text = (module or files[f"{path}/{path.rpartition('/')[2]}.rego"]).decode()
    return _without_changes(text) if name.endswith(CHANGES) else text


def _without_changes(text: str) -> str:
    """The module with functions that return their verdict as it is: Gatekeeper shows no change."""
    functions = {(match[1], match[2].count(",")): None for match in _OF_VERDICT.finditer(text)}
    package = text[text.index("\npackage ") + 1 :].partition("\n")[0]
    rules = [f"{name}({'_, ' * others}verdict) := verdict" for name, others in functions]
    return "\n\n".join(["# METADATA\n# title: Without changes", package, *rules]) + "\n"


def _exported(name: str) -> str:
    text = _text(name)
    if name.startswith(GROUPS):
        text = _METADATA.sub(lambda match: _kept(yaml.safe_load(_uncommented(match[1]))), text)
        blocks = re.split(r"(^# METADATA\n(?:#[^\n]*\n)+)", text, flags=re.MULTILINE)
        plain = [part if i % 2 else _COMMENTS.sub("", part) for i, part in enumerate(blocks)]
        return _moved("".join(plain))
    return _moved(_COMMENTS.sub("", text))


def _uncommented(block: str) -> str:
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in block.splitlines())


def _kept(block: dict[str, Any]) -> str:
    from dfpolicy.reading.yaml_writer import write_yaml

    custom = {key: value for key, value in block["custom"].items() if key in _USED}
    scope = {key: block[key] for key in ("scope",) if key in block}
    text = write_yaml({**scope, "title": block["title"], "custom": custom})
    return "# METADATA\n" + "".join(f"# {line}\n" for line in text.splitlines())


def _moved(text: str) -> str:
    text = _PACKAGE.sub(r"package lib.\1", text)
    # YAML would write a string with tabs in one line. A template has to fit into an annotation, for
    # which each line counts.
    text = _INDENT.sub(lambda match: " " * len(match[0]), text)
    text = _EMPTY_LINES.sub("", text)
    return _TOKEN.sub(lambda match: match[1] or "data.lib.dfpolicy", text)
