"""A damaged, outdated or shared cache makes a run slower but never changes its result."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.faults import catalogue

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("fault", catalogue.faults("cache"), ids=lambda fault: fault.name)
def test_a_damaged_or_shared_cache_changes_no_result(
    fault: catalogue.Fault, tmp_path: Path
) -> None:
    fault.check(tmp_path)
