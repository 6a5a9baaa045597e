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
# These words are names only as a whole, and too common within texts.
_SHORT_NAME = r"(?<![a-z])(?:[as]k|auth|keyring)(?![a-z])"
_SECRET_NAME = re.compile(rf"{_NAME}|pwd|{_SHORT_NAME}", re.IGNORECASE)
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
            r"-----BEGIN [^-\n]{0,60}PRIVATE[^-\n]{0,60}-----(?:(?!-----END)[\s\S]){0,20000}"
            r"(?:-----END [^-\n]{0,60}-----)?"
        ),
        HIDDEN,
    ),
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
# An address to its end, whose user information can contain any character except these.
_ADDRESS = re.compile(r"(?<=://)[^\s\"'<>]+")
# A digest of an image also follows an `@`.
_LAST_AT = re.compile(r".*@(?!sha\d+:)", re.DOTALL)
# Tokens with a form of their own, whatever they are called: JWT, and those of AWS, Alibaba Cloud,
# Tencent Cloud, GitHub, GitLab, Google, Slack and Vault.
_TOKENS = re.compile(
    r"(?<![A-Za-z0-9])(?:eyJ[\w-]{8,}(?:\.[\w-]*){1,4}|A(?:KIA|SIA)[A-Z0-9]{12,}"
    r"|(?:LTAI|AKID)[A-Za-z0-9]{12,}|gh[opsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}"
    r"|AIza[\w-]{30,}|xox[abps]-[\w-]{10,}|hvs\.[\w-]{20,})"
)
# Random letters and digits, as in base64. Names in camel case change their kind less often.
_LONG = re.compile(r"[A-Za-z0-9+/_=-]{20,}")
_DENSE = 20
_KINDS = re.compile(r"[a-z]+|[A-Z]+|\d+")


def names_secret(name: str) -> bool:
    """Whether a variable or setting of that name is a secret."""
    return bool(_SECRET_NAME.search(name))


def names_number(name: str) -> bool:
    """Whether also a number of that name is a secret, as in `password: 1234`."""
    return bool(_SECRET_NUMBER.search(name))


def redacted(text: str) -> str:
    """Return the text with `(hidden)` for its secrets, or itself if it has none."""
    made = text
    if len(text) >= _DENSE:
        made = _LONG.sub(_unless_random, _TOKENS.sub(HIDDEN, made))
    lowered = made.lower()
    if any(part in lowered for part in _TELLING):
        for pattern, replacement in _PATTERNS:
            made = pattern.sub(replacement, made)
        made = _ADDRESS.sub(lambda found: _LAST_AT.sub(f"{HIDDEN}@", found[0]), made)
    return text if made == text else made


def _unless_random(found: re.Match[str]) -> str:
    for run in re.split(r"[/_=+-]", found[0]):
        kinds = _KINDS.findall(run) if len(run) >= _DENSE else ()
        if len(kinds) * 3 > len(run) and any(kind.isdigit() for kind in kinds):
            return HIDDEN
    return found[0]


def hidden_leaves(value: Any) -> Any:
    """Return a value with each string and number below it hidden; its keys stay."""
    if isinstance(value, dict):
        made = {key: hidden_leaves(item) for key, item in value.items()}
        return value if all(made[key] is value[key] for key in made) else made
    if isinstance(value, list):
        items = [hidden_leaves(item) for item in value]
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else items
    return value if isinstance(value, bool) else _whole(value)


def _whole(value: Any) -> Any:
    return HIDDEN if value not in (None, "", HIDDEN) else value
