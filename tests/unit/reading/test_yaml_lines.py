"""What is decoded line by line is what libyaml's events give: value, line and number of values."""

from __future__ import annotations

import random
from itertools import islice

import pytest
from benchmarks.nodes import nodes
from benchmarks.objects import objects

from dfpolicy.errors import InputError
from dfpolicy.reading.limits import MAX_DEPTH, Limits, budget, within
from dfpolicy.reading.yaml_lines import Decoded, LineDecoder
from dfpolicy.reading.yaml_reader import read_yaml
from support.decisions import ROOT

# Parts of lines, most of them valid somewhere, each with something that can be read wrongly.
_INDENTS = ["", "", "", " ", "  ", "  ", "  ", "    ", "    ", "      ", "\t"]
_DASHES = ["", "", "", "", "- ", "- ", "-  ", "- - ", "-", "--- "]
_KEYS = [
    *(
        "a",
        "a",
        "b",
        "c",
        "kind",
        "x/y",
        "a.b",
        "f:m",
        "A_b",
        "true",
        "y",
        "null",
        "1",
        ".5",
        ".inf",
    ),
    *("<<", "a b", '"q"', "'q'", "é", "? a", "*a", "&a", "a:", "a ", ".", "..", "...", "%a", "~"),
]
_COLONS = [":", ": ", ": ", ": ", ":  ", " :", "", ":\t"]
_VALUES = [
    *("", "", "", "a", "a b", "a: b", "a:b", "a #b", "a#b", "#b", "a:", ":a", "a :b", "a, b"),
    *("{}", "[]", "{a: 1}", "[a]", "[", "{", "{} ", "[] #", "'a'", "'it''s'", "'", "''", '""'),
    *('"a"', '"a\\n"', '"', '"a" b', '"#"', "|", "|-", "|+", "|2", ">", ">-", "| #c", "|a", "- a"),
    *("1", "01", "0x1f", "0o7", "1_000", "1e3", "-1", "+1", "-", "--", "--a", "-a", ".5", "5."),
    *("1:30", "2025-03-04T05:06:07Z", "2025-03-04", "~", "null", "yes", "No", "on", "TRUE", "y"),
    *(".inf", ".nan", "<<", "=", "!a", "!!str 1", "&a", "*a", "&a b", "@a", "`a", "%a", "?", "? a"),
    *(
        "é",
        "\u00a0a",
        "\u2028",
        "a\u0085b",
        "\ufeff",
        "a  ",
        "\\",
        "$a",
        "(a",
        "^a",
        ";",
        "</",
        "!",
    ),
    *(
        "[a, 1]",
        '["a", b]',
        "[ a,b ]",
        "[yes]",
        "[a,]",
        "[,a]",
        "[a b]",
        "[a: b]",
        "[-]",
        '["a]", b]',
    ),
    *("[1.5, .5]", "[a#b]", "[a #b]", "[1e3]", "['a']", "[[a]]", "[a] b", '["a" "b"]', '["a"b]'),
    *("12345678901234567890123", "99999999999999999999", "a]", "a}", "...", "---", "--- a", "...a"),
]
_LINES = [
    "",
    "  ",
    "# a",
    "  # a",
    "---",
    "...",
    "\r",
    "      # deep",
    " text",
    "    text",
    "%YAML 1.1",
]


def _line(source: random.Random) -> str:
    if source.random() < 0.12:
        return source.choice(_LINES)
    parts = [source.choice(_INDENTS), source.choice(_DASHES), source.choice(_KEYS)]
    return "".join([*parts, source.choice(_COLONS), source.choice(_VALUES)])


def _likely(source: random.Random) -> str:
    """A line of the form that is decoded."""
    parts = [" " * (2 * source.randrange(4)), source.choice(["", "", "- "])]
    parts += [
        source.choice("abcde"),
        ": ",
        source.choice(["", "", "1", "x", "|", "|-", "[]", "[a, 2]"]),
    ]
    return "".join(parts)


def _text(source: random.Random) -> str:
    make = source.choice([_line, _likely, _likely])
    lines = [make(source) for _ in range(source.randint(1, 7))]
    return source.choice(["", "", "---\n", "# a\n"]) + "\n".join(lines) + source.choice(["", "\n"])


def _by_libyaml(text: str) -> Decoded | None:
    """The only document of a text, None if there is another number of them, or a fault."""
    with within(Limits()):
        before = budget().values
        try:
            found = list(read_yaml(text, "", 1))
        except InputError:
            return None
        return Decoded(*found[0], before - budget().values) if len(found) == 1 else None


def _same(decoder: LineDecoder, text: str) -> bool:
    """Fail if the text is decoded otherwise. Return whether it is decoded."""
    found = decoder.decode(text)
    if found is None:
        return False
    expected = _by_libyaml(text)
    assert expected is not None, text
    # Booleans equal numbers.
    assert repr(found) == repr(expected._replace(above=expected.above - 1)), text
    return True


@pytest.mark.parametrize("count", [20_000, pytest.param(400_000, marks=pytest.mark.slow)])
def test_any_text_is_decoded_as_by_libyaml_or_not_at_all(count: int) -> None:
    source, decoder = random.Random(count), LineDecoder()
    decoded = sum(_same(decoder, _text(source)) for _ in range(count))
    assert decoded > count / 20


def test_what_kubectl_and_helm_write_is_decoded() -> None:
    decoder = LineDecoder()
    assert all(_same(decoder, text) for text in objects(100))
    assert all(_same(decoder, text.replace("- ", "  ", 1)) for text in islice(nodes(5), 5))


def test_the_examples_are_decoded_as_by_libyaml() -> None:
    decoder = LineDecoder()
    texts = [
        text
        for path in sorted((ROOT / "examples").rglob("*.yaml"))
        for text in path.read_text("utf-8").split("\n---\n")
    ]
    assert sum(_same(decoder, text) for text in texts) > len(texts) / 3


def test_deep_and_long_lines_are_left_to_libyaml() -> None:
    deep = "\n".join(" " * level + "a:" for level in range(MAX_DEPTH + 1))
    for text in (deep, f"{'a' * 200}: b\n", "a: b\n" * 2, "- a: b\n"):
        assert LineDecoder().decode(text) is None
