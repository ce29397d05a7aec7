"""Settles what Pillow remarks on files (large sizes, odd metadata) while several threads read."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


class WarningsSettled:
    """Warnings are ignored while anybody holds it.

    Their filters are the process's: a thread that put them back when it is done would take them
    from the others, or leave behind what it found of theirs.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holders = 0
        self._before = warnings.catch_warnings()

    @contextmanager
    def held(self) -> Iterator[None]:
        """The first to come sets the filters, the last to go puts them back."""
        with self._lock:
            if not self._holders:
                self._before = warnings.catch_warnings()
                self._before.__enter__()
                warnings.simplefilter("ignore")
            self._holders += 1
        try:
            yield
        finally:
            with self._lock:
                self._holders -= 1
                if not self._holders:
                    self._before.__exit__(None, None, None)


quiet_pillow = WarningsSettled().held
"""Nothing Pillow remarks is shown or raised within it; errors are."""
