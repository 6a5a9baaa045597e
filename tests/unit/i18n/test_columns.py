from __future__ import annotations

from textwrap import wrap

import pytest

from dfpolicy.i18n.columns import padded, width, wrapped

ENGLISH = "Loading needs SYS_ADMIN, or `BPF` (with PERFMON), on a kernel from 5.8 on on every node."
COMMA, SEMICOLON, OPEN, CLOSE = "\uff0c\uff1b\uff08\uff09"
CHINESE = (
    f"在内核 4.14 上{COMMA}同一节点只能运行一个 Agent{OPEN}“DaemonSet”或主机进程{CLOSE}{SEMICOLON}"
    "`maxSurge` 为 0。"
)


def test_a_chinese_character_takes_two_columns() -> None:
    assert width("级别 a") == 6
    assert padded("级别", 6) + "|" == "级别  |"
    assert padded("level", 3) == "level"


@pytest.mark.parametrize("columns", [12, 20, 33, 80, 200])
def test_english_breaks_only_at_spaces(columns: int) -> None:
    lines = wrap(ENGLISH, columns, break_long_words=False, break_on_hyphens=False)
    assert list(wrapped(ENGLISH, columns)) == lines


@pytest.mark.parametrize("columns", range(20, 60))
def test_chinese_breaks_between_characters_but_not_before_punctuation(columns: int) -> None:
    lines = list(wrapped(CHINESE, columns))
    assert "".join(lines).replace(" ", "") == CHINESE.replace(" ", "")
    for line in lines:
        assert width(line) <= columns
        assert line == line.strip()
        assert line[0] not in (COMMA, SEMICOLON, "。", CLOSE, "”")
        assert line[-1] not in (OPEN, "“")
    # A Latin word may not fit, but a single character does.
    assert all(width(line) > columns - 18 for line in lines[:-1])


def test_what_cannot_be_broken_stays_whole() -> None:
    assert list(wrapped("/proc/sys/kernel/kptr_restrict 值", 10)) == [
        "/proc/sys/kernel/kptr_restrict",
        "值",
    ]
    assert list(wrapped("", 10)) == []
