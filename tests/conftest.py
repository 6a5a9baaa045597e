"""What every test can use: a separate cache, the command, and --update-golden."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture.providers import HypothesisProvider
from hypothesis.internal.constants_ast import Constants

from dfpolicy.settings.resolution import SETTINGS
from support import command
from support.command import Completed as Completed
from support.command import Run as Run
from support.inputs import DETERMINISTIC

ROOT = Path(__file__).parents[1]
# Variables of the developer's shell must not affect a test.
_SETTINGS = (
    "DFPOLICY_DEBUG",
    "DFPOLICY_OPA_TOKEN",
    *(setting.variable for setting in SETTINGS),
    "NO_COLOR",
    "FORCE_COLOR",
    "COLUMNS",
    "PYTHONIOENCODING",
)

# Tests that only `make test-all` runs, in addition to the marked ones: they take long, or need
# other tools than OPA.
SLOW = (
    "browser/",
    "cluster/",
    "kernels/test_kernels.py",
    "acceptance/test_conftest.py",
    "acceptance/test_faults_cache.py",
    "acceptance/test_faults_disk.py",
    "acceptance/test_gatekeeper.py",
    "acceptance/test_hostile.py",
    "acceptance/test_read_only.py",
    "acceptance/test_signals.py",
    "acceptance/test_streams.py",
    "acceptance/test_watch_rules.py",
)

# No test fails because the machine is busy, or because of an input that the last run did not have.
settings.register_profile(
    "steady",
    deadline=None,
    derandomize=DETERMINISTIC,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")
if DETERMINISTIC:
    # Hypothesis also draws the constants of all modules that are loaded, which depends on the
    # tests that ran before in the same process.
    HypothesisProvider._local_constants = Constants()  # type: ignore[assignment]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected reports")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--update-golden"):
        # The other tests write nothing.
        items[:] = [item for item in items if "update_golden" in getattr(item, "fixturenames", ())]
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).as_posix().startswith(SLOW):
            item.add_marker("slow")
        if item.path.name == "test_kernels.py":
            item.add_marker("kernels")


@pytest.fixture(scope="session", autouse=True)
def default_signals() -> None:
    """Let signals stop the tests' processes, also when the tests run in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("SIGHUP", "SIGTERM"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether expected reports are to be written rather than compared."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session", autouse=True)
def isolated_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's cache and settings out of the tests; the tests share one warm cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DFPOLICY_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("PYTHONPATH", str(ROOT / "evaluator"))
        # The developer's language must not affect a test.
        patch.setenv("LC_ALL", "C.UTF-8")
        # A dfpolicy.yaml above the tree is the developer's.
        patch.setenv("DFPOLICY_CONFIG", "")
        for name in _SETTINGS:
            patch.delenv(name, raising=False)
        yield


@pytest.fixture
def cli(tmp_path: Path) -> Run:
    """Return the command, run in this process, in an empty directory.

    `cli("eval", "-", stdin=text, env={...})` has `returncode`, `stdout` and `stderr`.
    """
    return partial(command.run, folder=tmp_path)


@pytest.fixture
def dfpolicy(tmp_path: Path) -> Run:
    """Return the command as a separate process, in an empty directory.

    It is called like `cli`. Starting a process is slow: use it for signals, streams and terminals.
    """

    def run(
        *arguments: str, stdin: str | bytes = "", env: dict[str, str] | None = None
    ) -> Completed:
        content = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [sys.executable, "-m", "dfpolicy", *arguments],
            input=content,
            capture_output=True,
            cwd=tmp_path,
            env=os.environ | (env or {}),
            # Only a hanging command takes that long, on any machine.
            timeout=600,
            check=False,
        )
        return Completed(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
