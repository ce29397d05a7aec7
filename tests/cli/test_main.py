"""The command line as a whole: help, exit statuses, and what is said when something is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from assistant.cli.main import COMMANDS, root
from assistant.config import Places


def run(*arguments: str, text: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, as a shell starts it without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **variables},
        timeout=120,
        check=False,
    )


def write_config(places: Places, text: str) -> Path:
    places.config_file.parent.mkdir(parents=True, exist_ok=True)
    places.config_file.write_text(text, encoding="utf-8")
    return places.config_file


def test_help_names_every_command() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert done.stderr == ""
    for name, entry in COMMANDS.items():
        assert f"  {name} " in done.stdout
        assert entry.summary in done.stdout


def test_every_command_of_the_table_can_be_imported_and_has_help() -> None:
    for name, entry in COMMANDS.items():
        command = import_module(entry.module).command
        assert isinstance(command, click.Command), name
        result = CliRunner().invoke(root, [name, "--help"])
        assert result.exit_code == 0, result.output


def test_the_version_is_the_packages() -> None:
    result = CliRunner().invoke(root, ["--version"])
    assert result.exit_code == 0
    assert result.output.startswith("assistant 0.")


def test_an_unknown_command_is_a_usage_error_with_the_nearest_one() -> None:
    done = run("modles", "list")
    assert done.returncode == 2
    assert done.stdout == ""
    assert 'There is no command "modles"' in done.stderr
    assert "assistant models" in done.stderr


def test_a_question_without_ask_is_shown_the_way() -> None:
    assert 'assistant ask "…"' in run("what is a train?").stderr


def test_an_unknown_option_is_a_usage_error() -> None:
    assert run("--ofline").returncode == 2


@pytest.mark.parametrize("arguments", [(), ("chat",)])
def test_without_a_terminal_the_chat_says_what_to_do_instead(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr
    assert "assistant ask" in done.stderr


def test_a_broken_configuration_stops_a_command_and_says_where(places: Places) -> None:
    file = write_config(places, "[generate]\ntemperature = 9\n")
    done = run("config", "show")
    assert done.returncode == 1
    assert f"Error: {file}, line 2: generate.temperature can't be 9" in done.stderr
    assert "from 0 to 2" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("config", "path"), ("config", "show", "-h")])
def test_a_broken_configuration_does_not_stop_help_and_repair(
    places: Places, arguments: tuple[str, ...]
) -> None:
    write_config(places, "[[[")
    result = CliRunner().invoke(root, [*arguments])
    assert result.exit_code == 0, result.output


def test_verbose_shows_the_traceback_of_an_error(places: Places) -> None:
    write_config(places, "[[[")
    done = run("-v", "config", "show")
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "this is not TOML" in done.stderr


def test_a_named_configuration_file_is_used_also_by_child_processes(tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text('[ui]\ntheme = "nord"\n')
    before = os.environ["ASSISTANT_CONFIG"]
    seen: list[str] = []

    @click.command()
    def probe() -> None:
        seen.append(os.environ["ASSISTANT_CONFIG"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(root, "get_command", lambda *_: probe)
        assert CliRunner().invoke(root, ["--config", str(file), "config"]).exit_code == 0
    assert seen == [str(file)]
    assert os.environ["ASSISTANT_CONFIG"] == before
    shown = CliRunner().invoke(root, ["--config", str(file), "config", "show"])
    assert 'theme = "nord"  # other.toml' in shown.output


def test_a_named_configuration_file_must_exist(tmp_path: Path) -> None:
    done = CliRunner().invoke(root, ["--config", str(tmp_path / "no.toml"), "config", "show"])
    assert done.exit_code == 1
    assert "There is no file" in done.output


def test_offline_on_the_command_line_closes_the_network(tmp_path: Path) -> None:
    code = (
        "import socket, sys; from assistant.cli.main import root; import click\n"
        "@click.command()\n"
        "@click.pass_obj\n"
        "def probe(context):\n"
        "    assert context.settings.offline\n"
        "    socket.create_connection(('127.0.0.1', 9))\n"
        "root.get_command = lambda *_: probe\n"
        "root.main(['--offline', 'config'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "while offline is on" in done.stderr


def test_output_nobody_reads_ends_quietly(places: Places) -> None:
    write_config(places, f'[generate]\nsystem = "{"long " * 50_000}"\n')
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "config", "show"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 141
    assert errors == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_output_that_can_not_be_written_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "assistant", "config", "path"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 1
    assert "No space left" in done.stderr or "no space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_any_language_is_printed_in_the_c_locale(places: Places) -> None:
    write_config(places, '[generate]\nsystem = "你好"\n')
    done = run("config", "show", LC_ALL="C", LANG="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    assert "你好" in done.stdout
