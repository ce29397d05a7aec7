"""Contrast by WCAG 2.2, and themes corrected until every text on every ground has enough."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from textual.color import Color
from textual.theme import Theme

ENOUGH = 4.5
"""WCAG 2.2, level AA, for text of ordinary size. Thin strokes of Chinese need it most."""
MARGIN = 0.05
"""Above `ENOUGH`, since colours are rounded when they are written."""
STEP = 0.02
CURSOR_SHARE = 0.25
BLURRED_CURSOR_SHARE = 0.12
QUOTE_SHARE = 0.18
"""How much green lies under a quoted sentence."""

TEXTS = ("foreground", "primary", "secondary", "accent", "success", "warning", "error")
"""Colours of a theme that words are written in."""
FAINT = {"foreground-muted": 0.65, "foreground-disabled": 0.5}
"""Fainter texts: the share of the foreground in them, as far as the contrast allows. The
faintest is never written on a cursor."""


def ratio(one: Color, two: Color) -> float:
    """The contrast ratio of two opaque colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: Color) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part / 255) for part in color.rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable(color: Color, grounds: Iterable[Color]) -> Color:
    """The colour, as little lighter or darker as makes it stand out from all grounds.

    White or black where nothing short of it does.
    """
    behind = list(grounds)
    dark = all(luminance(ground) < 0.18 for ground in behind) or (
        sum(luminance(ground) for ground in behind) / len(behind) < 0.18
    )
    towards = Color(255, 255, 255) if dark else Color(0, 0, 0)
    share = 0.0
    found = color
    while min(ratio(found, ground) for ground in behind) < ENOUGH + MARGIN and share < 1:
        share = min(1.0, share + STEP)
        found = color.blend(towards, share, 1.0)
    return found


def grounds(variables: Mapping[str, str]) -> dict[str, Color]:
    """What texts stand on, of a legible theme's variables: its grounds and its cursors."""
    background = Color.parse(variables["background"])
    return {name: background + Color.parse(variables[name]) for name in (*_PLAIN, *_CURSORS)}


def quote_ground(variables: Mapping[str, str]) -> Color:
    """What a quoted sentence stands on, inside its context."""
    surface = grounds(variables)["surface"]
    return surface.blend(Color.parse(variables["success"]), QUOTE_SHARE, 1.0)


def legible(theme: Theme) -> Theme:
    """The theme with every text colour readable on every ground; the hues stay.

    Themes of the terminal's own colours are left as they are: nobody knows those here.
    """
    if theme.ansi:
        return theme
    variables = {**theme.to_color_system().generate(), **theme.variables, **_cursors(theme)}
    behind = list(grounds(variables).values())
    background = behind[0]
    colours = {
        name: readable(background + Color.parse(variables[name]), behind).hex for name in TEXTS
    }
    while True:  # the green of a quote is the ground of its words, too
        quote = quote_ground({**variables, **colours})
        again = {
            name: readable(Color.parse(colours[name]), [*behind, quote]).hex
            for name in ("foreground", "success")
        }
        if colours == (colours := {**colours, **again}):
            break
    foreground = Color.parse(colours["foreground"])
    faint = {
        name: readable(
            _faint(theme, name, background, foreground, share),
            behind[: len(_PLAIN)] if name == "foreground-disabled" else behind,
        ).hex
        for name, share in FAINT.items()
    }
    on_cursors = {
        "block-cursor-foreground": colours["foreground"],
        "block-cursor-blurred-foreground": colours["foreground"],
        "block-cursor-text-style": "none",
    }
    more = {**theme.variables, **_cursors(theme), **faint, **on_cursors}
    return replace(
        theme,
        foreground=colours["foreground"],
        primary=colours["primary"],
        secondary=colours["secondary"],
        accent=colours["accent"],
        success=colours["success"],
        warning=colours["warning"],
        error=colours["error"],
        # As they are: Textual would derive them from the new colours.
        background=behind[0].hex,
        surface=behind[1].hex,
        panel=behind[2].hex,
        variables=more,
    )


def _cursors(theme: Theme) -> dict[str, str]:
    """Grounds of the cursor made for coloured text: our themes bring them, in the others the
    cursor is made for black or white."""
    if theme.name in _OURS:
        return {name: theme.variables[name] for name in _CURSORS}
    generated = theme.to_color_system().generate()
    background = Color.parse(generated["background"])
    primary = Color.parse(generated["primary"])
    foreground = background + Color.parse(generated["foreground"])
    return {
        "block-cursor-background": background.blend(primary, CURSOR_SHARE, 1.0).hex,
        "block-cursor-blurred-background": background.blend(
            foreground, BLURRED_CURSOR_SHARE, 1.0
        ).hex,
    }


def _faint(theme: Theme, name: str, background: Color, foreground: Color, share: float) -> Color:
    given = theme.variables.get(name)
    return background + Color.parse(given) if given else background.blend(foreground, share, 1.0)


_PLAIN = ("background", "surface", "panel")
_CURSORS = ("block-cursor-background", "block-cursor-blurred-background")
_OURS = ("ink", "paper")
