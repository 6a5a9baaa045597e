"""The settings: flags override the environment, which overrides `dfpolicy.yaml`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dfpolicy.errors import InputError, UsageError
from dfpolicy.i18n.language import CHOICES, _, listed
from dfpolicy.model import ENGINES, MODES, PROFILES, ConfiguredSetting, Invocation
from dfpolicy.reading.limits import MIB, Limits
from dfpolicy.report.verdict import FAIL_ON
from dfpolicy.settings.config_file import Config, locate

COLORS = ("auto", "always", "never")
LONGEST_TIMEOUT = 3600
MOST_RETRIES = 10
LARGEST_LIMIT = 10**9
ASSUME = "--assume"
# The flags that the commands of a report repeat, by their parameter. The mode is in the report.
_REPEATED = {
    "namespace": "--namespace",
    "profile": "--profile",
    "assume": ASSUME,
    "set": ASSUME,
    "policies": "--policy",
    "config": "--config",
    "failOn": "--fail-on",
    "baseline": "--baseline",
    "maxInputSize": "--max-input-size",
    "maxDocuments": "--max-documents",
    "maxValues": "--max-values",
}
PARAMETERS = ("agentVersion", "ctlVersion", "acceptedCnis")

# Without what ends a link in Markdown.
_WEB = re.compile(r"https://[A-Za-z0-9._~:/?#@!$&'*+,;=%-]+\Z")
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class Setting:
    """One setting: its key in the file, flag, variable, and default.

    `choices` are the allowed values; none means any. `read` parses a variable and raises ValueError
    with a text that says what is valid.
    """

    key: str
    flag: str
    variable: str
    default: Any
    choices: tuple[str, ...] = ()
    read: Callable[[str], Any] = str


def _truth(text: str) -> bool:
    if text.lower() not in _TRUTHS:
        raise ValueError(_("must be true or false"))
    return _TRUTHS[text.lower()]


def _one(text: str) -> list[str]:
    return [text]


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= LONGEST_TIMEOUT:
        raise ValueError(
            _("must be a number of seconds, at most {most}").format(most=LONGEST_TIMEOUT)
        )
    return seconds


def _retries(text: str) -> int:
    if not text.isdecimal() or int(text) > MOST_RETRIES:
        raise ValueError(_whole_number(0, MOST_RETRIES))
    return int(text)


def _whole_number(least: int, most: int) -> str:
    return _("must be a whole number from {least} to {most}").format(least=least, most=most)


def _address(text: str) -> str:
    if not _WEB.match(text):
        raise ValueError(_("must be a URL that begins with https://"))
    return text


def _limit(text: str) -> int:
    # Longer ones are not parsed.
    if not text.isdecimal() or len(text) > 10 or not 1 <= int(text) <= LARGEST_LIMIT:
        raise ValueError(_whole_number(1, LARGEST_LIMIT))
    return int(text)


LIMITS = (
    Setting(
        "maxInputSize",
        "--max-input-size",
        "DFPOLICY_MAX_INPUT_SIZE",
        Limits.size // MIB,
        (),
        _limit,
    ),
    Setting(
        "maxDocuments", "--max-documents", "DFPOLICY_MAX_DOCUMENTS", Limits.documents, (), _limit
    ),
    Setting("maxValues", "--max-values", "DFPOLICY_MAX_VALUES", Limits.values, (), _limit),
)
# The settings that a found file may set. All others run a program, connect, read credentials, write
# a file or raise a limit, and in a pull request the author controls that file.
HARMLESS = ("mode", "profile", "namespace", "failOn", "strict", "color", "language")
# Those of them that change results or the exit code.
JUDGING = ("mode", "profile", "namespace", "failOn", "strict")
SETTINGS = (
    Setting("mode", "--mode", "DFPOLICY_MODE", "auto", ("auto", *MODES)),
    Setting("profile", "--profile", "DFPOLICY_PROFILE", "default", PROFILES),
    Setting("namespace", "--namespace", "DFPOLICY_NAMESPACE", None),
    Setting("outputs", "--output", "DFPOLICY_OUTPUT", ["text"], (), _one),
    Setting("failOn", "--fail-on", "DFPOLICY_FAIL_ON", "required", tuple(FAIL_ON)),
    Setting("strict", "--strict", "DFPOLICY_STRICT", False, (), _truth),
    Setting("color", "--color", "DFPOLICY_COLOR", "auto", COLORS),
    Setting("language", "--lang", "DFPOLICY_LANG", "auto", CHOICES),
    Setting("docsUrl", "--docs-url", "DFPOLICY_DOCS_URL", "", (), _address),
    Setting("engine", "--engine", "DFPOLICY_ENGINE", "auto", ("auto", *ENGINES)),
    Setting("policies", "--policy", "DFPOLICY_POLICY", [], (), _one),
    Setting("opa", "--opa", "DFPOLICY_OPA", None),
    Setting("opaUrl", "--opa-url", "DFPOLICY_OPA_URL", None),
    Setting("opaTokenFile", "--opa-token-file", "DFPOLICY_OPA_TOKEN_FILE", None),
    Setting("opaCa", "--opa-ca", "DFPOLICY_OPA_CA", None),
    Setting("opaCertificate", "--opa-certificate", "DFPOLICY_OPA_CERTIFICATE", None),
    Setting("opaKey", "--opa-key", "DFPOLICY_OPA_KEY", None),
    Setting(
        "opaConnectTimeout",
        "--opa-connect-timeout",
        "DFPOLICY_OPA_CONNECT_TIMEOUT",
        5.0,
        (),
        _seconds,
    ),
    Setting("opaTimeout", "--opa-timeout", "DFPOLICY_OPA_TIMEOUT", 60.0, (), _seconds),
    Setting("opaRetries", "--opa-retries", "DFPOLICY_OPA_RETRIES", 2, (), _retries),
    Setting("opaAnyRevision", "--opa-any-revision", "DFPOLICY_OPA_ANY_REVISION", False, (), _truth),
    *LIMITS,
)
_PATHS = ("opaTokenFile", "opaCa", "opaCertificate", "opaKey")


@dataclass(frozen=True)
class Value:
    """A value in force, and its source: a flag, a variable, `file:line`, or `default`."""

    value: Any
    source: str


@dataclass(frozen=True)
class Settings:
    """The values in force, by key, and the configuration file.

    `ignored` are the keys of that file that are ignored because nobody named the file.
    """

    values: Mapping[str, Value]
    config: Config | None
    ignored: tuple[str, ...] = ()

    def __getitem__(self, key: str) -> Any:
        return self.values[key].value

    def source(self, key: str) -> str:
        """Return the source of the value: a flag, a variable, `file:line`, or `default`."""
        return self.values[key].source

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of the policies that are set."""
        named = {name: self.values.get(f"parameters.{name}") for name in PARAMETERS}
        return {name: found.value for name, found in named.items() if found}

    @property
    def warning(self) -> str:
        """One line that lists the ignored keys of a found file; empty if there are none."""
        if not self.ignored or self.config is None:
            return ""
        ignored = _("{names} ignored; to use them, give the file with --config")
        return f"{self.config.path}: {ignored.format(names=listed(self.ignored))}"

    @property
    def configured(self) -> list[ConfiguredSetting]:
        """The settings and waivers of the configuration file that affect the verdict."""
        config = self.config
        if config is None:
            return []
        listed: list[ConfiguredSetting] = [
            {"key": key, "value": held.value, "place": held.source}
            for key, held in self.values.items()
            if key.startswith("parameters.") or key in JUDGING
            if held.source.startswith(f"{config.path}:")
        ]
        if config.waivers:
            first = min(waiver.line for waiver in config.waivers)
            ids = sorted({waiver.id for waiver in config.waivers})
            listed.append({"key": "waivers", "value": ids, "place": f"{config.path}:{first}"})
        return listed

    @property
    def files(self) -> Iterator[str]:
        """The files that are read for these settings, which no output may replace."""
        if self.config is not None:
            yield self.config.path
        yield from (self[key] for key in _PATHS if self[key])
        for folder in self["policies"]:
            yield from map(str, Path(folder).rglob("*.rego"))

    @property
    def limits(self) -> Limits:
        """The input limits."""
        return _limits(self.values)


