"""Says before a command begins that another machine will be sent text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.cli.speaking import say

if TYPE_CHECKING:
    from assistant.config import Settings


def tell_where(settings: Settings, model: str) -> None:
    """Where a model is served on another machine, name that on standard error; turns do it by
    themselves (`SentTo`).

    Raises:
        ModelError: there is no such model.
    """
    from assistant.models.catalogue import Catalogue

    source = Catalogue.load(settings).get(model).server
    if source is not None and not source.is_local:
        say(f"Note: text is sent to {source.destination}, where a model is served.", err=True)
