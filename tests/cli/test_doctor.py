"""`assistant doctor` finds what is wrong, says how to mend it, and never falls over itself."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from assistant.cli.doctor import command, summary
from assistant.cli.health import contents, machine, surroundings
from assistant.cli.health.finding import Finding, run_checks
from assistant.cli.main import root
from assistant.config import Places, Settings
from assistant.core.errors import ConfigError, StoreError
from assistant.store.conversations import ConversationStore
from index.service import DocumentIndex

JSON = msgspec.json.Decoder(list[Finding])


def only(findings: Iterator[Finding]) -> Finding:
    (finding,) = findings
    return finding


@pytest.fixture
def _no_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    """The native libraries are loaded by a test of their own."""
    monkeypatch.setattr(machine, "NATIVE_MODULES", {})
    monkeypatch.setattr(machine.check_native_modules, "__defaults__", ((),))


@pytest.mark.usefixtures("_no_imports")
def test_missing_models_are_told_with_the_command_that_fetches_them() -> None:
    result = CliRunner().invoke(root, ["doctor"])
    assert result.exit_code == 1
    assert "✗ Model multilingual-e5-small: not here yet" in result.output
    assert "assistant models pull multilingual-e5-small" in result.output
    assert "✓ Conversations: none yet" in result.output


@pytest.mark.usefixtures("_no_imports")
def test_findings_can_be_had_as_json() -> None:
    found = JSON.decode(CliRunner().invoke(root, ["doctor", "--json"]).stdout)
    names = {finding.name for finding in found}
    assert {"Python", "SQLite", "Packages", "Memory", "Locale", "Settings", "Data folder"} <= names
    assert all(finding.remedy for finding in found if finding.level != "ok")


@pytest.mark.usefixtures("_no_imports")
def test_it_works_with_a_broken_configuration(places: Places) -> None:
    places.config_file.parent.mkdir(parents=True)
    places.config_file.write_text("offline = 3\n")
    result = CliRunner().invoke(root, ["doctor"])
    assert result.exit_code == 1
    assert f"✗ Settings: {places.config_file}, line 1: offline can't be 3" in result.output
    assert "Conversations" in result.output


@pytest.mark.usefixtures("_no_imports")
def test_it_changes_nothing(places: Places) -> None:
    CliRunner().invoke(root, ["doctor"])
    assert not places.data.exists()
    assert not places.state.exists()


def test_a_check_that_fails_itself_is_a_finding_and_the_next_one_runs() -> None:
    def broken() -> Iterator[Finding]:
        yield Finding("a", "ok", "begun")
        raise StoreError("The file is gone.", "Find it.")

    def missing() -> Iterator[Finding]:
        raise ImportError("no such library")

    found = list(run_checks([("a", broken), ("b", missing)]))
    assert found == [
        Finding("a", "ok", "begun"),
        Finding("a", "failure", "The file is gone.", "Find it."),
        Finding("b", "failure", "ImportError: no such library"),
    ]


def test_a_library_that_crashes_is_told_and_not_suffered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "crashing.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    (tmp_path / "broken.py").write_text("raise ImportError('libfoo.so not found')")
    (tmp_path / "fine.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    crashing, broken, fine = machine.check_native_modules(["crashing", "broken", "fine"])
    assert crashing.level == broken.level == "failure"
    if sys.platform != "win32":
        assert signal.SIGSEGV.name in crashing.detail
    assert "libfoo.so not found" in broken.detail
    assert crashing.remedy
    assert broken.remedy
    assert fine.level == "ok"


def test_packages_that_are_missing_or_too_old_are_told() -> None:
    missing, old = machine.check_packages(["no-such-package-here>=1", "click<1", "msgspec"])
    assert missing.level == old.level == "failure"
    assert "missing" in missing.detail
    assert 'pip install "click<1"' in old.remedy
    assert only(machine.check_packages(["msgspec"])).level == "ok"


def test_a_damaged_store_is_found_and_left_alone(places: Places) -> None:
    ConversationStore(places.conversations).close()
    assert only(contents.check_conversations(places)).level == "ok"
    places.conversations.write_bytes(b"not a database at all " * 100)
    (finding,) = run_checks([("Conversations", lambda: contents.check_conversations(places))])
    assert finding.level == "failure"
    assert places.conversations.read_bytes().startswith(b"not a database")


def test_collections_are_told_apart_the_broken_from_the_sound(
    places: Places, tmp_path: Path
) -> None:
    settings = Settings()
    assert only(contents.check_documents(places, settings)).detail == "none indexed yet"
    readable, broken = tmp_path / "a.txt", tmp_path / "b.pdf"
    readable.write_text("The train leaves at nine.")
    broken.write_bytes(b"no pdf")
    documents = DocumentIndex(places.indexes, settings.index, contents._no_embedder)
    list(documents.add([readable, broken], "papers", lambda: False))
    list(documents.add([readable], "sound", lambda: False))
    papers, sound = contents.check_documents(places, settings)
    assert (papers.level, papers.detail) == ("warning", "2 files, 1 of them could not be read")
    assert (sound.level, sound.detail) == ("ok", "1 files")

    for file in (places.indexes / "sound").iterdir():
        file.write_bytes(b"damage " * 2000)
    papers, sound = contents.check_documents(places, settings)
    assert (papers.level, sound.level) == ("warning", "failure")


def test_why_settings_can_not_be_used_is_told(places: Places) -> None:
    refusal = ConfigError("There is no file x.", "Correct --config.")
    finding = only(contents.check_config(places, {}, refusal))
    assert (finding.level, finding.remedy) == ("failure", "Correct --config.")
    assert only(contents.check_config(places, {}, None)).level == "ok"


def test_offline_mode_is_told() -> None:
    assert "blocked" in only(contents.check_offline(Settings(offline=True))).detail


def test_folders_are_checked_before_they_exist(places: Places) -> None:
    found = list(surroundings.check_folders(places))
    assert [finding.level for finding in found] == ["ok"] * 3 or "free" in found[0].detail
    assert not places.data.exists()


def test_a_file_in_a_folders_place_is_told(places: Places) -> None:
    places.data.parent.mkdir(parents=True)
    places.data.touch()
    data = next(iter(surroundings.check_folders(places)))
    assert data.level == "failure"
    assert "no folder" in data.detail


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_folder_open_to_others_is_told(places: Places) -> None:
    places.data.mkdir(parents=True)
    places.data.chmod(0o755)
    data = next(iter(surroundings.check_folders(places)))
    assert data.level == "warning"
    assert "chmod 700" in data.remedy


@pytest.mark.parametrize(
    ("environ", "level"),
    [
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "ok"),
        ({"TERM": "xterm-256color"}, "ok"),
        ({"TERM": "xterm", "NO_COLOR": ""}, "ok"),
        ({"TERM": "dumb"}, "failure"),
    ],
)
def test_colours_are_judged_by_the_environment(environ: dict[str, str], level: str) -> None:
    assert surroundings._colours(environ).level == level


def test_the_last_line_counts() -> None:
    ok, bad = Finding("a", "ok", ""), Finding("b", "failure", "", "do")
    assert summary([ok]) == "Everything is in order."
    assert summary([ok, bad, bad, Finding("c", "warning", "", "do")]) == "2 to mend, 1 to know of."


def test_names_from_outside_can_not_carry_escape_sequences(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from assistant.cli.doctor import write

    write(Finding("x", "failure", "\x1b[2Jfile", "\x1b]0;t\x07do"))
    assert "\x1b" not in capsys.readouterr().out
    assert command.name
