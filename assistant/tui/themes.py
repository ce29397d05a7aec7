"""Two themes of our own: ink (dark) and paper (light).

Body text has a contrast of at least 10:1 and muted text of at least 4.5:1 on the
background, so that thin strokes of Chinese characters stay readable.
"""

from __future__ import annotations

from textual.app import App
from textual.theme import Theme

DARK = "ink"
LIGHT = "paper"

INK = Theme(
    name=DARK,
    dark=True,
    primary="#8FB3FF",
    secondary="#C4A7F5",
    accent="#F2B880",
    success="#8FD6A8",
    warning="#EBCB8B",
    error="#F08A94",
    foreground="#E4E7EF",
    background="#12141B",
    surface="#1A1D27",
    panel="#232733",
    boost="#FFFFFF0A",
    variables={
        "foreground-muted": "#9AA3B8",
        "foreground-disabled": "#6B7388",
        "border": "#8FB3FF",
        "border-blurred": "#343A4B",
        "block-cursor-background": "#2D3A5C",
        "block-cursor-foreground": "#FFFFFF",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#262C3D",
        "block-cursor-blurred-foreground": "#E4E7EF",
        "input-cursor-background": "#8FB3FF",
        "input-cursor-foreground": "#12141B",
        "input-selection-background": "#8FB3FF 30%",
        "scrollbar": "#2B3040",
        "scrollbar-hover": "#3B4258",
        "scrollbar-active": "#8FB3FF",
        "scrollbar-background": "#12141B",
        "scrollbar-background-hover": "#12141B",
        "scrollbar-background-active": "#12141B",
        "markdown-h1-color": "#8FB3FF",
        "markdown-h1-text-style": "bold",
        "markdown-h2-color": "#8FB3FF",
        "markdown-h2-text-style": "bold",
        "markdown-h3-color": "#C4A7F5",
        "markdown-h3-text-style": "bold",
        "link-color": "#8FB3FF",
    },
)

PAPER = Theme(
    name=LIGHT,
    dark=False,
    primary="#2F5DB8",
    secondary="#7246A8",
    accent="#A3541A",
    success="#21713F",
    warning="#8A6100",
    error="#B3303F",
    foreground="#23262F",
    background="#FBF9F4",
    surface="#F2EEE5",
    panel="#E8E2D5",
    boost="#0000000A",
    variables={
        "foreground-muted": "#646775",
        "foreground-disabled": "#8C8E99",
        "border": "#2F5DB8",
        "border-blurred": "#CFC7B6",
        "block-cursor-background": "#D5DFF5",
        "block-cursor-foreground": "#14171F",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#E4E2DE",
        "block-cursor-blurred-foreground": "#23262F",
        "input-cursor-background": "#2F5DB8",
        "input-cursor-foreground": "#FBF9F4",
        "input-selection-background": "#2F5DB8 25%",
        "scrollbar": "#D9D2C3",
        "scrollbar-hover": "#C4BBA7",
        "scrollbar-active": "#2F5DB8",
        "scrollbar-background": "#FBF9F4",
        "scrollbar-background-hover": "#FBF9F4",
        "scrollbar-background-active": "#FBF9F4",
        "markdown-h1-color": "#2F5DB8",
        "markdown-h1-text-style": "bold",
        "markdown-h2-color": "#2F5DB8",
        "markdown-h2-text-style": "bold",
        "markdown-h3-color": "#7246A8",
        "markdown-h3-text-style": "bold",
        "link-color": "#2F5DB8",
    },
)


def register(app: App[int]) -> None:
    """Make both known to the app."""
    app.register_theme(INK)
    app.register_theme(PAPER)


def use(app: App[int], wanted: str) -> bool:
    """Switch to the wanted theme; False, and ours, when there is none of that name."""
    known = wanted in app.available_themes
    app.theme = wanted if known else DARK
    return known
