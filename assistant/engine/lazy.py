"""A value made at the first call, once, whichever thread asks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
Watch = Callable[[str | None], None]
"""Told the label of what is being made, and None when it is there (or failed)."""


class Lazy(Generic[T]):
    """Calls `make` at the first call and keeps the result; a failure is tried again."""

    def __init__(self, label: str, make: Callable[[], T], watch: Watch) -> None:
        self._label = label
        self._make = make
        self._watch = watch
        self._lock = threading.RLock()
        self._value: T | None = None

    def __call__(self) -> T:
        with self._lock:
            if self._value is None:
                self._watch(self._label)
                try:
                    self._value = self._make()
                finally:
                    self._watch(None)
            return self._value

    @property
    def loaded(self) -> T | None:
        """The value if it was made already."""
        return self._value
