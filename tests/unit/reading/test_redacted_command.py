"""What stays of a command: the words that requirements read, or that say what it does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.reading.redacted_command import redacted_command
from support.inputs import PROPERTY

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["-f", "/etc/a.yaml", "-c=a/b.yaml", "--sidecar"], None),
        (["--config-file=/etc/a.yaml", "--x=true", "-v", "/a/deepflow-agent"], None),
        (["-f", SECRET, "-c", "/a:b", f"-p{SECRET}", "9"], ["-f", "?", "-c", "?", "?", "9"]),
        (["--token", "/etc/a.yaml", "--", "--token=true"], ["--token", "?", "--", "--token=?"]),
        (["--password", "-x"], ["--password", "?"]),
        ([f"--password=a;{SECRET} b", 5, None], ["--password=?;?", "?", None]),
        (["/c9J7xQ2mW4pL8vK3nB6y", "/etc/c"], ["?", "/etc/c"]),
        ("sysctl -w net.core.bpf_jit_enable=1 || true", None),
        ("set -e\nif [ -f /a ]; then exec sleep 3600; fi; exit 12", None),
        ("echo 1 > /proc/sys/net/core/bpf_jit_enable && env -u IN_CONTAINER echo", None),
        (f"IN_CONTAINER={SECRET} A=b run $PW ${{PW}}", "IN_CONTAINER=? run $? ${?}"),
        (f"cat <<E\nmy {SECRET} is {SECRET}\nE", "cat <<?\n?\n?"),
        (f'run "{SECRET} x" # {SECRET}', 'run "?" ?'),
        ({"a": SECRET, "b": True}, {"a": "?", "b": True}),
    ],
)
def test_commands(given: Any, kept: Any) -> None:
    assert redacted_command(given) == (given if kept is None else _marked(kept))


def _marked(kept: Any) -> Any:
    if isinstance(kept, dict):
        return {key: _marked(item) for key, item in kept.items()}
    if isinstance(kept, list):
        return [_marked(item) for item in kept]
    return kept.replace("?", "(hidden)") if isinstance(kept, str) else kept


def test_only_a_command_begins_with_any_program() -> None:
    assert redacted_command(["custom", "custom"], program=True) == ["custom", "(hidden)"]
    assert redacted_command(["custom", "custom"]) == ["(hidden)", "(hidden)"]


@PROPERTY
@given(st.lists(st.text(max_size=12), max_size=4), st.text(" \"'\\;&|(){}$<>=-\n,", max_size=6))
def test_a_word_behind_anything_is_hidden_and_nothing_changes_twice(
    words: list[str], before: str
) -> None:
    made = redacted_command([*words, f"{before}Hunter2x\\{before}"])
    assert "Hunter2x" not in str(made)
    assert redacted_command(made) == made
