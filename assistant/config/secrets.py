"""Keeps secrets out of what is shown: config.toml should hold none, but people paste them."""

from __future__ import annotations

import re

HIDDEN = "…"
_SECRET_NAME = re.compile(r"(api_?|access_?|auth_?)?(key|token|secret|password)")
_IN_ADDRESS = re.compile(r"(?<=//)[^/\s#]*@|(?<=[?&])[^#\s]*")


def is_secret(name: str) -> bool:
    """Whether the name of a setting says that its value is a secret."""
    return _SECRET_NAME.fullmatch(name.lower()) is not None


def without_secrets(text: str) -> str:
    """Text with what stands before the @ and behind the ? of addresses hidden."""
    return _IN_ADDRESS.sub(lambda found: "…@" if found[0].endswith("@") else HIDDEN, text)
