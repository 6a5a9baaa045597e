"""Writes the input document that dfpolicy builds from a source, for `opa eval`.

python -m benchmarks.input_document SOURCE TARGET
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from dfpolicy.input.build import build_input
from dfpolicy.reading.documents import load_documents


def main() -> None:
    """Write the input document."""
    source, target = sys.argv[1:]
    built = build_input(load_documents([source]), mode="auto")
    with Path(target).open("w", encoding="utf-8") as stream:
        json.dump(built.data, stream)


if __name__ == "__main__":
    main()
