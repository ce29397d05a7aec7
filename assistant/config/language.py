"""The language the program speaks to the person in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

AUTO = "auto"
"""The setting that leaves it to the environment."""
_CHOSEN = "ASSISTANT_LANG"
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


def interface_language(environ: Mapping[str, str], setting: str = AUTO) -> Literal["en", "zh"]:
    """By ASSISTANT_LANG, else the setting `ui.language`, else the locale; English at last."""
    wanted = environ.get(_CHOSEN) or (setting if setting != AUTO else "")
    wanted = wanted or next((environ[name] for name in _LOCALE if environ.get(name)), "")
    return "zh" if wanted.lower().startswith("zh") else "en"
