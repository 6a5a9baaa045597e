"""The start of the process. It imports the rest once interrupts are handled."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run `dfpolicy` and exit. With DFPOLICY_DEBUG=1 an unexpected failure shows its traceback."""
    try:
        from dfpolicy.system.process import run
    except KeyboardInterrupt:
        # The signal came before the handlers were installed and before any work.
        print("dfpolicy: interrupted", file=sys.stderr)
        sys.exit(130)
    run(_command_line, arguments)


def _command_line() -> Callable[[list[str] | None], int]:
    from dfpolicy.cli import run

    return run


if __name__ == "__main__":
    main()
