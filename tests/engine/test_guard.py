"""The thread seam: every exception becomes a message, and the log keeps its traceback."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from assistant.core.errors import ModelError
from assistant.core.events import Event, Failed, TextDelta
from assistant.engine.guard import guarded


def failing(error: BaseException) -> Iterator[Event]:
    yield TextDelta("so far")
    raise error


def test_known_errors_become_their_own_words() -> None:
    events = list(guarded(failing(ModelError("Gone.", "Pull it.")), "the log"))
    assert events == [TextDelta("so far"), Failed("Gone.", "Pull it.")]


def test_lack_of_memory_is_said_plainly() -> None:
    failed = list(guarded(failing(MemoryError()), "the log"))[-1]
    assert isinstance(failed, Failed)
    assert "memory" in failed.message


def test_unforeseen_errors_name_the_log_and_leave_a_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        failed = list(guarded(failing(ZeroDivisionError("x")), "engine.log"))[-1]
    assert isinstance(failed, Failed)
    assert "engine.log" in failed.hint
    assert "ZeroDivisionError" in caplog.text


def test_an_interrupt_is_not_swallowed() -> None:
    with pytest.raises(KeyboardInterrupt):
        list(guarded(failing(KeyboardInterrupt()), "the log"))
