"""Checks of what the program runs in: the terminal, the locale, the folders."""

from __future__ import annotations

import locale
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from assistant.cli.health.finding import Finding
from assistant.cli.health.machine import gigabytes
from assistant.config import Places

LEAST_COLUMNS, LEAST_ROWS = 60, 16
SCARCE_BYTES = 1024**3
"""The embedded models take about 0.5 GB while they are fetched."""


def check_terminal(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Whether the chat can be drawn here, and how well."""
    if not all(s is not None and s.isatty() for s in (sys.stdin, sys.stdout)):
        yield Finding("Terminal", "ok", "none here (a pipe or a job); the chat needs one")
        return
    columns, rows = shutil.get_terminal_size()
    small = columns < LEAST_COLUMNS or rows < LEAST_ROWS
    kind = environ.get("TERM_PROGRAM") or environ.get("TERM") or "unknown"
    inside = [name for name, mark in {"tmux": "TMUX", "ssh": "SSH_TTY"}.items() if mark in environ]
    within = f", in {' in '.join(inside)}" if inside else ""
    yield Finding(
        "Terminal",
        "warning" if small else "ok",
        f"{kind}, {columns} × {rows}{within}",
        f"The chat reads best from {LEAST_COLUMNS} × {LEAST_ROWS}; widen it." if small else "",
    )
    yield _colours(environ)


def check_locale() -> Iterator[Finding]:
    """Whether every language can be shown."""
    encoding = locale.getpreferredencoding(False)
    printed = sys.stdout.encoding if sys.stdout is not None else ""
    unicode = "utf" in encoding.lower().replace("-", "")
    language = locale.getlocale()[0] or "C"
    yield Finding(
        "Locale",
        "ok" if unicode else "warning",
        f"{language}, {encoding} (printed as {printed})",
        "" if unicode else "Choose a UTF-8 locale, such as LANG=C.UTF-8.",
    )


def check_folders(places: Places) -> Iterator[Finding]:
    """Each folder can be written, or made, and has space."""
    folders = {"Data": places.data, "Models": places.models, "Logs": places.state}
    for name, folder in folders.items():
        yield _folder(f"{name} folder", folder)


def _colours(environ: Mapping[str, str]) -> Finding:
    if "NO_COLOR" in environ:
        return Finding("Colours", "ok", "off (NO_COLOR)")
    if environ.get("TERM") == "dumb":
        return Finding("Colours", "failure", "TERM is dumb", "Use another terminal for the chat.")
    if environ.get("COLORTERM") in {"truecolor", "24bit"} or sys.platform == "win32":
        return Finding("Colours", "ok", "16 million")
    if "256" in environ.get("TERM", ""):
        return Finding("Colours", "ok", "256")
    return Finding(
        "Colours", "warning", "few", "If the terminal has more, set COLORTERM=truecolor."
    )


def _folder(name: str, folder: Path) -> Finding:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not existing.is_dir():
        return Finding(name, "failure", f"{existing} is no folder", "Move that file away.")
    try:
        with tempfile.TemporaryFile(dir=existing):
            free = shutil.disk_usage(existing).free
    except OSError as error:
        remedy = "Correct its permissions, or name another folder (ASSISTANT_…_DIR)."
        return Finding(name, "failure", f"{folder} can't be written: {error.strerror}", remedy)
    shared = os.name == "posix" and folder.exists() and folder.stat().st_mode & 0o077
    detail = f"{folder}, {gigabytes(free)} free"
    if free < SCARCE_BYTES:
        return Finding(name, "warning", detail, "Free some space before fetching models.")
    if shared and name != "Models folder":
        return Finding(
            name, "warning", f"{detail}; others may look into it", f'Close it: chmod 700 "{folder}"'
        )
    return Finding(name, "ok", detail)
