"""The collector of garbage: quick while somebody is there, thorough when nobody is."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from assistant.tui.garbage import GROWTH, MOST_PASSES, QUIET_SECONDS, GarbageKeeper


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Link:
    """Refers to itself, so that only the collector can free it."""

    def __init__(self) -> None:
        self.itself = self
        self.ballast = [[number] for number in range(2 * GROWTH)]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keeper(clock: Clock) -> Iterator[GarbageKeeper]:
    keeper = GarbageKeeper(clock)
    keeper.begin()
    yield keeper
    keeper.end()
    gc.unfreeze()


@pytest.mark.usefixtures("keeper")
def test_what_survived_a_pass_is_not_looked_at_by_the_next() -> None:
    link = Link()
    gc.collect()
    assert not any(found is link for found in gc.get_objects())


def test_old_garbage_waits_until_nobody_has_done_anything(
    keeper: GarbageKeeper, clock: Clock
) -> None:
    gone = _set_aside_and_dropped()
    assert not keeper.sweep_if_quiet()
    clock.now += QUIET_SECONDS - 1
    keeper.touched()
    clock.now += QUIET_SECONDS - 1
    assert not keeper.sweep_if_quiet()
    assert gone() is not None
    clock.now += 1
    assert keeper.sweep_if_quiet()
    assert gone() is None


def test_a_quiet_program_is_not_swept_again_and_again(keeper: GarbageKeeper, clock: Clock) -> None:
    _set_aside_and_dropped()
    clock.now += QUIET_SECONDS
    assert keeper.sweep_if_quiet()
    assert not keeper.sweep_if_quiet()


def test_old_garbage_does_not_grow_for_ever_under_somebody_who_never_rests(
    keeper: GarbageKeeper,
) -> None:
    gone = _set_aside_and_dropped()
    for _ in range(MOST_PASSES):
        gc.collect()
    assert keeper.sweep_if_quiet()
    assert gone() is None


def test_afterwards_the_collector_is_as_it_was(keeper: GarbageKeeper) -> None:
    keeper.end()
    link = Link()
    gc.collect()
    assert any(found is link for found in gc.get_objects())


def _set_aside_and_dropped() -> weakref.ref[Link]:
    """Garbage that was alive when the collector last looked."""
    link = Link()
    gc.collect()
    return weakref.ref(link)
