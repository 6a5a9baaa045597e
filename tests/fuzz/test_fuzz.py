"""Any input gives a complete result or one error line, never a traceback.

`tests/fuzz/corpus` contains the seeds, each of which is also tested unchanged. `make fuzz` searches
for new inputs: whatever it finds is fixed and stored there.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dfpolicy import __main__
from dfpolicy.input.build import build_input
from dfpolicy.reading.documents import load_documents
from policies.test_totality import check
from support import decisions, mutations
from support.decisions import EXAMPLES, Json
from support.inputs import PROPERTY
from support.mutations import mutated

AGENT = EXAMPLES / "single-k8s" / "manifests.yaml"
FUZZED = settings(PROPERTY, max_examples=int(os.environ.get("DFPOLICY_FUZZ_EXAMPLES") or 40))
KINDS = ("manifests", "facts", "config", "kernels", "hosts", "reports")

Seed = tuple[str, bytes]


@pytest.fixture(autouse=True)
def tell_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise an unexpected exception instead of printing it as a line."""
    monkeypatch.setenv("DFPOLICY_DEBUG", "1")


def run(*arguments: str) -> str:
    """Run a command line; return its report, empty if the input is refused."""
    output, errors = io.StringIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(errors),
        pytest.raises(SystemExit) as ended,
    ):
        __main__.main(list(arguments))
    told = errors.getvalue()
    assert ended.value.code in (0, 1, 2), told
    if ended.value.code == 2:
        assert re.fullmatch(r"dfpolicy: error: [^\n]+\n", told), told
        assert output.getvalue() == ""
    else:
        assert told == ""
    return output.getvalue()


@contextlib.contextmanager
def stored(seed: Seed) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, seed[0])
        path.write_bytes(seed[1])
        yield str(path)


def check_nothing_is_lost(report: str, *files: str) -> None:
    """Each requirement that applies has a result, and the report contains each result."""
    data = build_input(load_documents(files), "auto").data
    decision = decisions.decide(data)
    check(data, decision)
    held: Json = json.loads(report)
    assert [one["id"] for one in held["results"]] == [one["id"] for one in decision["results"]]


def evaluate(*files: str) -> None:
    report = run("eval", *files, "-o", "json")
    if report:
        check_nothing_is_lost(report, *files)


def give(kind: str, seed: Seed) -> None:
    """Run the commands that read this kind of seed."""
    if kind == "kernels":
        facts = {
            "apiVersion": "dfpolicy.dev/v1",
            "kind": "NodeFacts",
            "metadata": {"name": "a"},
            "spec": {"kernelRelease": seed[1].decode("utf-8", "replace")},
        }
        seed = ("facts.json", json.dumps(facts).encode())
    with stored(seed) as path:
        if kind in ("manifests", "hosts"):
            evaluate(path)
        elif kind in ("facts", "kernels"):
            evaluate(str(AGENT), path)
            run("features", path, "-o", "json")
        elif kind == "config":
            run("eval", str(AGENT), "--config", path, "-o", "json=" + os.devnull)
            run("config", "show", "--config", path)
            waiver = ("--reason", "r", "--owner", "o", "--expires", "2099-01-01")
            run("waive", "DF-K8S-001", *waiver, "--config", path)
        else:
            for form in ("text", "html", "sarif", "markdown", "junit"):
                run("convert", path, "-o", form)
            run("diff", path, str(mutations.seeds("reports")[0]))


@pytest.mark.parametrize("kind", KINDS)
def test_seeds(kind: str) -> None:
    for path in mutations.seeds(kind):
        give(kind, (path.name, path.read_bytes()))


@pytest.mark.parametrize("kind", KINDS)
@FUZZED
@given(st.data())
def test_changed_seeds(kind: str, data: st.DataObject) -> None:
    give(kind, data.draw(mutated(kind)))
