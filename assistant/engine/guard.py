"""The one place where an unforeseen exception becomes something a person can read."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

from assistant.core.errors import AssistantError
from assistant.core.events import Event, Failed

_log = logging.getLogger(__name__)


def guarded(events: Iterable[Event], log_place: str) -> Iterator[Event]:
    """The events; an exception ends them with `Failed` and leaves its traceback in the log.

    This is the thread seam: whatever a model, a parser or a third-party skill raises must end
    this job only, never the process.
    """
    try:
        yield from events
    except AssistantError as error:
        yield Failed(error.message, error.hint)
    except MemoryError:
        yield Failed(
            "There is not enough memory for this.",
            "Close other programs, or use a smaller model, image or file.",
        )
    except Exception as error:  # noqa: BLE001 - this is the seam
        _log.exception("a job failed")
        yield Failed(
            f"Something unforeseen went wrong: {type(error).__name__}.",
            f"The details are in {log_place}.",
        )
