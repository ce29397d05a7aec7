"""Lazy values: made once, watched, tried again after a failure."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

import pytest

from assistant.core.errors import ModelMissingError
from assistant.engine.lazy import Lazy


def test_the_value_is_made_at_the_first_call_and_kept() -> None:
    counter = itertools.count(1)
    lazy = Lazy("it", lambda: next(counter), lambda _: None)
    assert lazy.loaded is None
    assert (lazy(), lazy()) == (1, 1)
    assert lazy.loaded == 1


def test_loading_is_watched_from_begin_to_end() -> None:
    seen: list[str | None] = []
    Lazy("the model", lambda: 1, seen.append)()
    assert seen == ["the model", None]


def test_a_failure_ends_the_watch_and_is_tried_again() -> None:
    seen: list[str | None] = []
    outcomes: Iterator[ModelMissingError | int] = iter([ModelMissingError("not here"), 5])

    def make() -> int:
        outcome = next(outcomes)
        if isinstance(outcome, int):
            return outcome
        raise outcome

    lazy = Lazy("the model", make, seen.append)
    with pytest.raises(ModelMissingError):
        lazy()
    assert lazy() == 5
    assert seen == ["the model", None, "the model", None]


def test_threads_that_ask_at_once_share_one_value() -> None:
    counter = itertools.count(1)
    barrier = threading.Barrier(4)
    lazy = Lazy("it", lambda: next(counter), lambda _: None)

    def ask() -> None:
        barrier.wait()
        lazy()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lazy() == 1
