"""Findings in the language in force, formatted from the templates and values of the policies.

A message is `{"template": …, "values": {…}}`, with `plural` where it depends on `values.count`. A
list is `{"items": […]}`, with `more` for what it leaves out, or `separator`. Anything else is data.
A stored report is not trusted: a regular expression replaces the fields, because `str.format` could
read attributes.
"""

from __future__ import annotations

import re
from typing import Any

from dfpolicy.i18n.language import _, listed, marked, plural, translate

_FIELD = re.compile(r"\{(\w+)\}")
# `lib/result` writes this one without a call that the extraction sees.
UNKNOWN = marked("not known: {fact}")


def message(part: Any) -> str:
    """Return a message, a list or a value as text in the language in force.

    A template without a translation, for example from another version, stays English.
    """
    if not isinstance(part, dict):
        return str(part)
    if "items" in part:
        return _list(part)
    values = part.get("values", {})

    def field(found: re.Match[str]) -> str:
        return message(values[found[1]]) if found[1] in values else found[0]

    return _FIELD.sub(field, _template(part, values))


def _template(part: dict[str, Any], values: dict[str, Any]) -> str:
    count = values.get("count")
    if "plural" in part and isinstance(count, int):
        return plural(part["template"], part["plural"], count)
    return translate(part["template"])


def _list(part: dict[str, Any]) -> str:
    items = [message(item) for item in part["items"]]
    if "separator" in part:
        return _("; ").join(items)
    shown, more = listed(items), part.get("more", 0)
    return _("{items} and {count} more").format(items=shown, count=more) if more else shown
