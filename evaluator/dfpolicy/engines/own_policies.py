"""A user's own requirements: Rego in the shape of ours, checked before it is evaluated."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dfpolicy.engines import opa_binary
from dfpolicy.errors import DfpolicyError, EngineError, InputError, reason, together
from dfpolicy.i18n.language import _
from dfpolicy.input.schemas import faults
from dfpolicy.model import JsonObject
from dfpolicy.policy import scaffold
from dfpolicy.policy.catalogue import load_catalogue
from dfpolicy.policy.opa_bundle import packed
from dfpolicy.policy.requirement_metadata import PREFIX, completed
from dfpolicy.policy.source import Files, modules, policy_files

_RULE = re.compile(r"(?:default\s+)?results\b")
_METADATA = re.compile(r"^# METADATA *\n((?:#.*\n)+)", re.MULTILINE)
_DATA = ("data.json", "data.yaml", "data.yml")


@dataclass(frozen=True)
class OwnPolicies:
    """The modules of the given directories, and the file of each."""

    files: Files
    places: Mapping[str, str]

    def place(self, location: str) -> str:
        """Return the user's `file:line` for a place in a bundle."""
        name, separator, line = location.lstrip("/").rpartition(":")
        return f"{self.places.get(name, name)}{separator}{line}"

    def with_ours(self) -> Files:
        """Return these modules and those of dfpolicy."""
        return {**policy_files(), **self.files}

    def as_error(self, error: EngineError) -> DfpolicyError:
        """Return an OPA error, as an input error if it is about these modules."""
        return together([self._as_error(one) for one in (error, *error.others)])

    def _as_error(self, error: DfpolicyError) -> DfpolicyError:
        if error.where.rpartition(":")[0] in self.places:
            return InputError(error.message, self.place(error.where), error.hint)
        return error


def read_own(folders: Sequence[str]) -> OwnPolicies:
    """Read the modules of the directories. Raises InputError."""
    files: dict[str, bytes] = {}
    places: dict[str, str] = {}
    for number, folder in enumerate(folders, 1):
        root = Path(folder)
        if not root.is_dir():
            raise InputError(_("no such directory of policies"), folder, _("check the path"))
        for path in sorted(root.rglob("*")):
            if path.name in _DATA:
                raise InputError(
                    _("data files next to policies are not supported"),
                    str(path),
                    _("write the data as Rego"),
                )
        try:
            found = modules(root, f"policy{number}")
        except OSError as error:
            raise InputError(
                _("cannot read a policy: {reason}").format(reason=reason(error)),
                error.filename or folder,
            ) from error
        if not found:
            raise InputError(
                _("this directory contains no policy"),
                folder,
                _("give a directory with .rego files"),
            )
        files |= found
        places |= {name: str(root / name.partition("/")[2]) for name in found}
    return OwnPolicies(files, places)


def checked(folders: Sequence[str], binary: str) -> OwnPolicies:
    """Read the modules of the directories, and check their paths and METADATA.

    Raises InputError that names the line of each fault.
    """
    own = read_own(folders)
    if own.files:
        found = [*_faults(_inspected(own, binary), own)]
        if found:
            raise together(found)
    return own


def waivable(folders: Sequence[str]) -> dict[str, bool]:
    """Return by id whether the requirements can be waived. Raises InputError."""
    found = {}
    for content in read_own(folders).files.values():
        for block in _METADATA.findall(content.decode("utf-8", "replace")):
            custom = _custom(re.sub(r"^# ?", "", block, flags=re.MULTILINE))
            if isinstance(custom, dict) and isinstance(custom.get("id"), str):
                found[custom["id"]] = custom.get("waivable") is not False
    return found


def todos(own: OwnPolicies) -> list[str]:
    """Return `file:line` of what `policy new` wrote to be replaced, and is still there."""
    return [
        f"{own.places[name]}:{line}"
        for name, content in own.files.items()
        for line in scaffold.todos(content.decode("utf-8", "replace"))
    ]


def _custom(metadata: str) -> Any:
    from dfpolicy.reading.yaml_reader import read_yaml

    try:
        values = [value for value, _ in read_yaml(metadata, "", 1)]
    except InputError:
        # OPA reports the error.
        return None
    return values[0].get("custom") if values and isinstance(values[0], dict) else None


def check_compiles(own: OwnPolicies, binary: str) -> None:
    """Raise InputError if the modules do not compile together with dfpolicy's."""
    # Any query makes OPA compile everything that it loaded.
    _run(own, packed(own.with_ours()), binary, ["eval", "--format", "raw", "true", "--bundle"])


def _inspected(own: OwnPolicies, binary: str) -> JsonObject:
    # Any root is fine: a package in the wrong place is reported later.
    bundle = packed(own.files, root="")
    printed = _run(own, bundle, binary, ["inspect", "--annotations", "--format", "json"])
    try:
        inspected: JsonObject = json.loads(printed)
    except ValueError:
        raise EngineError(_("OPA cannot inspect the policies"), binary) from None
    return inspected


def _run(own: OwnPolicies, bundle: bytes, binary: str, arguments: Sequence[str]) -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "own.tar.gz"
        path.write_bytes(bundle)
        try:
            return opa_binary.run(binary, [*arguments, str(path)])
        except EngineError as error:
            raise own.as_error(error) from None


