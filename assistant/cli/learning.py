"""Tells at a command line why its first answer takes long."""

from __future__ import annotations

from assistant.cli.speaking import say
from assistant.core.routing import LEARNING


def tell_learning(what: str | None) -> None:
    """A line on standard error when the router begins to learn; loading a model is not told."""
    if what == LEARNING:
        say("Learning the router's examples; this is done once and takes up to a minute.", err=True)
