"""A paste is text, whatever is in it."""

from __future__ import annotations

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver

from assistant.tui import pastes
from assistant.tui.pastes import PasteParser

START, END = "\x1b[200~", "\x1b[201~"


def parsed(*chunks: str) -> list[str]:
    parser = PasteParser()
    tokens = [token for chunk in chunks for token in parser.feed(chunk)]
    return [t.text if isinstance(t, events.Paste) else getattr(t, "key", "?") for t in tokens]


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_escape_sequences_in_a_paste_are_text_and_no_keys(size: int) -> None:
    text = "a\x1b[31mred\r\x11\x1b[A\x1bOP\x1b\x1b[2~" + "x" * 50
    data = f"{text}{END}y"
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert parsed(f"z{START}", *chunks) == ["z", text, "y"]


def test_pastes_follow_one_another_with_keys_between() -> None:
    assert parsed(f"{START}one{END}k{START}{END}{START}two", f"\x00{END}") == [
        "one",
        "k",
        "",
        "two",
    ]


def test_keys_without_a_paste_are_keys() -> None:
    assert parsed("a\x1b[A", "\r", "") == ["a", "up", "enter"]


def test_it_is_used_for_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linux_driver, "XTermParser", XTermParser)
    pastes.install()
    assert vars(linux_driver)["XTermParser"] is PasteParser
