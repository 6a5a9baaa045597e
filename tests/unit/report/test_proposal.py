"""The proposal of a report: what it changes, by what means, and for which problems."""

from __future__ import annotations

import json
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from dfpolicy.engines.selection import chosen_engine
from dfpolicy.input.build import build_input
from dfpolicy.input.schemas import first_error
from dfpolicy.model import Invocation, Operation, Proposal, ProposedEdit, Report
from dfpolicy.pipeline import judge, spoken
from dfpolicy.reading.documents import split
from dfpolicy.reading.sources import Source
from dfpolicy.report.proposal import proposal as proposal_of
from dfpolicy.report.verdict import judged_again
from dfpolicy.settings.resolution import resolve
from support import decisions, reports
from support.command import run
from support.proposals import SECRET, evaluated, proposed, rendered

BROKEN = decisions.EXAMPLES / "single-k8s/broken.yaml"


def proposal(report: Report) -> Proposal:
    return report["verdict"]["proposal"]


def numbers(report: Report, identifier: str) -> list[int]:
    return [one["number"] for one in report["verdict"]["problems"] if identifier in one["ids"]]


def test_values_of_the_chart_express_what_they_can_and_a_patch_the_rest() -> None:
    report = proposed()
    assert first_error(report, "report") is None
    found = proposal(report)
    assert found["values"]["chart"] == {"name": "deepflow-agent", "version": "7.1.002"}
    (path,) = found["values"]["origins"]
    assert path["path"] == ["securityContext", "capabilities", "add"]
    assert path["problems"] == numbers(report, "DF-EBPF-004")
    capabilities = found["values"]["content"]["securityContext"]["capabilities"]["add"]
    assert {"SYSLOG", "SYS_ADMIN"} <= set(capabilities)
    (patch,) = found["patch"]
    assert patch["metadata"] == {"name": "deepflow-agent"}
    assert patch["spec"]["template"]["spec"]["hostPID"] is True
    on_pid = [one for one in found["operations"] if one["operation"]["path"][-1] == "hostPID"]
    assert [one["problems"] for one in on_pid] == [numbers(report, "DF-K8S-001")]


def changed(text: str, *operations: Operation) -> Proposal:
    """The proposal for a violation with these operations."""
    items = build_input(split(Source("agent.yaml", text))).items
    change = {
        "cause": "c",
        "alternatives": [{"risk": "restart", "operations": list(operations)}],
        "proof": "manifests",
    }
    found = proposal_of([reports.result(change=change)], items, None, frozenset({"required"}))
    assert found is not None
    return found


def on_container(field: str, value: object) -> Operation:
    """An addition to a list of the agent's container."""
    return {
        "op": "add",
        "target": {"kind": "DaemonSet", "name": "deepflow-agent"},
        "path": ["spec", "template", "spec", "containers", {"name": "deepflow-agent"}, field],
        "value": value,
    }


# Behind the variables of the template are those of the chart's value.
BEHIND = "          volumeMounts:\n            - name: sys"


def test_a_list_with_a_secret_becomes_no_value() -> None:
    operation = on_container("env", {"name": "LEVEL", "value": "debug"})
    found = changed(rendered({}), operation)
    assert found["values"]["content"] == {"env": [operation["value"]]}
    mine = f"            - {{name: DB_PASSWORD, value: {SECRET}}}\n"
    found = changed(rendered({BEHIND: mine + BEHIND}), operation)
    assert "values" not in found
    (container,) = found["patch"][0]["spec"]["template"]["spec"]["containers"]
    assert container == {"name": "deepflow-agent", "env": [operation["value"]]}


def test_a_patch_with_a_secret_is_left_out_and_its_operation_is_not() -> None:
    # The arguments of a container are one list, which a patch replaces as a whole.
    arguments = f"          args: [--token={SECRET}]\n          env:\n"
    found = changed(rendered({"          env:\n": arguments}), on_container("args", "--verbose"))
    assert found["patch"] == []
    assert [one["operation"]["value"] for one in found["operations"]] == ["--verbose"]
    assert SECRET not in json.dumps(found)


