"""The messages the router is measured on are many, and none of them was learned."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from benchmarks.routing import CARDS
from benchmarks.routing_data import Half, copies, own_cases, repeats

UNTUNED: tuple[Half, ...] = ("fresh", "second")
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
    halves: tuple[Half, ...] = ("dev", "test", *UNTUNED)
    said = [{(c.text.casefold(), c.images) for c in own_cases(half)} for half in halves]
    for one, other in itertools.combinations(said, 2):
        assert one & other == set()


@pytest.mark.parametrize("half", UNTUNED)
def test_messages_of_other_hands_are_for_every_skill_in_every_language(half: Half) -> None:
    counts = Counter((case.language, case.skill) for case in own_cases(half))
    assert set(counts) == {(language, card.name) for language in SIX for card in CARDS}
    assert min(counts.values()) >= 10


@pytest.mark.parametrize("half", UNTUNED)
def test_messages_of_other_hands_go_on_from_a_turn_in_every_language(half: Half) -> None:
    counts = Counter(case.language for case in own_cases(half) if case.previous)
    assert set(counts) == SIX
    assert min(counts.values()) >= 10


@pytest.mark.parametrize("half", UNTUNED)
def test_no_message_of_another_hand_is_nearly_one_of_another_half(half: Half) -> None:
    others = [case for case in own_cases() if case.half not in (half, "transfer")]
    assert repeats(own_cases(half), others) == []
