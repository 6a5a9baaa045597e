"""Losing one feature can mean losing others."""

from __future__ import annotations

import pytest

from dfpolicy.report.impacts import EVERYTHING, FEATURES, implied


@pytest.mark.parametrize("name", EVERYTHING)
def test_an_agent_that_does_nothing_loses_every_feature(name: str) -> None:
    assert implied([name]) == {name, *FEATURES}


def test_tracing_has_two_parts() -> None:
    parts = {"AutoTracing of system calls", "AutoTracing of Go and OpenSSL"}
    assert implied(["AutoTracing", "AutoMetrics"]) == {"AutoTracing", "AutoMetrics", *parts}


def test_a_part_of_tracing_implies_nothing() -> None:
    assert implied(["AutoTracing of Go and OpenSSL"]) == {"AutoTracing of Go and OpenSSL"}
