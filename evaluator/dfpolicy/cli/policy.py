"""`dfpolicy policy`: requirements of your own, from the first file to the last fault."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from dfpolicy.cli.engine_options import opa_option
from dfpolicy.cli.help import Group
from dfpolicy.errors import DfpolicyError, UsageError, reason
from dfpolicy.i18n.language import _, _n, listed
from dfpolicy.i18n.suggestions import did_you_mean
from dfpolicy.model import LEVELS, Level
from dfpolicy.policy import scaffold
from dfpolicy.system.streams import say, tell


@click.group("policy", cls=Group)
def command() -> None:
    """Write requirements of your own, and check them."""


@command.command("new")
@click.argument("folder", metavar="DIR")
@click.option(
    "--id",
    "identifier",
    required=True,
    metavar="DF-NAME-NNN",
    help="ID of the requirement, for example DF-ACME-001; NAME is your group.",
)
@click.option(
    "--title",
    required=True,
    metavar="TEXT",
    help="What is required, as a sentence in the present tense.",
)
@click.option(
    "--reads",
    type=click.Choice(scaffold.READS),
    default="manifests",
    show_default=True,
    help="What the requirement reads.",
)
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    metavar="LEVEL",
    help="required, recommended or informational."
    "  [default: required for manifests, recommended for nodes]",
)
@click.option(
    "--impact",
    multiple=True,
    metavar="FEATURE",
    help="DeepFlow feature that is lost without it, for example AutoTracing; repeatable."
    "  [default: Agent start if required, Agent performance if recommended]",
)
def new(
    folder: str,
    identifier: str,
    title: str,
    reads: str,
    level: Level | None,
    impact: tuple[str, ...],
) -> int:
    """Start a requirement in DIR: its group, its rule and its test, all valid.

    Change what is marked with TODO, then check and use it:

        dfpolicy policy new policies --id DF-ACME-001 --title "The image is from our registry"
        dfpolicy policy check policies
        dfpolicy eval agent.yaml --policy policies
    """
    if not scaffold.group_of(identifier):
        raise UsageError(_("--id must look like DF-ACME-001"), hint=_("use capitals and 3 digits"))
    if scaffold.is_ours(identifier):
        name = identifier.split("-")[1].lower()
        raise UsageError(_("the group {name} belongs to dfpolicy").format(name=name), "--id")
    if not scaffold.TITLE.fullmatch(title):
        hint = _("use 3 to 90 characters that begin with a letter, without an ID and a full stop")
        raise UsageError(_("--title is not valid"), hint=hint)
    _check_impact(impact)
    files = scaffold.files(identifier, title, reads, level, impact)
    root = Path(folder)
    try:
        _check_new(root, identifier, [*files])
        for path, text in files.items():
            target = root / path
            if target.exists():
                # The group, which the requirements share.
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
            tell(_("wrote {path}").format(path=target))
    except OSError as error:
        raise DfpolicyError(
            _("cannot write: {reason}").format(reason=reason(error)), error.filename or folder
        ) from error
    tell(_("next: replace each TODO, then run `dfpolicy policy check {path}`").format(path=folder))
    return 0


@command.command("check")
@click.argument("folders", metavar="DIR...", nargs=-1, required=True)
@opa_option
def check(folders: tuple[str, ...], opa: str | None) -> int:
    """Check the METADATA of your requirements, compile them, and run their tests.

    All faults are reported, a line each. Needs OPA, as --policy does. Exit codes: 0 all is well,
    1 a test failed or a TODO of `policy new` is left, 2 a policy is invalid.
    """
    from dfpolicy.engines import own_policies, own_tests
    from dfpolicy.engines.opa_binary import find

    own_policies.read_own(folders)
    binary = find(opa)
    own = own_policies.checked(folders, binary)
    own_policies.check_compiles(own, binary)
    count = len(own_policies.waivable(folders))
    tests = own_tests.run(folders, binary)
    left = own_policies.todos(own)
    for place in left:
        say(_("{place}: replace TODO").format(place=place), "error")
    for place in tests.failed:
        say(_("{test} failed").format(test=place), "error")
    requirements = _n("{count} requirement", "{count} requirements", count)
    passed = tests.count - len(tests.failed)
    if tests.failed:
        ran = _("{passed} of {count} tests passed").format(passed=passed, count=tests.count)
    else:
        ran = _n("{count} test passed", "{count} tests passed", passed)
    tell(
        _("{path}: {first}, {second}").format(
            path=" ".join(folders), first=requirements, second=ran
        )
    )
    return 1 if tests.failed or left else 0


def _check_impact(impact: Sequence[str]) -> None:
    """Raise UsageError for a feature that METADATA cannot name."""
    import json

    from dfpolicy.input import schemas

    known = json.loads(schemas.text("requirement"))["$defs"]["impact"]["items"]["enum"]
    for name in impact:
        if name not in known:
            raise UsageError(
                _("unknown feature {name!r}").format(name=name[:40]),
                "--impact",
                did_you_mean(name, known) or _("use one of {names}").format(names=listed(known)),
            )


def _check_new(root: Path, identifier: str, files: list[Path]) -> None:
    """Raise UsageError if the directory has this id, or a file of the requirement."""
    for path in sorted(root.rglob("*.rego")):
        if f"id: {identifier}\n" in path.read_text("utf-8", "replace"):
            raise UsageError(
                _("the ID {identifier} is already used").format(identifier=identifier), str(path)
            )
    for path in files[1:]:
        if (root / path).exists():
            hint = _("choose another title: its words are the name of the file")
            raise UsageError(_("the file exists already"), str(root / path), hint)
