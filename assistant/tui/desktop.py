"""Tells the desktop, through the terminal, that something happened behind the person's back."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.core.text import one_line

_TITLE, _BODY = 60, 200
"""Characters; desktops cut longer ones anyway."""


def notification(title: str, body: str, environ: Mapping[str, str]) -> str:
    """The escape sequence: OSC 777 where the terminal is known for it (VTE, foot, rxvt), else
    OSC 9 (iTerm2, kitty, WezTerm, Ghostty, Windows Terminal); others pass over both.

    Both texts are sanitised; semicolons, which part the fields, become commas. tmux hands the
    sequence on when its `allow-passthrough` is set.
    """
    title = one_line(title, _TITLE).replace(";", ",")
    body = one_line(body, _BODY).replace(";", ",")
    if "VTE_VERSION" in environ or environ.get("TERM", "").startswith(("foot", "rxvt")):
        sequence = f"\x1b]777;notify;{title};{body}\x1b\\"
    else:
        sequence = f"\x1b]9;{title}: {body}\x07"
    if "TMUX" in environ:
        escaped = sequence.replace("\x1b", "\x1b\x1b")
        return f"\x1bPtmux;{escaped}\x1b\\"
    return sequence
