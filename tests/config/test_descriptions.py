"""Every setting says what it is for."""

from __future__ import annotations

from assistant.config.descriptions import descriptions
from assistant.config.schema import known_keys


def test_every_setting_is_described_where_it_is_declared() -> None:
    assert [name for name in known_keys() if not descriptions().get(name)] == []


def test_a_description_is_the_docstring_below_the_field() -> None:
    assert descriptions()["generate.temperature"] == "0 = always the most probable token."
    assert descriptions()["generate"] == "Chat and writing."
