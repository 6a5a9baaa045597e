"""The changes between two reports, as text, JSON or Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from dfpolicy.formats import comparison_text
from dfpolicy.formats.base import Style, check_known
from dfpolicy.formats.content import place
from dfpolicy.formats.markup import code, plain, table
from dfpolicy.i18n.escaping import cleaned, json_text
from dfpolicy.i18n.language import _, clauses, marked, translate
from dfpolicy.model import Comparison, Finding, Result
from dfpolicy.report.subjects import described

Render = Callable[[Comparison, Style], str]

# Longer comments are not read; JSON lists all changes.
_SHOWN = 100
_KINDS: tuple[Literal["new", "fixed", "changed"], ...] = ("new", "fixed", "changed")
# The words that are shown through `_`.
WORDS = (marked("new"), marked("fixed"), marked("changed"), marked("unchanged"))


def _text(comparison: Comparison, style: Style) -> str:
    return comparison_text.render(cleaned(comparison), style)


def _shown(pair: Finding) -> Result:
    """Return the new result, or the old one if the result is gone."""
    result = pair["after"] or pair["before"]
    assert result is not None
    return result


def _change(pair: Finding) -> str:
    before, after = _state(pair["before"]), _state(pair["after"])
    return after if before == after else f"{before} -> {after}"


def _state(result: Result | None) -> str:
    if result is None:
        return _("absent")
    if result["outcome"] == "pass":
        return _("pass")
    state = f"{translate(result['level'])} {translate(result['outcome'])}"
    return _("waived {terms}").format(terms=state) if "waiver" in result else state


def _counts(comparison: Comparison) -> str:
    findings = comparison["findings"]
    counts = [(len(findings[kind]), _(kind)) for kind in _KINDS]
    counts.append((len(findings["unchanged"]), _("unchanged")))
    return clauses(_("{count} {name}").format(count=count, name=name) for count, name in counts)


def _json(comparison: Comparison, style: Style) -> str:
    return json_text(comparison, style.unicode)


def _markdown(comparison: Comparison, style: Style) -> str:
    text = "\n".join(_markdown_lines(cleaned(comparison))) + "\n"
    return text if style.unicode else text.encode("ascii", "xmlcharrefreplace").decode()


def _markdown_lines(comparison: Comparison) -> Iterator[str]:
    yield f"## {plain(comparison_text.sentence(comparison))}"
    yield ""
    for note in comparison_text.notes(comparison):
        yield f"{plain(note)}\n"
    yield _("{sentence}.").format(sentence=_counts(comparison))
    yield ""
    for kind in _KINDS:
        pairs = comparison["findings"][kind]
        if not pairs:
            continue
        yield f"### {_(kind).capitalize()}"
        yield ""
        header = [_("requirement"), _("change"), _("where"), _("found")]
        yield from table(header, map(_row, pairs[:_SHOWN]))
        if len(pairs) > _SHOWN:
            yield "\n" + _("and {count} more").format(count=len(pairs) - _SHOWN)
        yield ""


def _row(pair: Finding) -> list[str]:
    result = _shown(pair)
    where = place(result)
    spot = clauses(filter(None, (described(result["subject"]), where)))
    return [
        f"**{result['id']}** {plain(result['title'])}",
        plain(_change(pair), 100),
        code(spot),
        code(result["observed"]) if pair["after"] else "",
    ]


FORMATS: dict[str, Render] = {"text": _text, "json": _json, "markdown": _markdown}


def renderer(name: str) -> Render:
    """Return the function that renders a comparison in this format. Raises UsageError."""
    check_known(name, FORMATS)
    return FORMATS[name]
