"""Leaves out what a template does not use: rules, imports and whole libraries.

A template has to fit into an annotation, and it needs only some rules of most libraries. A rule is
left out if no other text names it, so a name that stands for something else keeps too much, never
too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# A line that begins a statement: not indented, no closing bracket and no further branch.
_BEGIN = re.compile(r"^(?=[^\s}\])])(?!else\b)", re.MULTILINE)
_NAME = re.compile(r"(?:default )?([A-Za-z_]\w*)")
_WORD = re.compile(r"[A-Za-z_]\w*")
_IMPORT = re.compile(r"import (?:\S+\.)?(?P<name>\w+)(?: as (?P<alias>\w+))?\n")


@dataclass
class _Module:
    """The statements of a library; `used` are the positions of those that the template needs."""

    package: str
    imports: list[str]
    rules: list[str]
    used: set[int]
    words: set[str]

    def add(self, everywhere: set[str]) -> set[str]:
        """Use what is named here or, unless it is private, anywhere; return the words of that."""
        found: set[str] = set()
        for position, rule in enumerate(self.rules):
            name = _NAME.match(rule)
            # What is not understood is kept.
            named = name is None or name[1] in self.words
            if position not in self.used and (
                named or (name and not name[1].startswith("_") and name[1] in everywhere)
            ):
                self.used.add(position)
                found.update(_WORD.findall(rule))
        self.words |= found
        return found

    def text(self) -> str:
        """The module with what is used; empty if nothing is."""
        if not self.used:
            return ""
        imports = [text for text in self.imports if _imported(text) in self.words]
        rules = [rule for position, rule in enumerate(self.rules) if position in self.used]
        return "".join([self.package, *imports, *rules])


def without_unused(own: str, whole: Sequence[str], libraries: Iterable[str]) -> list[str]:
    """Return the libraries with the rules that `own` and the modules in `whole` need.

    All are modules without comments and empty lines.
    """
    words = {word for text in (own, *whole) for word in _WORD.findall(text)}
    modules = [_parsed(text) for text in libraries]
    while any(found := [module.add(words) for module in modules]):
        words.update(*found)
    return [text for module in modules if (text := module.text())]


def _parsed(text: str) -> _Module:
    package, *rest = [part for part in _BEGIN.split(text) if part]
    imports = [part for part in rest if part.startswith("import ")]
    rules = [part for part in rest if not part.startswith("import ")]
    return _Module(package, imports, rules, set(), set())


def _imported(text: str) -> str:
    match = _IMPORT.fullmatch(text)
    return (match["alias"] or match["name"]) if match else ""
