from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dfpolicy import model
from dfpolicy.errors import DfpolicyError, InputError
from dfpolicy.input import schemas
from dfpolicy.model import MODES
from dfpolicy.reading.sources import Source
from dfpolicy.reading.yaml_writer import write_yaml
from dfpolicy.report.verdict import FAIL_ON
from dfpolicy.settings import resolution
from dfpolicy.settings.config_file import (
    Config,
    find,
    load_config,
    locate,
    parse_config,
    read_config,
)

WAIVER = {"id": "DF-NET-002", "reason": "r", "owner": "o", "expires": "2027-01-31"}


def parsed(text: str) -> Config:
    return parse_config(Source("dfpolicy.yaml", text))


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "---\n", "---\n...\n", "{}\n"])
def test_an_empty_file_sets_nothing(text: str) -> None:
    config = parsed(text)
    assert (config.values, config.waivers) == ({}, ())


def test_values_know_their_lines() -> None:
    config = parsed(
        "# ours\n"
        "mode: single-k8s\n"
        "parameters:\n"
        "  agentVersion: v7.1\n"
        "  acceptedCnis:\n"
        "  - mine\n"
        "outputs:\n"
        "- text\n"
        "- json=report.json\n"
        "strict: yes\n"
        "waivers:\n"
        "\n"
        "- id: df-net-002\n"
        "  reason: ' r '\n"
        "  owner: o\n"
        "  expires: 2027-01-31\n"
    )
    assert config.values == {
        "mode": "single-k8s",
        "parameters.agentVersion": "v7.1",
        "parameters.acceptedCnis": ["mine"],
        "outputs": ["text", "json=report.json"],
        "strict": True,
    }
    assert list(config.lines.values()) == [2, 4, 5, 7, 10]
    assert config.place("outputs") == "dfpolicy.yaml:7"
    (waiver,) = config.waivers
    assert (waiver.id, waiver.subject, waiver.reason, waiver.line) == ("DF-NET-002", "*", "r", 13)


def test_json_is_read_too() -> None:
    text = json.dumps({"mode": "auto", "waivers": [WAIVER]}, indent=1)
    assert parsed(text).lines == {"mode": 2}
    assert parsed(text).waivers[0].line == 4


@pytest.mark.parametrize(
    ("text", "line", "parts"),
    [
        ("mdoe: auto\n", 1, ["unknown key 'mdoe'", "did you mean mode?"]),
        ("mode: auto\nfail_on: none\n", 2, ["did you mean failOn?"]),
        ("mode: auto\nwaiver:\n  - a\n", 2, ["did you mean waivers?"]),
        ("\nmotor: wasm\n", 2, ["unknown key 'motor'"]),
        ("qqqq: 1\n", 1, ["known keys: mode, profile, "]),
        ("parameters:\n  agentversion: v7\n", 2, ["in parameters", "agentVersion?"]),
        ("parameters: {agentVersion: 7}\n", 1, ["parameters.agentVersion: must be "]),
        ("mode: auto\nstrict: secret\n", 2, ["strict: must be true or false"]),
        ("\nfailOn: secret\n", 2, ["failOn: must be one of required, recommended, none"]),
        ("mode: k8s\n", 1, [f"mode: must be one of auto, {', '.join(MODES)}"]),
        ("outputs: text\n", 1, ["outputs: must be "]),
        ("- secret\n", 1, ["the document: must be "]),
        ("secret\n", 1, ["the document: must be "]),
        ("mode: auto\nmode: auto\n", 2, ["duplicate key 'mode'"]),
        ("mode: auto\n---\nmode: auto\n", 3, ["the configuration file must contain one document"]),
        ("\nmode: {secret: ]\n", 2, ["not valid YAML"]),
    ],
)
def test_errors_name_the_line(text: str, line: int, parts: list[str]) -> None:
    with pytest.raises(InputError) as error:
        parsed(text)
    assert str(error.value).startswith(f"dfpolicy.yaml:{line}: ")
    for part in parts:
        assert part in str(error.value)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("change", "line", "part"),
    [
        ({"id": "DF-NET-022"}, 3, "did you mean DF-NET-002?"),
        ({"id": "secret"}, 3, "unknown requirement ID"),
        ({"id": "DF-K8S-003"}, 3, "DF-K8S-003 cannot be waived"),
        ({"owner": None}, 3, "the field 'owner' is missing"),
        ({"reason": None}, 3, "the field 'reason' is missing"),
        ({"expires": None}, 3, "the field 'expires' is missing"),
        ({"owner": " "}, 5, "waivers.0.owner: must match the pattern"),
        ({"reason": ""}, 4, "waivers.0.reason: must match the pattern"),
        ({"expires": "2027-02-30"}, 6, "`expires` is not a valid date"),
        ({"expires": "soon"}, 6, "waivers.0.expires: must match the pattern"),
        ({"expires": "2027-1-1"}, 6, "waivers.0.expires: must match the pattern"),
        ({"until": "secret"}, 7, "unknown key 'until' in waivers.0"),
        ({"subject": 5}, 7, "waivers.0.subject: must be "),
    ],
)
def test_a_malformed_waiver_is_an_error(change: dict[str, Any], line: int, part: str) -> None:
    entry = {key: value for key, value in (WAIVER | change).items() if value is not None}
    with pytest.raises(InputError) as error:
        parsed("mode: auto\nwaivers:\n" + write_yaml([entry]))
    assert str(error.value).startswith(f"dfpolicy.yaml:{line}: ")
    assert part in str(error.value)
    assert "secret" not in str(error.value)


