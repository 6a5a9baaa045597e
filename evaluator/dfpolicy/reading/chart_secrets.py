"""Finds the secrets among the values of a chart, so that no message of Helm shows them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from dfpolicy.errors import InputError
from dfpolicy.reading.redacted_text import HIDDEN, names_secret
from dfpolicy.system.files import read_bounded

_CAMEL_CASE = re.compile(r"[a-z](Key|Pwd|Auth)\Z")
_ASSIGNMENT = re.compile(r"(?:\\.|[^,\\])+")
_LINE = re.compile(r"[ \t-]*[\"']?([\w.-]+)[\"']?[ \t]*:[ \t]+(.+)")
# A shorter one is hidden only where it stands alone: its letters are everywhere.
_TELLING = 4
_LARGEST = 64 << 20


def secrets_of(
    files: Iterable[str], contents: Iterable[bytes], assignments: Iterable[str]
) -> set[str]:
    """Return the values of secret names in values files, in their contents, and in `--set` texts.

    What cannot be read gives none: Helm cannot read it either, or it is far away.
    """
    found: set[str] = set()
    for name in files:
        try:
            # Helm itself refuses what is larger, or fails.
            found.update(_in_text(read_bounded(name, _LARGEST) or b""))
        except (OSError, ValueError):
            continue
    for content in contents:
        found.update(_in_text(content))
    for text in assignments:
        found.update(_in_assignments(text))
    return found


def hide(text: str, secrets: Iterable[str]) -> str:
    """Return the text without the secrets, plain or as Go quotes them."""
    forms = {form for secret in secrets for form in (secret, json.dumps(secret)[1:-1]) if form}
    for form in sorted(forms, key=len, reverse=True):
        pattern = re.escape(form)
        if len(form) < _TELLING:
            pattern = rf"(?<!\w){pattern}(?!\w)"
        text = re.sub(pattern, HIDDEN, text)
    return text


def _in_text(content: bytes) -> Iterator[str]:
    from dfpolicy.reading.yaml_reader import read_yaml

    text = content.decode("utf-8", "replace")
    try:
        for value, _ in read_yaml(text, "", 1):
            yield from _in_value(value, False)
    except InputError:
        # A broken file is what Helm complains of, and may quote.
        for name, value in _LINE.findall(text):
            if _is_secret(name):
                yield value.strip().strip("\"'")


def _in_value(value: Any, secret: bool) -> Iterator[str]:
    if isinstance(value, dict):
        named = value.get("name")
        for key, item in value.items():
            # An environment has its names as values.
            told = key == "value" and isinstance(named, str) and _is_secret(named)
            yield from _in_value(item, secret or told or _is_secret(key))
    elif isinstance(value, list):
        for item in value:
            yield from _in_value(item, secret)
    elif secret and not isinstance(value, bool) and value is not None:
        yield str(value)
        yield from (line for line in str(value).splitlines() if len(line) >= _TELLING)


def _in_assignments(text: str) -> Iterator[str]:
    """`text` is what `--set` takes, or a whole option such as `--password=…`."""
    option, assigned, rest = text.partition("=")
    if option.startswith("-"):
        if names_secret(option):
            yield rest
        text = rest if assigned else ""
    for part in _ASSIGNMENT.findall(text):
        name, _, value = part.partition("=")
        if _is_secret(name):
            plain = re.sub(r"\\(.)", r"\1", value)
            yield from {value, plain, plain.strip("{}")}


def _is_secret(name: str) -> bool:
    return names_secret(name) or bool(_CAMEL_CASE.search(name))
