"""Addresses of bundles in registries: `oci://HOST[:PORT]/NAME:TAG` or `…@sha256:DIGEST`."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from dfpolicy.errors import UsageError
from dfpolicy.i18n.language import _

# As in the distribution specification of the Open Container Initiative.
_FORM = re.compile(
    r"oci://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?P<port>:[0-9]{1,5})?"
    r"/(?P<name>[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127})|@(?P<digest>sha256:[0-9a-f]{64}))"
)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in a registry: `host` with a port, `name` of the repository, `tag` or `digest`."""

    host: str
    name: str
    tag: str = ""
    digest: str = ""

    @property
    def origin(self) -> str:
        """The address of the registry. Only the loopback interface is reached without TLS."""
        return f"{'http' if _is_loopback(self.host) else 'https'}://{self.host}"

    @property
    def version(self) -> str:
        """The tag, or the digest of the manifest."""
        return self.digest or self.tag

    def __str__(self) -> str:
        return f"oci://{self.host}/{self.name}{'@' if self.digest else ':'}{self.version}"


def parsed(text: str) -> Reference:
    """Return the reference. Raises UsageError."""
    found = _FORM.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise UsageError(
            _("not the address of a bundle in a registry"),
            text[:80],
            _("for example oci://registry.example.com/dfpolicy/bundle:v1"),
        )
    host = found["host"] + (found["port"] or "")
    return Reference(host, found["name"], found["tag"] or "", found["digest"] or "")


def _is_loopback(host: str) -> bool:
    name = host.rpartition("]")[0].lstrip("[") or host.partition(":")[0]
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
