"""`assistant describe`, on stand-ins for the models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from assistant.cli import describe
from assistant.cli.context import Context
from assistant.cli.looking import tell_progress
from assistant.config import Settings, find_places
from assistant.core.errors import DocumentError
from assistant.core.events import Event, TextDelta
from assistant.core.skills import SkillRequest
from skills.describe import DescribeSkill
from tests.skills.describing import skill
from tests.skills.test_describe_answers import FakeCaptioner


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    def made(_context: Context, out: Path | None) -> DescribeSkill:
        return skill(folder=out or tmp_path / "pictures")

    monkeypatch.setattr(describe, "_skill", made)
    return Context(Settings(), find_places({"HOME": str(tmp_path)}))


def run(context: Context, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(describe.command, arguments, obj=context)
    return result.exit_code, result.stdout, result.stderr


def test_it_says_what_an_image_shows(context: Context) -> None:
    status, said, _ = run(context, "a.jpg")
    assert status == 0
    assert said.startswith("Most likely a tabby cat (62%)")


def test_labels_of_ones_own_and_the_language_come_from_flags(context: Context) -> None:
    _, said, _ = run(context, "a.jpg", "--labels", "dog, cat", "--to", "zh")
    assert said.startswith("在你给出的说法里，“cat”（100%）最符合。最可能是虎斑猫")


def test_the_reason_is_drawn_into_a_folder(context: Context, tmp_path: Path) -> None:
    out = tmp_path / "maps"
    status, said, _ = run(context, "a.jpg", "--why", "cat", "--out", str(out))
    assert status == 0
    assert f"▣ {out / 'a-why.png'}" in said
    with Image.open(out / "a-why.png") as drawn:
        assert np.asarray(drawn).shape == (30, 40, 3)


def test_a_second_map_of_an_image_is_named_too(context: Context, tmp_path: Path) -> None:
    out = str(tmp_path / "maps")
    run(context, "a.jpg", "--why", "cat", "--out", out)
    _, said, _ = run(context, "a.jpg", "--why", "cat", "--out", out)
    assert f"▣ {tmp_path / 'maps' / 'a-why-2.png'}" in said


def test_chinese_people_are_told_in_chinese(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_LANG", "zh")
    _, said, told = run(context, "a.jpg", "missing.jpg")
    assert "最可能是虎斑猫（62%）" in said
    assert "missing.jpg" in told
    assert "There is no file" not in told
    assert run(context, "a.jpg", "--ask", "what is it?")[1].startswith("Most likely")


def test_the_reason_of_the_first_label_needs_no_name(context: Context) -> None:
    _, said, _ = run(context, "a.jpg", "--why")
    assert "“tabby cat” (62%)" in said


def test_json_holds_labels_and_their_model(context: Context) -> None:
    _, said, _ = run(context, "a.jpg", "--json")
    found = json.loads(said)
    assert found["path"] == "a.jpg"
    assert found["labels"][0] == {"label": "tabby", "score": 0.62}
    assert found["model"] == "fake-labeler"
    assert found["picture"] is None


def test_an_image_that_cannot_be_read_is_told_and_the_others_go_on(context: Context) -> None:
    status, said, told = run(context, "a.jpg", "missing.jpg", "c.jpg")
    assert status == 1
    assert "There is no file missing.jpg" in told
    assert "c.jpg\nMost likely" in said


def test_no_image_is_a_usage_error(context: Context) -> None:
    status, _, told = run(context)
    assert status == 2
    assert "Missing argument" in told


def test_what_a_model_writes_is_printed_as_it_comes(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []

    def echo(text: str = "", **_: object) -> None:
        printed.append(text)

    monkeypatch.setattr(describe, "_skill", lambda *_: skill(captioner=FakeCaptioner()))
    monkeypatch.setattr("click.echo", echo)
    CliRunner().invoke(describe.command, ["a.jpg"], obj=context)
    assert printed[:3] == ["fake-captioner says: “a", " dog", " on"]


@pytest.mark.parametrize(
    ("screen", "total", "said"),
    [(False, 3, ["image 2 of 3"]), (True, 3, []), (False, 1, [])],
)
def test_how_far_a_run_is_shows_where_its_results_go_elsewhere(
    monkeypatch: pytest.MonkeyPatch, screen: bool, total: int, said: list[str]
) -> None:
    told: list[str] = []
    streams = SimpleNamespace(
        stderr=SimpleNamespace(isatty=lambda: True), stdout=SimpleNamespace(isatty=lambda: screen)
    )
    monkeypatch.setattr("assistant.cli.looking.sys", streams)
    monkeypatch.setattr("assistant.cli.looking.say", lambda text, **_: told.append(text))
    tell_progress("image", 2, total)
    assert told == said


class Broken:
    """Says something, and then can't go on."""

    def run(self, _request: SkillRequest) -> Iterator[Event]:
        yield TextDelta("Most likely")
        raise DocumentError("The image is damaged.", "Save it anew.")


def test_an_error_in_the_middle_of_a_text_begins_a_line_of_its_own(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(describe, "_skill", lambda *_: Broken())
    result = CliRunner().invoke(describe.command, ["a.jpg"], obj=context)
    assert result.exit_code == 1
    assert result.output == "Most likely\nThe image is damaged. Save it anew.\n"
