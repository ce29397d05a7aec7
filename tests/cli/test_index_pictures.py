"""Pictures from the command line to the answer, with a real CLIP as small as one can be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from assistant.cli.ask import command as ask
from assistant.cli.batch import command as batch
from assistant.cli.context import Context
from assistant.cli.index.group import command as index
from assistant.config import Settings
from assistant.config.places import PLACE_VARIABLES, find_places
from assistant.config.settings import DescribeSettings
from assistant.models.clip_encoder import ClipEncoder
from skills.finding.spaces import EncoderSpace
from tests.index.picturing import coloured, save
from tests.models.test_clip_encoder import save_tiny_clip


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clip")
    save_tiny_clip(folder)
    return folder


@pytest.fixture(scope="module")
def context(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    home = str(tmp_path_factory.mktemp("home"))
    places = find_places(dict.fromkeys(PLACE_VARIABLES, home))
    models: dict[str, Any] = {"eyes": {"role": "clip", "source": f"path:{weights}"}}
    settings = Settings(models=models, describe=DescribeSettings(clip_model="eyes"))
    return Context(settings, places)


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory, context: Context) -> Path:
    """Three pictures in a collection: of 2022, of 2023, and a smaller one of the latter."""
    folder = tmp_path_factory.mktemp("album")
    save(coloured("red"), folder / "red.jpg", "2022:05:01 10:00:00", (52, 13))
    green = coloured("green", 3)
    save(green, folder / "green.jpg", "2023:06:01 10:00:00")
    save(green.resize((160, 120)), folder / "small.jpg", "2023:06:02 10:00:00")
    status, _ = run(context, "add", str(folder))
    assert status == 0
    return folder


def run(context: Context, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(index, arguments, obj=context)
    return result.exit_code, result.stdout


def found(context: Context, *arguments: str) -> dict[str, Any]:
    status, said = run(context, "pictures", *arguments, "--json")
    assert status == 0
    answer: dict[str, Any] = json.loads(said)
    return answer


def names(answer: dict[str, Any]) -> list[str]:
    return [Path(picture["path"]).name for picture in answer["pictures"]]


@pytest.mark.usefixtures("album")
def test_pictures_are_found_by_day(context: Context) -> None:
    answer = found(context, "--after", "2023", "--before", "2023-06-01")
    assert names(answer) == ["green.jpg"]
    assert (answer["matching"], answer["searched"]) == (1, 1)


@pytest.mark.usefixtures("album")
def test_scores_are_those_of_the_encoder(context: Context, weights: Path) -> None:
    answer = found(context, "dog")
    space = EncoderSpace("eyes", lambda: ClipEncoder(weights, name="eyes", device="cpu"))
    query = space.showing("dog")
    shown = {Path(p["path"]).name: p["score"] for p in answer["pictures"]}
    for name, score in shown.items():
        with Image.open(Path(answer["pictures"][0]["path"]).parent / name) as image:
            (exact,) = query.scores(space.encode([np.asarray(image)]))
        assert score == pytest.approx(float(exact), abs=0.02)
        assert score >= query.least
    assert answer["matching"] == len(shown)


def test_pictures_like_another_one(context: Context, album: Path) -> None:
    assert "small.jpg" in names(found(context, "--like", str(album / "green.jpg")))


@pytest.mark.usefixtures("album")
def test_near_duplicates_are_listed_and_stay(context: Context, album: Path) -> None:
    status, said = run(context, "duplicates")
    assert status == 0
    assert said.splitlines()[0] == "2 nearly the same:"
    assert {Path(line.strip()).name for line in said.splitlines()[1:]} == {"green.jpg", "small.jpg"}
    assert (album / "small.jpg").exists()
    result = CliRunner().invoke(index, ["duplicates"], obj=context)
    assert result.stderr == "1 group; 1 picture is a copy of another one.\n"


@pytest.mark.usefixtures("album")
def test_the_list_of_collections_counts_pictures(context: Context) -> None:
    status, said = run(context, "list", "--json")
    assert status == 0
    assert json.loads(said)[0]["pictures"] == 3


def test_a_batch_tells_pictures_and_keeps_places_to_itself(context: Context, album: Path) -> None:
    line = json.dumps({"text": "show me photos from 2022", "skill": "find"})
    result = CliRunner().invoke(batch, input=line, obj=context)
    answer = json.loads(result.stdout)
    assert answer["error"] is None
    assert [Path(p["path"]).name for p in answer["pictures"]] == ["red.jpg"]
    assert "2022-05-01" in answer["pictures"][0]["caption"]
    del answer["timings"]  # any number may be in these, or in the name of a folder
    assert "52.0" not in json.dumps(answer, ensure_ascii=False).replace(str(album), "")


def test_where_a_picture_was_taken_is_told_when_asked(context: Context, album: Path) -> None:
    arguments = ("--skill", "find", "-i", str(album / "red.jpg"), "where was this taken?")
    result = CliRunner().invoke(ask, arguments, obj=context)
    assert "52.00000° N, 13.00000° E" in result.stdout


def test_without_a_collection_nothing_is_found_and_duplicates_say_why(context: Context) -> None:
    assert found(context, "dog", "-c", "none")["pictures"] == []
    assert CliRunner().invoke(index, ["duplicates", "-c", "none"], obj=context).exit_code != 0


def test_a_day_that_is_none_is_refused(context: Context) -> None:
    assert CliRunner().invoke(index, ["pictures", "--after", "soon"], obj=context).exit_code != 0
