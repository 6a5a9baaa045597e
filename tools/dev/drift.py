"""What moved upstream: checkouts of DeepFlow's repositories, compared with what our tables claim.

`drift.yaml` lists the places to watch. A place has a table as its claim, or a record in
`drift.json`, which `--record` writes. Lines are recorded as digests, not as text.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from tools.dev import chart_drift, opa
from tools.dev.errors import DevError
from tools.dev.paths import ROOT

REPOSITORIES = ("deepflow", "deepflow-charts", "docs")
WATCHES = ROOT / "tools" / "dev" / "drift.yaml"
RECORDS = ROOT / "tools" / "dev" / "drift.json"

Watch = dict[str, Any]
Records = dict[str, str | list[str]]


@dataclass(frozen=True)
class Item:
    """Something found upstream: its name, and its place."""

    name: str
    line: int


def main(upstream: str, *, record: bool) -> int:
    """Print what moved, one line each, and return 1 if anything did.

    With `record`, rewrite the records instead. Raises DevError for a missing checkout.
    """
    root = Path(upstream)
    watches = yaml.safe_load(WATCHES.read_text(encoding="utf-8"))
    if record:
        recorded = {key: found for watch in watches for key, found in recordings(root, watch)}
        RECORDS.write_text(json.dumps(recorded, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(f"drift: {len(recorded)} records written to {RECORDS.relative_to(ROOT)}")
        return 0
    records = json.loads(RECORDS.read_text(encoding="utf-8"))
    found = compare(root, watches, records)
    print("\n".join([*found, f"drift: {len(watches)} places watched, {len(found)} differences"]))
    return 1 if found else 0


def compare(root: Path, watches: list[Watch], records: Records) -> list[str]:
    """Each difference as `FILE:LINE: WATCH: what moved`, in the order of the watches."""
    missing = [name for name in REPOSITORIES if not (root / name).is_dir()]
    if missing:
        raise DevError(
            f"{root}: no directory {', '.join(missing)}; it needs a checkout of each of"
            f" {', '.join(REPOSITORIES)}"
        )
    claims = tables(watches)
    return [line for watch in watches for line in moved(root, watch, records, claims)]


def tables(watches: list[Watch]) -> dict[str, set[str]]:
    """The values of the tables that the watches name, by watch, from one run of OPA."""
    named = [watch for watch in watches if "table" in watch]
    values = opa.evaluated(f"[{', '.join(watch['table'] for watch in named)}]")
    return {watch["name"]: set(value) for watch, value in zip(named, values, strict=True)}


def recordings(root: Path, watch: Watch) -> Iterator[tuple[str, str | list[str]]]:
    """The records of a watch, by key. A watch with a table needs none."""
    for place in watch["files"]:
        text = _text(root, place)
        if text is None or "table" in watch or "charts" in watch:
            continue
        if "find" in watch or "keys" in watch:
            yield _key(watch, place), sorted({item.name for item in items(text, watch)})
        else:
            yield _key(watch, place), " ".join(_digest(line) for _, line in _lines(text, watch))


def moved(root: Path, watch: Watch, records: Records, claims: dict[str, set[str]]) -> Iterator[str]:
    """Yield what moved in the places of a watch; `claims` has the values of its table."""
    for place in watch["files"]:
        if "charts" in watch and (root / place / "Chart.yaml").is_file():
            for line in chart_drift.moved(root, place, watch["charts"]):
                where, _, what = line.partition(": ")
                yield f"{where}: {watch['name']}: {what}"
            continue
        text = _text(root, place)
        if text is None:
            if "table" in watch or "charts" in watch or _key(watch, place) in records:
                yield f"{place}:1: {watch['name']}: the file is gone"
        elif "find" in watch or "keys" in watch:
            claim = claims.get(watch["name"]) or set(records.get(_key(watch, place), []))
            yield from _moved_items(place, watch, items(text, watch), claim)
        else:
            recorded = str(records.get(_key(watch, place), "")).split()
            yield from _moved_lines(place, watch, list(_lines(text, watch)), recorded)


def _moved_items(place: str, watch: Watch, found: list[Item], claim: set[str]) -> Iterator[str]:
    where, name = watch.get("claim", "tools/dev/drift.json"), watch["name"]
    if not watch.get("gone_only"):
        for item in found:
            if item.name not in claim:
                yield f"{place}:{item.line}: {name}: new: {item.name} (not in {where})"
    start = found[0].line if found else 1
    for gone in sorted(claim - {item.name for item in found}):
        yield f"{place}:{start}: {name}: gone: {gone} (in {where})"


def _moved_lines(
    place: str, watch: Watch, found: list[tuple[int, str]], recorded: list[str]
) -> Iterator[str]:
    digests = [_digest(line) for _, line in found]
    matcher = difflib.SequenceMatcher(None, recorded, digests, autojunk=False)
    for kind, old, old_end, new, new_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        for number, line in found[new:new_end]:
            yield f"{place}:{number}: {watch['name']}: new line: {line.strip()[:100]}"
        if old_end - old > new_end - new:
            after = found[new_end - 1][0] if new_end else 1
            gone = (old_end - old) - (new_end - new)
            yield f"{place}:{after}: {watch['name']}: lines gone after this one: {gone}"


def items(text: str, watch: Watch) -> list[Item]:
    """What the watch looks for, each name once, in the order of the file."""
    found = _settings(text, watch) if "keys" in watch else _matches(text, watch)
    first: dict[str, Item] = {}
    for item in found:
        first.setdefault(item.name, item)
    return list(first.values())


def _matches(text: str, watch: Watch) -> Iterator[Item]:
    pattern = re.compile(watch["find"])
    for number, line in _lines(text, watch):
        for match in pattern.finditer(line):
            name = " ".join(group for group in match.groups() if group is not None)
            for part in name.split(", ") if watch.get("listed") else [name]:
                yield Item(part.strip().replace("_", watch.get("dash", "_")), number)


def _settings(text: str, watch: Watch) -> Iterator[Item]:
    """The settings of a commented YAML template: paths, former names or defaults."""
    above: list[tuple[int, str]] = []
    former: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if upgraded := re.match(r"\s*# upgrade_from: (\S.*)$", line):
            former += upgraded[1].split(", ")
        if not (match := re.match(r"( *)([A-Za-z_][\w-]*): *(.*)$", line)):
            continue
        depth, key, value = len(match[1]), match[2], match[3]
        above = [entry for entry in above if entry[0] < depth] + [(depth, key)]
        path = ".".join(part for _, part in above)
        if watch["keys"] == "paths":
            yield Item(path, number)
        elif watch["keys"] == "former":
            yield from (Item(f"{name} -> {path}", number) for name in former)
        elif path in watch["of"]:
            yield Item(f"{path} = {value}", number)
        former = []


def _lines(text: str, watch: Watch) -> Iterator[tuple[int, str]]:
    """The lines to look at: not blank, between two patterns if the watch names them."""
    start, end = watch.get("between", ("", None))
    inside = not start
    for number, line in enumerate(text.splitlines(), 1):
        if not inside:
            inside = re.search(start, line) is not None
        elif end and re.search(end, line):
            return
        elif line.strip() and re.search(watch.get("only", ""), line):
            yield number, line


def _text(root: Path, place: str) -> str | None:
    path = root / place
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None


def _key(watch: Watch, place: str) -> str:
    return f"{watch['name']} {place}"


def _digest(line: str) -> str:
    """Spaces do not count: an indented line is the same line."""
    return hashlib.sha256(" ".join(line.split()).encode()).hexdigest()[:8]
