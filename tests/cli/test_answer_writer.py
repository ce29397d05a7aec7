"""An answer written to standard output and its remarks to standard error."""

from __future__ import annotations

import pytest

from assistant.cli.answer_writer import AnswerWriter
from assistant.core.events import Notice, Picture, SentTo, TextDelta


def test_a_picture_that_was_made_is_named_and_an_attached_one_is_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = Picture("/made/a-why.png", "a.jpg: what speaks for “dog”")
    AnswerWriter(why=False).write([Picture("/my/a.jpg", "a.jpg"), made, TextDelta("Here.")])
    told = capsys.readouterr()
    assert told.err == "Picture: /made/a-why.png\n"
    assert told.out == "Here.\n"


def test_that_text_leaves_the_machine_is_told_in_chinese(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_LANG", "zh")
    AnswerWriter(why=False).write([SentTo("gpu-box:8000", False)])
    assert capsys.readouterr().err == (
        "提示：文字会发送到 gpu-box:8000，使用中的模型在那里运行。连接没有加密。\n"
    )


@pytest.mark.parametrize(("terminal", "said"), [(True, "One \ntwo.\n"), (False, "One two.\n")])
def test_a_remark_begins_a_line_of_its_own_where_both_are_seen(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    terminal: bool,
    said: str,
) -> None:
    writer = AnswerWriter(why=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    writer.write([TextDelta("One "), Notice("By the way."), TextDelta("two.")])
    told = capsys.readouterr()
    assert told.out == said
    assert told.err == "Note: By the way.\n"
