"""Keeps the settings of the server's file that requirements read, and no other."""

from __future__ import annotations

from dfpolicy.errors import InputError
from dfpolicy.model import JsonObject
from dfpolicy.reading.limits import CONFIGURATION, within
from dfpolicy.reading.redacted_text import redacted
from dfpolicy.reading.yaml_writer import write_yaml

SERVER_FILE = "server.yaml"
# The kind of the document that wraps it.
SERVER_CONFIG = "ServerConfig"
# A section of the server's file, and the settings in it that requirements read.
_SETTINGS: dict[str, tuple[str, ...]] = {
    "ckdb": ("external",),
    "genesis": ("local_ip_ranges",),
    "mysql": ("host",),
    "trisolaris": tuple(
        f"trident-type-for-{spelling}-vtap" for spelling in ("unkonw", "unknow", "unknown")
    ),
}


def kept_server_file(text: str) -> str | None:
    """Return the text of a file with only those settings, or None if it is not one mapping."""
    from dfpolicy.reading.yaml_reader import read_yaml

    try:
        with within(CONFIGURATION):
            documents = [value for value, _ in read_yaml(text, "", 1)]
    except InputError:
        return None
    if len(documents) != 1 or not isinstance(documents[0], dict):
        return None
    return redacted(write_yaml(kept_settings(documents[0])))


def kept_settings(settings: JsonObject) -> JsonObject:
    """Return only the settings that requirements read, of a whole file."""
    return _settings(settings, "")


def _settings(section: JsonObject, name: str) -> JsonObject:
    made: JsonObject = {}
    for key, value in section.items():
        if key in _SETTINGS.get(name, ()):
            # An object could contain more than the setting.
            made[key] = None if isinstance(value, dict) else value
        elif isinstance(value, dict):
            inner = _settings(value, key)
            # Without `controller`, it would not be the server's file.
            if inner or key == "controller":
                made[key] = inner
    return made
