"""The changes between two reports, as text, JSON or Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from dfpolicy.errors import UsageError
from dfpolicy.formats.base import Style
from dfpolicy.formats.content import place, standing
from dfpolicy.formats.markup import code, plain, table
from dfpolicy.i18n.columns import padded, wrapped
from dfpolicy.i18n.escaping import cleaned, json_text
from dfpolicy.i18n.language import _, _n, clauses, listed, marked, translate
from dfpolicy.model import Comparison, Finding, Result
from dfpolicy.report.subjects import described

Render = Callable[[Comparison, Style], str]

_ASCII = str.maketrans({"·": "-"})
# Beyond it a text or a comment is no longer read; JSON has them all.
_SHOWN = 100
_KINDS: tuple[Literal["new", "fixed", "changed"], ...] = ("new", "fixed", "changed")
_CONDITIONS: tuple[Literal["mode", "profile", "bundle"], ...] = ("mode", "profile", "bundle")
# What of it is shown through `_`.
WORDS = (
    *(marked("new"), marked("fixed"), marked("changed"), marked("unchanged")),
    *(marked("mode"), marked("profile"), marked("bundle")),
)


def _text(comparison: Comparison, style: Style) -> str:
    text = "\n".join(_text_lines(cleaned(comparison), style)) + "\n"
    return text if style.unicode else text.translate(_ASCII).encode("ascii", "replace").decode()


def _text_lines(comparison: Comparison, style: Style) -> Iterator[str]:
    yield from _notes(comparison)
    for kind in _KINDS:
        pairs = comparison["findings"][kind]
        if not pairs:
            continue
        yield _(kind)
        for pair in pairs[:_SHOWN]:
            yield from _text_pair(pair, style)
        if len(pairs) > _SHOWN:
            yield "  " + _("and {count} more").format(count=len(pairs) - _SHOWN)
        yield ""
    yield _("{first}; {second}").format(first=_counts(comparison), second=_meaning(comparison))


def _text_pair(pair: Finding, style: Style) -> Iterator[str]:
    result = _shown(pair)
    yield f"  {result['id']} {result['title']}: {_change(pair)}"
    where = place(result)
    spot = described(result["subject"]) + (f"  {where}" if where else "")
    for line in (spot, *_facts(pair)):
        for part in wrapped(line, max(style.width, 40) - 6):
            yield " " * 6 + part


def _shown(pair: Finding) -> Result:
    """Return the result as it is now, or was where it is gone."""
    result = pair["after"] or pair["before"]
    assert result is not None
    return result


def _facts(pair: Finding) -> list[str]:
    before, after = pair["before"], pair["after"]
    facts = []
    if before and (not after or before["observed"] != after["observed"]):
        facts.append((_("before"), before["observed"]))
    if after:
        facts.append((_("found"), after["observed"]))
        if standing(after) == "violation":
            facts.append((_("expected"), after["expected"]))
    return [padded(label, 10) + text for label, text in facts]


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


def _notes(comparison: Comparison) -> Iterator[str]:
    old, new = comparison["old"], comparison["new"]
    for name in _CONDITIONS:
        if old[name] != new[name]:
            told = _("note: {name} was {old}, is now {new}")
            yield told.format(name=_(name), old=old[name], new=new[name])


def _counts(comparison: Comparison) -> str:
    findings = comparison["findings"]
    counts = [(len(findings[kind]), _(kind)) for kind in _KINDS]
    counts.append((len(findings["unchanged"]), _("unchanged")))
    return clauses(_("{count} {name}").format(count=count, name=name) for count, name in counts)


def _meaning(comparison: Comparison) -> str:
    told = _("{violations}, exit {code}")
    return told.format(
        violations=_regressions(comparison), code=1 if comparison["regressions"] else 0
    )


def _regressions(comparison: Comparison) -> str:
    count = comparison["regressions"]
    return _n("{count} new required violation", "{count} new required violations", count)


def _json(comparison: Comparison, style: Style) -> str:
    return json_text(comparison, style.unicode)


def _markdown(comparison: Comparison, style: Style) -> str:
    text = "\n".join(_markdown_lines(cleaned(comparison))) + "\n"
    return text if style.unicode else text.encode("ascii", "xmlcharrefreplace").decode()


def _markdown_lines(comparison: Comparison) -> Iterator[str]:
    nothing = _("Nothing is worse than before")
    yield f"## {_regressions(comparison) if comparison['regressions'] else nothing}"
    yield ""
    for note in _notes(comparison):
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
    if name not in FORMATS:
        raise UsageError(
            _("unknown output format {name!r}").format(name=name[:40]),
            hint=_("use one of {names}").format(names=listed(FORMATS)),
        )
    return FORMATS[name]
