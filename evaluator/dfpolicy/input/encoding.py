"""The input document as JSON, for every engine."""

from __future__ import annotations

import json
from typing import Any

from dfpolicy.errors import EngineError
from dfpolicy.i18n.language import _


def written(document: dict[str, Any]) -> bytes:
    """Return the input as JSON in UTF-8, for every engine. Raises EngineError."""
    try:
        # The wasm module treats invalid JSON, for example Infinity, as a missing input, and
        # misreads escapes of characters beyond U+FFFF.
        text = json.dumps(document, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
        return text.encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise EngineError(_("the input cannot be converted to JSON")) from error
