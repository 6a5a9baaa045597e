"""`dfpolicy fix` on files: what is changed, what proves it, and what is asked or refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy.changes.selection import Wishes
from dfpolicy.fix.proof import compared
from dfpolicy.input.schemas import first_error
from support import decisions
from support.charts import fake_helm
from support.command import Completed, Run

EXAMPLES = decisions.EXAMPLES
BROKEN = str(EXAMPLES / "single-k8s/broken.yaml")
FACTS = str(EXAMPLES / "single-k8s/facts.yaml")
NODES = "DF-EBPF-016"
OWN = str(EXAMPLES / "policy")
HOST = str(EXAMPLES / "legacy-host/broken.yaml")


def planned(cli: Run, *arguments: str, code: int) -> dict[str, Any]:
    done = cli("fix", *arguments, "-o", "plan")
    assert done.returncode == code, done.stderr
    plan: dict[str, Any] = json.loads(done.stdout)
    assert first_error(plan, "plan") is None
    assert plan["exitCode"] == code
    return plan


def ids(entries: Sequence[dict[str, Any]]) -> set[str]:
    return {id_ for entry in entries for id_ in entry.get("ids", [entry.get("id")])}


def violations(cli: Run, *files: str) -> set[str]:
    """The violations that the example's files have, judged from the start."""
    done = cli("eval", *files, "-o", "json", "--config", "")
    results = json.loads(done.stdout)["results"]
    return {one["id"] for one in results if one["outcome"] == "violation" and one["impact"] != []}


def test_the_changed_copy_has_no_violation_and_the_input_is_as_before(
    cli: Run, tmp_path: Path
) -> None:
    before = Path(BROKEN).read_bytes()
    done = cli("fix", BROKEN, FACTS, "-o", f"patched={tmp_path / 'out'}")
    assert done.returncode == 0, done.stderr
    (copy,) = (tmp_path / "out").rglob("broken.yaml")
    assert violations(cli, BROKEN, FACTS)
    assert not violations(cli, str(copy), FACTS)
    assert Path(BROKEN).read_bytes() == before


def test_objects_out_of_scope_do_not_change_the_plan(cli: Run, tmp_path: Path) -> None:
    """Of a large input, each evaluation leaves out most objects; the next one needs them again."""
    filling = [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": f"a-{number}", "namespace": "elsewhere"},
            "data": {"text": "x" * 300_000},
        }
        for number in range(8)
    ]
    path = tmp_path / "large.yaml"
    text = Path(BROKEN).read_text("utf-8") + "---\n" + yaml.safe_dump_all(filling)
    path.write_text(text, "utf-8")
    large, small = (planned(cli, file, FACTS, code=0) for file in (str(path), BROKEN))
    assert large | {"files": []} == small | {"files": []}


def test_the_plan_names_what_is_proven_asked_and_left(cli: Run) -> None:
    plan = planned(cli, HOST, code=1)
    assert all(change["proven"] for change in plan["changes"])
    assert [one["key"] for one in plan["questions"]] == ["controller-ips"]
    assert "DF-LH-001" in ids(plan["remaining"]) - ids(plan["changes"])
    assert plan["files"] == [HOST]


