"""Opens a document at a page, where the system's viewer can do that."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ASK_SECONDS = 2.0
"""Time for the desktop to say which viewer it uses."""

_PAGE_FLAGS: dict[str, tuple[str, ...]] = {
    "evince": ("--page-index={page}", "{path}"),
    "papers": ("--page-index={page}", "{path}"),
    "xreader": ("--page-index={page}", "{path}"),
    "atril": ("--page-index={page}", "{path}"),
    "okular": ("--page", "{page}", "{path}"),
    "zathura": ("--page={page}", "{path}"),
    "qpdfview": ("--unique", "{path}#{page}"),
    "sioyek": ("--page", "{page}", "{path}"),
    "mupdf": ("{path}", "{page}"),
    "xpdf": ("{path}", ":{page}"),
    "firefox": ("{uri}#page={page}",),
    "chromium": ("{uri}#page={page}",),
    "chrome": ("{uri}#page={page}",),
    "brave": ("{uri}#page={page}",),
    "edge": ("{uri}#page={page}",),
}
"""Viewer → its arguments for a page, as their manuals give them."""


def command(
    viewer: str, path: Path, page: int, which: Callable[[str], str | None]
) -> list[str] | None:
    """The command that opens a file at a page; None for viewers that are not known to do it.

    Args:
        viewer: name of a desktop entry, as `org.gnome.Evince.desktop`.
        which: finds a program by name, as `shutil.which`.
    """
    words = viewer.lower().removesuffix(".desktop").replace("-", ".").replace("_", ".").split(".")
    name = next((word for word in words if word in _PAGE_FLAGS), None)
    whole = viewer.removesuffix(".desktop")
    program = name and (which(name) or which(whole) or which(whole.lower()))
    if name is None or not program:
        return None
    values = {"page": page, "path": path, "uri": path.absolute().as_uri()}
    return [program, *(argument.format_map(values) for argument in _PAGE_FLAGS[name])]


def default_viewer(kind: str = "application/pdf") -> str:
    """The desktop's viewer for a kind of file; "" where it can't be asked. Takes a moment."""
    asked = shutil.which("xdg-mime") if sys.platform.startswith("linux") else None
    if asked is None:
        return ""
    try:
        answer = subprocess.run(
            [asked, "query", "default", kind],
            capture_output=True,
            timeout=ASK_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.decode("utf-8", "replace").strip()


def open_at_page(path: Path, page: int) -> bool:
    """Open a PDF at a page; False when the viewer isn't known to do that. Not for the event
    loop: the desktop is asked first."""
    found = command(default_viewer(), path, page, shutil.which)
    if found is None:
        return False
    try:
        subprocess.Popen(
            found,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True
