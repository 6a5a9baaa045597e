"""Selects, among any YAML files of a repository, those that may concern DeepFlow.

A document may write a name with escapes, in base64 or in UTF-16, a Compose file with the default of
a variable, and a unit with specifiers and quotes. The words are therefore searched in the bytes, in
the text with all of these resolved, and, if a text has binary values, in its parsed strings.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _, _n, labelled, listed
from dfpolicy.reading.documents import Document, split
from dfpolicy.reading.encodings import decode, encoding_of
from dfpolicy.reading.host_documents import wrap
from dfpolicy.reading.sources import Source, paths_of, read_file, read_standard_input
from dfpolicy.reading.systemd_command import with_resolved_commands
from dfpolicy.reading.systemd_unit import SUFFIX, read_unit

# Every sign of an agent (label, image or program) contains this word.
_AGENT = b"deepflow-agent"
# Other documents that may belong to an agent, and facts.
_NAMES = (b"deepflow", b"dfpolicy.dev/")
# Files of kustomize itself; they need no name.
_KUSTOMIZE = "kustomize.config.k8s.io/"
_NAMED = 3
# The escapes of JSON and YAML that can write a letter or a hyphen, and the escaped line break,
# which also removes the blanks before the next text. Other escapes are skipped, so that the
# backslash of `\\` does not begin one.
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})"
    "|(?:\r\n|[\r\n\x85\u2028\u2029])[ \t]*|(.))",
    re.DOTALL,
)
# Most files with backslashes have none that writes a letter, hyphen, dot or slash.
_SPELLING = re.compile("\\\\(?:x[2-7]|u00[2-7]|U000000[2-7]|[/\r\n\x85\u2028\u2029])")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}){2,}(?:[A-Za-z0-9+/]{2,3}={1,2})?")
_TAG = re.compile(r"![^\s]*")
# Only this tag encodes a string. The tag itself may contain escapes, and a directive may shorten
# it.
_BINARY = re.compile(r"![^\s!]*?(?:binary|%)|^%TAG", re.MULTILINE)


# A variable of a Compose file, and its default.
_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*:?-([^{}$]*)\}")


@dataclass
class Found:
    """The documents that may concern an agent, the files that name DeepFlow, and the file count.

    There are no documents if none of the files can contain an agent.
    """

    documents: list[Document] = field(default_factory=list)
    naming: list[str] = field(default_factory=list)
    files: int = 0

    def account(self) -> str:
        """Return as text what was found, if there is no agent."""
        found = _n(
            "no DeepFlow agent in {count} file", "no DeepFlow agent in {count} files", self.files
        )
        if not self.naming:
            return found
        names = listed([*self.naming[:_NAMED], *(["…"] if len(self.naming) > _NAMED else [])])
        some = _n(
            "{count} file mentions DeepFlow", "{count} files mention DeepFlow", len(self.naming)
        )
        return _("{message}; {hint}").format(message=found, hint=labelled(some, names))


def find(arguments: Sequence[str]) -> Found:
    """Read the files, directories, globs and `-`, and keep what may concern an agent.

    Files that do not name DeepFlow may be invalid YAML. If no file can contain an agent, this
    applies to all files. Raises InputError for an unreadable file, and for any other file that is
    not valid YAML.
    """
    found = Found()
    candidates: list[tuple[str, bytes]] = []
    agent = False
    for name, content in _contents(arguments):
        found.files += 1
        text = _searched(name, content)
        if any(word in text for word in _NAMES):
            found.naming.append(name)
            candidates.append((name, content))
        agent = agent or _AGENT in text
    if agent:
        for name, content in candidates:
            found.documents += _documents(Source(name, decode(content, name)))
    return found


def _searched(name: str, content: bytes) -> bytes:
    """Return the text to search: everything that the file can spell, in lower case."""
    # UTF-16 has a NUL next to each letter.
    plain = content.replace(b"\0", b"")
    parts = [Path(name).name.encode(errors="replace"), plain]
    resolved = ""
    if b"\\" in plain or (b"!" in plain and (b"inary" in plain.lower() or b"%" in plain)):
        text = resolved = _text(content)
        if _SPELLING.search(text):
            resolved = _ESCAPE.sub(_spelled, text)
            parts.append(resolved.encode(errors="replace"))
        if _BINARY.search(resolved):
            parts += _strings(Source(name, text))
    if b"${" in plain:
        parts.append(_VARIABLE.sub(r"\1", resolved or _text(content)).encode(errors="replace"))
    if name.endswith(SUFFIX):
        parts.append(_commands(Path(name).name, _text(content)))
    return b"\n".join(parts).lower()


def _commands(unit: str, text: str) -> bytes:
    try:
        sections = with_resolved_commands(read_unit(text, unit), unit)
    except InputError:
        return b""
    return "\n".join(sections.get("Service", {}).get("ExecStart", ())).encode(errors="replace")


def _text(content: bytes) -> str:
    return content.decode(encoding_of(content), "replace")


def _spelled(escape: re.Match[str]) -> str:
    number = escape[1] or escape[2] or escape[3]
    if number is None:
        return escape[4] or ""
    code = int(number, 16)
    # Other letters are in none of the words.
    return chr(code) if code < 0x80 else "?"


def _strings(source: Source) -> list[bytes]:
    """Return the strings of a text; if it is unreadable, the possible content of its base64."""
    try:
        left: list[object] = [document.value for document in split(source)]
    except InputError:
        # kubectl applies the documents before an error. Base64 can have any number of lines.
        texts = (source.text, re.sub(r"\s+", "", _TAG.sub("|", source.text)))
        runs = [run for text in texts for run in _BASE64.findall(text)]
        return [b64decode(run + "=" * (-len(run) % 4)) for run in runs]
    found: list[bytes] = []
    while left:
        value = left.pop()
        if isinstance(value, dict):
            left += [*value, *value.values()]
        elif isinstance(value, list):
            left += value
        elif isinstance(value, str):
            found.append(value.encode(errors="replace"))
    return found


def _contents(arguments: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    for argument in arguments:
        if argument == "-":
            yield "stdin", read_standard_input()
        else:
            for path in paths_of(argument):
                yield path, read_file(path, listed=path != argument)


def _documents(source: Source) -> list[Document]:
    try:
        return [document for document in split(source) if _counts(document)]
    except InputError as error:
        if "{{" not in source.text:
            raise
        hint = _("exclude templates, and evaluate the chart with --helm")
        raise InputError(
            _("this is a template, not YAML: {message}").format(message=error.message),
            error.where,
            hint,
        ) from error


def _counts(document: Document) -> bool:
    value = document.value
    if isinstance(value, dict) and "kind" in value and "apiVersion" in value:
        # Files of other programs have a kind too, for example a kubeconfig or a stored report.
        in_cluster = not value.keys().isdisjoint({"metadata", "spec", "items"})
        return in_cluster and not str(value["apiVersion"]).startswith(_KUSTOMIZE)
    return wrap(document) is not None
