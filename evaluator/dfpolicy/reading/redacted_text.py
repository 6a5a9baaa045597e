"""Hides secrets in texts: commands, settings, addresses, SQL."""

from __future__ import annotations

import re
from typing import Any

HIDDEN = "(hidden)"
_NAME = (
    r"(?:passw|passphrase|(?<![a-z])pass(?![a-z])|(?-i:[a-z]Pass)(?![a-z])|secret|token|credential"
    r"|[_-]key|access[_-]?id"
    r"|(?:access|api|private|signing|encryption|ssh|license|master|account|shared|auth)key)"
)
_SECRET_NAME = re.compile(rf"{_NAME}|pwd", re.IGNORECASE)
_SECRET_NUMBER = re.compile(r"passw|(?<![a-z])pass(?![a-z])|pwd|secret", re.IGNORECASE)
# Every text that matches a pattern below contains one of these, and searching them is much faster.
_TELLING = (
    *("pass", "pwd", "secret", "token", "credential", "key", "accessid", "access_id", "access-id"),
    *("://", "identified", "bearer", "basic", "authorization", "cookie", "@tcp(", "@unix("),
    *("mysql", "mariadb", "redis-cli", "curl"),
)
# All repetitions are bounded, or end at a character they cannot match: a hostile text takes linear
# time.
# Parts in quotes and without may follow each other, as in a shell.
_VALUE = r"""(?:\(hidden\)|(?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\\[^"'\n]|[^\s"',;&}\])\\])+)"""
# In a JSON text within another text.
_ESCAPED = r"""\\"(?:[^"\\\n]|\\\\.)*\\\""""
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"-----BEGIN ([A-Z ]{0,30})PRIVATE KEY(?: BLOCK)?-----(?:(?!-----END)[\s\S]){0,20000}"
            r"(?:-----END [A-Z ]{0,40}-----)?"
        ),
        HIDDEN,
    ),
    # `user:password@` of an address.
    (re.compile(r"(?<=://)[^\s/\"'<>]+@"), f"{HIDDEN}@"),
    # The same in the forms of Go's drivers: user:password@tcp(host).
    (re.compile(r"(?<=:)[^\s:/\"'<>]{1,500}@(?=(?:tcp|unix)\()"), f"{HIDDEN}@"),
    (
        re.compile(
            rf"((?:{_NAME}|pwd)[\w.-]{{0,80}}\\\"[ \t]*:[ \t]*){_ESCAPED}",
            re.IGNORECASE,
        ),
        rf'\1\\"{HIDDEN}\\"',
    ),
    # The headers of a request.
    (
        re.compile(
            r"(\b(?:authorization|cookie)[\"']?[ \t]*[:=][ \t]*(?:(?:bearer|basic)[ \t]+)?)"
            r"[^\n\"']+",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
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
    (re.compile(rf"(\bset\s+password\b[^=;\n]{{0,200}}=\s*){_VALUE}", re.I), rf"\1{HIDDEN}"),
    (re.compile(rf"(\bpassword\s*\(\s*)(?=['\"]){_VALUE}", re.I), rf"\1{HIDDEN}"),
    # <password>word</password>
    (
        re.compile(rf"(<[\w-]{{0,80}}{_NAME}[\w-]{{0,80}}>)[^<\s][^<]{{0,500}}", re.IGNORECASE),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(\b(?:bearer|basic)\s+)[\w.~+/=-]{6,}", re.IGNORECASE), rf"\1{HIDDEN}"),
    # mysql -pWORD, redis-cli -a WORD
    (re.compile(r"(\b(?:mysql|mariadb)[\w-]*\b[^|;&\n]{0,500}?\s-p)[^\s-]\S*"), rf"\1{HIDDEN}"),
    (re.compile(r"(\bcurl\b[^|;&\n]{0,500}?\s(?:-u|--user)[ =]?\s*)\S+"), rf"\1{HIDDEN}"),
    (re.compile(r"(\bsshpass\s+-p\s*)\S+"), rf"\1{HIDDEN}"),
    (re.compile(r"(\bredis-cli\b[^|;&\n]{0,500}?\s-a\s+)\S+"), rf"\1{HIDDEN}"),
)


# What precedes the value, in a word like --a.password=… or TOKEN=….
_ASSIGNED = re.compile(
    rf"\A[\w.=-]{{0,200}}?(?:{_NAME}|pwd)[\w.-]{{0,80}}==?(?=.)", re.IGNORECASE | re.DOTALL
)
# The options of these programs are secrets in special forms.
_PROGRAMS = frozenset(
    ("curl", "mariadb", "mysql", "mysqladmin", "mysqldump", "redis-cli", "sshpass", "wget")
)


def names_secret(name: str) -> bool:
    """Whether a variable or setting of that name is a secret."""
    return bool(_SECRET_NAME.search(name))


def names_number(name: str) -> bool:
    """Whether also a number of that name is a secret, as in `password: 1234`."""
    return bool(_SECRET_NUMBER.search(name))


def redacted(text: str) -> str:
    """Return the text with `(hidden)` for its secrets; most texts are unchanged."""
    lowered = text.lower()
    if not any(part in lowered for part in _TELLING):
        return text
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def _word(word: str) -> str:
    """Return one argument without its secret; `--password=a;b c` is a secret to its end."""
    found = _ASSIGNED.match(word)
    if found and (word.startswith("-") or not re.search(r"\s", word)):
        return f"{found[0]}{HIDDEN}"
    return redacted(word)


def redacted_words(words: list[Any]) -> list[Any]:
    """Return a command line with its secrets hidden, also those after a separate flag."""
    found: list[Any] = []
    hide = client = False
    for word in words:
        text = isinstance(word, str)
        if client and text:
            found.append(HIDDEN if word else word)
            continue
        client = text and word.rpartition("/")[2] in _PROGRAMS
        found.append(HIDDEN if hide and text else _word(word) if text else word)
        hide = text and word.startswith("-") and "=" not in word and names_secret(word)
    return found
