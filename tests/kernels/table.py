"""The oracle's table, as a page of `docs/`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from kernels.guest import Kernel
from kernels.oracle import CLAIMS, FEATURES, Comparison, Review, explanation

_HEAD = """\
# Kernel lab

`make test-kernels` boots Debian's kernels in QEMU. Each case gives an agent its privileges on a
node with some settings. The probe (`probe/`) then tries what the agent does, and dfpolicy checks a
deployment with these privileges and the node's facts without the probe. Both have to agree.

`tests/kernels/cases.py` has the cases, `oracle.py` what each requirement is about. `make
golden-kernels` writes this page.
"""
_SHOWN = """\
Only cases in which a claim is not met, or cannot be checked. In the others, it is met, and the
kernel allows what it is about or refuses it for another reason.
"""
_WORDS = """\
- *agrees*: the requirement is met and the kernel allows what it is about, or it is violated and the
  kernel refuses some of it.
- *other cause*: the requirement is met, and the kernel refuses something for a reason that another
  requirement reports.
- *open*: dfpolicy cannot say, and reports the requirement as not checked.
- *reviewed*: dfpolicy and the kernel disagree, for the reason below.
"""


def page(kernels: list[Kernel], found: list[Comparison], reviewed: list[Review]) -> str:
    """Return the page as Markdown."""
    explained = [one for one in found if explanation(one, reviewed)]
    shown = [one for one in found if one.verdict != "pass"]
    columns = ["claim", "cases", "kernels", "kernel", "dfpolicy"]
    return "\n".join(
        [
            _HEAD,
            "## Kernels\n",
            *_rows(
                ["kernel", "release", "cases", "comparisons", *_AGREEMENTS],
                _counts(kernels, found, reviewed),
            ),
            "",
            _WORDS,
            "## Reviewed disagreements\n",
            *_rows(
                [*columns, "reason"],
                _grouped(kernels, explained, lambda one: explanation(one, reviewed)),
            ),
            "",
            "## What kernels refuse\n",
            _SHOWN,
            *_rows(
                [*columns, "agreement"],
                _grouped(kernels, shown, lambda one: _agreement(one, reviewed)),
            ),
            "",
        ]
    )


_AGREEMENTS = ("agrees", "other cause", "open", "reviewed")


def _agreement(one: Comparison, reviewed: list[Review]) -> str:
    return "reviewed" if explanation(one, reviewed) else one.agreement


def _counts(
    kernels: list[Kernel], found: list[Comparison], reviewed: list[Review]
) -> Iterator[list[str]]:
    for kernel in kernels:
        own = [one for one in found if one.case.kernel == kernel.name]
        counted = Counter(_agreement(one, reviewed) for one in own)
        cases = {one.case for one in own}
        numbers = [len(cases), len(own), *(counted[name] for name in _AGREEMENTS)]
        yield [kernel.name, kernel.release, *map(str, numbers)]


def _grouped(
    kernels: list[Kernel], found: list[Comparison], last: Callable[[Comparison], str]
) -> Iterator[list[str]]:
    """Yield a row for the comparisons that differ only in the case, or only in the kernel."""
    names = {kernel.name: _short(kernel) for kernel in kernels}
    on: dict[tuple[str, str, str, str, str], list[str]] = {}
    for one in found:
        key = (one.claim, one.case.name, one.answer, one.verdict, last(one))
        on.setdefault(key, []).append(names[one.case.kernel])
    rows: dict[tuple[str, str, str, str, str], list[str]] = {}
    for (claim, case, answer, verdict, end), where in on.items():
        rows.setdefault((claim, ", ".join(where), answer, verdict, end), []).append(case)
    claims = [*CLAIMS, *FEATURES]
    for key in sorted(rows, key=lambda key: claims.index(key[0])):
        claim, places, answer, verdict, end = key
        yield [claim, ", ".join(rows[key]), places, answer, verdict, end]


def _short(kernel: Kernel) -> str:
    version = ".".join(kernel.release.split("-")[0].split("+")[0].split(".")[:2])
    return version if kernel.name.endswith("amd64") else f"{version} arm64"


def _rows(columns: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield f"| {' | '.join(row)} |"
