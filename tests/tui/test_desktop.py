"""Notifications of the desktop, as the terminal takes them."""

from __future__ import annotations

from assistant.tui.desktop import notification


def test_the_form_follows_the_terminal() -> None:
    assert notification("Done", "Hello?", {}) == "\x1b]9;Done: Hello?\x07"
    assert notification("Done", "a;b", {"TERM": "foot"}) == "\x1b]777;notify;Done;a,b\x1b\\"
    assert notification("Done", "x", {"VTE_VERSION": "7600"}).startswith("\x1b]777;")


def test_tmux_is_asked_to_hand_it_on() -> None:
    assert notification("D", "x", {"TMUX": "/tmp/s"}) == "\x1bPtmux;\x1b\x1b]9;D: x\x07\x1b\\"


def test_no_text_ends_the_sequence_early() -> None:
    hostile = "a\x07\x1b]0;owned\x07\x1b\\b\nc\x9cd"
    sequence = notification(hostile, hostile, {})
    inner = sequence.removeprefix("\x1b]9;").removesuffix("\x07")
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in inner)
    assert "owned" not in inner
