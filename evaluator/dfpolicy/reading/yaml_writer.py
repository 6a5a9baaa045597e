"""Writes YAML that every reader, including Kubernetes, reads as the same values."""

from __future__ import annotations

from typing import Any

import yaml

from dfpolicy.i18n.escaping import needs_quotes, yaml_escapes
from dfpolicy.reading.yaml_scalars import resolve

_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_Base):  # type: ignore[misc]
    """Quotes strings like `y` and `1e3`, and writes a shared value twice, without an alias."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def _represent_text(dumper: Any, text: str) -> Any:
    # A file name may be invalid text.
    text = text.encode(errors="replace").decode()
    shown = not needs_quotes(text)
    style = "|" if "\n" in text and shown else None
    if style is None and not (shown and _plain(text)):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _plain(text: str) -> bool:
    try:
        return isinstance(resolve(text), str)
    except ValueError:
        return False


_Dumper.add_representer(str, _represent_text)


def write_yaml(value: Any, unicode: bool = True) -> str:
    """Return a value of JSON's types as one YAML document, keys in their order."""
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=unicode, width=100)
    return yaml_escapes(text)
