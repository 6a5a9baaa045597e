"""All files of an export, and which requirements it can and cannot check."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dfpolicy.engines.base import Engine
from dfpolicy.errors import DfpolicyError, UsageError, reason
from dfpolicy.gatekeeper.objects import Scope, constraints, sync_set, template
from dfpolicy.gatekeeper.readme import readme
from dfpolicy.gatekeeper.review import Sample, mode_of, samples
from dfpolicy.gatekeeper.suite import Case, suite
from dfpolicy.i18n.language import _
from dfpolicy.policy.catalogue import Catalogue
from dfpolicy.policy.requirement_words import translated_catalogue
from dfpolicy.reading.yaml_writer import write_yaml
from dfpolicy.system.files import check_links, write_file
from dfpolicy.system.signals import held

MARKER = "suite.yaml"


@dataclass(frozen=True, slots=True)
class Export:
    """The files by path below the directory, and by id why a requirement is not checked.

    `unseen` is nodes, cluster, host, upgrade or objects, or empty for a checked one.
    """

    files: dict[str, str]
    unseen: dict[str, str]


def export(engine: Engine, catalogue: Catalogue, scope: Scope) -> Export:
    """Make the export. It includes a group if an example shows that the group denies something."""
    tried = list(samples(engine, catalogue))
    seen = {identifier for sample in tried for identifier in sample.violated}
    groups = {entry["id"]: entry["group"] for entry in catalogue.requirements}
    groups_seen = {groups[identifier] for identifier in seen}
    exported = [group for group in catalogue.groups if group["group"] in groups_seen]
    unseen = {
        entry["id"]: "" if entry["id"] in seen else _reason(entry)
        for entry in catalogue.requirements
    }
    names = [group["group"] for group in exported]
    files = {
        "kustomization.yaml": _kustomization(["templates", "sync.yaml"]),
        "sync.yaml": write_yaml(sync_set()),
        "templates/kustomization.yaml": _kustomization([f"{name}.yaml" for name in names]),
        "constraints/kustomization.yaml": _kustomization([f"{name}.yaml" for name in names]),
    }
    for group in translated_catalogue(catalogue).groups:
        if group["group"] in names:
            files[f"templates/{group['group']}.yaml"] = write_yaml(template(group))
            made = constraints(group["group"], scope)
            files[f"constraints/{group['group']}.yaml"] = "---\n".join(map(write_yaml, made))
    files |= suite(
        Case(groups[identifier], identifier, sample)
        for identifier in groups
        if identifier in seen
        for sample in _cases(identifier, tried)
    )
    files["README.md"] = readme(translated_catalogue(catalogue), unseen, scope)
    return Export(files, unseen)


def _cases(identifier: str, tried: Iterable[Sample]) -> list[Sample]:
    """Objects of its own examples that pass or violate it, and one that violates it."""
    own = [sample for sample in tried if sample.requirement == identifier]
    kept = [
        sample
        for sample in own
        if (sample.outcome == "violation") == (identifier in sample.violated)
    ]
    if not any(identifier in sample.violated for sample in kept):
        kept.append(next(sample for sample in tried if identifier in sample.violated))
    return kept


def _reason(entry: Mapping[str, Any]) -> str:
    if mode_of(entry) is None:
        return "upgrade" if "upgrade" in entry["modes"] else "host"
    more = [part for part in ("nodes", "cluster") if part in entry["reads"]]
    return more[0] if more else "objects"


def _kustomization(resources: list[str]) -> str:
    return write_yaml(
        {
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "resources": resources,
        }
    )


def write(made: Export, folder: Path) -> None:
    """Write the files into a directory that is new, empty, or has an old export.

    Files of an old export that this one does not have are removed. Raises UsageError for another
    directory, DfpolicyError if it cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(_("not a directory"), str(folder), _("use a new or empty directory"))
    # In a directory next to it, so that everything is on the disk before a file is replaced.
    staging = folder.absolute().parent / f".dfpolicy-{secrets.token_hex(8)}"
    try:
        for path in made.files:
            check_links(str(folder / path), str(folder))
        former = _former(folder)
        staging.mkdir(0o700, parents=True)
        for path, text in made.files.items():
            target = staging / path
            target.parent.mkdir(parents=True, exist_ok=True)
            write_file(text, str(target))
        with held():
            _replace(staging, folder, made.files)
            for stale in former - {folder / path for path in made.files}:
                stale.unlink()
    except OSError as error:
        raise DfpolicyError(
            _("cannot write the export: {reason}").format(reason=reason(error)), str(folder)
        ) from error
    finally:
        with held():
            shutil.rmtree(staging, ignore_errors=True)


def _replace(staging: Path, folder: Path, paths: Iterable[str]) -> None:
    for path in paths:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (staging / path).replace(target)


def _former(folder: Path) -> set[Path]:
    if not folder.exists() or not any(folder.iterdir()):
        return set()
    if not (folder / MARKER).is_file() or not (folder / "templates").is_dir():
        raise UsageError(
            _("the directory contains other files than a previous export"),
            str(folder),
            _("use a new or empty directory"),
        )
    parts = ("templates", "constraints", "samples")
    return {path for part in parts for path in (folder / part).rglob("*.yaml")}
