"""Disks that are full and places that cannot be written: one line, exit 3, nothing half-written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support.faults import catalogue, disk

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def need_mounts() -> None:
    """Skip the test where nothing can be mounted; in CI that is a failure."""
    refused = disk.mounts_refused()
    if refused and os.environ.get("CI"):
        pytest.fail(refused)
    if refused:
        pytest.skip(refused)


@pytest.mark.parametrize("fault", catalogue.faults("disk"), ids=lambda fault: fault.name)
def test_a_disk_that_takes_nothing(fault: catalogue.Fault, tmp_path: Path) -> None:
    fault.check(tmp_path)


@pytest.mark.parametrize("fault", catalogue.faults("home"), ids=lambda fault: fault.name)
def test_a_home_that_takes_no_cache(fault: catalogue.Fault, tmp_path: Path) -> None:
    fault.check(tmp_path)
