"""Shows changed texts as a unified diff, or writes changed copies; no input file is overwritten."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from difflib import unified_diff
from pathlib import Path

from dfpolicy.changes.text_edit import ChangedText
from dfpolicy.errors import DfpolicyError, InputError, UsageError, reason
from dfpolicy.formats.outputs import check_inputs
from dfpolicy.i18n.language import _
from dfpolicy.reading.encodings import encoding_of
from dfpolicy.reading.sources import RENDERED, unreadable
from dfpolicy.system.files import check_links, write_bytes

STANDARD_INPUT = "stdin"
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\t"): "\\t"}


def diff(changes: Sequence[ChangedText]) -> str:
    """Return one unified diff of all changes, which `git apply` and `patch -p1` accept.

    Paths are relative to the working directory; those of other directories begin at the root:
    `patch -p1 -d /`. Raises InputError for a source that is no file of UTF-8.
    """
    parts = []
    for change in changes:
        encoding, marked = _encoding(change.source)
        if encoding != "utf-8":
            raise InputError(
                _("a diff of this file would not apply, because it is not UTF-8"),
                change.source,
                _("use -o patched=DIRECTORY"),
            )
        before, after = ((_BOM if marked else "") + text for text in (change.before, change.after))
        name = _name(change.source)
        lines = unified_diff(
            _lines(before), _lines(after), _quoted(f"a/{name}"), _quoted(f"b/{name}")
        )
        parts += [
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in lines
        ]
    return "".join(parts)


def only_text(changes: Sequence[ChangedText]) -> str:
    """Return the changed text, for standard output. Raises UsageError if there are several."""
    if len(changes) != 1:
        raise UsageError(
            _("{count} files change").format(count=len(changes)),
            hint=_("use -o patched=DIRECTORY"),
        )
    _check_file(changes[0].source)
    return changes[0].after


def write_copies(
    changes: Sequence[ChangedText], directory: str, sources: Iterable[str]
) -> list[str]:
    """Write a changed copy of each file into the directory, and return the paths.

    The directory is created if it is missing. A copy has the path of its file below the directory
    that contains all of them, and its encoding. `sources` are all inputs as given. Raises
    UsageError before it writes anything if a copy would overwrite an input file, and DfpolicyError
    if one cannot be written.
    """
    targets = _targets(changes, directory)
    check_inputs(targets, {*sources, *(one.source for one in changes)})
    for target in targets:
        check_links(target, directory)
    try:
        for change, target in zip(changes, targets, strict=True):
            encoding, marked = _encoding(change.source)
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            text = (_BOM if marked else "") + change.after
            write_bytes(text.encode(encoding, "replace"), target)
    except OSError as error:
        raise DfpolicyError(
            _("cannot write the changed file: {reason}").format(reason=reason(error)),
            error.filename or directory,
        ) from error
    return targets


def _targets(changes: Sequence[ChangedText], directory: str) -> list[str]:
    for change in changes:
        _check_file(change.source)
    paths = [
        os.path.abspath(change.source)  # noqa: PTH100  resolve() would follow links
        for change in changes
        if change.source != STANDARD_INPUT
    ]
    top = os.path.commonpath([str(Path(path).parent) for path in paths]) if paths else ""
    found = []
    for change in changes:
        if change.source == STANDARD_INPUT:
            json = change.after.lstrip()[:1] in ("{", "[")
            found.append(str(Path(directory, "stdin.json" if json else "stdin.yaml")))
        else:
            below = os.path.relpath(change.source, top)
            found.append(str(Path(directory, below)))
    if len(set(found)) < len(found):
        raise UsageError(
            _("two copies would go to the same place"), directory, _("rename the file stdin.yaml")
        )
    return found


def _check_file(source: str) -> None:
    if source.startswith(RENDERED):
        raise InputError(
            _("a rendered chart is not a file"), source, _("use -o values=FILE or -o patch=FILE")
        )


def _name(source: str) -> str:
    _check_file(source)
    if source == STANDARD_INPUT:
        return source
    path = Path(os.path.abspath(source))  # noqa: PTH100  resolve() would follow links
    here = Path.cwd()
    if path.is_relative_to(here):
        return path.relative_to(here).as_posix()
    return path.as_posix().lstrip("/")


def _quoted(name: str) -> str:
    """The name as Git writes it: between quotes if it has other characters than visible ones."""
    escaped = "".join(
        char if char.isprintable() else "".join(f"\\{byte:03o}" for byte in _bytes(char))
        for char in name.translate(_ESCAPES)
    )
    if escaped != name:
        return f'"{escaped}"'
    # A tab ends a name with blanks.
    return f"{name}\t" if " " in name else name


def _bytes(char: str) -> bytes:
    return char.encode(errors="surrogateescape")


def _lines(text: str) -> list[str]:
    """The lines with their ends; other characters that end lines in Unicode do not count."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _encoding(source: str) -> tuple[str, bool]:
    """The encoding of a file, and whether it begins with a BOM of UTF-8."""
    if not _is_file(source):
        return "utf-8", False
    try:
        with Path(source).open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise unreadable(source, error) from error
    encoding = encoding_of(start)
    if encoding != "utf-8-sig":
        return encoding, False
    return "utf-8", start.startswith(_BOM.encode())


def _is_file(source: str) -> bool:
    """Whether it is a file that can be read again; a pipe cannot."""
    if source == STANDARD_INPUT or source.startswith(RENDERED):
        return False
    try:
        return stat.S_ISREG(Path(source).stat().st_mode)
    except OSError:
        return False
