"""A cache that is damaged, of another version, or wanted by many: slower, never different."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.faults import catalogue

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("fault", catalogue.faults("cache"), ids=lambda fault: fault.name)
def test_the_cache_changes_nothing(fault: catalogue.Fault, tmp_path: Path) -> None:
    fault.check(tmp_path)
