"""Seeds of a corpus, changed byte by byte and part by part."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from support.inputs import ANYTHING, Draw

CORPUS = Path(__file__).parents[1] / "fuzz" / "corpus"

TOKENS = [
    *(b"\0", b"\xff", b"\xef\xbb\xbf", b"\r\n", b"\n", b"\t", b" ", b"\n---\n", b"\n...\n", b"%"),
    *(b"{", b"}", b"[", b"]", b": ", b"- ", b", ", b'"', b"'", b"\\", b"\\u0000", b"\\ud800"),
    *(b"&a ", b"*a", b"<<: ", b"!!python/object:x ", b"!!int ", b"!", b"|\n", b">-\n", b"? "),
    *(b"null", b"~", b"yes", b"0x1f", b"1e999", b".nan", b"NaN", b"-Infinity", b"9" * 400),
    *(b"\x1b[2J", b"\xe2\x80\xa8", b"\xc2\x85", b"\xf0\x9f\x98\x80", b"#", b"=", b"[Service]\n"),
]
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", "\0", "\n", "9" * 400, "-1", "1e999", "x" * 3000, "\u202e", "\ud83d", "a/b:c"]
    ),
)
PARTS = st.one_of(
    ANYTHING,
    TEXTS,
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(TEXTS, max_size=3),
    st.dictionaries(TEXTS, ANYTHING, max_size=3),
)


def seeds(kind: str) -> list[Path]:
    """The files of a directory of the corpus."""
    found = sorted(path for path in (CORPUS / kind).iterdir() if path.is_file())
    assert found, kind
    return found


@st.composite
def mutated(draw: Draw, kind: str) -> tuple[str, bytes]:
    """The name of a seed, and its content after some changes, which may be none."""
    path = draw(st.sampled_from(seeds(kind)))
    content = path.read_bytes()
    if path.suffix in (".yaml", ".json") and draw(st.booleans()):
        content = _changed_parts(draw, content)
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 5]))):
        content = _changed_bytes(draw, content, kind)
    return path.name, content


def _changed_bytes(draw: Draw, content: bytes, kind: str) -> bytes:
    start: int = draw(st.integers(0, len(content)))
    end: int = min(len(content), start + draw(st.sampled_from([0, 1, 1, 4, 40])))
    action = draw(st.sampled_from(["insert", "insert", "replace", "delete", "repeat", "splice"]))
    if action == "delete":
        return content[:start] + content[end:]
    if action == "repeat":
        times: int = draw(st.sampled_from([1, 300]))
        return content[:end] + content[start:end] * times + content[end:]
    if action == "splice":
        other: bytes = draw(st.sampled_from(seeds(kind))).read_bytes()
        rest: int = draw(st.integers(0, len(other)))
        return content[:start] + other[rest:]
    token: bytes = draw(st.one_of(st.sampled_from(TOKENS), st.binary(min_size=1, max_size=3)))
    return content[:start] + token + content[end if action == "replace" else start :]


def _changed_parts(draw: Draw, content: bytes) -> bytes:
    documents: list[Any] = list(yaml.safe_load_all(content))
    for _ in range(draw(st.integers(1, 3))):
        places = [place for number in range(len(documents)) for place in _below(documents, number)]
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        action = draw(st.sampled_from(["replace", "replace", "delete", "wrap", "repeat"]))
        if action == "replace":
            holder[key] = deepcopy(draw(PARTS))
        elif action == "delete":
            del holder[key]
        elif action == "wrap":
            holder[key] = [holder[key]]
        elif isinstance(holder, list):
            holder.append(deepcopy(holder[key]))
    if draw(st.booleans()):
        # Half of a surrogate pair can be written only as an escape, which is a separate case.
        return "\n".join(json.dumps(one, default=str) for one in documents).encode()
    dumped = yaml.safe_dump_all(documents, allow_unicode=False, sort_keys=False)
    return dumped.encode("utf-8", "replace")


def _below(holder: Any, key: Any) -> list[tuple[Any, Any]]:
    """Each (collection, key or position) at a place and below it."""
    found = [(holder, key)]
    value = holder[key]
    inner = (
        list(value)
        if isinstance(value, dict)
        else range(len(value))
        if isinstance(value, list)
        else ()
    )
    for part in inner:
        found += _below(value, part)
    return found
