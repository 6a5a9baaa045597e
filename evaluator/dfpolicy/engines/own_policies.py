"""A user's own requirements: Rego in the shape of ours, checked before it is evaluated."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dfpolicy.engines import opa_binary
from dfpolicy.errors import DfpolicyError, EngineError, InputError, reason
from dfpolicy.input.schemas import first_error
from dfpolicy.model import JsonObject
from dfpolicy.policy.catalogue import load_catalogue
from dfpolicy.policy.opa_bundle import packed
from dfpolicy.policy.source import Files, modules, policy_files

_PREFIX = "data.dfpolicy.requirements."
_RULE = re.compile(r"results\s+contains\b|results\s*\[")
_METADATA = re.compile(r"^# METADATA *\n((?:#.*\n)+)", re.MULTILINE)
_DATA = ("data.json", "data.yaml", "data.yml")


@dataclass(frozen=True)
class OwnPolicies:
    """The modules of the folders that are given, and where each stands."""

    files: Files
    places: Mapping[str, str]

    def place(self, location: str) -> str:
        """Return `file:line` as the user knows it for one in a bundle."""
        name, separator, line = location.lstrip("/").rpartition(":")
        return f"{self.places.get(name, name)}{separator}{line}"

    def beside_ours(self) -> Files:
        """Return these modules and those of dfpolicy."""
        return {**policy_files(), **self.files}

    def retold(self, error: EngineError) -> DfpolicyError:
        """Return an error of OPA, as one of the user's input where it is about these modules."""
        if error.where.rpartition(":")[0] in self.places:
            return InputError(error.message, self.place(error.where), error.hint)
        return error


def read_own(folders: Sequence[str]) -> OwnPolicies:
    """Read the modules of the folders. Raises InputError."""
    files: dict[str, bytes] = {}
    places: dict[str, str] = {}
    for number, folder in enumerate(folders, 1):
        root = Path(folder)
        if not root.is_dir():
            raise InputError("no such folder of policies", folder, "check --policy")
        for path in sorted(root.rglob("*")):
            if path.name in _DATA:
                raise InputError("data beside policies is not read", str(path), "write it as Rego")
        try:
            found = modules(root, f"policy{number}")
        except OSError as error:
            raise InputError(f"a policy cannot be read: {reason(error)}", folder) from error
        if not found:
            raise InputError("no policy in this folder", folder, "give a folder of .rego files")
        files |= found
        places |= {name: str(root / name.partition("/")[2]) for name in found}
    return OwnPolicies(files, places)


def checked(folders: Sequence[str], binary: str) -> OwnPolicies:
    """Read the modules of the folders, and check their places and METADATA.

    Raises InputError that names the line of a fault.
    """
    own = read_own(folders)
    if own.files:
        fault = next(_faults(_inspected(own, binary), own), None)
        if fault is not None:
            raise fault
    return own


def waivable(folders: Sequence[str]) -> dict[str, bool]:
    """Return by id whether the requirements of the folders can be waived. Raises InputError."""
    found = {}
    for content in read_own(folders).files.values():
        for block in _METADATA.findall(content.decode("utf-8", "replace")):
            custom = _custom(re.sub(r"^# ?", "", block, flags=re.MULTILINE))
            if isinstance(custom, dict) and isinstance(custom.get("id"), str):
                found[custom["id"]] = custom.get("waivable") is not False
    return found


def _custom(metadata: str) -> Any:
    from dfpolicy.reading.yaml_reader import read_yaml

    try:
        values = [value for value, _ in read_yaml(metadata, "", 1)]
    except InputError:
        # OPA tells what is wrong with it.
        return None
    return values[0].get("custom") if values and isinstance(values[0], dict) else None


def check_compiles(own: OwnPolicies, binary: str) -> None:
    """Raise InputError where the modules do not compile together with those of dfpolicy."""
    # With any query OPA compiles all that it has loaded.
    _run(own, packed(own.beside_ours()), binary, ["eval", "--format", "raw", "true", "--bundle"])


