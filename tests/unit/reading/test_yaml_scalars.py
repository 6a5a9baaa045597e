"""Scalars resolve as the Kubernetes decoder resolves them.

`kubernetes_scalars.json` holds pairs [scalar, JSON], made once by sigs.k8s.io/yaml v1.6.0
from a document `v: <scalar>`; null instead of a JSON text means that it refused.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.errors import InputError
from dfpolicy.reading.yaml_reader import read_yaml
from dfpolicy.reading.yaml_scalars import resolve

TABLE = json.loads(Path(__file__).with_name("kubernetes_scalars.json").read_text("utf-8"))


def decoded(scalar: str) -> object:
    (value, _), *_ = read_yaml(f"v: {scalar}\n", "table", 1)
    return value["v"]


@pytest.mark.parametrize(("scalar", "wanted"), TABLE, ids=[row[0] for row in TABLE])
def test_as_kubernetes_reads_it(scalar: str, wanted: str | None) -> None:
    if wanted is None:
        with pytest.raises(InputError):
            decoded(scalar)
        return
    got, want = decoded(scalar), json.loads(wanted)
    if isinstance(want, (int, float)) and not isinstance(want, bool) and abs(want) >= 1 << 63:
        # Go writes a float beyond 64 bits with zeros for the digits that it does not have.
        assert isinstance(got, (int, float))
        assert float(got) == float(want)
    else:
        assert (type(got), got) == (type(want), want)


@given(st.text())
def test_every_text_resolves_or_is_refused(text: str) -> None:
    try:
        value = resolve(text)
    except ValueError:
        return
    json.dumps(value, allow_nan=False)
