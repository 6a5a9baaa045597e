from __future__ import annotations

from typing import Any

import pytest

from dfpolicy.errors import DfpolicyError, UsageError
from dfpolicy.model import MODES
from dfpolicy.settings.config_file import Config
from dfpolicy.settings.resolution import HARMLESS, SETTINGS, Setting, parse_parameters, resolve

# key: what a flag, the variable (its text and its value), and the file give
GIVEN: dict[str, tuple[Any, str, Any, Any]] = {
    "mode": ("auto", "single-k8s", "single-k8s", "auto"),
    "profile": ("strict", "default", "default", "strict"),
    "namespace": ("a", "b", "b", "c"),
    "outputs": (["json"], "yaml=a", ["yaml=a"], ["text", "json=r"]),
    "failOn": ("none", "recommended", "recommended", "none"),
    "strict": (False, "TRUE", True, False),
    "color": ("always", "never", "never", "always"),
    "language": ("zh", "en", "en", "zh"),
    "docsUrl": ("https://a", "https://b", "https://b", "https://c"),
    "engine": ("opa", "server", "server", "wasm"),
    "policies": (["a", "b"], "c", ["c"], ["d"]),
    "opa": ("a", "b", "b", "c"),
    "opaUrl": ("http://a", "http://b", "http://b", "http://c"),
    "opaTokenFile": ("a", "b", "b", "c"),
    "opaCa": ("a", "b", "b", "c"),
    "opaCertificate": ("a", "b", "b", "c"),
    "opaKey": ("a", "b", "b", "c"),
    "opaConnectTimeout": (1.0, "2.5", 2.5, 3),
    "opaTimeout": (1.0, "2.5", 2.5, 3),
    "opaRetries": (0, "1", 1, 4),
    "opaAnyRevision": (True, "false", False, True),
    "maxInputSize": (1, "2", 2, 3),
    "maxDocuments": (1, "2", 2, 3),
    "maxValues": (1, "2", 2, 3),
}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_flag_before_variable_before_file_before_default(setting: Setting) -> None:
    flag, text, value, of_file = GIVEN[setting.key]
    config = Config("c.yaml", {setting.key: of_file}, {setting.key: 3})
    flags, variables = {setting.key: flag}, {setting.variable: text}
    for given, environment, file, wanted in (
        (flags, variables, config, (flag, setting.flag)),
        (flags, {}, None, (flag, setting.flag)),
        ({}, variables, config, (value, setting.variable)),
        ({}, {}, config, (of_file, "c.yaml:3")),
        ({}, {}, Config("c.yaml"), (setting.default, "default")),
        ({}, {}, None, (setting.default, "default")),
    ):
        held = resolve(given, environment, file).values[setting.key]
        assert (held.value, held.source) == wanted


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_without_flags_variables_or_file_the_defaults_apply(setting: Setting) -> None:
    flags = {setting.key: () if setting.key in ("outputs", "policies") else None}
    held = resolve(flags, {setting.variable: ""}, None).values[setting.key]
    assert held.source == "default"


def test_outputs_of_flags_replace_those_of_the_file() -> None:
    config = Config("c.yaml", {"outputs": ["text", "json=a"]}, {"outputs": 1})
    assert resolve({"outputs": ("yaml",)}, {}, config)["outputs"] == ["yaml"]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("dfpolicy.yaml", ["text", "json=r", "yaml=/r", "json=-"]),
        ("../dfpolicy.yaml", ["text", "json=../r", "yaml=/r", "json=-"]),
        ("/etc/d/dfpolicy.yaml", ["text", "json=/etc/d/r", "yaml=/r", "json=-"]),
    ],
)
def test_paths_of_outputs_are_relative_to_the_file(path: str, wanted: list[str]) -> None:
    outputs = ["text", "json=r", "yaml=/r", "json=-"]
    config = Config(path, {"outputs": outputs}, {"outputs": 1})
    assert resolve({}, {}, config)["outputs"] == wanted


