"""`assistant route`: a choice, why, corrections, and whether they hurt."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from assistant.cli.context import Context
from assistant.cli.route import command as route
from assistant.config import Places, Settings
from assistant.core.errors import UsageError
from assistant.core.skills import Kind, SkillCard
from assistant.routing.corrections import CorrectionFile
from assistant.routing.router import SkillRouter
from tests.fakes import HashingEmbedder

TEXT: frozenset[Kind] = frozenset({"text"})
CARDS = [
    SkillCard("weather", "", TEXT, TEXT, {"en": ("will it rain", "rain tomorrow", "is it windy")}),
    SkillCard("music", "", TEXT, TEXT, {"en": ("play a song", "play jazz", "next song please")}),
]


class Bench:
    def __init__(self, places: Places, router: SkillRouter) -> None:
        self._context = Context(Settings(), places)
        self.router = router

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(route, arguments, obj=self._context)


@pytest.fixture
def bench(places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    router = SkillRouter(
        HashingEmbedder, CARDS, lambda _: False, None, tmp_path, CorrectionFile(places.corrections)
    )
    monkeypatch.setattr("assistant.engine.wiring.build", lambda *_: SimpleNamespace(router=router))
    return Bench(places, router)


def test_a_message_is_routed_on_one_line(bench: Bench) -> None:
    result = bench.run("play", "another", "song")
    assert result.exit_code == 0
    assert result.stdout.startswith("music  ")
    assert len(result.stdout.splitlines()) == 1


def test_why_shows_examples_and_the_lead(bench: Bench) -> None:
    shown = bench.run("--why", "is it a rain song?").stdout
    assert "lead over the next" in shown
    assert "a question: is" in shown
    assert "play a song" in shown


def test_json_is_one_object_with_everything(bench: Bench) -> None:
    found = json.loads(bench.run("play a song", "--json", "--why").stdout)
    assert found["skill"] == "music"
    assert found["unsure"] is False
    assert found["why"]["neighbours"][0]["text"] == "play a song"


def test_a_correction_is_taught_listed_and_undone(bench: Bench) -> None:
    assert bench.run("play a song").stdout.startswith("music")
    assert "is for weather" in bench.run("teach", "play a song", "weather").stdout
    assert bench.run("play a song").stdout.startswith("weather  100%  you corrected")
    assert "weather" in bench.run("corrections").stdout
    assert "was for weather" in bench.run("undo").stdout
    assert bench.run("play a song").stdout.startswith("music")
    assert bench.run("corrections").stdout == ""


def test_broken_lines_of_the_file_are_told(bench: Bench, places: Places) -> None:
    places.data.mkdir(parents=True)
    places.corrections.write_text("nonsense\x1b[31m\n", "utf-8")
    result = bench.run("corrections")
    assert "Not read, line 1" in result.stderr
    assert "\x1b" not in result.stderr


def test_a_skill_that_is_not_there_is_refused_with_those_that_are(bench: Bench) -> None:
    result = bench.run("teach", "play a song", "chess")
    assert isinstance(result.exception, UsageError)
    assert result.exception.hint == "The skills are: music, weather."


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("more.tsv", "skill\tlanguage\ttext\nmusic\ten\tplay it again\n"),
        ("more.jsonl", '{"text": "play it again", "skill": "music"}\n'),
    ],
)
def test_corrections_are_judged_on_a_file(
    bench: Bench, tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    bench.run("teach", "next one", "music")
    result = bench.run("test", str(tmp_path / name))
    assert result.exit_code == 0
    assert "examples held out" in result.stdout
    assert "The corrections do no harm." in result.stdout


def test_corrections_that_hurt_are_named_and_the_status_is_1(bench: Bench, tmp_path: Path) -> None:
    lines = [f'{{"text": "play a song {i}", "skill": "music"}}' for i in range(30)]
    (tmp_path / "more.jsonl").write_text("\n".join(lines), "utf-8")
    for i in range(6):
        bench.run("teach", f"play a song {i}", "weather")
    result = bench.run("test", str(tmp_path / "more.jsonl"))
    assert "worse" in result.stdout
    assert "The corrections hurt: " in result.stdout
    assert result.exit_code == 1


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"text": 1, "skill": "a"}', b"[]"])
def test_a_file_that_is_none_is_refused(bench: Bench, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "more.jsonl"
    path.write_bytes(content)
    assert isinstance(bench.run("test", str(path)).exception, UsageError)
    assert isinstance(bench.run("test", str(tmp_path / "gone")).exception, UsageError)
