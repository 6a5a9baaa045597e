"""Decodes the bytes of a source: UTF-8, and UTF-16 and UTF-32 with or without a BOM."""

from __future__ import annotations

import codecs
import re

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _, marked

# A BOM of UTF-32 begins like one of UTF-16.
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Without a BOM, the first two characters show it: YAML and JSON begin with ASCII.
_WIDE = (
    (re.compile(rb"[^\0]\0{3}[^\0]\0{3}"), "utf-32-le"),
    (re.compile(rb"\0{3}[^\0]\0{3}[^\0]"), "utf-32-be"),
    (re.compile(rb"[^\0]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[^\0]\0[^\0]"), "utf-16-be"),
)
_PACKAGE = b"\x1f\x8b"
_ARCHIVES = (b"PK\x03\x04", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd")
# The encodings that editors and terminals of older systems write.
_FORMER = ("gb18030", "cp1252")
_GIVE = marked("give YAML or JSON")


def encoding_of(content: bytes) -> str:
    """Return the encoding that the first bytes show; UTF-8 if they show no other."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return encoding
    for pattern, encoding in _WIDE:
        if pattern.match(content):
            return encoding
    return "utf-8-sig"


def decode(content: bytes, name: str) -> str:
    """Return the text without its BOM.

    Raises InputError if it is not text, or in another encoding.
    """
    if content.startswith(_PACKAGE):
        hint = _("a packaged chart is given with --helm; decompress other files")
        raise InputError(_("compressed with gzip"), name, hint)
    if content.startswith(_ARCHIVES):
        raise InputError(_("a compressed file"), name, _("decompress it"))
    encoding = encoding_of(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        shown = "UTF-8" if encoding == "utf-8-sig" else encoding[:6].upper()
        message = _("not valid {encoding}").format(encoding=shown)
        raise InputError(message, f"{name}:{line}", _conversion(content, encoding)) from error
    position = text.find("\0")
    if position >= 0:
        line = text.count("\n", 0, position) + 1
        raise InputError(_("not a text file: it contains a NUL byte"), f"{name}:{line}", _(_GIVE))
    return text


def _conversion(content: bytes, encoding: str) -> str:
    """Return the command that makes the text UTF-8, if it can be text of an older system."""
    for former in _FORMER if encoding == "utf-8-sig" and _readable(content) else ():
        try:
            text = content.decode(former)
        except UnicodeDecodeError:
            continue
        if all(char.isprintable() or char.isspace() for char in text):
            command = f"iconv -f {former.upper()} -t UTF-8"
            return _("convert it if it is text: {command}").format(command=command)
    return _(_GIVE)


def _readable(content: bytes) -> bool:
    """Whether there are no control characters, as there are in an image or a program."""
    return not re.search(rb"[\0-\x08\x0e-\x1f\x7f]", content)
