from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.errors import DfpolicyError, InputError
from dfpolicy.reading.sources import Source
from dfpolicy.settings.config_file import parse_config
from dfpolicy.settings.waiver_file import add_waiver, with_waiver

WAIVER = {
    "id": "DF-NET-002",
    "subject": "Node/*",
    "reason": "tried: it works # so",
    "owner": "y",
    "expires": "2027-01-31",
}
ITEM = """\
- id: DF-NET-002
  subject: Node/*
  reason: 'tried: it works # so'
  owner: "y"
  expires: 2027-01-31
"""
DEEPER = "".join(f"  {line}\n" for line in ITEM.splitlines())
OTHER = "- {id: DF-NET-003, reason: r, owner: o, expires: 2027-01-31}\n"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "waivers:\n" + DEEPER),
        ("# ours\n", "# ours\n\nwaivers:\n" + DEEPER),
        ("mode: auto # so\n", "mode: auto # so\n\nwaivers:\n" + DEEPER),
        ("mode: auto", "mode: auto\n\nwaivers:\n" + DEEPER),
        ("waivers:\n", "waivers:\n" + DEEPER),
        ("waivers: # none yet\nmode: auto\n", "waivers: # none yet\n" + DEEPER + "mode: auto\n"),
        ("waivers:\n" + OTHER, "waivers:\n" + OTHER + ITEM),
        ("waivers:\n  " + OTHER, "waivers:\n  " + OTHER + DEEPER),
        ("waivers:\n" + OTHER.strip(), "waivers:\n" + OTHER + ITEM),
        (
            "waivers:\n" + OTHER + "# later\n\nmode: auto\n",
            "waivers:\n" + OTHER + ITEM + "# later\n\nmode: auto\n",
        ),
        (
            "waivers:\n- id: DF-NET-003\n  expires: 2027-01-31\n  owner: o\n  reason: |\n    a\n"
            "    b\nmode: auto\n",
            "waivers:\n- id: DF-NET-003\n  expires: 2027-01-31\n  owner: o\n  reason: |\n    a\n"
            "    b\n" + ITEM + "mode: auto\n",
        ),
        (
            "waivers:\n- {id: DF-NET-003, reason: r, owner: o,\n   expires: 2027-01-31\n  } # a\n",
            "waivers:\n- {id: DF-NET-003, reason: r, owner: o,\n   expires: 2027-01-31\n  } # a\n"
            + ITEM,
        ),
        (
            "waivers:\r\n" + OTHER.replace("\n", "\r\n"),
            ("waivers:\n" + OTHER + ITEM).replace("\n", "\r\n"),
        ),
        ("\ufeffwaivers:\n" + OTHER, "\ufeffwaivers:\n" + OTHER + ITEM),
        ("\ufeffmode: auto\n", "\ufeffmode: auto\n\nwaivers:\n" + DEEPER),
    ],
)
def test_the_rest_of_the_file_is_unchanged(text: str, wanted: str) -> None:
    assert with_waiver(text, WAIVER, "c.yaml") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "waivers: []\n",
        "waivers: ~\n",
        "waivers: [{id: DF-NET-003, reason: r, owner: o, expires: 2027-01-31}]\n",
        "{mode: auto}\n",
        '{"mode": "auto"}\n',
        "mode: auto\n...\n",
        "  mode: auto\n",
        "namespace: |+\n  a\n",
        "waivers:\n  # none\n  []\n",
    ],
)
def test_an_unsafe_edit_is_refused_with_the_text_to_add(text: str, tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as error:
        add_waiver(str(path), WAIVER)
    assert "add this line below `waivers:`:" in str(error.value)
    assert '- {id: "DF-NET-002", subject: "Node/*", ' in str(error.value)
    assert path.read_text("utf-8") == text


def test_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "dfpolicy.yaml"
    config = add_waiver(str(path), WAIVER)
    assert config.waivers == parse_config(Source(str(path), path.read_text("utf-8"))).waivers
    assert path.read_text("utf-8").endswith("waivers:\n" + DEEPER)
    again = add_waiver(str(path), WAIVER | {"subject": "Pod/*"})
    assert [waiver.subject for waiver in again.waivers] == ["Node/*", "Pod/*"]
    assert [found.name for found in tmp_path.iterdir()] == ["dfpolicy.yaml"]


def test_a_link_and_its_mode_stay(tmp_path: Path) -> None:
    target, link = tmp_path / "a", tmp_path / "dfpolicy.yaml"
    target.write_text("mode: auto\n", "utf-8")
    target.chmod(0o640)
    link.symlink_to(target)
    add_waiver(str(link), WAIVER)
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert "DF-NET-002" in target.read_text("utf-8")


@pytest.mark.parametrize(
    "content", [b"mode: secret\n", b"waivers: 5\n", "mode: auto".encode("utf-16")]
)
def test_an_invalid_file_is_not_changed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "dfpolicy.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError):
        add_waiver(str(path), WAIVER)
    assert path.read_bytes() == content


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DfpolicyError, match="cannot write the configuration file:"):
        add_waiver(str(tmp_path / "absent" / "dfpolicy.yaml"), WAIVER)
    with pytest.raises(InputError, match="not a file"):
        add_waiver(str(tmp_path), WAIVER)


LINES = st.sampled_from(
    ["mode: auto\n", "# a\n", "\n", "waivers:\n", OTHER, "  " + OTHER, "strict: true\n", "---\n"]
)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn"]), min_size=1)


@given(st.lists(LINES, max_size=6).map("".join), WORDS.filter(str.strip))
def test_the_written_waiver_is_read_back(text: str, reason: str) -> None:
    waiver = WAIVER | {"reason": reason.strip()}
    try:
        before = parse_config(Source("c.yaml", text))
        made = with_waiver(text, waiver, "c.yaml")
    except InputError:
        return
    after = parse_config(Source("c.yaml", made))
    assert after.values == before.values
    assert [item.reason for item in after.waivers[:-1]] == [item.reason for item in before.waivers]
    assert after.waivers[-1].terms() == {key: waiver[key] for key in ("reason", "owner", "expires")}
    assert [line for line in text.splitlines() if line not in made.splitlines()] == []
