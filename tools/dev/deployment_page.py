"""DeepFlow's deployment page, line by line, and the requirements that cover each line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from tools.dev import opa
from tools.dev.errors import DevError

OVERVIEW = "https://deepflow.io/docs/ce-install/overview/"

Page = dict[str, Any]
Entry = dict[str, Any]


def read() -> Page:
    """The table of the page: {sections: {id: title}, lines: [{id, section, text}]}."""
    page: Page = opa.evaluated("data.dfpolicy.tables.deployment_page")
    return page


def stating(page: Page, requirements: Iterable[Entry]) -> dict[str, list[str]]:
    """The ids of the requirements that cover each line, by line id, in the page's order."""
    stated: dict[str, list[str]] = {line["id"]: [] for line in page["lines"]}
    for entry in requirements:
        for line in entry.get("covers", ()):
            stated[line].append(entry["id"])
    return stated


def check(requirements: Iterable[Entry]) -> None:
    """Raise DevError if the requirements do not cover the page as it is."""
    found = list(faults(read(), requirements))
    if found:
        raise DevError("\n".join(found))


def faults(page: Page, requirements: Iterable[Entry]) -> Iterator[str]:
    """Each mismatch between page and requirements, one line each."""
    entries = list(requirements)
    order = [line["id"] for line in page["lines"]]
    for line, times in Counter(order).items():
        if times > 1:
            yield f"deployment_page: {line} is there {times} times"
    yield from _torn(page)
    strange = list(_strange(order, entries))
    yield from strange
    if not strange:
        yield from _unstated(page, stating(page, entries))


def _torn(page: Page) -> Iterator[str]:
    runs = Counter(section for section, _ in groupby(line["section"] for line in page["lines"]))
    for section, times in runs.items():
        if section not in page["sections"]:
            yield f"deployment_page: there is no section {section}"
        if times > 1:
            yield f"deployment_page: the lines of {section} are not together"


def _strange(order: list[str], entries: list[Entry]) -> Iterator[str]:
    for entry in entries:
        covers = entry.get("covers", [])
        unknown = [line for line in covers if line not in order]
        for line in unknown:
            yield f"{entry['id']}: `covers` has {line}, which is not in tables/deployment_page"
        if not unknown and covers != sorted(covers, key=order.index):
            yield f"{entry['id']}: `covers` has lines in another order than the page"


def _unstated(page: Page, stated: dict[str, list[str]]) -> Iterator[str]:
    for line in page["lines"]:
        ids = stated[line["id"]]
        if not ids and "unstated" not in line:
            yield f"deployment_page: no requirement covers {line['id']}"
        if ids and "unstated" in line:
            yield f"deployment_page: {line['id']} says why it is unstated, but {ids[0]} covers it"
