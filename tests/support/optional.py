"""What tests want that not everyone has; in CI its absence is a failure."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest


def need_module(name: str, extra: str) -> None:
    """Skip the test where a module of an extra is missing."""
    if find_spec(name) is not None:
        return
    text = f"there is no {name}; install dfpolicy[{extra}]"
    if os.environ.get("CI"):
        pytest.fail(text)
    pytest.skip(text, allow_module_level=True)
