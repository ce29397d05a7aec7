"""Every failure of a command becomes a fact, a remedy and a status."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from assistant.cli.lazy_group import CommandEntry
from assistant.cli.main import Root
from assistant.cli.reporting import MAX_LOG_BYTES, write_log
from assistant.config import Places
from assistant.core.errors import ModelError, UsageError


def outcome(error: BaseException, *arguments: str) -> Result:
    """What the top command makes of an error raised by a command."""

    @click.command()
    def failing() -> None:
        raise error

    class Top(Root):
        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
            return failing

    @click.command(cls=Top, entries={"failing": CommandEntry("nowhere", "")})
    @click.option("-v", "--verbose", is_flag=True)
    def top(verbose: bool) -> None:
        pass

    return CliRunner().invoke(top, [*arguments, "failing"])


def test_an_error_is_told_as_fact_and_remedy() -> None:
    result = outcome(ModelError("The model is absent.", "Fetch it."))
    assert result.exit_code == 1
    assert result.stderr == "Error: The model is absent.\nFetch it.\n"
    assert result.stdout == ""


def test_misuse_has_a_status_of_its_own() -> None:
    assert outcome(UsageError("Not both.")).exit_code == 2


def test_escape_sequences_in_an_error_do_not_reach_the_terminal() -> None:
    result = outcome(ModelError("No \x1b[2Jmodel.", "\x1b]0;x\x07Look."))
    assert result.stderr == "Error: No model.\nLook.\n"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_an_interruption_is_quiet(error: BaseException) -> None:
    result = outcome(error)
    assert result.exit_code == 130
    assert result.output == ""


def test_a_full_disk_is_no_fault_of_the_program() -> None:
    result = outcome(OSError(errno.ENOSPC, "No space left on device"))
    assert result.exit_code == 1
    assert "no space left" in result.stderr


def test_a_fault_is_one_line_and_its_details_are_logged(places: Places) -> None:
    result = outcome(ZeroDivisionError("division\nby zero"))
    assert result.exit_code == 70
    assert "a fault of its own: ZeroDivisionError: division by zero\n" in result.stderr
    assert str(places.error_log) in result.stderr
    assert "Traceback" not in result.stderr
    logged = places.error_log.read_text(encoding="utf-8")
    assert "Traceback" in logged
    assert "ZeroDivisionError" in logged


def test_verbose_shows_the_details_of_a_fault() -> None:
    result = outcome(ZeroDivisionError(), "--verbose")
    assert result.exit_code == 70
    assert "Traceback" in result.stderr


def test_details_that_can_not_be_logged_are_shown(places: Places) -> None:
    places.state.parent.mkdir(parents=True)
    places.state.write_text("in the way")
    result = outcome(ZeroDivisionError())
    assert result.exit_code == 70
    assert "could not be saved" in result.stderr
    assert "Traceback" in result.stderr


def test_other_statuses_pass() -> None:
    assert outcome(click.exceptions.Exit(7)).exit_code == 7


def test_the_log_is_private_and_kept_short(tmp_path: Path) -> None:
    log = tmp_path / "state" / "errors.log"
    write_log(log, "first")
    if os.name == "posix":
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
    write_log(log, "x" * MAX_LOG_BYTES)
    write_log(log, "last \udcff")
    assert "last" in log.read_text(encoding="utf-8")
    assert "first" in (tmp_path / "state" / "errors.log.1").read_text(encoding="utf-8")
    assert log.stat().st_size < 1000
