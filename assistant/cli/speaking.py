"""What commands tell people, in their language; what machines read stays as it is."""

from __future__ import annotations

import os
import unicodedata
from typing import Literal

import click

from assistant.cli.context import Context
from assistant.config import find_places, load_settings
from assistant.config.language import AUTO, interface_language
from assistant.core.errors import AssistantError
from assistant.language.messages.speech import Speech, speech_in


def speech() -> Speech:
    """Messages in the language of the interface."""
    return speech_in(language_spoken())


def language_spoken() -> Literal["en", "zh"]:
    """The language of the interface: as the environment says, the settings, or the locale."""
    return interface_language(os.environ, _setting())


def told(*texts: str) -> str:
    """Messages as one text, such as a fact and its remedy."""
    return speech().tell(*texts)


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Write a message."""
    click.echo(told(text), err=err, nl=nl)


def cells(text: str) -> int:
    """Columns the text takes on a terminal; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def padded(text: str, width: int) -> str:
    """The text with spaces up to that many columns."""
    return text + " " * max(0, width - cells(text))


def _setting() -> str:
    """`ui.language`; settings that can't be read leave it to the environment."""
    running = click.get_current_context(silent=True)
    held = running.find_object(Context) if running is not None else None
    if running is None:
        return AUTO
    try:
        settings = held.settings if held else load_settings(find_places(os.environ), os.environ)
    except AssistantError:
        return AUTO
    return settings.ui.language
