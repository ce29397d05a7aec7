"""The thread a model computes in."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest

from assistant.models.model_thread import ModelThread


class Heavy:
    """Something a job holds."""

    def work(self) -> None:
        """Nothing much."""


def test_jobs_run_one_after_the_other_in_the_same_thread() -> None:
    thread = ModelThread("model")
    ran: list[tuple[int, int]] = []
    ends = [
        thread.start(lambda n=number: ran.append((n, threading.get_ident())))  # type: ignore[misc]
        for number in range(5)
    ]
    assert all(end.wait(60) for end in ends)
    assert [number for number, _ in ran] == list(range(5))
    assert len({ident for _, ident in ran}) == 1
    thread.close()


def test_what_a_job_held_is_let_go_when_it_ended() -> None:
    thread = ModelThread("model")
    heavy = Heavy()
    thread.start(heavy.work).wait(60)
    held = weakref.ref(heavy)
    del heavy
    thread.start(lambda: None).wait(60)
    assert held() is None
    thread.close()


def test_closing_waits_for_the_last_job_and_can_be_done_twice() -> None:
    thread, ran = ModelThread("model"), threading.Event()
    thread.start(ran.set)
    thread.close()
    thread.close()
    assert ran.is_set()


def test_it_ends_when_nobody_holds_it_any_more() -> None:
    thread = ModelThread("model")
    worker = thread._thread
    del thread
    gc.collect()
    worker.join(60)
    assert not worker.is_alive()


def test_a_job_that_fails_is_logged_and_the_next_one_runs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    thread = ModelThread("model")

    def fail() -> None:
        raise ValueError("no such weight")

    assert thread.start(fail).wait(60)
    assert "no such weight" in caplog.text
    assert thread.start(lambda: None).wait(60)
    thread.close()