def test_an_answer_becomes_a_value(cli: Run) -> None:
    answer = "controller-ips=10.9.8.7, 10.9.8.8"
    plan = planned(cli, HOST, "--only", "DF-LH-001", "--answer", answer, code=0)
    (change,) = plan["changes"]
    assert change["operations"][0]["value"] == ["10.9.8.7", "10.9.8.8"]
    assert not plan["questions"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((HOST, "--answer", "controller-ip=10.9.8.7"), "no change asks for 'controller-ip'"),
        ((HOST, "--answer", "10.9.8.7"), "is not KEY=VALUE"),
        ((HOST, "--only", "DF-LH-01"), "unknown requirement"),
        ((HOST, "--only", "DF-EBPFF-004"), "unknown requirement ID; did you mean DF-EBPF-004"),
        ((HOST, "--skip", "OWN-NET-999", "--policy", OWN), "unknown requirement ID"),
        ((HOST, "--prefer", "nope"), "--prefer: no change has a way called 'nope'"),
        ((HOST, "-o", "values"), "-o values needs a chart"),
        ((HOST, "-o", "html"), "unknown output 'html'"),
        ((HOST, "-o", f"patch={HOST}"), "an input file would be overwritten"),
        ((".", HOST, "-o", "kustomize=new"), "the next run would read this as a manifest"),
        ((HOST, "-o", "plan", "-o", "diff"), "two outputs would go to the same place"),
    ],
)
def test_wrong_usage_is_one_line(cli: Run, arguments: tuple[str, ...], message: str) -> None:
    before = Path(HOST).read_bytes()
    done = cli("fix", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert Path(HOST).read_bytes() == before


def test_wishes_select_what_is_fixed(cli: Run) -> None:
    found = violations(cli, BROKEN, FACTS)
    assert len(found) > 3
    assert ids(planned(cli, BROKEN, FACTS, "--only", "DF-EBPF-004", code=0)["changes"]) == {
        "DF-EBPF-004"
    }
    # It cannot be waived, but fixed.
    needed = str(EXAMPLES / "requirements/DF-K8S-001/violation.yaml")
    assert ids(planned(cli, needed, "--only", "DF-K8S-001", code=0)["changes"]) == {"DF-K8S-001"}
    skipped = planned(cli, BROKEN, FACTS, "--skip", "DF-EBPF-004", code=0)
    assert "DF-EBPF-004" not in ids(skipped["changes"])


def agent(tmp_path: Path, name: str, changes: dict[str, Any]) -> str:
    """A passing agent, with these fields of its container's security context."""
    text = (EXAMPLES / "requirements/DF-EBPF-003/pass.yaml").read_text("utf-8")
    (document,) = [one for one in yaml.safe_load_all(text) if one["kind"] == "DaemonSet"]
    container = document["spec"]["template"]["spec"]["containers"][0]
    container["securityContext"] = {**container["securityContext"], **changes}
    path = tmp_path / name
    path.write_text(json.dumps(document), "utf-8")
    return str(path)


def test_changes_of_a_unit_have_the_form_of_its_file(cli: Run) -> None:
    text = cli("fix", str(decisions.EXAMPLES / "cloud-host/broken.yaml")).stdout
    assert "      - [Service] User=\n" in text
    assert "      ~ [Service] Restart=always\n" in text


def test_the_preferred_way_is_taken_and_the_other_named(cli: Run, tmp_path: Path) -> None:
    caps = ["SYS_RESOURCE", "SYS_PTRACE", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "SYSLOG"]
    path = agent(tmp_path, "agent.json", {"capabilities": {"add": caps}})
    ways = {}
    for name in ("sys-admin", "host-network"):
        plan = planned(cli, path, "--prefer", name, "--only", "DF-EBPF-002", code=0)
        (change,) = plan["changes"]
        ways[change["alternative"]] = change["otherAlternatives"]
    assert ways == {"sys-admin": ["host-network"], "host-network": ["sys-admin"]}


def test_a_change_that_others_make_needless_is_left_out(cli: Run, tmp_path: Path) -> None:
    caps = ["SYS_RESOURCE", "SYS_PTRACE", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "SYSLOG"]
    path = agent(tmp_path, "agent.json", {"capabilities": {"add": caps}})
    wanted = ("--prefer", "host-network", "--only", "DF-EBPF-002", "--only", "DF-K8S-002")
    plan = planned(cli, path, *wanted, code=0)
    added = [one["value"] for change in plan["changes"] for one in change["operations"]]
    assert added == ["SYS_ADMIN"]


def test_what_an_output_does_not_contain_is_said(cli: Run, tmp_path: Path) -> None:
    mutators = tmp_path / "mutators.yaml"
    done = cli("fix", BROKEN, FACTS, "-o", f"gatekeeper={mutators}")
    written = yaml.safe_load_all(mutators.read_text("utf-8"))
    kinds = {kind for one in written for to in one["spec"]["applyTo"] for kind in to["kinds"]}
    assert kinds == {"DaemonSet"}
    assert "dfpolicy: no mutator for Namespace deepflow: a mutator only" in done.stderr


def test_standard_input_becomes_a_diff(cli: Run) -> None:
    text = Path(BROKEN).read_text("utf-8")
    done = cli("fix", "-", "-o", "diff", stdin=text)
    assert done.stdout.startswith("--- a/stdin\n+++ b/stdin\n")


def text_of(done: Completed, heading: str) -> list[str]:
    """The lines below a heading of the plan."""
    lines = done.stdout.splitlines()
    start = lines.index(heading) + 1
    end = next((i for i in range(start, len(lines)) if not lines[i]), len(lines))
    return lines[start:end]


def test_the_text_says_what_remains_and_what_proves(cli: Run) -> None:
    done = cli("fix", HOST)
    assert done.returncode == 1
    assert done.stdout.startswith("PARTLY FIXED - ")
    assert "      --answer controller-ips=..." in text_of(done, "ANSWER")
    assert any("DF-LH-009" in line for line in text_of(done, "REMAINS"))
    before, after = text_of(done, "PROOF")[:2]
    assert before.split()[0] == "before"
    assert after.split()[0] == "after"


def test_what_only_commands_on_nodes_fix_is_not_called_impossible(cli: Run, tmp_path: Path) -> None:
    node = {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "NodeFacts",
        "metadata": {"name": "worker-1"},
        "spec": {"paths": {"/sys/kernel/debug": {"mounted": False}}},
    }
    (tmp_path / "node.yaml").write_text(json.dumps(node), "utf-8")
    given = (str(EXAMPLES / "single-k8s/manifests.yaml"), "--facts", str(tmp_path / "node.yaml"))
    done = cli("fix", *given, "--only", "DF-EBPF-005")
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        1,
        "NOT FIXED YET - 1 violation remains until the commands run on the nodes.",
    )


