"""One API server for all tests of this directory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cluster.api_server import ApiServer, need_binaries, running


@pytest.fixture(scope="session")
def started_api_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """Return a running API server."""
    need_binaries()
    with running(tmp_path_factory.mktemp("api-server")) as server:
        yield server


@pytest.fixture(scope="module")
def api_server(started_api_server: ApiServer) -> Iterator[ApiServer]:
    """Return the API server, with nothing that tests of another file stored in it."""
    yield started_api_server
    started_api_server.delete_stored()
