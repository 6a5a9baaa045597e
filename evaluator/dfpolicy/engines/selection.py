"""Chooses the engine from the settings, and imports only that one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Protocol

from dfpolicy.engines.base import Engine
from dfpolicy.errors import UsageError
from dfpolicy.i18n.language import _

TOKEN = "DFPOLICY_OPA_TOKEN"
_BY_USER = ("--opa-url", "DFPOLICY_OPA_URL", "default")


class Settings(Protocol):
    """The settings of the engine: values by key, and where each was set."""

    def __getitem__(self, key: str) -> Any:
        """Return the value of a key of the schema `config`."""
        ...

    def source(self, key: str) -> str:
        """Return what set the value: a flag, a variable, `file:line`, or `default`."""
        ...


def chosen_engine(settings: Settings, environment: Mapping[str, str] = os.environ) -> Engine:
    """Return the engine of the settings. Raises DfpolicyError if it is not available."""
    name = engine_name(settings)
    if name == "server":
        return _server(settings, environment)
    if name == "opa":
        from dfpolicy.engines.opa import OpaEngine

        return OpaEngine(settings["opa"], settings["policies"], time_limit=settings["opaTimeout"])
    if settings["policies"]:
        raise UsageError(
            _("the engine wasm supports dfpolicy's own policies only"),
            settings.source("policies"),
            _("use --engine opa"),
        )
    from dfpolicy.engines.wasm import WasmEngine

    return WasmEngine()


def engine_name(settings: Settings) -> str:
    """Return wasm, opa or server: the set value, or the one that the other settings imply."""
    if settings["engine"] != "auto":
        return str(settings["engine"])
    if settings["opaUrl"]:
        return "server"
    return "opa" if settings["policies"] else "wasm"


def _server(settings: Settings, environment: Mapping[str, str]) -> Engine:
    if not settings["opaUrl"]:
        raise UsageError(_("the engine server needs an address"), hint=_("add --opa-url"))
    from dfpolicy.engines.own_policies import read_own
    from dfpolicy.engines.server import ServerEngine, ServerOptions
    from dfpolicy.policy.source import revision

    options = ServerOptions(
        url=settings["opaUrl"],
        token=_token(settings, environment),
        ca=settings["opaCa"],
        certificate=settings["opaCertificate"],
        key=settings["opaKey"],
        connect_timeout=settings["opaConnectTimeout"],
        timeout=settings["opaTimeout"],
        retries=settings["opaRetries"],
        any_revision=settings["opaAnyRevision"],
    )
    # The server's bundle already contains the user's policies; here they give its revision.
    return ServerEngine(options, revision(read_own(settings["policies"]).with_ours()))


def _token(settings: Settings, environment: Mapping[str, str]) -> str | None:
    """The token of the file that a flag names, or of the variable, or of another file.

    A token from the environment is only sent to an address from the environment or a flag: a
    changed configuration file could otherwise send it to anybody.
    """
    from dfpolicy.engines.server_errors import checked_token, read_token

    path, origin = settings["opaTokenFile"], settings.source("opaTokenFile")
    address = settings.source("opaUrl")
    if address not in _BY_USER and origin in ("default", "DFPOLICY_OPA_TOKEN_FILE"):
        if path or environment.get(TOKEN):
            raise UsageError(
                _("a token from the environment is not sent to an address from a file"),
                address,
                _("give the address with --opa-url or DFPOLICY_OPA_URL"),
            )
        return None
    given = environment.get(TOKEN)
    if given and origin != "--opa-token-file" and address in _BY_USER:
        return checked_token(given, TOKEN)
    return read_token(path) if path else None
