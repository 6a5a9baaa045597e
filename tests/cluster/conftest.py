"""One API server for all tests of this directory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cluster.api_server import ApiServer, need_binaries, running


@pytest.fixture(scope="session")
def api_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """Return a running API server, shared by all tests: each test uses its own names."""
    need_binaries()
    with running(tmp_path_factory.mktemp("api-server")) as server:
        yield server
