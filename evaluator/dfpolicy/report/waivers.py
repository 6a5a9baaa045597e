"""Accepted violations: the content of a waiver, and the results that it covers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from fnmatch import translate
from functools import lru_cache

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _, listed
from dfpolicy.i18n.suggestions import did_you_mean
from dfpolicy.model import Report, Result, Subject, WaiverEntry, WaiverTerms
from dfpolicy.policy.catalogue import load_catalogue

_ID = re.compile(r"DF-[A-Z][A-Z0-9]*-[0-9]{3}")
_SHOWN = 6


@dataclass(frozen=True)
class Waiver:
    """An accepted violation of a requirement.

    `subject` is a glob over the texts of `subject_text`; `expires` is the last day (UTC) on which
    the waiver is valid; `file` and `line` are its place.
    """

    id: str
    subject: str
    reason: str
    owner: str
    expires: date
    file: str
    line: int

    def entry(self) -> WaiverEntry:
        """Return the waiver as a report lists it."""
        return {
            "id": self.id,
            "subject": self.subject,
            **self.terms(),
            "file": self.file,
            "line": self.line,
        }

    def terms(self) -> WaiverTerms:
        """Return the part of the waiver that a waived result contains."""
        return {"reason": self.reason, "owner": self.owner, "expires": self.expires.isoformat()}

    def covers(self, result: Result) -> bool:
        """Whether the result has the waiver's requirement and subject, and is not a pass."""
        return (
            result["id"] == self.id
            and result["outcome"] != "pass"
            and matches(self.subject, result["subject"])
        )


@dataclass(frozen=True)
class Applied:
    """The results, waived ones with their waiver, and the unused and expired waivers."""

    results: list[Result]
    unused: list[Waiver]
    expired: list[Waiver]


def today() -> date:
    """Return today's date in UTC, which decides whether a waiver is expired."""
    return datetime.now(timezone.utc).date()


def subject_text(subject: Subject) -> str:
    """Return `Kind/namespace/name` without missing parts, and `:container` if there is one."""
    names = [subject["kind"], subject.get("namespace"), subject["name"]]
    container = f":{subject['container']}" if subject.get("container") else ""
    return "/".join(name for name in names if name) + container


def matches(pattern: str, subject: Subject) -> bool:
    """Whether the glob matches the subject; without a container it matches all containers."""
    whole = subject_text(subject)
    container = subject.get("container")
    bare = whole.removesuffix(f":{container}") if container else whole
    if pattern in ("*", whole, bare):
        return True
    glob = _glob(pattern)
    return bool(glob.match(whole) or glob.match(bare))


@lru_cache
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))


def apply(results: Iterable[Result], waivers: Sequence[Waiver], day: date) -> Applied:
    """Waive the violations and unknowns that a waiver covers on that day.

    A result shows the first waiver that covers it; further ones still count as used.
    """
    holding: dict[str, list[Waiver]] = {}
    for waiver in waivers:
        if waiver.expires >= day:
            holding.setdefault(waiver.id, []).append(waiver)
    used: set[int] = set()
    judged: list[Result] = []
    for result in results:
        covering = [waiver for waiver in holding.get(result["id"], ()) if waiver.covers(result)]
        used.update(map(id, covering))
        judged.append({**result, "waiver": covering[0].terms()} if covering else result)
    return Applied(
        judged,
        [waiver for waiver in waivers if waiver.expires >= day and id(waiver) not in used],
        [waiver for waiver in waivers if waiver.expires < day],
    )


def check_current(identifier: str, subject: str, results: Iterable[Result]) -> None:
    """Raise InputError with what can be waived, if a waiver would cover nothing."""
    open_ = [item for item in results if item["outcome"] != "pass" and "waiver" not in item]
    same = [item for item in open_ if item["id"] == identifier]
    if any(matches(subject, item["subject"]) for item in same):
        return
    if same:
        message = _("{id} needs no waiver for this subject").format(id=identifier)
        found = [subject_text(item["subject"]) for item in same]
        raise InputError(message, hint=_("it is not met for {names}").format(names=_few(found)))
    message = _("{id} needs no waiver: it is met in this input").format(id=identifier)
    unmet = dict.fromkeys(item["id"] for item in open_ if item["outcome"] == "violation")
    unknown = {item["id"] for item in open_} - {*unmet}
    hint = _("not met: {names}; {count} not checked")
    raise InputError(message, hint=hint.format(names=_few([*unmet]), count=len(unknown)))


def _few(names: Sequence[str]) -> str:
    shown, more = listed(names[:_SHOWN]) or _("nothing"), len(names) - _SHOWN
    return _("{items} and {count} more").format(items=shown, count=more) if more > 0 else shown


