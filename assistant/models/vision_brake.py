"""Ends a network's passes between two of its blocks: cancelling needn't wait for an image."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from assistant.core.stopping import StoppedError

if TYPE_CHECKING:
    from assistant.core.skills import Cancelled


class Brake:
    """Asks before each block of a network whether its pass is still wanted.

    Passes of several threads don't mind one another.
    """

    def __init__(self) -> None:
        self._passes = threading.local()

    def fit(self, model: Any) -> None:
        """Put it into a network of torch: before the whole, and before each member of its lists
        of modules, which is how the blocks of every architecture are kept."""
        from torch.nn import ModuleList

        model.register_forward_pre_hook(self.check)
        for part in model.modules():
            if isinstance(part, ModuleList):
                for block in part:
                    block.register_forward_pre_hook(self.check)

    @contextmanager
    def held(self, cancelled: Cancelled) -> Iterator[None]:
        """Passes of this thread raise `StoppedError` once `cancelled`."""
        before = getattr(self._passes, "cancelled", None)
        self._passes.cancelled = cancelled
        try:
            yield
        finally:
            self._passes.cancelled = before

    def check(self, *_: object) -> None:
        """
        Raises:
            StoppedError: the pass of this thread is no longer wanted.
        """
        cancelled = getattr(self._passes, "cancelled", None)
        if cancelled is not None and cancelled():
            raise StoppedError


class Watched:
    """A network of an engine, before each run of which it is asked whether to go on."""

    def __init__(self, session: Any, brake: Brake) -> None:
        self._session = session
        self._brake = brake

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """Run it."""
        self._brake.check()
        return self._session(*inputs, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)