def repeating(invocation: Invocation, flags: Mapping[str, Any]) -> Invocation:
    """Return the invocation, with those flags that change what is checked, or what counts.

    They come after the options that the invocation has.
    """
    options = [*invocation.get("options", ())]
    for name, flag in _REPEATED.items():
        given = flags.get(name)
        if given is None or (given == "" and name != "config"):
            continue
        # An empty name matters only if a file would be found without it.
        if given == "" and not locate(None, os.environ):
            continue
        for value in given if isinstance(given, (list, tuple)) else [given]:
            options += [flag, str(value)]
    return {**invocation, "options": options} if options else invocation


def resolve(
    flags: Mapping[str, Any], environment: Mapping[str, str], config: Config | None
) -> Settings:
    """Return the settings in force.

    `flags` contains the values of the command line by key (None or missing if not given), and
    `assume`, the arguments of --assume, or `set`, its former name. An empty variable sets nothing.
    A file that was found, not named, sets only HARMLESS keys and parameters. Raises DfpolicyError
    with the variable, or the line of the file, of an invalid value.
    """
    ignored: tuple[str, ...] = ()
    if config and config.found:
        ignored = tuple(setting.key for setting in SETTINGS if _untrusted(setting.key, config))
    values = {
        setting.key: _value(
            setting,
            flags.get(setting.key),
            environment,
            None if setting.key in ignored else config,
        )
        for setting in SETTINGS
    }
    given = parse_parameters([*(flags.get("set") or ()), *(flags.get("assume") or ())])
    for name in PARAMETERS:
        key = f"parameters.{name}"
        if name in given:
            values[key] = Value(given[name], ASSUME)
        elif config and key in config.values:
            values[key] = Value(config.values[key], config.place(key))
    return Settings(values, config, ignored)


