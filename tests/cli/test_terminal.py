"""The chat asks for a terminal, output for an encoding, a picture for a size."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from assistant.cli import screenshot
from assistant.cli.chat import is_plain, require_terminal
from assistant.cli.context import Context
from assistant.cli.streams import prepare_streams
from assistant.config import Places, Settings
from assistant.core.errors import UsageError


def test_a_pipe_is_no_place_for_the_chat() -> None:
    with pytest.raises(UsageError, match="needs a terminal") as caught:
        require_terminal(is_terminal=False)
    assert "assistant ask" in caught.value.hint
    require_terminal(is_terminal=True)


@pytest.mark.parametrize(
    ("environ", "stdin", "stdout", "expected"),
    [
        ({"TERM": "dumb"}, True, True, True),
        ({"TERM": "xterm"}, True, False, True),
        ({"TERM": "xterm"}, True, True, False),
        ({}, True, True, False),
        ({"TERM": "dumb"}, False, True, False),
        ({"TERM": "xterm"}, False, False, False),
    ],
)
def test_the_chat_goes_line_by_line_where_nothing_can_be_drawn(
    environ: dict[str, str], stdin: bool, stdout: bool, expected: bool
) -> None:
    assert is_plain(environ, stdin, stdout) == expected


@pytest.mark.parametrize(
    ("encoding", "environ", "platform", "expected"),
    [
        ("ascii", {}, "linux", "utf-8"),
        ("cp1252", {}, "win32", "utf-8"),
        ("latin-1", {}, "linux", "latin-1"),
        ("utf-8", {}, "linux", "utf-8"),
        ("ascii", {"PYTHONIOENCODING": "ascii"}, "linux", "ascii"),
    ],
)
def test_output_can_hold_any_text(
    monkeypatch: pytest.MonkeyPatch,
    encoding: str,
    environ: dict[str, str],
    platform: str,
    expected: str,
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, stream)
    prepare_streams(environ, platform)
    assert stream.encoding == expected
    if platform != "win32":
        stream.write("你好 \udcff")
        stream.flush()


def test_streams_that_are_closed_or_replaced_are_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    prepare_streams({}, "win32")


@pytest.mark.parametrize("size", ["120", "0x0", "10x36", "9999x36", "axb", "-1x36"])
def test_a_size_that_is_none_is_refused(size: str) -> None:
    with pytest.raises(click.BadParameter, match="120x36"):
        screenshot.Size().convert(size, None, None)


def test_a_picture_is_taken_at_the_size_and_in_the_theme_asked_for(
    monkeypatch: pytest.MonkeyPatch, places: Places, tmp_path: Path
) -> None:
    taken: dict[str, Any] = {}

    async def take(settings: Settings, places: Places, **options: Any) -> None:
        taken.update(options)

    monkeypatch.setattr("assistant.tui.screenshot.screenshot", take)
    out = tmp_path / "chat.svg"
    result = CliRunner().invoke(
        screenshot.command,
        [str(out), "--size", "80x24"],
        obj=Context(Settings(), places),
        catch_exceptions=False,
    )
    assert result.output == f"{out}\n"
    assert taken == {"size": (80, 24), "theme": "ink", "out": out}


def test_a_picture_needs_a_folder_to_go_to(places: Places, tmp_path: Path) -> None:
    result = CliRunner().invoke(
        screenshot.command, [str(tmp_path / "no" / "x.svg")], obj=Context(Settings(), places)
    )
    assert isinstance(result.exception, UsageError)
    assert "no folder" in result.exception.message
