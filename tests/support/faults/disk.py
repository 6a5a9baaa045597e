"""Disks that are full, and places that cannot be written."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from support.faults.process import ROOT, Outcome, Place
from support.faults.registry import fault

FULL = "no space left on device"
_TREE = ROOT / "tests"


def mounts_refused() -> str:
    """Why no file system can be mounted here; empty if one can.

    Mounting needs Linux with `unshare`, and root or a user namespace.
    """
    if shutil.which("unshare") is None:
        return "there is no `unshare` on PATH"
    command = [*_namespace(), "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr.strip() and f"no tmpfs can be mounted: {done.stderr.strip()}"


def _namespace() -> list[str]:
    user = [] if os.getuid() == 0 else ["--map-root-user"]
    return ["unshare", "--mount", *user, "--"]


def mounted(setup: str, after: str = "") -> list[str]:
    """A command that runs the following one in its own mount namespace.

    `setup` and `after` are shell lines that run before and after it; what is mounted is still there
    in `after`.
    """
    return [*_namespace(), "sh", "-c", f'{setup}\n"$0" "$@"\ncode=$?\n{after}\nexit $code']


def full(place: Path, *, size: str = "16k", filled: bool = False, files: str = "") -> list[str]:
    """A command that runs the following one with a full file system at `full`.

    Files that are there afterwards are copied to `out`. `files` are shell lines that create files
    before the file system is filled.
    """
    folder = shlex.quote(str(place / "full"))
    (place / "full").mkdir()
    lines = [f"mount -t tmpfs -o size={size},mode=0700 tmpfs {folder} || exit 99", files]
    if filled:
        lines.append(f"cat /dev/zero > {folder}/filler 2>/dev/null")
    after = f"rm -f {folder}/filler; cp -R {folder}/. {shlex.quote(str(place / 'out'))}"
    return mounted("\n".join(lines), after)


@fault(
    "disk",
    "full disk: `eval -o json=PATH`",
    3,
    f".*report.json: cannot write the report: {FULL}",
)
def report(place: Place) -> Outcome:
    within = full(place.folder, size="4k")
    return place.run("eval", place.manifests, "-o", "json=full/report.json", within=within)


@fault(
    "disk",
    "full disk: `eval -o json=PATH` over an old report",
    3,
    f".*report.json: cannot write the report: {FULL}",
    ["out/report.json"],
)
def old_report(place: Place) -> Outcome:
    within = full(place.folder, filled=True, files="echo old > full/report.json")
    outcome = place.run("eval", place.manifests, "-o", "json=full/report.json", within=within)
    assert (place.folder / "out/report.json").read_text("utf-8") == "old\n"
    return outcome


@fault("disk", "full disk: the cache", 1)
def cache(place: Place) -> Outcome:
    environment = {"DFPOLICY_CACHE_DIR": str(place.folder / "full")}
    within = full(place.folder)
    return place.run("eval", place.manifests, within=within, environment=environment)


@fault(
    "disk",
    "full disk: `collect node -o json=PATH`",
    3,
    rf"(cannot read .*\ndfpolicy: )*error: full/facts.json: cannot write the report: {FULL}",
)
def facts(place: Place) -> Outcome:
    root = place.folder / "root"
    (root / "proc").mkdir(parents=True)
    within = full(place.folder, filled=True)
    return place.run(
        "collect",
        "node",
        "--root",
        root,
        "--name",
        "a",
        "-o",
        "json=full/facts.json",
        within=within,
    )


@fault("disk", "full disk: `gatekeeper -o DIR`", 3, f".*: cannot write the export: {FULL}")
def gatekeeper(place: Place) -> Outcome:
    return place.run("gatekeeper", "-o", "full/export", within=full(place.folder, size="64k"))


@fault("disk", "full disk: `bundle build -o PATH`", 3, f".*: cannot write the bundle: {FULL}")
def bundle(place: Place) -> Outcome:
    return place.run("bundle", "build", "-o", "full/bundle.tar.gz", within=full(place.folder))


@fault(
    "disk",
    "full disk: `waive`",
    3,
    f".*dfpolicy.yaml: cannot write the configuration file: {FULL}",
    ["out/dfpolicy.yaml"],
)
def waiver(place: Place) -> Outcome:
    within = full(place.folder, filled=True, files="echo 'mode: single-k8s' > full/dfpolicy.yaml")
    options = ["--reason", "a", "--owner", "b", "--config", "full/dfpolicy.yaml"]
    outcome = place.run("waive", "DF-NET-004", *options, within=within)
    assert (place.folder / "out/dfpolicy.yaml").read_text("utf-8") == "mode: single-k8s\n"
    return outcome


@fault(
    "disk",
    "a file grows beyond `ulimit -f`",
    3,
    ".*report.json: cannot write the report: file too large",
)
def file_limit(place: Place) -> Outcome:
    within = ["sh", "-c", 'ulimit -f 4; exec "$0" "$@"']
    return place.run("eval", place.manifests, "-o", "json=out/report.json", within=within)


@fault(
    "disk",
    "read-only file system: `eval -o json=PATH`",
    3,
    ".*report.json: cannot write the report: read-only file system",
)
def read_only(place: Place) -> Outcome:
    out = shlex.quote(str(place.folder / "out"))
    within = mounted(f"mount --bind {out} {out} && mount -o remount,ro,bind {out} || exit 99")
    return place.run("eval", place.manifests, "-o", "json=out/report.json", within=within)
