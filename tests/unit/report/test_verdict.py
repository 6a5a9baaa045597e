from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.model import LEVELS, OUTCOMES, Result, WaiverTerms
from dfpolicy.report import verdict

RESULT = st.fixed_dictionaries(
    {"outcome": st.sampled_from(OUTCOMES), "level": st.sampled_from(LEVELS)}
).map(lambda fields: cast(Result, fields))


def results(*texts: str) -> list[Result]:
    fields = [dict(zip(("level", "outcome"), text.split(), strict=True)) for text in texts]
    return cast(list[Result], fields)


@pytest.mark.parametrize(
    ("texts", "codes", "strict", "said"),
    [
        # codes: of --fail-on required, recommended, none; strict: of --strict
        (["required pass"], (0, 0, 0), 0, "pass"),
        (["required violation"], (1, 1, 0), 1, "violation"),
        (["recommended violation"], (0, 1, 0), 0, "pass"),
        (["informational violation"], (0, 0, 0), 0, "pass"),
        (["required unknown"], (0, 0, 0), 1, "unknown"),
        (["recommended unknown"], (0, 0, 0), 0, "pass"),
        (["required unknown", "required violation"], (1, 1, 0), 1, "violation"),
        (["required unknown", "recommended violation"], (0, 1, 0), 1, "unknown"),
    ],
)
def test_exit_code_and_verdict(
    texts: list[str], codes: tuple[int, int, int], strict: int, said: str
) -> None:
    found = results(*texts)
    assert tuple(verdict.exit_code(found, name) for name in verdict.FAIL_ON) == codes
    assert verdict.exit_code(found, strict=True) == strict
    assert verdict.verdict(found) == said
    if said != "violation":
        wanted = "violation" if codes[1] else said
        assert verdict.verdict(found, "recommended") == wanted
    else:
        assert verdict.verdict(found, "none") in ("pass", "unknown")


def test_strict_counts_unknowns_even_where_no_violation_counts() -> None:
    assert verdict.exit_code(results("required unknown"), "none", strict=True) == 1


def test_summary() -> None:
    found = results("required pass", "recommended pass", "required violation", "required unknown")
    assert verdict.summary(found, 3) == {
        "pass": 2,
        "violation": {"required": 1, "recommended": 0, "informational": 0},
        "unknown": 1,
        "waived": 0,
        "ignored": 3,
    }


@given(st.lists(RESULT))
def test_every_result_is_counted_once(found: list[Result]) -> None:
    counted = verdict.summary(found, 0)
    total = (
        counted["pass"] + sum(counted["violation"][level] for level in LEVELS) + counted["unknown"]
    )
    assert total == len(found)


@given(st.lists(RESULT), RESULT)
def test_one_more_result_never_lowers_the_exit_code(found: list[Result], more: Result) -> None:
    for fail_on in verdict.FAIL_ON:
        for strict in (False, True):
            before = verdict.exit_code(found, fail_on, strict)
            assert verdict.exit_code([*found, more], fail_on, strict) >= before


@given(st.lists(RESULT), st.lists(RESULT))
def test_what_is_waived_counts_as_waived_alone(found: list[Result], waived: list[Result]) -> None:
    terms = WaiverTerms(reason="r", owner="o", expires="2030-01-31")
    both: list[Result] = [*found]
    both[:0] = [{**result, "waiver": terms} for result in waived]
    assert verdict.summary(both, 0) == {
        **verdict.summary(found, 0),
        "waived": len(waived),
    }
    for fail_on in verdict.FAIL_ON:
        assert verdict.verdict(both, fail_on) == verdict.verdict(found, fail_on)
        for strict in (False, True):
            wanted = verdict.exit_code(found, fail_on, strict)
            assert verdict.exit_code(both, fail_on, strict) == wanted
