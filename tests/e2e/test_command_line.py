"""The README's tour from a shell, offline, with the real models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.e2e.conftest import Run

FACTS = """# The lighthouse of Arkholm

The lighthouse was built in 1871 by the engineer Marta Lindqvist. Its lamp burns rapeseed oil.

# The harbour

Ships over forty metres must take a pilot. The pilot's fee is twelve crowns a metre.
"""
FACTS_ZH = """# 阿克霍尔姆灯塔

灯塔由工程师玛塔·林德奎斯特于1871年建成。灯塔的灯使用菜籽油。

# 港口

长度超过四十米的船只必须由引航员引航。引航费为每米十二克朗。
"""


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "arkholm.md").write_text(FACTS, encoding="utf-8")
    (folder / "灯塔.txt").write_text(FACTS_ZH, encoding="utf-8")
    return folder


def test_hello_is_answered_by_the_language_model(assistant: Run) -> None:
    result = assistant("ask", "--json", "hello")
    answer = json.loads(result.stdout)
    assert answer["skill"] == "generate"
    assert answer["text"].strip()
    assert answer["timings"]["tokens_per_second"] > 0
    beside = result.stderr.splitlines()  # the router learns when a home is new
    assert [line for line in beside if not line.startswith("Learning the router")] == []


def test_a_sentence_is_translated_into_portuguese(assistant: Run) -> None:
    result = assistant("ask", "translate into Portuguese: the train leaves at nine")
    assert "trem" in result.stdout
    assert "nove" in result.stdout


def test_a_pair_without_a_translator_names_the_model_that_would_serve(assistant: Run) -> None:
    result = assistant("ask", "translate into German: the train leaves at nine")
    assert result.returncode == 1
    assert "assistant models pull" in result.stderr


def test_piped_text_is_the_context(assistant: Run) -> None:
    result = assistant("ask", "summarise", stdin="The meeting is moved to Friday at ten.")
    assert result.returncode == 0
    assert result.stdout.strip()


def test_a_picture_is_described_with_its_text(assistant: Run, tmp_path: Path) -> None:
    picture = Image.new("RGB", (640, 240), "white")
    ImageDraw.Draw(picture).text((40, 80), "OPEN DAILY 9-17", fill="black", font_size=56)
    picture.save(tmp_path / "sign.png")
    result = assistant("ask", "-i", tmp_path / "sign.png", "what is this?")
    assert result.returncode == 0, result.stderr
    assert "OPEN" in result.stdout
    assert "%" in result.stdout


def test_questions_over_a_folder_are_answered_with_quotes(assistant: Run, papers: Path) -> None:
    added = assistant("index", "add", papers)
    assert added.returncode == 0, added.stderr
    english = json.loads(assistant("ask", "--json", "Who built the lighthouse?").stdout)
    chinese = json.loads(assistant("ask", "--json", "引航费是多少？").stdout)
    assert english["skill"] == chinese["skill"] == "qa"
    assert "Marta Lindqvist" in english["sources"][0]["quote"]
    assert english["sources"][0]["line"] == 3
    assert "十二克朗" in chinese["sources"][0]["quote"]


def test_a_question_the_documents_do_not_answer_is_not_answered(
    assistant: Run, papers: Path
) -> None:
    assistant("index", "add", papers)
    line = {"text": "What is the boiling point of tungsten?", "skill": "qa"}
    answer = json.loads(assistant("batch", stdin=json.dumps(line)).stdout)
    assert answer["abstained"] is True


def test_batch_serves_all_four_skills_in_one_run(
    assistant: Run, papers: Path, tmp_path: Path
) -> None:
    assistant("index", "add", papers)
    Image.new("RGB", (64, 64), "red").save(tmp_path / "red.png")
    lines = [
        {"text": "write a haiku about rain"},
        {"text": "o trem sai às nove", "skill": "translate", "target": "en"},
        {"text": "what is this?", "images": [str(tmp_path / "red.png")]},
        {"text": "What does the lamp of the lighthouse burn?", "skill": "qa"},
        {"text": "x", "images": [str(tmp_path / "missing.png")]},
    ]
    result = assistant("batch", stdin="\n".join(map(json.dumps, lines)))
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [a["skill"] for a in answers] == ["generate", "translate", "describe", "qa", "describe"]
    assert "train" in answers[1]["text"]
    assert len(answers[2]["labels"]) > 0
    assert "rapeseed" in answers[3]["text"]
    assert answers[4]["error"]["hint"]
    assert result.returncode == 1


def test_messages_after_a_turn_go_on_from_it(assistant: Run) -> None:
    said = (
        ("how do you say 'good morning' in Portuguese", "and 'good night'?", "translate"),
        ("把“早上好”翻译成葡萄牙语", "那“晚安”呢", "translate"),
        ("write a poem about the sea", "shorter please", "generate"),
        ("what does my lease say about pets?", "thanks, you're a star", "generate"),
    )
    lines = [
        json.dumps({"text": text, "route_only": True, "history": [_said(before)]})
        for before, text, _ in said
    ]
    result = assistant("batch", stdin="\n".join(lines))
    routed = [json.loads(line)["skill"] for line in result.stdout.splitlines()]
    assert routed == [skill for *_, skill in said]
    history = [_said(said[0][0]), {"role": "assistant", "text": "Bom dia"}]
    line = json.dumps({"text": "and 'good night'?", "history": history})
    answer = json.loads(assistant("batch", stdin=line).stdout)
    assert answer["text"].strip().casefold().startswith("boa noite")


def _said(text: str) -> dict[str, str]:
    return {"role": "user", "text": text}
