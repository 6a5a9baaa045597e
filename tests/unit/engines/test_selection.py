from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from dfpolicy.engines import selection
from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.errors import DfpolicyError, UsageError
from dfpolicy.settings.config_file import Config
from dfpolicy.settings.resolution import Settings, resolve

URL = "http://127.0.0.1:8181"


def settings(**flags: Any) -> Settings:
    return resolve(flags, {}, None)


@pytest.mark.parametrize(
    ("flags", "name"),
    [
        ({}, "wasm"),
        ({"policies": ["a"]}, "opa"),
        ({"opaUrl": URL}, "server"),
        ({"opaUrl": URL, "policies": ["a"]}, "server"),
        ({"opaUrl": URL, "engine": "wasm"}, "wasm"),
        ({"policies": ["a"], "engine": "wasm"}, "wasm"),
        ({"opa": "a"}, "wasm"),
    ],
)
def test_auto(flags: dict[str, Any], name: str) -> None:
    assert selection.engine_name(settings(**flags)) == name


def test_wasm() -> None:
    assert isinstance(selection.chosen_engine(settings()), WasmEngine)


def test_conflicting_settings() -> None:
    with pytest.raises(
        UsageError, match=r"^--policy: the engine wasm supports dfpolicy's own policies only"
    ):
        selection.chosen_engine(settings(engine="wasm", policies=["a"]))
    with pytest.raises(UsageError, match="add --opa-url"):
        selection.chosen_engine(settings(engine="server"))


def test_the_token(tmp_path: Path) -> None:
    file, variable = tmp_path / "token", {selection.TOKEN: " of-variable\n"}
    file.write_text("of-file\n", "ascii")
    by_flag = settings(opaTokenFile=str(file))
    by_variable = resolve({}, {"DFPOLICY_OPA_TOKEN_FILE": str(file)}, None)
    assert selection._token(settings(), {}) is None
    assert selection._token(settings(), variable) == "of-variable"
    assert selection._token(by_flag, variable) == "of-file"
    assert selection._token(by_variable, variable) == "of-variable"
    assert selection._token(by_variable, {}) == "of-file"


def test_the_environments_token_is_not_used_for_an_address_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("of-file", "ascii")
    variable = {selection.TOKEN: "of-variable"}
    address = Config("c.yaml", {"opaUrl": URL}, {"opaUrl": 1})
    both = Config(
        "c.yaml", {"opaUrl": URL, "opaTokenFile": str(file)}, {"opaUrl": 1, "opaTokenFile": 2}
    )
    assert selection._token(resolve({}, {}, address), {}) is None
    assert selection._token(resolve({}, {}, both), variable) == "of-file"
    by_flag = resolve({"opaTokenFile": str(file)}, {}, address)
    assert selection._token(by_flag, variable) == "of-file"
    by_variable = resolve({}, {"DFPOLICY_OPA_TOKEN_FILE": str(file)}, address)
    for settings_, environment in ((resolve({}, {}, address), variable), (by_variable, {})):
        with pytest.raises(
            UsageError, match="a token from the environment is not sent to an address from a file"
        ):
            selection._token(settings_, environment)
    override = resolve({"opaUrl": URL}, {}, both)
    assert selection._token(override, variable) == "of-variable"


@pytest.mark.parametrize("text", ["", "\n", "two words", "tökén", "a\nX-Header: b", "a\x00"])
def test_an_invalid_token_is_not_quoted(tmp_path: Path, text: str) -> None:
    file = tmp_path / "token"
    file.write_text(text, "utf-8")
    with pytest.raises(DfpolicyError) as caught:
        selection._token(settings(opaTokenFile=str(file)), {})
    assert str(file) in str(caught.value)
    assert not text.strip() or text not in str(caught.value)


def test_the_server_has_the_users_policies_too(tmp_path: Path) -> None:
    (tmp_path / "a.rego").write_text("package dfpolicy.requirements.a\n", "utf-8")
    plain = selection.chosen_engine(settings(opaUrl=URL), {})
    other = selection.chosen_engine(settings(opaUrl=URL, policies=[str(tmp_path)]), {})
    assert plain.bundle != other.bundle


def test_a_token_file_that_never_ends_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, message in (
        ("/dev/zero", "the token is larger than 64 KiB"),
        (str(tmp_path / "pipe"), "must contain exactly one token"),
    ):
        with pytest.raises(UsageError, match=message):
            selection._token(settings(opaTokenFile=path), {})
