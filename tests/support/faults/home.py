"""Homes and cache folders that cannot be used or trusted."""

from __future__ import annotations

import os
import shlex

from support.faults.disk import mounted
from support.faults.process import Outcome, Place
from support.faults.registry import fault

_CACHE = ["home/.cache", "home/.cache/dfpolicy", "home/.cache/dfpolicy/[0-9a-f]{64}"]


def _default_cache(place: Place, unset: tuple[str, ...] = (), **how: object) -> Outcome:
    unset = ("DFPOLICY_CACHE_DIR", "XDG_CACHE_HOME", *unset)
    return place.run("eval", place.manifests, unset=unset, **how)


@fault("home", "an empty home", 1, left=_CACHE)
def empty(place: Place) -> Outcome:
    return _default_cache(place)


@fault("home", "read-only home", 1)
def read_only(place: Place) -> Outcome:
    home = shlex.quote(str(place.folder / "home"))
    within = mounted(f"mount --bind {home} {home} && mount -o remount,ro,bind {home} || exit 99")
    return _default_cache(place, within=within)


@fault("home", "HOME unset, and no user of this number", 1)
def unset(place: Place) -> Outcome:
    (place.folder / "passwd").touch()
    (place.folder / "nsswitch.conf").write_text("passwd: files\n", "utf-8")
    folder = shlex.quote(str(place.folder))
    lines = [
        f"mount --bind {folder}/passwd /etc/passwd || exit 99",
        # Systemd's own source of users always knows root.
        "test -e /etc/nsswitch.conf || exit 98",
        f"mount --bind {folder}/nsswitch.conf /etc/nsswitch.conf || exit 99",
        "getent passwd $(id -u) && exit 97",
    ]
    within = mounted("\n".join(lines))
    return _default_cache(place, ("HOME",), within=within)


@fault("home", "HOME is a file", 1)
def a_file(place: Place) -> Outcome:
    (place.folder / "file").touch()
    return _default_cache(place, environment={"HOME": str(place.folder / "file")})


@fault("home", "HOME does not exist", 1)
def missing(place: Place) -> Outcome:
    return _default_cache(place, environment={"HOME": str(place.folder / "out/absent")})


@fault("home", "XDG_CACHE_HOME is relative", 1, left=_CACHE)
def relative(place: Place) -> Outcome:
    unset = ("DFPOLICY_CACHE_DIR",)
    environment = {"XDG_CACHE_HOME": "out"}
    return place.run("eval", place.manifests, unset=unset, environment=environment)


@fault("home", "DFPOLICY_CACHE_DIR may be written by all", 1)
def open_to_all(place: Place) -> Outcome:
    place.new_cache().chmod(0o777)
    outcome = place.run("eval", place.manifests)
    assert list((place.folder / "cache").iterdir()) == []
    return outcome


@fault("home", "DFPOLICY_CACHE_DIR is another user's", 1)
def another_user(place: Place) -> Outcome:
    cache = place.new_cache()
    if os.getuid() == 0:
        os.chown(cache, 54321, 54321)
    else:
        # The only directory that certainly belongs to another user.
        place.environment["DFPOLICY_CACHE_DIR"] = "/"
    outcome = place.run("eval", place.manifests)
    assert list(cache.iterdir()) == []
    return outcome


@fault("home", "DFPOLICY_CACHE_DIR is a link to a folder of one's own", 1)
def link(place: Place) -> Outcome:
    cache = place.new_cache()
    (place.folder / "link").symlink_to(cache)
    place.environment["DFPOLICY_CACHE_DIR"] = str(place.folder / "link")
    outcome = place.run("eval", place.manifests)
    assert len(list(cache.iterdir())) == 1
    return outcome
