from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.errors import DfpolicyError, EngineError, InputError, UsageError
from dfpolicy.exit_codes import ExitCode
from dfpolicy.i18n.escaping import printable


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (InputError("what"), "what"),
        (InputError("what", "f:1"), "f:1: what"),
        (InputError("what", hint="how"), "what; how"),
        (InputError("what\n  now", "f\n:1", "how\tto"), "f :1: what now; how to"),
        (InputError("\x1b[31m"), "?[31m"),
    ],
)
def test_an_error_is_one_line(error: DfpolicyError, line: str) -> None:
    assert str(error) == line


def test_exit_codes() -> None:
    codes = [error.exit_code for error in (InputError, UsageError, EngineError, DfpolicyError)]
    assert codes == [ExitCode.USAGE, ExitCode.USAGE, ExitCode.FAILURE, ExitCode.FAILURE]
    assert [int(code) for code in ExitCode] == [0, 1, 2, 3, 129, 130, 141, 143]


@given(st.text())
def test_printable_text_can_be_encoded(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    assert shown.isprintable()
    shown.encode()
