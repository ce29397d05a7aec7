"""The messages the router is measured on are many, and none of them was learned."""

from __future__ import annotations

from collections import Counter

from benchmarks.routing import CARDS
from benchmarks.routing_data import copies, own_cases

SIX = {"en", "zh", "es", "pt", "de", "fr"}


def test_every_skill_and_language_has_its_messages() -> None:
    cases = [case for case in own_cases() if case.language in SIX]
    assert len(cases) >= 900
    counts = Counter((case.language, case.skill) for case in cases if case.half == "test")
    skills = {card.name for card in CARDS}
    assert set(counts) == {(language, skill) for language in SIX for skill in skills}
    assert min(counts.values()) >= 20


def test_follow_ups_are_many_in_every_language() -> None:
    cases = [case for case in own_cases("test") if case.previous]
    counts = Counter(case.language for case in cases)
    assert set(counts) == SIX
    assert min(counts.values()) >= 20


def test_no_message_is_there_twice() -> None:
    counts = Counter((case.text.casefold(), case.previous) for case in own_cases())
    assert [text for text, count in counts.items() if count > 1] == []


def test_no_message_is_nearly_an_example() -> None:
    assert copies(own_cases(), CARDS) == []


def test_halves_share_no_message() -> None:
    halves = {h: {c.text.casefold() for c in own_cases(h)} for h in ("dev", "test")}
    assert halves["dev"] & halves["test"] == set()