def test_paths_of_engines_are_relative_to_the_file() -> None:
    given = {"policies": ["p", "/p"], "opa": "opa", "opaCa": "ca.pem", "opaUrl": "http://a"}
    config = Config("../dfpolicy.yaml", given, dict.fromkeys(given, 1))
    held = resolve({}, {}, config)
    assert held["policies"] == ["../p", "/p"]
    assert (held["opa"], held["opaCa"], held["opaUrl"]) == ("opa", "../ca.pem", "http://a")
    for file, path, wanted in (
        ("../dfpolicy.yaml", "./opa", "../opa"),
        ("c/dfpolicy.yaml", "../opa", "./opa"),
        ("dfpolicy.yaml", "./opa", "./opa"),
        ("c/dfpolicy.yaml", "/bin/opa", "/bin/opa"),
    ):
        below = Config(file, {"opa": path}, {"opa": 1})
        assert resolve({}, {}, below)["opa"] == wanted


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("DFPOLICY_OPA_TIMEOUT", "soon"),
        ("DFPOLICY_OPA_TIMEOUT", "0"),
        ("DFPOLICY_OPA_TIMEOUT", "nan"),
        ("DFPOLICY_OPA_CONNECT_TIMEOUT", "3601"),
        ("DFPOLICY_OPA_RETRIES", "-1"),
        ("DFPOLICY_OPA_RETRIES", "11"),
        ("DFPOLICY_OPA_RETRIES", "1.5"),
    ],
)
def test_an_invalid_number(variable: str, text: str) -> None:
    with pytest.raises(UsageError, match=f"^{variable}: must be a (whole )?number"):
        resolve({}, {variable: text}, None)


def test_parameters_come_one_by_one() -> None:
    values = {"parameters.agentVersion": "v6.5", "parameters.acceptedCnis": ["mine"]}
    config = Config("c.yaml", values, dict.fromkeys(values, 2))
    held = resolve({"set": ("agentVersion=v7.1",)}, {}, config)
    assert held.parameters == {"agentVersion": "v7.1", "acceptedCnis": ["mine"]}
    assert held.values["parameters.agentVersion"].source == "--assume"
    assert held.values["parameters.acceptedCnis"].source == "c.yaml:2"
    assert resolve({}, {}, None).parameters == {}


def test_assumptions() -> None:
    given = ("agentVersion=a=b", "acceptedCnis=mine, yours,")
    assert parse_parameters(given) == {"agentVersion": "a=b", "acceptedCnis": ["mine", "yours"]}
    for wrong in ("agentVersion", "agentVersion=", "other=1"):
        with pytest.raises(UsageError, match="--assume"):
            parse_parameters((wrong,))


@pytest.mark.parametrize(
    ("variable", "part"),
    [
        ("DFPOLICY_MODE", f"must be one of auto, {', '.join(MODES)}"),
        ("DFPOLICY_PROFILE", "must be one of default, strict"),
        ("DFPOLICY_FAIL_ON", "must be one of required, recommended, none"),
        ("DFPOLICY_STRICT", "must be true or false"),
        ("DFPOLICY_COLOR", "must be one of auto, always, never"),
    ],
)
def test_a_wrong_variable_is_named(variable: str, part: str) -> None:
    with pytest.raises(UsageError) as error:
        resolve({}, {variable: "secret"}, None)
    assert str(error.value) == f"{variable}: {part}"


def test_an_unknown_mode_is_refused() -> None:
    config = Config("c.yaml", {"mode": "no-mode"}, {"mode": 4})
    with pytest.raises(DfpolicyError) as error:
        resolve({}, {}, config)
    assert str(error.value) == f"c.yaml:4: mode: must be one of auto, {', '.join(MODES)}"


def test_a_found_file_sets_only_what_is_harmless() -> None:
    values = {key: of_file for key, (_, _, _, of_file) in GIVEN.items()}
    lines = dict.fromkeys(values, 1)
    found = resolve({}, {}, Config("c.yaml", values, lines, found=True))
    named = resolve({}, {}, Config("c.yaml", values, lines))
    assert set(found.ignored) == GIVEN.keys() - set(HARMLESS)
    assert all(found.source(key) == "default" for key in found.ignored)
    assert all(found.source(key) == "c.yaml:1" for key in HARMLESS)
    assert found.warning.startswith("c.yaml: outputs, docsUrl, engine, policies, opa, opaUrl, ")
    assert (named.ignored, named.warning) == ((), "")
    flags = resolve({"engine": "opa"}, {}, Config("c.yaml", values, lines, found=True))
    assert flags["engine"] == "opa"


def test_what_changes_the_verdict_is_listed() -> None:
    values = {"failOn": "none", "color": "never", "profile": "strict"}
    config = Config("c.yaml", values, dict.fromkeys(values, 2))
    held = resolve({"profile": "default"}, {}, config)
    assert held.configured == [{"key": "failOn", "value": "none", "place": "c.yaml:2"}]
    assert resolve({}, {}, None).configured == []
