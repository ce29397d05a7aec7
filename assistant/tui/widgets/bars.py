"""A bar filled to a share."""

from __future__ import annotations

from textual.content import Content

REST = "$foreground 15%"
"""What is not filled: seen on every background, the cursor's too."""


def bar(share: float, cells: int, colour: str = "$primary") -> Content:
    """A bar filled to a share in [0, 1]."""
    filled = round(max(0.0, min(1.0, share)) * cells)
    return Content.assemble(("━" * filled, colour), ("━" * (cells - filled), REST))
