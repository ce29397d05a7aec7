"""Which process a piece of unfinished work belongs to, and whether it still lives."""

from __future__ import annotations

import os

CLOCK_SLACK_SECONDS = 5.0
"""Start times are reckoned from the wall clock, which may have been set in between."""


def this_process() -> str:
    """ "PID@START" of this process; the start time tells it from a later one of that number."""
    import psutil  # 10 ms, paid with the first message and not with the first screen

    return f"{os.getpid()}@{psutil.Process().create_time():.2f}"


def is_alive(owner: str) -> bool:
    """Whether the process an earlier `this_process` named still runs."""
    import psutil

    pid, _, start = owner.partition("@")
    try:
        process = psutil.Process(int(pid))
        return abs(process.create_time() - float(start)) < CLOCK_SLACK_SECONDS
    except (psutil.NoSuchProcess, ValueError):
        return False
    except psutil.AccessDenied:
        return True
