"""Opens files for a person: an editor at a line, or the system's own viewer."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

_DEFAULT_EDITORS = ("nano", "vim", "vi", "notepad")
_TEXT_SUFFIXES = frozenset(
    {".txt", ".md", ".markdown", ".rst", ".org", ".tex", ".csv", ".tsv", ".json", ".jsonl"}
    | {".toml", ".yaml", ".yml", ".xml", ".ini", ".cfg", ".log", ".py", ".js", ".ts", ".c"}
    | {".h", ".cpp", ".hpp", ".rs", ".go", ".java", ".kt", ".sh", ".sql", ".css"}
)
_LINE_FLAG_EDITORS = frozenset({"code", "codium", "cursor"})
"""These take `-g FILE:LINE`; the others here take `+LINE FILE`."""
_COLON_EDITORS = frozenset({"hx", "helix", "subl", "zed"})


def editor(environ: Mapping[str, str]) -> list[str] | None:
    """The person's editor ($VISUAL, $EDITOR, or one that is there) as an argument list."""
    named = environ.get("VISUAL") or environ.get("EDITOR")
    if named:
        return _words(named) or None
    found = next((path for name in _DEFAULT_EDITORS if (path := shutil.which(name))), None)
    return [found] if found else None


def _words(command: str) -> list[str]:
    """As a shell would read it; where its quotes don't match, whole: starting that fails, and
    the failure names it."""
    try:
        return shlex.split(command, posix=os.name != "nt")
    except ValueError:
        return [command]


def at_line(command: list[str], path: Path, line: int | None) -> list[str]:
    """The arguments that open a file at a line, as far as the editor can."""
    name = Path(command[0]).stem.lower()
    if line is None or name == "notepad":
        return [*command, str(path)]
    if name in _LINE_FLAG_EDITORS:
        return [*command, "-g", f"{path}:{line}"]
    if name in _COLON_EDITORS:
        return [*command, f"{path}:{line}"]
    return [*command, f"+{line}", str(path)]


def is_text(path: Path) -> bool:
    """Whether an editor is the right program for it."""
    return path.suffix.lower() in _TEXT_SUFFIXES


def view(path: Path) -> bool:
    """Open a file with the system's viewer, without waiting; False when there is none."""
    if sys.platform == "win32":
        os.startfile(path)  # noqa: S606 - the person asked for this file
        return True
    opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    if opener is None:
        return False
    try:
        subprocess.Popen(
            [opener, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True


def edited(text: str, command: list[str]) -> str:
    """The text after a person edited it; blocks until the editor ends.

    Raises:
        OSError: the editor can't be started or the file can't be read back.
    """
    with tempfile.TemporaryDirectory(prefix="assistant-") as folder:
        file = Path(folder) / "prompt.md"
        file.write_text(text, encoding="utf-8")
        subprocess.run([*command, str(file)], check=False)
        return file.read_text(encoding="utf-8", errors="replace").rstrip("\n")


def run(command: list[str]) -> None:
    """Run a program that takes over the terminal, until it ends.

    Raises:
        OSError: it can't be started.
    """
    subprocess.run(command, check=False)
