"""Hides what texts of any kind hold of secrets: commands, settings, addresses, SQL."""

from __future__ import annotations

import re
from typing import Any

HIDDEN = "(hidden)"
_NAME = r"(?:passw|passphrase|secret|token|credential|[_-]key|apikey|access[_-]?id)"
_SECRET_NAME = re.compile(_NAME, re.IGNORECASE)
# One of these is in each text that a pattern below fits. A search for them is quicker by far.
_TELLING = (
    *("passw", "passphrase", "pwd", "secret", "token", "credential", "_key", "-key", "apikey"),
    *("accessid", "access_id", "access-id", "://", "identified", "bearer", "basic"),
    *("private key", "mysql", "mariadb", "redis-cli"),
)
# All repetitions are bounded, or end at what cannot follow them: a hostile text takes linear time.
_VALUE = r"""(?:\(hidden\)|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[^\s"',;&}\])]+)"""
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"-----BEGIN ([A-Z ]{0,30})PRIVATE KEY-----(?:(?!-----END)[\s\S]){0,20000}"
            r"(?:-----END [A-Z ]{0,40}-----)?"
        ),
        HIDDEN,
    ),
    # `user:password@` of an address.
    (re.compile(r"(?<=://)[^\s/@\"'<>]{1,500}@"), f"{HIDDEN}@"),
    # A block of lines below a key of YAML.
    (
        re.compile(
            rf"^([ \t]*(?:- )?[\w.-]{{0,80}}(?:{_NAME}|pwd)[\w.-]{{0,80}}:[ \t]*[|>][^\n]*\n)"
            r"([ \t]+)[^\n]*"
            r"(?:\n\2[^\n]*)*",
            re.IGNORECASE | re.MULTILINE,
        ),
        rf"\1\2{HIDDEN}",
    ),
    # NAME=value, name: value, "name": "value", --name=value and --name value.
    (
        re.compile(
            rf"((?:{_NAME}|pwd)[\w.-]{{0,80}}[\"']?[ \t]*[:=]=?[ \t]*)(?![|>])"
            rf"{_VALUE}",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    (
        re.compile(
            rf"(?<![\w-])(--?[\w-]{{0,80}}(?:{_NAME}|pwd)[\w-]{{0,80}}[ \t]+)(?![-(]){_VALUE}",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    (
        re.compile(
            rf"(\bidentified\s+(?:with\s+\S+\s+)?(?:by|as)\s+(?:password\s+)?){_VALUE}", re.I
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(\b(?:bearer|basic)\s+)[\w.~+/=-]{6,}", re.IGNORECASE), rf"\1{HIDDEN}"),
    # mysql -pWORD, redis-cli -a WORD
    (re.compile(r"(\b(?:mysql|mariadb)[\w-]*\b[^|;&\n]{0,500}?\s-p)[^\s-]\S*"), rf"\1{HIDDEN}"),
    (re.compile(r"(\bredis-cli\b[^|;&\n]{0,500}?\s-a\s+)\S+"), rf"\1{HIDDEN}"),
)


def names_secret(name: str) -> bool:
    """Whether a variable or setting of that name holds a secret."""
    return bool(_SECRET_NAME.search(name))


def redacted(text: str) -> str:
    """Return the text with `(hidden)` for the secrets that it names; most texts are the same."""
    lowered = text.lower()
    if not any(part in lowered for part in _TELLING):
        return text
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def redacted_words(words: list[Any]) -> list[Any]:
    """Return a command line with its secrets hidden, also those behind a flag of their own."""
    found: list[Any] = []
    hide = False
    for word in words:
        text = isinstance(word, str)
        found.append(HIDDEN if hide and text else redacted(word) if text else word)
        hide = text and word.startswith("-") and "=" not in word and names_secret(word)
    return found
