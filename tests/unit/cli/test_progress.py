from __future__ import annotations

import io
import sys

import pytest

from dfpolicy.cli import progress


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def terminal(monkeypatch: pytest.MonkeyPatch, encoding: str = "utf-8") -> Terminal:
    monkeypatch.setenv("TERM", "xterm")
    made = Terminal(io.BytesIO(), encoding, write_through=True)
    monkeypatch.setattr(sys, "stderr", made)
    return made


def written(made: Terminal) -> str:
    stream = made.buffer
    assert isinstance(stream, io.BytesIO)
    return stream.getvalue().decode()


def work(told: progress.Steps) -> None:
    told.title("Reading cluster `[red]a`.")
    told.show("nodes", 2, 3)
    told.done("Kubernetes v1.30.2, 3 nodes")
    told.limit(120)
    told.show("nodes (NodeFacts)", 1, 3)
    told.refused("cannot read nodes: forbidden\x1b")


@pytest.mark.parametrize(("encoding", "mark"), [("utf-8", "✓"), ("ascii", "ok")])
def test_a_terminal_sees_each_step_and_what_is_being_read(
    monkeypatch: pytest.MonkeyPatch, encoding: str, mark: str
) -> None:
    made = terminal(monkeypatch, encoding)
    with progress.steps() as told:
        work(told)
    shown = written(made)
    for text in (
        *("Reading cluster `[red]a`.\n", "  nodes 2/3"),
        f"  {mark} Kubernetes v1.30.2, 3 nodes\n",
        f"  [{'#' * 10}{'-' * 20}] 1 of 3 nodes, 0 s of at most 120 s",
        "  ! cannot read nodes: forbidden?\n",
    ):
        assert text in shown.replace("\r\n", "\n")
    # The last line is erased, and the cursor shown again.
    assert shown.endswith("\x1b[2K")
    assert "\x1b[?25h" in shown


def test_the_line_is_erased_also_when_reading_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    made = terminal(monkeypatch)

    def read() -> None:
        with progress.steps() as told:
            told.show("nodes", 0, 0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read()
    assert written(made).endswith("\x1b[2K")


def test_a_file_sees_only_refusals(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.steps() as told:
        work(told)
    assert capsys.readouterr().err == "dfpolicy: cannot read nodes: forbidden?\n"


def test_nodes_with_the_same_reason_are_one_line() -> None:
    refused = [
        {"fact": "nodes", "path": "/api/v1/nodes", "reason": "forbidden"},
        *({"fact": f"NodeFacts n{i}", "path": "", "reason": "ErrImagePull"} for i in range(5)),
    ]
    assert [*progress.unread(refused)] == [
        "cannot read nodes (/api/v1/nodes): forbidden",
        "cannot read NodeFacts of 5 nodes (n0, n1, n2 +2 more): ErrImagePull",
    ]


def test_the_steps_of_a_cluster() -> None:
    level = {"pod-security.kubernetes.io/enforce": "privileged"}
    objects = [
        {"kind": "ClusterFacts", "metadata": {"name": "a"}, "spec": {"version": "v1.30.2"}},
        {"kind": "Node", "metadata": {"name": "n"}},
        {"kind": "Namespace", "metadata": {"name": "deepflow", "labels": level}},
        {"kind": "Namespace", "metadata": {"name": "other"}},
    ]
    assert [*progress.collected_facts(objects, ["deepflow"])] == [
        "Kubernetes v1.30.2, 1 node",
        "namespace deepflow: Pod Security level privileged",
    ]
