"""The input document as JSON, the form in which every engine gets it."""

from __future__ import annotations

import json
from typing import Any

from dfpolicy.errors import EngineError
from dfpolicy.i18n.language import _


def written(document: dict[str, Any]) -> bytes:
    """Return the input as JSON in UTF-8, as every engine gets it. Raises EngineError."""
    try:
        # The wasm module takes what is no JSON, such as Infinity, for no input at all, and
        # misreads escapes of characters beyond U+FFFF.
        text = json.dumps(document, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
        return text.encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise EngineError(_("the input cannot be converted to JSON")) from error