def _untrusted(key: str, config: Config) -> bool:
    return key in config.values and key not in HARMLESS


def limits_in_force(flags: Mapping[str, Any], environment: Mapping[str, str]) -> Limits:
    """Return the limits of a command without configuration. Raises UsageError."""
    return _limits(
        {
            setting.key: _value(setting, flags.get(setting.key), environment, None)
            for setting in LIMITS
        }
    )


def _limits(values: Mapping[str, Value]) -> Limits:
    size, documents, count = (values[setting.key].value for setting in LIMITS)
    return Limits(size * MIB, documents, count)


def _value(
    setting: Setting, flag: Any, environment: Mapping[str, str], config: Config | None
) -> Value:
    if flag not in (None, (), []):
        if setting.read is _address:
            return Value(_parsed(setting, flag, setting.flag), setting.flag)
        if setting.choices and flag not in setting.choices:
            # Only the Python API gets here with another one.
            raise UsageError(_wanted(setting), setting.flag)
        return Value(list(flag) if isinstance(flag, tuple) else flag, setting.flag)
    text = environment.get(setting.variable)
    if text:
        return Value(_parsed(setting, text, setting.variable), setting.variable)
    if config and setting.key in config.values:
        value, place = config.values[setting.key], config.place(setting.key)
        if setting.choices and value not in setting.choices:
            # The schema knows more than this version does.
            raise InputError(
                _("{key}: {wanted}").format(key=setting.key, wanted=_wanted(setting)), place
            )
        return Value(_placed(setting.key, value, config), place)
    return Value(setting.default, "default")


def _parsed(setting: Setting, text: str, source: str) -> Any:
    if setting.choices and text not in setting.choices:
        raise UsageError(_wanted(setting), source)
    try:
        return setting.read(text)
    except ValueError as error:
        raise UsageError(str(error), source) from None


def _wanted(setting: Setting) -> str:
    return _("must be one of {choices}").format(choices=listed(setting.choices))


def _placed(key: str, value: Any, config: Config) -> Any:
    """The value, with paths relative to the file's directory."""
    if key == "outputs":
        return [_output_below(output, config) for output in value]
    if key == "policies":
        return [_below(folder, config) for folder in value]
    if key == "opa" and Path(value).name != value:
        placed = _below(value, config)
        # A name without a directory would be searched on PATH.
        return f"./{placed}" if Path(placed).name == placed else placed
    return _below(value, config) if key in _PATHS else value


def _output_below(output: str, config: Config) -> str:
    name, _, path = output.partition("=")
    return output if path in ("", "-") else f"{name}={_below(path, config)}"


def _below(path: str, config: Config) -> str:
    folder = Path(config.path).parent
    return path if folder == Path() else os.path.normpath(folder / path)


def parse_parameters(given: tuple[str, ...] | list[str]) -> dict[str, Any]:
    """Read KEY=VALUE of each `--assume`. Raises UsageError."""
    parameters: dict[str, Any] = {}
    for setting in given:
        key, separator, value = setting.partition("=")
        if not separator or not value:
            raise UsageError(_("--assume needs KEY=VALUE"), hint=_("example: agentVersion=v7.1"))
        if key not in PARAMETERS:
            raise UsageError(
                _("--assume has no key {key!r}").format(key=key[:40]),
                hint=_("known keys: {names}; for values of a chart use --helm-set").format(
                    names=listed(PARAMETERS)
                ),
            )
        parts = [part.strip() for part in value.split(",")]
        parameters[key] = [part for part in parts if part] if key == "acceptedCnis" else value
    return parameters
