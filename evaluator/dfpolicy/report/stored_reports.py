"""Reads reports that were stored with `-o json` or `-o yaml`."""

from __future__ import annotations

from typing import cast

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _, marked, speaking
from dfpolicy.input.schemas import fault
from dfpolicy.model import Report
from dfpolicy.reading.documents import load_documents
from dfpolicy.report.verdict import judged_again

_HINT = marked("give the output of `dfpolicy eval -o json`")


def load_report(path: str) -> Report:
    """Return the report in a file, or in standard input for `-`.

    Raises InputError if it is unreadable, not one document, or does not match the schema of
    reports.
    """
    where = "stdin" if path == "-" else path
    try:
        documents = load_documents([path])
    except InputError as error:
        in_it = error.where.startswith(f"{where}:")
        if error.hint and not in_it:
            raise
        # Users often pass the text report by mistake.
        message = _("not a dfpolicy report: {reason}").format(reason=error.message)
        raise InputError(message, error.where, _(_HINT)) from error
    if len(documents) != 1:
        message = _("expected one report, found {count} documents").format(count=len(documents))
        raise InputError(message, where, _(_HINT))
    report = documents[0].value
    kind = report.get("kind") if isinstance(report, dict) else None
    if kind != "Report":
        raise InputError(_("not a dfpolicy report"), where, _(_HINT))
    found = fault(report, "report")
    if found is not None:
        raise InputError(
            _("not a report of this version: {text}").format(text=found.text), where, _(_HINT)
        )
    # The schema has confirmed the type. The verdict is computed again, because anyone may have
    # edited it.
    stored = cast(Report, report)
    with speaking(stored.get("language", "en")):
        return judged_again(stored)
