"""The names that shells complete: paths, requirements, groups, modes and features."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from dfpolicy.cli.options import Names, TextType
from dfpolicy.input import schemas
from dfpolicy.model import MODES
from dfpolicy.policy.catalogue import load_catalogue
from dfpolicy.report.impacts import FEATURES

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def use_names(params: Iterable[click.Parameter]) -> None:
    """Let the parameters complete the names that their metavar stands for."""
    for param in params:
        if isinstance(param.type, click.types.StringParamType):
            param.type = _TYPES.get(param.metavar or "", param.type)


def _ids() -> dict[str, str]:
    return {entry["id"]: entry["title"] for entry in load_catalogue().requirements}


def _explained() -> dict[str, str]:
    groups = {group["group"]: group["title"] for group in load_catalogue().groups}
    return {"modes": "", **dict.fromkeys(MODES, ""), **groups, **_ids()}


class _Path(TextType):
    name = "path"

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Let the shell complete a file or a directory."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type=self._kind)]


_FILE = _Path("file")
_TYPES: dict[str, TextType] = {
    **dict.fromkeys(("FILE", "PATH", "REPORT", "BUNDLE", "OLD", "NEW"), _FILE),
    **dict.fromkeys(("[SOURCE]...", "CHART"), _FILE),
    **dict.fromkeys(("DIR", "DIR..."), _Path("dir")),
    "FEATURE": Names(lambda: dict.fromkeys((*FEATURES, "all"), "")),
    "ID": Names(_ids),
    "[ID]": Names(_ids),
    "[ID|GROUP|MODE]": Names(_explained),
    "[SCHEMA]": Names(lambda: dict.fromkeys(schemas.names(), "")),
}