def _inspected(own: OwnPolicies, binary: str) -> JsonObject:
    # With any root, for a package in the wrong place is told later.
    bundle = packed(own.files, root="")
    told = _run(own, bundle, binary, ["inspect", "--annotations", "--format", "json"])
    try:
        inspected: JsonObject = json.loads(told)
    except ValueError:
        raise EngineError("OPA did not tell what the policies hold", binary) from None
    return inspected


def _run(own: OwnPolicies, bundle: bytes, binary: str, arguments: Sequence[str]) -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "own.tar.gz"
        path.write_bytes(bundle)
        try:
            return opa_binary.run(binary, [*arguments, str(path)])
        except EngineError as error:
            raise own.retold(error) from None


def _faults(inspected: JsonObject, own: OwnPolicies) -> Iterator[InputError]:
    packages: dict[str, list[str]] = inspected["namespaces"]
    entries: list[JsonObject] = inspected.get("annotations", [])
    yield from _misplaced(packages, own)
    for entry in entries:
        error = first_error(entry["annotations"], "requirement")
        if error is not None:
            hint = "see `dfpolicy schema requirement`"
            yield InputError(f"METADATA: {error}", _place(entry, own), hint)
    groups = [entry for entry in entries if entry["annotations"]["scope"] == "package"]
    yield from _groups(packages, groups, own)
    yield from _requirements([entry for entry in entries if entry not in groups], own)


def _misplaced(packages: Mapping[str, list[str]], own: OwnPolicies) -> Iterator[InputError]:
    ours = {f"{_PREFIX}{name}" for name in _group_directories()}
    for package, files in sorted(packages.items()):
        name = package.removeprefix(_PREFIX)
        if not package.startswith(_PREFIX) or "." in name or package in ours:
            yield InputError(
                f"the package {package.removeprefix('data.')} is not yours to add to",
                own.place(f"{files[0]}:1"),
                "name it dfpolicy.requirements.<yours>",
            )


def _groups(
    packages: Mapping[str, list[str]], groups: Sequence[JsonObject], own: OwnPolicies
) -> Iterator[InputError]:
    ours = {group["group"] for group in load_catalogue().groups}
    for entry in groups:
        name = entry["annotations"]["custom"]["group"]
        if name in ours:
            yield InputError(f"the group {name} is one of dfpolicy's", _place(entry, own))
    described = {".".join(str(part["value"]) for part in entry["path"]) for entry in groups}
    for package in sorted(set(packages) - described):
        place = own.place(f"{packages[package][0]}:1")
        hint = "give it title, description, group, order and modes"
        yield InputError("the package has no METADATA", place, hint)


def _requirements(entries: Sequence[JsonObject], own: OwnPolicies) -> Iterator[InputError]:
    seen: dict[str, str] = {}
    for entry in entries:
        place, identifier = _place(entry, own), entry["annotations"]["custom"]["id"]
        if identifier in seen or load_catalogue().requirement(identifier):
            holder = seen.get(identifier, "dfpolicy itself")
            yield InputError(f"the id {identifier} is taken", place, f"{holder} has it")
        seen[identifier] = place
    # Such a rule compiles, and its results get lost.
    for name, content in own.files.items():
        for line, text in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            place = own.place(f"{name}:{line}")
            if _RULE.match(text) and place not in seen.values():
                hint = "see `dfpolicy schema requirement`"
                yield InputError("the requirement has no METADATA", place, hint)
    if not seen:
        yield InputError("the policies hold no requirement", min(own.places.values()))


def _place(entry: JsonObject, own: OwnPolicies) -> str:
    return own.place(f"{entry['location']['file']}:{entry['location']['row']}")


def _group_directories() -> set[str]:
    return {name.split("/")[2] for name in policy_files() if "/requirements/" in name}
