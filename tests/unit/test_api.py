from __future__ import annotations

from pathlib import Path

import pytest

import dfpolicy
from dfpolicy.input import schemas

EXAMPLE = Path(__file__).parents[2] / "examples" / "single-k8s" / "manifests.yaml"


def test_the_public_names() -> None:
    for name in dfpolicy.__all__:
        assert callable(getattr(dfpolicy, name))
    with pytest.raises(AttributeError, match="no attribute 'absent'"):
        _ = dfpolicy.absent


def test_from_documents_to_a_decision() -> None:
    built = dfpolicy.build_input(dfpolicy.load_documents([str(EXAMPLE)]))
    decision = dfpolicy.evaluate(built.data)
    assert schemas.first_error(decision, "decision") is None
    assert decision["agents"]


def test_an_unknown_engine() -> None:
    with pytest.raises(ValueError, match="no engine 'opa'"):
        dfpolicy.evaluate({}, engine="opa")
