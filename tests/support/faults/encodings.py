"""Locales and terminals without UTF-8, file names that are not valid text, wrong clocks."""

from __future__ import annotations

import json
import os

from support.faults.process import Outcome, Place
from support.faults.registry import fault

_NAME = b"m\xff\xe4.yaml"
_NO_UTF8 = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def _chinese(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)


@fault("encodings", "C locale", 1)
def c_locale(place: Place) -> Outcome:
    return place.run("eval", place.manifests, environment={"LC_ALL": "C"})


@fault("encodings", "C locale, Python not told to use UTF-8", 1)
def ascii_locale(place: Place) -> Outcome:
    outcome = place.run("eval", place.manifests, "-v", environment=_NO_UTF8)
    assert outcome.out.isascii()
    return outcome


@fault("encodings", "a terminal of Latin-1", 1)
def latin(place: Place) -> Outcome:
    outcome = place.run("eval", place.manifests, environment={"PYTHONIOENCODING": "latin-1"})
    outcome.out.decode("latin-1")
    return outcome


@fault("encodings", "a terminal of GB 18030, Chinese by the locale", 1)
def gb18030(place: Place) -> Outcome:
    environment = {"LC_ALL": "", "LANG": "zh_CN.GB18030", "PYTHONIOENCODING": "gb18030"}
    outcome = place.run("eval", place.manifests, environment=environment)
    assert _chinese(outcome.out.decode("gb18030"))
    return outcome


@fault("encodings", "a terminal of ASCII, Chinese by the locale", 1)
def ascii_chinese_locale(place: Place) -> Outcome:
    environment = {"LC_ALL": "", "LANG": "zh_CN.UTF-8", "PYTHONIOENCODING": "ascii"}
    outcome = place.run("eval", place.manifests, environment=environment)
    assert "DO NOT DEPLOY" in outcome.out.decode("ascii")
    return outcome


@fault("encodings", "a terminal of ASCII, `--lang zh`: `?` for each character", 1)
def ascii_chinese_asked(place: Place) -> Outcome:
    arguments = ["eval", place.manifests, "--lang", "zh"]
    return place.run(*arguments, environment={"PYTHONIOENCODING": "ascii"})


@fault("encodings", "a terminal of ASCII, `explain --lang zh`: the same", 0)
def ascii_chinese_explained(place: Place) -> Outcome:
    arguments = ["explain", "DF-K8S-001", "--lang", "zh"]
    return place.run(*arguments, environment={"PYTHONIOENCODING": "ascii"})


@fault("encodings", "a file name that is not UTF-8: every report", 1, left=["out/report.*"])
def no_text_name(place: Place) -> Outcome:
    os.rename(place.manifests, os.fsencode(place.folder) + b"/" + _NAME)  # noqa: PTH104
    formats = ("json", "sarif", "junit", "markdown", "html", "yaml", "github", "gitlab", "tap")
    outputs = [part for one in formats for part in ("-o", f"{one}=out/report.{one}")]
    outcome = place.run("eval", _NAME, *outputs, "-o", "text")
    for path in (place.folder / "out").iterdir():
        path.read_text("utf-8")
    json.loads((place.folder / "out/report.json").read_text("utf-8"))
    return outcome


@fault("encodings", "a file name that is not UTF-8: to standard output", 1)
def no_text_name_printed(place: Place) -> Outcome:
    os.rename(place.manifests, os.fsencode(place.folder) + b"/" + _NAME)  # noqa: PTH104
    outcome = place.run("eval", _NAME, "-o", "json")
    json.loads(outcome.out)
    return outcome


@fault(
    "encodings",
    "a file name that is not UTF-8: an error",
    2,
    r"error: m\?\?.yaml: no such file or directory; check the path",
)
def no_text_name_error(place: Place) -> Outcome:
    return place.run("eval", _NAME)


@fault("encodings", "an output path that is not UTF-8", 1, left=["out/r\udcff.json"])
def no_text_output(place: Place) -> Outcome:
    return place.run("eval", place.manifests, "-o", b"json=out/r\xff.json")


@fault("encodings", "an input from the future", 1)
def future(place: Place) -> Outcome:
    os.utime(place.manifests, (4e9, 4e9))
    return place.run("eval", place.manifests)


@fault("encodings", "a time zone that does not exist", 1)
def time_zone(place: Place) -> Outcome:
    return place.run("eval", place.manifests, environment={"TZ": "No/Where+99"})
