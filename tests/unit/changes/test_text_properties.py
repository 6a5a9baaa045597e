"""Generated texts and operations: the text gets the expected value, or the edit is refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from dfpolicy.changes.operations import UnfitError, applied
from dfpolicy.changes.yaml_edit import edited, values_of
from dfpolicy.changes.yaml_places import UneditableError
from dfpolicy.model import Operation
from support.inputs import PROPERTY

Path = tuple[Any, ...]
# A line of the generated text without its indent, and the path of what it shows.
Lines = list[tuple[int, str, Path]]

KEYS = st.sampled_from(["spec", "add", "hostPID", "name", "on", "1", "a b", "x.y/z", "é"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 70000),
    st.sampled_from(
        ["", "true", "SYS_ADMIN", "it's", 'say "x"', "a: b", "# no", "日志", "- x", "{}"]
    ),
    st.text("ab: #\n-'\"", max_size=6),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.lists(
            st.fixed_dictionaries({"name": st.sampled_from("pqrs")}, optional={"env": inner}),
            max_size=3,
            unique_by=lambda member: member["name"],
        )
    ),
    max_leaves=12,
)
OBJECTS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)


class Renderer:
    """Writes a value in any style, with comments; each comment is unique."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.comments = 0

    def pick(self, *options: Any) -> Any:
        return self.data.draw(st.sampled_from(options))

    def comment(self) -> str:
        self.comments += 1
        return f"# comment {self.comments}: [x, {{'"

    def scalar(self, value: Any) -> str:
        if value is None:
            return str(self.pick("null", "~"))
        if not isinstance(value, str):
            return json.dumps(value)
        if "\n" not in value and self.pick(True, False):
            return "'" + value.replace("'", "''") + "'"
        return json.dumps(value, ensure_ascii=False)

    def flow(self, value: Any) -> str:
        blank = self.pick("", " ")
        if isinstance(value, dict):
            inner = [f"{json.dumps(key)}: {self.flow(item)}" for key, item in value.items()]
            return f"{{{blank}{', '.join(inner)}{blank}}}"
        if isinstance(value, list):
            return f"[{blank}{', '.join(map(self.flow, value))}{blank}]"
        return self.scalar(value)

    def block(self, value: Any, path: Path) -> Lines:
        """The lines of a collection that is not empty."""
        step, dash = self.pick(1, 2, 4), self.pick("- ", "-   ")
        lines: Lines = []
        entries: Any = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in entries:
            here = (*path, key)
            if self.pick(True, False, False, False):
                lines.append((self.pick(0, 0, 3), self.comment(), path))
            if isinstance(value, dict):
                lines += self.entry(key, item, here, step)
            else:
                lines += self.member(item, here, dash)
            if self.pick(True, False, False, False, False):
                lines.append((0, "", path))
        return lines

    def entry(self, key: str, item: Any, path: Path, step: int) -> Lines:
        head = f"{self.scalar(key)}:"
        if not self.nested(item):
            lines = self.leaf(item, path)
            return [(0, f"{head} {lines[0][1]}".rstrip(), path), *lines[1:]]
        if isinstance(item, list):
            step = self.pick(0, 2)
        tail = f" {self.comment()}" if self.pick(True, False, False) else ""
        below = [
            (indent + step if text else 0, text, here)
            for indent, text, here in self.block(item, path)
        ]
        return [(0, head + tail, path), *below]

    def member(self, item: Any, path: Path, dash: str) -> Lines:
        if not self.nested(item):
            lines = self.leaf(item, path)
            return [(0, f"{dash}{lines[0][1]}".rstrip(), path), *lines[1:]]
        lines = [
            (indent + len(dash) if text else 0, text, here)
            for indent, text, here in self.block(item, path)
        ]
        if self.pick(True, False):
            return [(0, "-", path), *lines]
        while not lines[0][1] or lines[0][1].startswith("#"):
            lines.pop(0)
        return [(0, dash + lines[0][1], lines[0][2]), *lines[1:]]

    def nested(self, item: Any) -> bool:
        return isinstance(item, (dict, list)) and bool(item) and self.pick(True, True, False)

    def leaf(self, item: Any, path: Path) -> Lines:
        plain = isinstance(item, str) and item.isalpha() and item not in ("true",)
        literal = isinstance(item, str) and item.strip() and not item.startswith((" ", "\n"))
        if literal and not item.endswith("\n\n") and self.pick(True, False):
            body = item.removesuffix("\n").split("\n")
            head = "|" if item.endswith("\n") else "|-"
            return [(0, head, path), *((3 if line else 0, line, path) for line in body)]
        text = item if plain and self.pick(True, False) else self.flow(item)
        if item is None and self.pick(True, False):
            text = ""
        return [(0, text + (f"  {self.comment()}" if self.pick(True, False, False) else ""), path)]


