"""Closed, full or abandoned standard streams, other encodings, and names that are invalid text."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.faults import catalogue


@pytest.mark.parametrize("fault", catalogue.faults("streams"), ids=lambda fault: fault.name)
def test_closed_full_and_abandoned_streams(fault: catalogue.Fault, tmp_path: Path) -> None:
    fault.check(tmp_path)


@pytest.mark.parametrize("fault", catalogue.faults("encodings"), ids=lambda fault: fault.name)
def test_a_report_is_complete_in_other_encodings(fault: catalogue.Fault, tmp_path: Path) -> None:
    fault.check(tmp_path)