def _faults(inspected: JsonObject, own: OwnPolicies) -> Iterator[InputError]:
    packages: dict[str, list[str]] = inspected["namespaces"]
    entries = {
        name: entry
        for entry in inspected.get("annotations", [])
        if (name := _name(entry)) in packages or entry["annotations"]["scope"] == "subpackages"
    }
    misplaced = {name: fault for name in packages if (fault := _misplaced(name, packages, own))}
    for name in sorted(misplaced):
        yield misplaced[name]
    # What else is wrong with those, or with the requirements of such a group, follows from it.
    placed = [name for name in packages if misplaced.keys().isdisjoint({name, _group(name)})]
    groups = {_group(name) for name in placed}
    yield from _groups(groups, entries, packages, own)
    required = {name for name in placed if _depth(name) and _rule(name, packages, own)}
    if placed and not required:
        yield InputError(_("the policies contain no requirement"), min(own.places.values()))
    known = {name for name in required if _group(name) in entries}
    yield from _requirements(known, entries, packages, own)


def _misplaced(
    package: str, packages: Mapping[str, list[str]], own: OwnPolicies
) -> InputError | None:
    ours = {f"{PREFIX}{name}" for name in _group_directories()}
    place = own.place(f"{packages[package][0]}:1")
    if not package.startswith(PREFIX) or _group(package) in ours or _depth(package) > 1:
        return InputError(
            _("your policies must not use the package {package}").format(
                package=package.removeprefix("data.")
            ),
            place,
            _("use dfpolicy.requirements.<your group>.<requirement>"),
        )
    if not _depth(package) and _rule(package, packages, own):
        return InputError(
            _("a requirement needs its own package, below the package of its group"),
            _rule(package, packages, own),
            _("use {package}.<requirement>").format(package=package.removeprefix("data.")),
        )
    return None


def _groups(
    groups: Iterable[str],
    entries: Mapping[str, JsonObject],
    packages: Mapping[str, list[str]],
    own: OwnPolicies,
) -> Iterator[InputError]:
    ours = {group["group"] for group in load_catalogue().groups}
    for group in sorted(groups):
        entry = entries.get(group)
        if entry is None:
            files = packages.get(group) or next(
                files for name, files in sorted(packages.items()) if _group(name) == group
            )
            yield InputError(
                _("the group {package} has no METADATA").format(
                    package=group.removeprefix("data.")
                ),
                own.place(f"{files[0]}:1"),
                _(
                    "add METADATA to its package with scope: subpackages, title, description and"
                    " custom"
                ),
            )
            continue
        place = _place(entry, own)
        if entry["annotations"]["scope"] != "subpackages":
            yield InputError(_("METADATA of a group must have `scope: subpackages`"), place)
            continue
        yield from _against_schema(entry["annotations"], place)
        name = entry["annotations"].get("custom", {}).get("group")
        if name in ours:
            yield InputError(_("the group {name} belongs to dfpolicy").format(name=name), place)


def _requirements(
    required: Iterable[str],
    entries: Mapping[str, JsonObject],
    packages: Mapping[str, list[str]],
    own: OwnPolicies,
) -> Iterator[InputError]:
    seen: dict[str, str] = {}
    for package in sorted(required):
        entry = entries.get(package)
        if entry is None:
            # It compiles, and its results get lost.
            hint = _("add METADATA to its package; see `dfpolicy schema requirement`")
            place = own.place(f"{packages[package][0]}:1")
            yield InputError(_("the requirement has no METADATA"), place, hint)
            continue
        block = completed(entries[_group(package)]["annotations"], entry["annotations"])
        place = _place(entry, own)
        yield from _against_schema(block, place)
        identifier = str(block["custom"].get("id"))
        if identifier in seen or load_catalogue().requirement(identifier):
            holder = seen.get(identifier, "dfpolicy")
            yield InputError(
                _("the ID {identifier} is already used").format(identifier=identifier),
                place,
                _("it is used by {holder}").format(holder=holder),
            )
        seen[identifier] = place


def _against_schema(block: JsonObject, place: str) -> Iterator[InputError]:
    for fault in faults(block, "requirement"):
        yield InputError(
            _("METADATA: {error}").format(error=fault.text),
            place,
            _("see `dfpolicy schema requirement`"),
        )


def _rule(package: str, packages: Mapping[str, list[str]], own: OwnPolicies) -> str:
    """Return the place of the package's rule `results`; empty if it has none."""
    for name in packages[package]:
        content = own.files[name.lstrip("/")].decode("utf-8", "replace")
        for line, text in enumerate(content.splitlines(), 1):
            if _RULE.match(text):
                return own.place(f"{name}:{line}")
    return ""


def _name(entry: JsonObject) -> str:
    return ".".join(str(part["value"]) for part in entry["path"])


def _depth(package: str) -> int:
    """Return how far below its group a package is: 0 for the group's own."""
    return package.removeprefix(PREFIX).count(".")


def _group(package: str) -> str:
    return PREFIX + package.removeprefix(PREFIX).partition(".")[0]


def _place(entry: JsonObject, own: OwnPolicies) -> str:
    return own.place(f"{entry['location']['file']}:{entry['location']['row']}")


def _group_directories() -> set[str]:
    return {name.split("/")[2] for name in policy_files() if "/requirements/" in name}
