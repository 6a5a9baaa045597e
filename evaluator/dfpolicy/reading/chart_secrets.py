"""Finds the secrets among the values of a chart, so that no message of Helm shows them."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import Any

from dfpolicy.errors import InputError
from dfpolicy.reading.redacted_file import redacted_file
from dfpolicy.reading.redacted_text import HIDDEN, names_secret
from dfpolicy.system.files import read_bounded

_CAMEL_CASE = re.compile(r"[a-z](Key|Pwd|Auth)\Z")
_ASSIGNMENT = re.compile(r"(?:\\.|[^,\\])+")
_LINE = re.compile(r"[ \t-]*[\"']?([\w.-]+)[\"']?[ \t]*:[ \t]+(.+)")
# A shorter secret is hidden only as a whole word: its letters are everywhere.
_TELLING = 4
# Of a variable with any name: shorter ones are words that a message needs, such as `true`.
_LONG = 8
_LARGEST = 64 << 20
# A place in a template, whose name can contain the word `secret`.
_PLACE = re.compile(r"([\w./-]{1,500}\.(?:ya?ml|tpl|txt|json)(?::\d+){1,2})")


def secrets_of(
    files: Iterable[str], contents: Iterable[bytes], assignments: Iterable[str]
) -> set[str]:
    """Return the values of secret names in values files, in their contents, and in `--set` texts.

    Unreadable files have none: Helm cannot read them either, or they are remote.
    """
    found: set[str] = set()
    for name in files:
        try:
            # Helm refuses larger files, or fails.
            found.update(_in_text(read_bounded(name, _LARGEST) or b""))
        except (OSError, ValueError):
            continue
    for content in contents:
        found.update(_in_text(content))
    for text in assignments:
        found.update(_in_assignments(text))
    return found


def hide(text: str, secrets: Iterable[str]) -> str:
    """Return a message of Helm without the secrets: plain, quoted by Go, or in base64.

    What has the form of a secret is hidden too.
    """
    forms = {form for secret in secrets for form in _forms(secret) if form}
    for form in sorted(forms, key=len, reverse=True):
        pattern = re.escape(form)
        if len(form) < _TELLING:
            pattern = rf"(?<!\w){pattern}(?!\w)"
        text = re.sub(pattern, HIDDEN, text)
    parts = _PLACE.split(text)
    return "".join(part if at % 2 else redacted_file(part) for at, part in enumerate(parts))


def _forms(secret: str) -> tuple[str, ...]:
    encoded = b64encode(secret.encode("utf-8", "replace")).decode()
    return secret, json.dumps(secret)[1:-1], encoded


def _in_text(content: bytes) -> Iterator[str]:
    from dfpolicy.reading.yaml_reader import read_yaml

    text = content.decode("utf-8", "replace")
    try:
        for value, _ in read_yaml(text, "", 1):
            yield from _in_value(value, False)
    except InputError:
        # Helm reports a broken file, and may quote it.
        for name, value in _LINE.findall(text):
            if _is_secret(name):
                yield value.strip().strip("\"'")


def _in_value(value: Any, secret: bool) -> Iterator[str]:
    if isinstance(value, dict):
        named = value.get("name")
        for key, item in value.items():
            # In an environment, the names are values.
            is_secret = key == "value" and isinstance(named, str) and _of_variable(named, item)
            yield from _in_value(item, secret or is_secret or _is_secret(key))
    elif isinstance(value, list):
        for item in value:
            yield from _in_value(item, secret)
    elif secret and not isinstance(value, bool) and value is not None:
        yield str(value)
        yield from (line for line in str(value).splitlines() if len(line) >= _TELLING)


def _of_variable(name: str, value: Any) -> bool:
    return _is_secret(name) or (isinstance(value, str) and len(value) >= _LONG)


def _in_assignments(text: str) -> Iterator[str]:
    """`text` is an argument of `--set`, or a whole option like `--password=…`."""
    option, assigned, rest = text.partition("=")
    if option.startswith("-"):
        if names_secret(option):
            yield rest
        text = rest if assigned else ""
    for part in _ASSIGNMENT.findall(text):
        name, _, value = part.partition("=")
        if _is_secret(name) or (name.endswith("].value") and len(value) >= _LONG):
            plain = re.sub(r"\\(.)", r"\1", value)
            yield from {value, plain, plain.strip("{}")}


def _is_secret(name: str) -> bool:
    return names_secret(name) or bool(_CAMEL_CASE.search(name))