def test_the_schema_matches_the_options_of_the_command_line() -> None:
    assert set(KNOWN) == {*(s.key for s in resolution.SETTINGS), "parameters", "waivers"}
    assert set(KNOWN["parameters"]["properties"]) == set(resolution.PARAMETERS)
    taken = json.loads(schemas.text("input"))["properties"]["parameters"]["properties"]
    # Features are wanted by `dfpolicy fix --want`.
    assert set(taken) - {"want"} == set(resolution.PARAMETERS)
    assert set(model.MODES) <= set(KNOWN["mode"]["enum"])
    assert set(model.PROFILES) == set(KNOWN["profile"]["enum"])
    assert set(resolution.COLORS) == set(KNOWN["color"]["enum"])
    assert set(FAIL_ON) == set(KNOWN["failOn"]["enum"])


def test_the_nearest_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert find() is None
    (tmp_path / "dfpolicy.yaml").touch()
    assert find() == "../../dfpolicy.yaml"
    (tmp_path / "a" / "dfpolicy.yaml").touch()
    assert find() == "../dfpolicy.yaml"
    (below / "dfpolicy.yaml").mkdir()
    assert find() == "../dfpolicy.yaml"
    (below / "dfpolicy.yaml").rmdir()
    (below / "dfpolicy.yaml").touch()
    assert find() == "dfpolicy.yaml"


def test_a_deleted_working_directory_has_no_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert find() is None


def test_config_flag_overrides_variable_and_found_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("dfpolicy.yaml", "variable.yaml", "flag.yaml"):
        Path(name).touch()
    variable = {"DFPOLICY_CONFIG": "variable.yaml"}
    assert locate("flag.yaml", variable) == "flag.yaml"
    assert locate(None, variable) == "variable.yaml"
    assert locate(None, {}) == "dfpolicy.yaml"
    assert load_config("", variable) is None
    assert load_config(None, {"DFPOLICY_CONFIG": ""}) is None


@pytest.mark.parametrize(
    ("path", "part"),
    [
        (".", "the configuration file is a directory"),
        ("absent.yaml", "no such"),
        ("*.yaml", "no such"),
        ("-", "no such"),
    ],
)
def test_a_file_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, part: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").touch()
    with pytest.raises(InputError, match=part):
        read_config(path)


KNOWN = json.loads(schemas.text("config"))["properties"]
MEMBERS = [*KNOWN["parameters"]["properties"], *KNOWN["waivers"]["items"]["properties"]]
KEYS = st.sampled_from([*KNOWN, *MEMBERS])
TEXTS = st.sampled_from(
    ["auto", "DF-NET-002", "2027-01-31", "2027-02-30", "0000-00-00", "*", "[", "text", "~"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | TEXTS
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(), inner),
    max_leaves=12,
)
WAIVERS = st.lists(st.dictionaries(KEYS, LEAVES) | st.just(WAIVER), max_size=3)
DOCUMENTS = VALUES | st.fixed_dictionaries({"waivers": WAIVERS}, optional={"mode": TEXTS})


def settles(text: str) -> None:
    """The text gives a configuration, or an error that names its place and quotes nothing."""
    try:
        assert isinstance(parsed(text), Config)
    except DfpolicyError as error:
        assert error.exit_code == 2
        assert error.where.startswith("dfpolicy.yaml")
        assert "\n" not in str(error)


@given(DOCUMENTS)
def test_every_value_is_settings_or_an_error(value: Any) -> None:
    settles(write_yaml(value))


@given(st.text(st.sampled_from("abmode:-[]{}&*<>!|#'\" \n\t%,?01"), max_size=60) | st.text())
@example("mode: &a [*a]\n")
@example("<<: {mode: auto}\n")
@example("{mode: auto}\n---\n")
@example("? [a]\n: b\n")
@example("waivers: [{<<: {id: DF-NET-002, reason: r, owner: o}, expires: 2027-01-31}]\n")
@example('{"waivers": [{"id":\t"DF-NET-002"}]}')
def test_every_text_is_settings_or_an_error(text: str) -> None:
    settles(text)
