"""What a baseline contains does not count; what is worse or new does."""

from __future__ import annotations

import pytest

from dfpolicy.model import Result
from dfpolicy.report.baseline import Baseline
from support.reports import WAIVER, report, result


@pytest.mark.parametrize(
    ("before", "now", "known"),
    [
        (result(), result(), True),
        (result(), result(observed="worded otherwise"), True),
        (result(), result("violation", "recommended"), True),
        (result("violation", "recommended"), result(), False),
        (result("unknown"), result(), False),
        (result("unknown"), result("unknown"), False),
        (result("pass"), result(), False),
        (result(waiver=WAIVER), result(), False),
        (result(id="DF-K8S-002"), result(), False),
        (result(), result("pass"), False),
    ],
)
def test_known(before: Result, now: Result, known: bool) -> None:
    (marked,) = Baseline(report(before)).marked([now])
    assert marked.get("known", False) == known


def test_results_of_one_key_are_compared_worst_first_and_keep_their_order() -> None:
    marked = Baseline(report(result())).marked([result("pass"), result("unknown"), result()])
    assert [one.get("known", False) for one in marked] == [False, False, True]
