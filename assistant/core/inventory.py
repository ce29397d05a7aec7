"""Models as they are reported: what there is, what is here, what is in use."""

from __future__ import annotations

import msgspec


class ModelInfo(msgspec.Struct, frozen=True):
    """A model of the catalogue and how it stands on this machine."""

    name: str
    role: str
    """What it does: generate, embed, translate, label, clip, read."""
    present: bool
    in_use: bool
    """Whether the settings in force name it (or it serves without being named)."""
    size: int = 0
    """Bytes it takes on disk when present, else bytes to fetch; 0 = not known."""
    device: str = ""
    """Where it runs while it is loaded; "" when it is not."""
    licence: str = ""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes; "mul" for a hundred or more."""
    summary: str = ""
    setting: str = ""
    """The setting that puts it to use, as `generate.model`; "" where none is needed."""
    recommended: bool = False
    """The best of its role that this machine runs at a good speed."""
    advice: tuple[str, ...] = ()
    """Which of the three choices for this machine it is: best, balanced, lightest."""
    memory: int = 0
    """Bytes it takes while it works; 0 = not known."""
    speed: float = 0.0
    """Tokens a second it is expected to write; 0 = not known, or it writes none."""
    plan: str = ""
    """Where it would run and why, in the language of the interface."""
    non_commercial: bool = False
    """Whether its licence forbids commercial use."""
