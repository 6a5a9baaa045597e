"""Full disks and unwritable places: one line, exit code 3, and no partial file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support.faults import catalogue, disk

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def need_mounts() -> None:
    """Skip the test if nothing can be mounted; in CI that is a failure."""
    refused = disk.mounts_refused()
    if refused and os.environ.get("CI"):
        pytest.fail(refused)
    if refused:
        pytest.skip(refused)


@pytest.mark.parametrize("fault", catalogue.faults("disk"), ids=lambda fault: fault.name)
def test_a_full_or_read_only_disk_leaves_no_partial_file(
    fault: catalogue.Fault, tmp_path: Path
) -> None:
    fault.check(tmp_path)


@pytest.mark.parametrize("fault", catalogue.faults("home"), ids=lambda fault: fault.name)
def test_a_home_without_a_cache_still_works(fault: catalogue.Fault, tmp_path: Path) -> None:
    fault.check(tmp_path)