def requirement(identifier: str, where: str = "") -> str:
    """Return the current ID of a requirement that may be waived; former IDs are accepted.

    `check_own` checks an ID that can only be a user's own requirement. Raises InputError for an ID
    that does not exist, and for a requirement that cannot be waived.
    """
    entry = load_catalogue().requirement(identifier)
    if entry is None:
        if _foreign(identifier):
            return identifier
        raise _unknown(identifier, where)
    if not entry.get("waivable", True):
        raise InputError(
            _("{id} cannot be waived: DeepFlow does not work without it (lost: {names})").format(
                id=entry["id"], names=listed(map(_, entry["impact"]))
            ),
            where,
            _("see `dfpolicy explain {id}`").format(id=entry["id"]),
        )
    return str(entry["id"])


def current_id(identifier: str, folders: Sequence[str]) -> str:
    """Return the current ID of a requirement of dfpolicy, or of the user's own policies.

    Raises InputError for an ID that does not exist.
    """
    entry = load_catalogue().requirement(identifier)
    if entry is not None:
        return str(entry["id"])
    own = _own(folders)
    if identifier not in own:
        raise _unknown(identifier, "", own)
    return identifier


def check_own(names: Iterable[tuple[str, str]], folders: Sequence[str]) -> None:
    """Check the waivers for the user's own requirements; `names` are pairs of ID and place.

    Raises InputError for an ID that is not in the directories of policies, and for a requirement
    whose METADATA forbids waivers.
    """
    foreign = [pair for pair in names if load_catalogue().requirement(pair[0]) is None]
    if not foreign:
        return
    own = _own(folders)
    for identifier, where in foreign:
        if identifier not in own:
            raise _unknown(identifier, where, own)
        if not own[identifier]:
            raise InputError(
                _("{identifier} cannot be waived: its METADATA forbids it").format(
                    identifier=identifier
                ),
                where,
            )


def _own(folders: Sequence[str]) -> Mapping[str, bool]:
    """The IDs of the user's own requirements, and whether each can be waived."""
    if not folders:
        return {}
    from dfpolicy.engines.own_policies import waivable

    return waivable(folders)


def _foreign(identifier: str) -> bool:
    """Whether it has the form of an ID, but none of dfpolicy's prefixes."""
    prefix = identifier.rpartition("-")[0]
    ours = {entry["id"].rpartition("-")[0] for entry in load_catalogue().requirements}
    return bool(_ID.fullmatch(identifier)) and prefix not in ours


def _unknown(identifier: str, where: str, own: Iterable[str] = ()) -> InputError:
    known = [*own, *(entry["id"] for entry in load_catalogue().requirements)]
    hint = did_you_mean(identifier, known) or _("`dfpolicy explain` lists all of them")
    return InputError(_("unknown requirement ID"), where, hint)


def expiry(text: str, where: str = "") -> date:
    """Read a date as YYYY-MM-DD. Raises InputError."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise InputError(_("`expires` is not a valid date"), where, _("use YYYY-MM-DD"))


# With more subjects, one waiver for each would make a file that nobody reads.
_SUBJECTS = 5


def _literal(subject: Subject) -> str:
    """Return a glob that matches only this subject; a name may contain the characters of a glob."""
    whole = subject["name"] == "*" and subject["kind"] in ("Node", "Cluster")
    return subject_text(subject) if whole else _plain(subject_text(subject))


def _plain(text: str) -> str:
    return re.sub(r"[*?\[]", r"[\g<0>]", text)


def acceptable(report: Report) -> tuple[list[tuple[str, str]], list[str]]:
    """Return what to waive to accept the report's problems, as (ID, subject).

    A requirement with many subjects gets a glob for each kind. The second list contains the IDs of
    requirements that cannot be waived.
    """
    problems = {name for problem in report["verdict"]["problems"] for name in problem["ids"]}
    subjects: dict[str, dict[str, str]] = {}
    refused: dict[str, bool] = {}
    catalogue = load_catalogue()
    for result in report["results"]:
        name = result["id"]
        waived = "waiver" in result or result["outcome"] != "violation"
        if name not in problems or waived:
            continue
        if not (catalogue.requirement(name) or {}).get("waivable", True):
            refused[name] = True
            continue
        subject = result["subject"]
        subjects.setdefault(name, {})[_literal(subject)] = _plain(subject["kind"])
    pairs = []
    for name, found in subjects.items():
        kinds = (f"{kind}/*" for kind in found.values())
        globs = found if len(found) <= _SUBJECTS else dict.fromkeys(kinds)
        pairs += [(name, glob) for glob in globs]
    return pairs, [*refused]
