r"""Command lines of units; the expected words are those of `systemd-analyze verify` 252."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.input.build import build_input
from dfpolicy.reading.documents import load_documents
from dfpolicy.reading.prefilter import find
from dfpolicy.reading.systemd_command import resolved_commands
from support.decisions import decide
from support.inputs import PROPERTY
from support.instructions import instructions


@pytest.mark.parametrize(
    ("line", "commands"),
    [
        ("", [""]),
        ("/a -f  b", ["/a -f b"]),
        (r"/deep\x66\u006cow\055agent", ["/deepflow-agent"]),
        (r"/a\sb c", ['"/a b" c']),
        (r"/a\qb", [r"/a\qb"]),
        (r"/a\x00 \Uffffffff", [r"/a\x00 \Uffffffff"]),
        (r"/a \b", ["/a \b"]),
        ("""/deep"flow"'-agent' "x y" ''""", ['/deepflow-agent "x y" ""']),
        (r"""'/de\x66' "a\"b c" \"d""", ["/def 'a\"b c' '\"d'"]),
        (r"""/a "b'c\" d" """, ["/a \"b'c' d\""]),
        ("-@+/a name b", ["/a b"]),
        ('":-/a b" c', ['"/a b" c']),
        ("@/a", ["/a"]),
        (r"/a ; /b x ;; \; ;", ["/a", "/b x ;; ;"]),
        ("/%p-%j/%N %n %i%%%H \\x25p %E", ["/a-b-b/a-b@c-d a-b@c-d.service c-d%%H a-b /etc"]),
        ("%f %I%J%P", ["/c/d c/dba/b"]),
        ('/a "b', ['/a "b']),
        (";", [";"]),
    ],
)
def test_commands(line: str, commands: list[str]) -> None:
    assert resolved_commands(line, "a-b@c-d.service") == commands


def test_an_escaped_name_of_a_unit_is_resolved() -> None:
    assert resolved_commands("/%P /%p", r"deepflow\x2dagent.service") == [
        r"/deepflow-agent /deepflow\x2dagent"
    ]


# As `value.words` of the policies.
_WORDS = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^\s\"']\S*)", re.ASCII)


def _escaped(char: str) -> st.SearchStrategy[str]:
    code = ord(char)
    return st.sampled_from(
        [char, f"\\x{code:02x}", f"\\{code:03o}", f"\\u{code:04x}", f'"{char}"', f"'{char}'"]
    )


@PROPERTY
@given(st.data(), st.sampled_from(["", "-", "@", ":+", "!!"]), st.booleans())
def test_no_spelling_hides_the_agent(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, prefix: str, joined: bool
) -> None:
    path = "/usr/sbin/deepflow-agent"
    program = prefix + "".join(data.draw(_escaped(char)) for char in path)
    rest = " \\\n# c\n  -f /a" if joined else " -f /a"
    unit: Path = tmp_path_factory.mktemp("units") / "x.service"
    unit.write_text(f"[Service]\nExecStart={program}{' x' * ('@' in prefix)}{rest}\n", "utf-8")
    assert find([str(unit)]).documents
    document = build_input(load_documents([str(unit)])).data
    (resource,) = document["resources"]
    assert resource["spec"]["Service"]["ExecStart"] == [f"{path} -f /a"]


def test_a_unit_in_other_words_is_judged(tmp_path: Path) -> None:
    unit = tmp_path / "x.service"
    unit.write_text(r"[Service]\nExecStart=-'/usr/sbin/deep\x66low'-agent".replace(r"\n", "\n"))
    decision = decide(build_input(load_documents([str(unit)])).data)
    assert "DF-KERNEL-001" in {result["id"] for result in decision["results"]}


@PROPERTY
@given(st.text(" \"'\\;%@-abx2n\t", max_size=30))
def test_any_line_stays_or_becomes_words_in_simple_quotes(line: str) -> None:
    commands = resolved_commands(line, "x.service")
    assert commands
    for command in commands:
        assert command == line or _WORDS.sub("", command).strip() == ""


@pytest.mark.parametrize("part", ["a ", "\\; ", '"" ', "\\x41", "%p"])
def test_twice_the_line_is_about_twice_the_work(part: str) -> None:
    def work(count: int) -> int:
        return instructions(lambda: resolved_commands(part * count, "x.service"))

    work(1000)
    assert work(2000) < 2.5 * work(1000)