def test_an_operation_that_does_not_fit_is_left_out() -> None:
    assert changed(rendered(), on_container("image", "x"))["operations"] == []


def test_without_a_version_of_the_chart_all_is_a_patch() -> None:
    found = proposal(evaluated(rendered(version="")))
    assert "values" not in found
    (patch,) = found["patch"]
    container = patch["spec"]["template"]["spec"]["containers"][0]
    assert "SYSLOG" in container["securityContext"]["capabilities"]["add"]


def test_a_command_names_its_nodes_once() -> None:
    (found,) = proposal(proposed())["commands"]
    assert found["command"]["run"] == "sysctl -w kernel.kptr_restrict=1"
    assert found["nodes"] == ["node-2", "node-10"]
    assert found["problems"] == numbers(proposed(), "DF-EBPF-007")


def test_words_are_left_for_what_has_no_change() -> None:
    report = evaluated("", str(decisions.EXAMPLES / "legacy-host/broken.yaml"))
    (question,) = proposal(report)["questions"]
    assert question["question"]["key"] == "controller-ips"
    fixed = {
        number
        for key in ("operations", "commands", "questions")
        for one in proposal(report)[key]
        for number in one["problems"]
    }
    told = {number for change in report["verdict"]["changes"] for number in change["problems"]}
    assert fixed | told == {one["number"] for one in report["verdict"]["problems"]}
    assert not fixed & told


def test_one_cause_that_others_follow_from_is_one_change() -> None:
    report = evaluated(rendered({"kind: ClusterRoleBinding\n": "kind: Unrelated\n"}))
    created = [one["operation"]["target"]["kind"] for one in proposal(report)["operations"]]
    assert created == ["ClusterRole", "ClusterRoleBinding"]
    assert not report["verdict"]["changes"]


