"""Skills come through entry points; a broken one never takes the others with it."""

from __future__ import annotations

import logging
from importlib.metadata import EntryPoint
from typing import cast

import pytest

from skills.registry import GROUP, Services, load_skills
from tests.fakes import FakeSkill

SERVICES = cast("Services", object())


def make_first(_services: Services) -> FakeSkill:
    return FakeSkill("first")


def make_first_again(_services: Services) -> FakeSkill:
    return FakeSkill("first", events=())


def entry(name: str, attribute: str) -> EntryPoint:
    return EntryPoint(name, f"tests.skills.test_registry:{attribute}", GROUP)


def test_a_skill_is_made_from_its_entry_point() -> None:
    skills = load_skills(SERVICES, [entry("first", "make_first")])
    assert list(skills) == ["first"]


@pytest.mark.parametrize("value", ["no.such.module:make", "tests.skills.test_registry:missing"])
def test_a_skill_that_cannot_be_imported_is_left_out(
    value: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        skills = load_skills(
            SERVICES, [EntryPoint("bad", value, GROUP), entry("first", "make_first")]
        )
    assert list(skills) == ["first"]
    assert "bad" in caplog.text


def test_of_two_skills_with_one_name_the_first_stays() -> None:
    skills = load_skills(SERVICES, [entry("a", "make_first"), entry("b", "make_first_again")])
    assert skills["first"].card.name == "first"
    assert cast("FakeSkill", skills["first"]).events != ()


def test_the_built_in_skills_are_installed_as_entry_points() -> None:
    from importlib.metadata import entry_points

    assert {"describe", "generate", "qa", "translate"} <= {
        e.name for e in entry_points(group=GROUP)
    }
