"""The language the program speaks to its owner in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

_VARIABLES = ("ASSISTANT_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def interface_language(environ: Mapping[str, str]) -> Literal["en", "zh"]:
    """As ASSISTANT_LANG says, or the locale (LC_ALL, LC_MESSAGES, LANG); else English."""
    wanted = next((environ[name] for name in _VARIABLES if environ.get(name)), "en")
    return "zh" if wanted.lower().startswith("zh") else "en"
