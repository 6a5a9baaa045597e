"""One API server for all tests of this directory."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from cluster.api_server import ApiServer, missing_binaries, running


@pytest.fixture(scope="session")
def api_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """Return a running API server, shared by all tests: each test uses its own names."""
    missing = missing_binaries()
    if missing:
        text = f"there is no {' and no '.join(missing)}; run `make tools-cluster`"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)
    with running(tmp_path_factory.mktemp("api-server")) as server:
        yield server
