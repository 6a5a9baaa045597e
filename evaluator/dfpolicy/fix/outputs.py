"""Writes what a plan changes: values, patches, texts, a script, mutators, and the plan itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dfpolicy.errors import DfpolicyError, UsageError, reason
from dfpolicy.fix import files, plan_json
from dfpolicy.fix.coverage import Missing, missing, on_objects
from dfpolicy.fix.deployment import Deployment
from dfpolicy.fix.headline import exit_code
from dfpolicy.fix.rounds import Plan
from dfpolicy.formats.outputs import check_inputs, collide, parse_output, write
from dfpolicy.formats.proposed import named
from dfpolicy.i18n.language import _, listed
from dfpolicy.model import JsonObject, Operation
from dfpolicy.reading.host_documents import API_VERSION
from dfpolicy.reading.sources import SUFFIXES
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
        if name not in NAMES:
            raise UsageError(
                _("unknown output {name!r}").format(name=name),
                hint=_("use one of {names}").format(names=listed(NAMES)),
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


def check_unread(targets: Iterable[Target], sources: Iterable[str]) -> None:
    """Raise UsageError for files that the next run would read, among the manifests they change."""
    folders = [os.path.realpath(source) for source in sources if Path(source).is_dir()]
    for name, path in ((one.name, one.path) for one in targets if one.path):
        # A file that exists is an input, which no output replaces.
        read = name in FOLDERS or (path.endswith(SUFFIXES) and not Path(path).exists())
        if read and any(Path(os.path.realpath(path)).is_relative_to(one) for one in folders):
            raise UsageError(
                _("the next run would read this as a manifest"),
                path,
                _("write it to another directory, or use `dfpolicy fix -o diff=fix.diff`"),
            )


def collision() -> UsageError:
    """Return the error for two outputs in one place."""
    return UsageError(
        _("two outputs would go to the same place"),
        hint=_("give all but one a path: FORMAT=PATH"),
    )


def write_all(
    targets: Sequence[Target], plan: Plan, deployment: Deployment, inputs: Iterable[str]
) -> Missing | None:
    """Write each output, and return which changes are in none of them.

    Everything is rendered before anything is written. `inputs` are the files, directories and
    patterns that were read, which the caller has compared with `targets`; no file in a directory
    that is written replaces one of them. Raises DfpolicyError.
    """
    read = [*inputs]
    names = [one.name for one in targets]
    lacking = missing(names, plan, deployment)
    prepared = [_prepared(target, plan, deployment, read, lacking) for target in targets]
    for finish in prepared:
        finish()
    if "gatekeeper" in names:
        _say_skipped(plan, deployment)
    return lacking


def _say_skipped(plan: Plan, deployment: Deployment) -> None:
    """Say on standard error what has no mutator."""
    from dfpolicy.fix.mutators import mutators

    for operation, why in mutators(on_objects(plan), deployment.namespace).skipped:
        told = _("no mutator for {name}: {reason}")
        say(told.format(name=named(operation["target"]), reason=_(why)))


def patch_of(plan: Plan, deployment: Deployment) -> str:
    """Return the patch for what the values of the chart do not express, or for all objects."""
    return _yaml(_patches(plan, deployment)[0])


def objects_of(plan: Plan, deployment: Deployment) -> str:
    """Return the objects to create that the values of the chart do not express, or all."""
    return _yaml(_patches(plan, deployment)[1])


def _patches(plan: Plan, deployment: Deployment) -> tuple[list[JsonObject], list[JsonObject]]:
    """The patches of objects, and the objects to create, which no tool accepts as patches."""
    from dfpolicy.changes.merge_patch import identity
    from dfpolicy.changes.patches import patched_objects

    operations = _for_patch(plan, deployment)
    if not operations:
        return [], []
    new = [identity(one["value"]) for one in operations if one["op"] == "create"]
    found = patched_objects(operations, plan.changed.base, deployment.namespace)
    return (
        [one for one in found if identity(one) not in new],
        [one for one in found if identity(one) in new],
    )


def _for_patch(plan: Plan, deployment: Deployment) -> list[Operation]:
    """The operations that a patch has to express."""
    if deployment.rendered is not None:
        return plan.changed.patched
    return [one for one in on_objects(plan) if one["target"].get("apiVersion") != API_VERSION]


def _prepared(
    target: Target,
    plan: Plan,
    deployment: Deployment,
    inputs: Sequence[str],
    lacking: Missing | None,
) -> Callable[[], None]:
    path = target.path
    if target.name == "patched" and path is not None:
        return lambda: _copies(plan, path, inputs)
    if target.name == "kustomize" and path is not None:
        from dfpolicy.changes.patches import kustomization

        contents = kustomization(
            _for_patch(plan, deployment), plan.changed.base, deployment.namespace
        )
        check_inputs((str(Path(path, name)) for name in contents), inputs)
        return lambda: _write_folder(contents, path)
    if target.name == "plan":
        text = plan_json.render(plan, exit_code(plan, lacking))
    else:
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
            _("the parent directory does not exist"), str(Path(path).parent), _("create it first")
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

    return _yaml(mutators(on_objects(plan), deployment.namespace).objects)


def _yaml(objects: Iterable[JsonObject]) -> str:
    return "---\n".join(map(write_yaml, objects))


FORMATS: dict[str, Callable[[Plan, Deployment], str]] = {
    "values": _values,
    "patch": patch_of,
    "objects": objects_of,
    "kustomize": patch_of,
    "diff": _diff,
    "patched": _patched,
    "script": _script,
    "gatekeeper": _gatekeeper,
}
# The plan also says what the other outputs lack.
NAMES = (*FORMATS, "plan")