def test_a_value_of_a_chart_that_is_not_given_is_named(cli: Run) -> None:
    done = cli("fix", str(EXAMPLES / "requirements/DF-SK-002/violation.yaml"))
    assert done.returncode == 1
    remains = text_of(done, "REMAINS")
    assert "        ~ mysql.enabled: true" in remains


def test_waived_violations_are_counted(cli: Run, tmp_path: Path) -> None:
    config = tmp_path / "waivers.yaml"
    waiver = {"id": "DF-EBPF-004", "reason": "known", "owner": "ops", "expires": "2999-01-01"}
    config.write_text(json.dumps({"waivers": [waiver]}), "utf-8")
    done = cli("fix", BROKEN, FACTS, "--only", "DF-EBPF-004", "--config", str(config))
    assert (done.returncode, " ".join(done.stdout.split())) == (
        0,
        "NOTHING TO CHANGE - no violation to fix. 1 violation is waived and not fixed; to fix it"
        " too, use --config ''.",
    )


def test_strict_asks_for_required_facts(cli: Run) -> None:
    done = cli("fix", str(EXAMPLES / "single-k8s/manifests.yaml"), "--strict")
    assert (done.returncode, done.stdout[:13]) == (1, "CANNOT TELL -")


def test_a_passing_input_needs_no_change(cli: Run) -> None:
    path = str(EXAMPLES / "single-k8s/manifests.yaml")
    done = cli("fix", path)
    assert (done.returncode, done.stdout.splitlines()[0][:17]) == (0, "NOTHING TO CHANGE")


def result(
    outcome: str,
    level: str = "required",
    name: str = "a",
    id_: str = "DF-K8S-001",
    kind: str = "DaemonSet",
) -> Any:
    return {
        "id": id_,
        "outcome": outcome,
        "level": level,
        "subject": {"kind": kind, "name": name},
        "impact": ["AutoTracing"],
    }


def report(*results: Any, mode: str = "single-k8s") -> Any:
    return {"results": list(results), "mode": {"name": mode}}


@pytest.mark.parametrize(
    ("before", "after", "holds"),
    [
        ([result("violation")], [result("pass")], True),
        ([result("pass")], [result("violation")], False),
        ([result("violation", "recommended")], [result("violation")], False),
        ([result("violation")], [result("unknown")], True),
        ([result("pass")], [result("unknown")], False),
        # The runtime of the nodes, which only facts tell.
        ([result("pass", id_=NODES)], [result("unknown", id_=NODES)], True),
        ([result("pass", "recommended")], [result("unknown", "recommended")], True),
        # A node that gets an agent only now may lose features, but not be blocked.
        ([], [result("violation", "recommended", kind="Node")], True),
        ([], [result("violation", kind="Node")], False),
        # Under another name, the violation is the same one.
        ([result("violation", name="a")], [result("violation", name="b")], True),
        ([result("pass", name="a")], [result("violation", name="b")], False),
        ([result("violation", id_="DF-K8S-003")], [result("violation", name="b")], False),
    ],
)
def test_what_gets_worse_voids_the_proof(before: list[Any], after: list[Any], holds: bool) -> None:
    assert compared(report(*before), report(*after), Wishes()).holds is holds


def test_another_mode_is_named() -> None:
    proof = compared(report(), report(mode="multi-k8s"), Wishes())
    assert proof.mode == "multi-k8s"


def test_values_from_a_stream_are_read_once(cli: Run, tmp_path: Path) -> None:
    # This helm renders the values themselves, and counts its runs.
    helm = fake_helm(tmp_path, 'echo >> "$0.runs"; cat')
    (tmp_path / "chart").mkdir()
    plan = tmp_path / "plan.json"
    chart = ("--helm", str(tmp_path / "chart"), "--helm-bin", helm, "-f", "-")
    done = cli("eval", *chart, "-o", f"plan={plan}", stdin=Path(BROKEN).read_text("utf-8"))
    assert done.returncode == 1, done.stderr
    assert json.loads(plan.read_text("utf-8"))["before"]["state"] == "do-not-deploy"
    assert len(Path(f"{helm}.runs").read_text("utf-8").splitlines()) == 1


def test_an_evaluation_writes_changes_beside_its_report(cli: Run, tmp_path: Path) -> None:
    plan, patch = tmp_path / "plan.json", tmp_path / "patch.yaml"
    text = Path(BROKEN).read_text("utf-8")
    done = cli("eval", "-", FACTS, "-o", f"plan={plan}", "-o", f"patch={patch}", stdin=text)
    assert done.returncode == 1
    assert done.stdout.startswith("DO NOT DEPLOY")
    assert json.loads(plan.read_text("utf-8"))["proven"]
    assert {one["kind"] for one in yaml.safe_load_all(patch.read_text("utf-8"))} >= {"DaemonSet"}
    refused = cli("eval", BROKEN, "-o", "patch")
    assert (refused.returncode, refused.stdout) == (2, "")
