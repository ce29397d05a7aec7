"""Which files pass a question's filters."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from assistant.core.documents import Filters
from index.filters import passing

ROOTS = ("/home/me/papers", "/data/Verträge 2024/angebot.pdf")


def passes(path: str, filters: Filters, mtime_ns: int = 0) -> bool:
    return passing(filters, ROOTS)(path, mtime_ns)


@pytest.mark.parametrize(
    ("wanted", "path", "passed"),
    [
        ("report.pdf", "/home/me/papers/report.pdf", True),
        ("REPORT", "/home/me/papers/annual-report.pdf", True),
        ("report", "/home/me/papers/notes.txt", False),
        ("papers", "/home/me/papers/notes.txt", True),
        ("papers/2024", "/home/me/papers/2024/notes.txt", True),
        ("me", "/home/me/papers/x.txt", True),  # the whole name of a folder above
        ("om", "/home/me/papers/x.txt", False),  # part of the name of a folder above
        ("/home/me/papers", "/home/me/papers/x.txt", True),
        ("verträge 2024", "/data/Verträge 2024/angebot.pdf", True),
        ("vertra\u0308ge 2024", "/data/Verträge 2024/angebot.pdf", True),
        ("合同", "/home/me/papers/合同/甲.pdf", True),
        ("*.pdf", "/home/me/papers/2024/a.pdf", True),
        ("*.PDF", "/home/me/papers/2024/a.txt", False),
        ("a?.txt", "/home/me/papers/x/a1.txt", True),
        ("a?.txt", "/home/me/papers/x/ba1.txt", False),
        ("20*", "/home/me/papers/2024/deep/a.txt", True),
        ("/home/*/papers", "/home/me/papers/a.txt", True),
        ("draft [1]*", "/home/me/papers/draft [1] final.txt", True),
        ("draft [1]*", "/home/me/papers/draft 1 final.txt", False),
    ],
)
def test_a_path_is_named_by_a_part_or_a_pattern(wanted: str, path: str, passed: bool) -> None:
    assert passes(path, Filters(paths=(wanted,))) is passed


def test_a_hostile_pattern_takes_no_time() -> None:
    path = "/home/me/papers/" + "a" * 3000 + ".txt"
    assert not passes(path, Filters(paths=("*a" * 60 + "*b",)))


def test_any_path_and_any_type_named_will_do_but_both_must_pass() -> None:
    filters = Filters(paths=("alpha", "beta"), types=("pdf", "tar.gz"))
    assert passes("/home/me/papers/alpha.PDF", filters)
    assert passes("/home/me/papers/beta.tar.gz", filters)
    assert not passes("/home/me/papers/alpha.gz", filters)
    assert not passes("/home/me/papers/gamma.pdf", filters)


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/New_York"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def at(*moment: int) -> int:
    return int(datetime(*moment).timestamp()) * 10**9  # type: ignore[arg-type]  # noqa: DTZ001


@pytest.mark.usefixtures("zone")
def test_days_are_inclusive_and_local() -> None:
    january = Filters(after="2024-01-01", before="2024-01-31")
    assert passes("/x", january, at(2024, 1, 1, 0, 0, 1))
    assert passes("/x", january, at(2024, 1, 31, 23, 59, 59))
    assert not passes("/x", january, at(2023, 12, 31, 23, 59, 59))
    assert not passes("/x", january, at(2024, 2, 1, 0, 0, 1))
    assert passes("/x", Filters(after="2024-01-31"), at(2024, 1, 31, 12))
    assert passes("/x", Filters(before="0001-01-01"), at(2024, 1, 1)) is False
    assert passes("/x", Filters(after="0001-01-01"), at(2024, 1, 1))


@pytest.mark.parametrize("day", ["2024-02-30", "soon", "2024-13-01", "٢٠٢٤"])
def test_a_day_that_does_not_exist_lets_nothing_pass(day: str) -> None:
    assert not passes("/x", Filters(after=day))
    assert not passes("/x", Filters(before=day))


def test_a_time_no_calendar_has_does_not_pass() -> None:
    assert not passes("/x", Filters(after="2024-01-01"), 2**62 * 1000)
