"""Findings in the language in force, formatted from the templates and values of the policies.

A message is `{"template": …, "values": {…}}`, with `plural` if it depends on `values.count`. A
list is `{"items": […]}`, with `more` for what it leaves out, or `separator`. Anything else is data.
A stored report is not trusted: a regular expression replaces the fields, because `str.format` could
read attributes. A message that grows far beyond its values is not formatted: nested templates that
repeat a field double with each level.
"""

from __future__ import annotations

import re
from typing import Any

from dfpolicy.i18n.language import _, listed, marked, plural, translate

_FIELD = re.compile(r"\{(\w+)\}")
# `lib/result` writes this one without a call that the extraction sees.
UNKNOWN = marked("not known: {fact}")
# The policies' own messages have a tenth of it, and of the growth.
_LARGE, _GROWTH = 4096, 10


def message(part: Any) -> str:
    """Return a message, a list or a value as text in the language in force.

    A template without a translation, for example from another version, stays English. A message
    that is too large for its values is its template.
    """
    if isinstance(part, dict):
        held, shown = _sizes(part)
        if shown > _LARGE + _GROWTH * held:
            return str(part.get("template", "…"))
    return _text(part)


def _text(part: Any) -> str:
    if not isinstance(part, dict):
        return str(part)
    if "items" in part:
        return _list(part)
    values = part.get("values", {})

    def field(found: re.Match[str]) -> str:
        return _text(values[found[1]]) if found[1] in values else found[0]

    return _FIELD.sub(field, _template(part, values))


def _sizes(part: Any) -> tuple[int, int]:
    """Return how many characters and parts a message has, and how many it would be as text."""
    if not isinstance(part, dict):
        size = len(str(part)) + 1
        return size, size
    if "items" in part:
        sizes = [_sizes(item) for item in part["items"]]
        return sum(held for held, _ in sizes) + 1, sum(shown for _, shown in sizes) + 1
    template = part["template"]
    values = {name: _sizes(value) for name, value in part.get("values", {}).items()}
    fields = _FIELD.findall(template)
    shown = sum(values[name][1] for name in fields if name in values)
    held = sum(held for held, _ in values.values())
    return held + len(template) + 1, shown + len(template) + 1


def _template(part: dict[str, Any], values: dict[str, Any]) -> str:
    count = values.get("count")
    if "plural" in part and isinstance(count, int):
        return plural(part["template"], part["plural"], count)
    return translate(part["template"])


def _list(part: dict[str, Any]) -> str:
    items = [_text(item) for item in part["items"]]
    if "separator" in part:
        return _("; ").join(items)
    shown, more = listed(items), part.get("more", 0)
    return _("{items} and {count} more").format(items=shown, count=more) if more else shown
