"""Ends the program when its terminal is gone.

A shell tells what it started that the terminal hangs up. Another program between the two, such as
make, may not, and then the interface would read the end of its input for ever.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

EVERY_SECONDS = 2.0


def terminal_watch() -> Callable[[], None] | None:
    """Something to call now and then; None where there is no terminal that could go."""
    if sys.platform == "win32" or sys.__stdin__ is None:
        return None
    terminal = sys.__stdin__.fileno()
    if _is_gone(terminal):
        return None

    def leave_with_it() -> None:
        if _is_gone(terminal):
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            signal.raise_signal(signal.SIGHUP)

    return leave_with_it


def _is_gone(terminal: int) -> bool:
    """Whether nobody is at the other end, or never was."""
    try:
        os.tcgetpgrp(terminal)
    except OSError:
        return True
    return False
