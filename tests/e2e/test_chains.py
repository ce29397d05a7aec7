"""Messages that need several skills, offline, with the real models."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image, ImageDraw

from tests.e2e.conftest import Run
from tests.e2e.test_command_line import FACTS

MINUTES = (
    "The council met on Monday to decide about the old bridge. Several members were late. "
    "The council decided to build a new bridge of steel. Coffee was served in the break. "
    "Work on the new bridge begins in May."
)


def test_a_text_is_summarised_and_the_summary_translated(assistant: Run) -> None:
    asked = "summarise this in two sentences and translate it into Portuguese"
    result = assistant("ask", asked, stdin=MINUTES)
    assert result.returncode == 0, result.stderr
    assert "Plan: 1 summarise → 2 translate (pt)" in result.stderr
    assert "bridge" in result.stderr
    assert "ponte" in result.stdout
    assert "bridge" not in result.stdout


def test_quotes_of_documents_are_translated_and_keep_their_sources(
    assistant: Run, tmp_path: Path
) -> None:
    (tmp_path / "arkholm.md").write_text(FACTS, encoding="utf-8")
    assistant("index", "add", tmp_path / "arkholm.md")
    asked = "find in my documents who built the lighthouse and translate it into Portuguese"
    answer = json.loads(assistant("ask", "--json", asked).stdout)
    assert answer["chain"] == ["qa", "translate"]
    assert "Marta Lindqvist" in answer["sources"][0]["quote"]
    assert "farol" in answer["text"].lower()
    assert [step["skill"] for step in answer["steps"]] == ["qa", "translate"]
    assert "Marta Lindqvist" in answer["steps"][0]["text"]


def test_a_picture_is_described_in_a_language_that_can_be_translated(
    assistant: Run, tmp_path: Path
) -> None:
    picture = Image.new("RGB", (640, 240), "white")
    ImageDraw.Draw(picture).text((40, 80), "THE MUSEUM IS CLOSED", fill="black", font_size=44)
    picture.save(tmp_path / "sign.png")
    line = {"text": "读出图片里的文字，然后翻译成葡萄牙语", "images": [str(tmp_path / "sign.png")]}
    answer = json.loads(assistant("batch", stdin=json.dumps(line)).stdout)
    assert answer["chain"] == ["describe", "translate"]
    assert "museu" in answer["text"].lower()


def test_a_plan_that_cannot_work_says_why_and_what_would_help(assistant: Run) -> None:
    result = assistant("ask", "describe this picture and put it into Portuguese")
    assert result.returncode == 1
    assert result.stdout == ""
    assert "no image" in result.stderr
    assert "Attach one" in result.stderr
    line = {"text": "summarise this and translate it into German: It rains.", "route_only": True}
    answer = json.loads(assistant("batch", stdin=json.dumps(line)).stdout)
    assert answer["chain"] == ["summarise", "translate"]
    assert answer["error"] is None
    assert "assistant models pull" in answer["obstacle"]["hint"]


def test_an_indexed_file_is_summarised_by_its_name(assistant: Run, tmp_path: Path) -> None:
    (tmp_path / "arkholm.md").write_text(FACTS, encoding="utf-8")
    assistant("index", "add", tmp_path / "arkholm.md")
    answer = json.loads(assistant("ask", "--json", "summarise arkholm.md in one sentence").stdout)
    assert answer["skill"] == "summarise"
    assert answer["sources"][0]["quote"] in FACTS
