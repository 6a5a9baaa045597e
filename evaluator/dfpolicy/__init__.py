"""dfpolicy: tells before a DeepFlow deployment which of its requirements are not met.

>>> from dfpolicy import build_input, evaluate, load_documents
>>> built = build_input(load_documents(["manifests.yaml"]))
>>> decision = evaluate(built.data)
"""

from __future__ import annotations

from importlib import import_module

# `typing` takes a third of the time in which Ctrl-C cannot be handled yet.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dfpolicy.catalogue import Catalogue, load_catalogue
    from dfpolicy.documents import load_documents
    from dfpolicy.input import RunningRelease, build_input

__all__ = [
    "Catalogue",
    "RunningRelease",
    "build_input",
    "evaluate",
    "load_catalogue",
    "load_documents",
]

_HOMES = {
    "Catalogue": "dfpolicy.catalogue",
    "load_catalogue": "dfpolicy.catalogue",
    "load_documents": "dfpolicy.documents",
    "RunningRelease": "dfpolicy.input",
    "build_input": "dfpolicy.input",
}


def evaluate(document: dict[str, Any], engine: str = "wasm") -> dict[str, Any]:
    """Return the decision (schema `decision`) on an input document (schema `input`).

    Raises EngineError when the engine fails or exceeds its limits, ValueError for an
    unknown engine.
    """
    if engine != "wasm":
        raise ValueError(f"no engine {engine!r}; one of: wasm")
    from dfpolicy.engines.wasm import WasmEngine

    return WasmEngine().evaluate(document)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