def applied(text: str, edits: list[ProposedEdit]) -> str:
    """The text after the replacements, from its end to its start."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    made = {
        (starts[one["startLine"] - 1] + one["startColumn"] - 1): (
            starts[one["endLine"] - 1] + one["endColumn"] - 1,
            one["text"],
        )
        for edit in edits
        for one in edit["replacements"]
    }
    for start, (end, new) in sorted(made.items(), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def test_the_edits_of_a_file_fix_it(tmp_path: Path) -> None:
    file = tmp_path / "agent.yaml"
    text = BROKEN.read_text("utf-8")
    # The last line has no end, and others end as in Windows.
    file.write_bytes(text.rstrip("\n").replace("\n", "\r\n").encode())
    report = evaluated("", str(file))
    edits = proposal(report)["edits"]
    assert {edit["file"] for edit in edits} == {str(file)}
    fixed = {name for edit in edits for name in edit["ids"]}
    assert {"DF-NET-005", "DF-EBPF-004", "DF-EBPF-005", "DF-CH-003"} <= fixed
    file.write_bytes(applied(file.read_bytes().decode(), edits).encode())
    left = {
        one["id"] for one in evaluated("", str(file))["results"] if one["outcome"] == "violation"
    }
    assert not fixed & left


def test_no_edit_repeats_a_secret_of_its_line(tmp_path: Path) -> None:
    file = tmp_path / "agent.json"
    documents = [one.value for one in split(Source("a", rendered(version="")))]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": documents})
    assert SECRET in text
    file.write_text(text, "utf-8")
    report = evaluated("", str(file))
    assert proposal(report)["edits"]
    assert SECRET not in json.dumps(report)


def test_standard_input_and_charts_are_not_edited() -> None:
    assert proposal(proposed())["edits"] == []


@pytest.mark.parametrize(("command", "has"), [("eval", True), ("fix", False)])
def test_fix_judges_without_a_proposal(command: str, has: bool) -> None:
    settings = resolve({}, {}, None)
    given: Invocation = {"command": command, "sources": ["a.yaml"], "facts": []}
    documents = split(Source("a.yaml", rendered()))
    report = judge(documents, settings, engine=chosen_engine(settings), invocation=given)
    assert ("proposal" in report["verdict"]) is has
    assert bool(report["verdict"]["changes"]) is not has


def test_a_stored_proposal_gets_the_numbers_of_the_problems() -> None:
    stored = deepcopy(proposed())
    assert judged_again(stored) == stored
    for entry in stored["verdict"]["proposal"]["operations"]:
        entry["problems"] = [99]
    assert judged_again(stored) == proposed()


def test_an_older_report_has_its_words() -> None:
    old: Any = deepcopy(proposed())
    del old["verdict"]["proposal"]
    del old["verdict"]["next"]["change"]
    for one in old["results"]:
        one.pop("change", None)
    assert first_error(old, "report") is None
    told = judged_again(old)["verdict"]["changes"]
    assert {number for one in told for number in one["problems"]} == {1, 2, 3, 4}


def test_the_command_names_the_files() -> None:
    report = evaluated("", str(BROKEN))
    assert report["verdict"]["next"]["change"] == [f"dfpolicy fix {BROKEN} -o kustomize=fix"]
    host = str(decisions.EXAMPLES / "legacy-host/broken.yaml")
    given = evaluated("", host)["verdict"]["next"]["change"]
    assert given == [f"dfpolicy fix {host} -o diff=fix.diff"]


OTHERS = [
    ({"a.yaml": "agent", "two.yaml": "facts"}, ["a.yaml", "two.yaml"], " --facts two.yaml"),
    ({"a.yaml": "agent", "two.yaml": "facts"}, ["a.yaml"], " --facts two.yaml"),
    ({"a.yaml": "agent", "b.yaml": "other facts"}, ["a.yaml", "b.yaml"], " b.yaml"),
    ({"a.yaml": "agent facts"}, ["a.yaml"], " --facts FACTS"),
    ({"a.yaml": "agent", "cluster c": "facts"}, ["a.yaml"], " --facts FACTS"),
    ({"stdin": "agent"}, ["-"], ""),
]


@pytest.mark.parametrize(("files", "sources", "kept"), OTHERS)
def test_the_command_for_a_chart_keeps_what_the_chart_does_not_render(
    files: dict[str, str], sources: list[str], kept: str
) -> None:
    texts = {
        "agent": rendered(),
        "facts": "{apiVersion: dfpolicy.dev/v1, kind: NodeFacts, metadata: {name: n-1}, spec: {}}",
        "other": "{apiVersion: v1, kind: Namespace, metadata: {name: other}}",
    }
    found = [
        one
        for name, kinds in files.items()
        for one in split(Source(name, "\n---\n".join(texts[kind] for kind in kinds.split())))
    ]
    facts = [name for name in files if name not in sources and name.endswith(".yaml")]
    given: Invocation = {"command": "eval", "sources": sources, "facts": facts}
    report = judge(found, resolve({}, {}, None), invocation=given)
    assert first_error(report, "report") is None
    (command,) = report["verdict"]["next"]["change"]
    assert command.startswith(f"dfpolicy fix --helm CHART -f VALUES{kept} -o values=fix.yaml")


def test_values_of_an_unknown_chart_are_written_with_the_chart() -> None:
    report = evaluated("", str(decisions.EXAMPLES / "all-in-one/broken.yaml"))
    assert report["verdict"]["next"]["change"] == [
        "dfpolicy fix --helm CHART -f VALUES --facts FACTS -o values=fix.yaml"
    ]


def test_the_command_writes_no_file_that_the_next_run_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m").mkdir()
    shutil.copy(BROKEN, tmp_path / "m/-b.yaml")
    monkeypatch.chdir(tmp_path / "m")
    names = {".": "diff=fix.diff", "..": "diff=fix.diff", "-b.yaml": "kustomize=fix"}
    for source, output in names.items():
        done = run("eval", "--config", "", "-o", "json", "--", source)
        # A name that begins with a dash would be an option.
        given = source.replace("-b", "./-b")
        assert f"dfpolicy fix {given} -o {output}" in done.stdout


def test_another_language_keeps_the_proposal() -> None:
    assert spoken(proposed(), "zh")["verdict"]["proposal"] == proposal(proposed())