def paths_of(value: Any, path: Path = ()) -> list[Path]:
    found = [path]
    entries: Any = ()
    if isinstance(value, dict):
        entries = value.items()
    elif isinstance(value, list):
        entries = enumerate(value)
    for key, item in entries:
        found += paths_of(item, (*path, key))
    return found


def at(value: Any, path: Sequence[Any]) -> Any:
    for step in path:
        value = value[step]
    return value


def operation(data: st.DataObject, value: Any) -> tuple[Operation, Path]:
    """An operation, and the path of indexes that it touches."""
    paths = [path for path in paths_of(value) if path]
    path = data.draw(st.sampled_from(paths))
    op: Any = data.draw(st.sampled_from(["set", "add", "remove", "discard"]))
    if op in ("set", "add") and data.draw(st.booleans()):
        path += tuple(
            data.draw(st.lists(st.sampled_from(["fresh", "other"]), min_size=1, max_size=2))
        )
    steps: list[Any] = []
    for i, step in enumerate(path):
        if isinstance(step, int):
            member = at(value, path[: i + 1])
            name = member.get("name") if isinstance(member, dict) else None
            steps.append({"name": name if isinstance(name, str) else "none"})
        else:
            steps.append(step)
    found: Operation = {"op": op, "target": {"kind": "K", "name": "n"}, "path": steps}
    if op in ("set", "add"):
        found["value"] = data.draw(VALUES)
    if op == "discard":
        here = at(value, path)
        found["value"] = (
            data.draw(st.sampled_from(here)) if isinstance(here, list) and here else "x"
        )
    if op == "add" and isinstance(found["value"], dict) and found["value"].get("name"):
        found["key"] = "name"
    return found, path


def touches(path: Path, line: Path) -> bool:
    """Whether a change at the path can change a line of this path."""
    short = min(len(path), len(line))
    return path[:short] == line[:short]


@PROPERTY
@given(st.data(), OBJECTS)
def test_an_edited_yaml_text_has_the_expected_value_and_all_other_lines(
    data: st.DataObject, value: dict[str, Any]
) -> None:
    renderer = Renderer(data)
    lines = renderer.block(value, ())
    end = renderer.pick("\n", "\n", "\r\n")
    text = end.join(" " * indent + line for indent, line, _ in lines) + renderer.pick(end, end, "")
    if values_of(text) != [value]:
        event("another value")
        return
    change, path = operation(data, value)
    try:
        expected = applied(value, change)
    except UnfitError:
        event("unfit")
        return
    try:
        made = edited(text, value, expected)
    except UneditableError as error:
        event(f"refused: {error.reason}")
        return
    event("edited" if made != text else "unchanged")
    assert values_of(made) == [expected]
    assert ("\r" in made) <= ("\r" in end)
    kept = [line.strip(" -\r") for line in made.split("\n")]
    for _, line, here in lines:
        if not touches(path, here):
            assert kept.count(line.strip(" -")) > 0, (line, made)


@PROPERTY
@given(st.data(), OBJECTS, st.sampled_from([None, 2, "\t"]))
def test_an_edited_json_text_is_json_of_the_same_layout(
    data: st.DataObject, value: dict[str, Any], indent: int | str | None
) -> None:
    change, _ = operation(data, value)
    try:
        expected = applied(value, change)
    except UnfitError:
        return
    try:
        made = edited(json.dumps(value, indent=indent, ensure_ascii=False), value, expected)
    except UneditableError as error:
        pytest.fail(error.reason)
    assert json.loads(made) == expected
    # New keys come last, in the order of the operation.
    layout = json.dumps(expected, indent=indent, ensure_ascii=False)
    assert parts_of(made) == parts_of(layout)


def parts_of(text: str) -> list[str]:
    """The lines, or the characters of the only line: keys may be in another order."""
    lines = text.replace(",\n", "\n").split("\n")
    return sorted(lines if len(lines) > 1 else text)
