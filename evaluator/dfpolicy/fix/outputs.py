"""Writes what a plan changes: values, patches, texts, a script, mutators, and the plan itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dfpolicy.changes.operations import VALUES
from dfpolicy.errors import DfpolicyError, UsageError, reason
from dfpolicy.fix import files, plan_json
from dfpolicy.fix.deployment import Deployment
from dfpolicy.fix.rounds import Plan
from dfpolicy.formats.outputs import check_inputs, collide, parse_output, write
from dfpolicy.formats.proposed import named
from dfpolicy.i18n.language import _, _n, listed
from dfpolicy.model import Operation
from dfpolicy.reading.host_documents import API_VERSION
from dfpolicy.reading.yaml_writer import write_yaml
from dfpolicy.system.files import check_links, write_file
from dfpolicy.system.streams import say

FOLDERS = ("kustomize", "patched")


@dataclass(frozen=True, slots=True)
class Target:
    """A format, and where it goes; None is standard output."""

    name: str
    path: str | None


def parse(given: Iterable[str], has_chart: bool) -> list[Target]:
    """Read FORMAT or FORMAT=PATH of each -o.

    Raises UsageError for an unknown format, for one that the input does not have, for a missing
    directory, and for two outputs in one place.
    """
    found = []
    for text in given:
        name, _separator, path = text.partition("=")
        if name not in FORMATS:
            raise UsageError(
                _("unknown output {name!r}").format(name=name),
                hint=_("use one of {names}").format(names=listed(FORMATS)),
            )
        if name == "values" and not has_chart:
            raise UsageError(
                _("-o values needs a chart"), hint=_("give it with --helm, or use -o patch")
            )
        if name in FOLDERS and path not in ("", "-"):
            found.append(Target(name, _folder(path)))
        elif name == "kustomize":
            raise UsageError(_("-o kustomize needs a directory"), hint="kustomize=DIR")
        else:
            found.append(Target(*parse_output(text)))
    if collide(one.path for one in found):
        raise collision()
    return found


def collision() -> UsageError:
    """Return the error for two outputs in one place."""
    return UsageError(
        _("two outputs would go to the same place"),
        hint=_("give all but one a path: FORMAT=PATH"),
    )


def write_all(
    targets: Sequence[Target], plan: Plan, deployment: Deployment, inputs: Iterable[str]
) -> None:
    """Write each output. Everything is rendered before anything is written.

    What the outputs do not contain, although the proof needs it, is said on standard error.
    `inputs` are the files, directories and patterns that were read; no file of them is overwritten.
    Raises DfpolicyError.
    """
    named = [*inputs]
    check_inputs((target.path for target in targets), named)
    prepared = [_prepared(target, plan, deployment, named) for target in targets]
    for finish in prepared:
        finish()
    for told in _left_out({one.name for one in targets}, plan, deployment):
        say(told)


def _left_out(names: Collection[str], plan: Plan, deployment: Deployment) -> Iterator[str]:
    """What the proof needs, and no output of these contains."""
    partial = {"values", "diff", "patched"} & {*names}
    count = len(plan.changed.patched)
    if partial and count and not {"patch", "kustomize"} & {*names}:
        yield _n(
            "{count} change is not in {name}: add -o patch=FILE",
            "{count} changes are not in {name}: add -o patch=FILE",
            count,
            name=listed(sorted(partial)),
        )
    if "gatekeeper" in names:
        from dfpolicy.fix.mutators import mutators

        for operation, why in mutators(_operations(plan), deployment.namespace).skipped:
            told = _("no mutator for {name}: {reason}")
            yield told.format(name=named(operation["target"]), reason=_(why))


def patch_of(plan: Plan, deployment: Deployment) -> str:
    """Return the patch for what the values of the chart do not express, or for all objects."""
    from dfpolicy.changes.patches import patch

    operations = _on_objects(plan, deployment)
    return patch(operations, plan.changed.base, deployment.namespace) if operations else ""


def _on_objects(plan: Plan, deployment: Deployment) -> list[Operation]:
    """The operations that a patch has to express."""
    if deployment.rendered is not None:
        return plan.changed.patched
    return [one for one in _operations(plan) if one["target"].get("apiVersion") != API_VERSION]


def _operations(plan: Plan) -> list[Operation]:
    return [
        operation
        for change in plan.changes
        for operation in change.operations
        if operation["target"]["kind"] != VALUES
    ]


def _prepared(
    target: Target, plan: Plan, deployment: Deployment, inputs: Sequence[str]
) -> Callable[[], None]:
    path = target.path
    if target.name == "patched" and path is not None:
        return lambda: _copies(plan, path, inputs)
    if target.name == "kustomize" and path is not None:
        from dfpolicy.changes.patches import kustomization

        contents = kustomization(
            _on_objects(plan, deployment), plan.changed.base, deployment.namespace
        )
        check_inputs((str(Path(path, name)) for name in contents), inputs)
        return lambda: _write_folder(contents, path)
    text = FORMATS[target.name](plan, deployment)
    return lambda: write(text, path)


def _copies(plan: Plan, path: str, inputs: Sequence[str]) -> None:
    files.write_copies(plan.changed.texts, path, inputs)


def _write_folder(contents: dict[str, str], path: str) -> None:
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
        for name, text in contents.items():
            place = str(Path(path, name))
            check_links(place, path)
            write_file(text, place)
    except OSError as error:
        raise DfpolicyError(
            _("cannot write the directory: {reason}").format(reason=reason(error)), path
        ) from error


def _folder(path: str) -> str:
    if Path(path).exists() and not Path(path).is_dir():
        raise UsageError(_("this is not a directory"), path, _("give a directory"))
    if not Path(os.path.realpath(path)).parent.is_dir():
        raise UsageError(
            _("the directory for the report does not exist"),
            str(Path(path).parent),
            _("create the directory first"),
        )
    return path


def _values(plan: Plan, _deployment: Deployment) -> str:
    return write_yaml(plan.changed.values)


def _diff(plan: Plan, _deployment: Deployment) -> str:
    return files.diff(plan.changed.texts)


def _patched(plan: Plan, _deployment: Deployment) -> str:
    return files.only_text(plan.changed.texts)


def _script(plan: Plan, _deployment: Deployment) -> str:
    from dfpolicy.fix.script import script

    return script([command for change in plan.commands for command in change.commands])


def _gatekeeper(plan: Plan, deployment: Deployment) -> str:
    from dfpolicy.fix.mutators import mutators

    made = mutators(_operations(plan), deployment.namespace)
    return "---\n".join(write_yaml(one) for one in made.objects)


def _plan(plan: Plan, _deployment: Deployment) -> str:
    return plan_json.render(plan)


FORMATS: dict[str, Callable[[Plan, Deployment], str]] = {
    "values": _values,
    "patch": patch_of,
    "kustomize": patch_of,
    "diff": _diff,
    "patched": _patched,
    "script": _script,
    "gatekeeper": _gatekeeper,
    "plan": _plan,
}
