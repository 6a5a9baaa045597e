"""dfpolicy checks a DeepFlow deployment against DeepFlow's requirements before you install it.

>>> from dfpolicy import evaluate_files, render
>>> report = evaluate_files("manifests.yaml", facts="nodes.yaml")
>>> report["exitCode"], report["verdict"]["state"]
>>> html = render(report, "html")
"""

from __future__ import annotations

from importlib import import_module

# `typing` takes a third of the time in which Ctrl-C cannot be handled yet.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from dfpolicy.api import evaluate_files, render
    from dfpolicy.errors import DfpolicyError, EngineError, InputError
    from dfpolicy.model import Report

__all__ = ["DfpolicyError", "EngineError", "InputError", "Report", "evaluate_files", "render"]

_HOMES = {
    "DfpolicyError": "dfpolicy.errors",
    "EngineError": "dfpolicy.errors",
    "InputError": "dfpolicy.errors",
    "Report": "dfpolicy.model",
    "evaluate_files": "dfpolicy.api",
    "render": "dfpolicy.api",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
