from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.errors import InputError
from dfpolicy.reading.systemd_unit import Sections, first_line, read_unit
from support.inputs import PROPERTY

Draw = Any

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,11}", fullmatch=True)
# The part after the sign: anything except line ends and what joins lines.
VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\n\r\\\0"), max_size=20).map(
    str.strip
)
SECTIONS = st.dictionaries(
    NAMES, st.dictionaries(NAMES, st.lists(VALUES, min_size=1, max_size=3), max_size=4), max_size=3
)


def refused(text: str) -> str:
    with pytest.raises(InputError) as error:
        read_unit(text, "a.service")
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("", {}),
        ("\n# a\n; b\n", {}),
        ("[Unit]\n", {"Unit": {}}),
        ("[Unit]\nAfter=a b\n", {"Unit": {"After": ["a b"]}}),
        ("[Unit]\nAfter = a = b \n", {"Unit": {"After": ["a = b"]}}),
        ("[Unit]\r\nAfter=a\r\n", {"Unit": {"After": ["a"]}}),
        ("  [Unit]\n\tAfter=a", {"Unit": {"After": ["a"]}}),
        ("[Unit]\nAfter=a\nAfter=\nAfter=b\n", {"Unit": {"After": ["a", "", "b"]}}),
        ("[Unit]\nAfter=a\nafter=b\n", {"Unit": {"After": ["a"], "after": ["b"]}}),
        ("[Unit]\nA=a # b\n", {"Unit": {"A": ["a # b"]}}),
        (
            "[Unit]\nA=1\n[Service]\nB=2\n[Unit]\nC=3\n",
            {
                "Unit": {"A": ["1"], "C": ["3"]},
                "Service": {"B": ["2"]},
            },
        ),
        ("[A]\nB=a \\\n  b\n", {"A": {"B": ["a    b"]}}),
        ("[A]\nB=a\\\n# c\n;d\nb\n", {"A": {"B": ["a b"]}}),
        ("[A]\nB=a\\\n\nC=b\n", {"A": {"B": ["a"], "C": ["b"]}}),
        ("[A]\nB=a\\\\\nC=b\n", {"A": {"B": ["a\\\\"], "C": ["b"]}}),
        ("[A]\nB=a\\", {"A": {"B": ["a"]}}),
        ("[A]\nB=a\\ \nC=b", {"A": {"B": ["a\\"], "C": ["b"]}}),
        ("# a\\\n[A]\n", {"A": {}}),
        ("[A]\nB=a\u2028b\n", {"A": {"B": ["a\u2028b"]}}),
    ],
)
def test_units(text: str, sections: Sections) -> None:
    assert read_unit(text, "a.service") == sections


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A=b\n", "a.service:1: not a valid unit file: a setting before the first [Section]"),
        ("# c\n\n[A]\nB\n", "a.service:4: not a valid unit file: expected [Section] or Key=value"),
        ("[A]\n=b\n", "a.service:2: not a valid unit file: expected [Section] or Key=value"),
        (
            "[A\n",
            "a.service:1: not a valid unit file: a section without a name or a closing bracket",
        ),
        (
            "[]\n",
            "a.service:1: not a valid unit file: a section without a name or a closing bracket",
        ),
        (
            "[A] b\n",
            "a.service:1: not a valid unit file: a section without a name or a closing bracket",
        ),
        (
            "[A]\nB=c\\\nd\nhunter2\n",
            "a.service:4: not a valid unit file: expected [Section] or Key=value",
        ),
        (
            "[A]\nhunter2\\\nd\n",
            "a.service:2: not a valid unit file: expected [Section] or Key=value",
        ),
    ],
)
def test_invalid_units_are_refused(text: str, message: str) -> None:
    told = refused(text)
    assert told.startswith(message)
    assert "hunter2" not in told


def test_the_first_line() -> None:
    assert first_line("") == 1
    assert first_line("\n# a\n  [A]\n") == 3


@st.composite
def written(draw: Draw, sections: Sections) -> str:
    """The sections as a unit file, with lines that a parser must skip."""
    lines = []
    for section, settings in sections.items():
        lines += [f"{draw(BLANKS)}[{section}]{draw(BLANKS)}", *draw(PASSED_OVER)]
        for key, values in settings.items():
            for value in values:
                sign = f"{draw(BLANKS)}={draw(BLANKS)}"
                lines += [f"{draw(BLANKS)}{key}{sign}{value}{draw(BLANKS)}", *draw(PASSED_OVER)]
    end: str = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join(lines)


BLANKS = st.sampled_from(["", " ", "\t", "  "])
PASSED_OVER = st.lists(st.sampled_from(["", "  ", "# a", "; [b", "  # c=d", "#"]), max_size=2)


@PROPERTY
@given(st.data(), SECTIONS)
def test_a_written_unit_is_read_back(data: Any, sections: Sections) -> None:
    assert read_unit(data.draw(written(sections)), "a.service") == sections


@PROPERTY
@given(SECTIONS.filter(bool), NAMES, st.lists(st.text("ab =[];", max_size=5), min_size=1))
def test_joined_lines_are_one_value(sections: Sections, key: str, parts: list[str]) -> None:
    joined = "\\\n".join(f"x{part}" for part in parts)
    found = read_unit(f"[Z]\n{key}={joined}\nlast=1\n", "a.service")
    assert (
        found == {"Z": {"last": ["1"], key: [" ".join(f"x{part}" for part in parts).strip()]}}
        or key == "last"
    )


@PROPERTY
@given(st.text(st.sampled_from("[]=\\\n\r#;ab \t"), max_size=40))
def test_any_text_is_read_or_refused_with_its_line(text: str) -> None:
    try:
        sections = read_unit(text, "a.service")
    except InputError as error:
        line = int(error.where.rpartition(":")[2])
        assert 1 <= line <= text.count("\n") + 1
    else:
        assert all(
            values and all(value == value.strip() for value in values)
            for settings in sections.values()
            for values in settings.values()
        )
