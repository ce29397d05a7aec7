"""The language the program speaks to the person in."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("en", "zh")
"""Those there are texts in; the first where none is asked for."""
AUTO = "auto"
"""The setting that leaves it to the environment."""
_CHOSEN = "ASSISTANT_LANG"
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


def interface_language(environ: Mapping[str, str], setting: str = AUTO) -> str:
    """By ASSISTANT_LANG, else the setting `ui.language`, else the locale; English at last."""
    wanted = environ.get(_CHOSEN) or (setting if setting != AUTO else "")
    wanted = wanted or next((environ[name] for name in _LOCALE if environ.get(name)), "")
    return next((one for one in LANGUAGES if wanted.lower().startswith(one)), LANGUAGES[0])
