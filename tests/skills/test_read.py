"""The read skill, with stand-ins for what opens files and reads text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.core.errors import DocumentError, UsageError
from assistant.core.events import Carried, Event, Notice, Picture, Progress
from assistant.core.messages import FileAttachment, ImageAttachment, Message
from assistant.core.skills import Cancelled, Params, SkillRequest
from skills.reading.page import Paragraph, laid_out, stored
from skills.reading.wording import pages_named, parse_pages, wants_tables
from skills.reading.writing import as_json, markdown, plain, tables_csv, tame
from tests.skills.reading import PageReader, Pages, TurnedReader, ask, grid, line, said, skill

HELLO = (line("Hello there", 0, 0),)
CELLS = [["Item", "Qty", "Price"], ["Apples", "12", "3.50"], ["A|B", "=1+1", "-2.00"]]
TABLE = tuple(grid(CELLS, (0, 200, 400)))


def test_the_text_of_an_image_is_written_down() -> None:
    events = ask(skill({1: HELLO}), "transcribe", "a1.png")
    assert said(events) == "Hello there"
    assert events[0] == Picture("a1.png", "a1.png")
    assert Carried("Hello there") in events


def test_markdown_in_the_text_is_shown_as_it_stands() -> None:
    marked = (line("# 1 *not* a_title_ <b>", 0, 0),)
    assert said(ask(skill({1: marked}), "", "a1.png")) == "\\# 1 \\*not\\* a_title\\_ \\<b\\>"


def test_a_table_is_markdown_and_goes_on_as_lines() -> None:
    events = ask(skill({1: TABLE}), "transcribe", "a1.png")
    assert said(events).splitlines()[:3] == [
        "| Item | Qty | Price |", "| --- | --- | --- |", "| Apples | 12 | 3.50 |",
    ]  # fmt: skip
    assert "Apples\t12\t3.50" in next(e.text for e in events if isinstance(e, Carried))


def test_tables_alone_where_those_are_asked_for() -> None:
    page = (line("Some words", 0, -90), *TABLE)
    assert said(ask(skill({1: page}), "turn the table into csv", "a1.png")).startswith("| Item")
    none = said(ask(skill({1: HELLO}), "extract the table", "a1.png"))
    assert none == "Hello there\n\n*I found no table in it; the above is all the text.*"


def test_of_several_pages_only_those_with_tables_are_told_if_those_are_asked_for() -> None:
    told = said(ask(skill({1: HELLO, 2: TABLE}), "get me the table", "a2.tiff"))
    assert told.startswith("### Page 2\n\n| Item")
    assert "Hello" not in told


def test_doubtful_lines_are_named_with_how_sure_they_are() -> None:
    page = (*HELLO, line("1l0O", 0, 60, score=0.62))
    told = said(ask(skill({1: page}), "transcribe", "a1.png"))
    assert told.endswith("1 of 2 lines is doubtful:\n\n- “1l0O” (62%)")
    told = said(ask(skill({1: page}), "把字抄下来", "a1.png"))
    assert told.endswith("有 1 行（共 2 行）可能有误：\n\n- “1l0O”（62%）")


def test_many_doubts_are_counted() -> None:
    page = tuple(line(f"word{n}", 0, 60 * n, score=0.6) for n in range(20))
    assert said(ask(skill({1: page}), "", "a1.png")).endswith("- and 8 more")


def test_every_page_of_a_scan_is_read_with_its_number() -> None:
    pages = {n: (line(f"page {n}", 0, 0),) for n in (1, 2, 3)}
    events = ask(skill(pages), "transcribe", "a3.tiff")
    assert said(events) == "### Page 1\n\npage 1\n\n### Page 2\n\npage 2\n\n### Page 3\n\npage 3"
    assert Progress("Reading pages", 1, 3, "pages") in events


def test_only_the_pages_asked_for_are_read() -> None:
    pages = {2: (line("second", 0, 0),)}
    assert said(ask(skill(pages), "transcribe page 2", "a3.tiff")) == "### Page 2\n\nsecond"


def test_a_page_that_is_not_there_is_said() -> None:
    with pytest.raises(DocumentError, match=r"a3\.tiff has 3 pages"):
        ask(skill({}), "transcribe page 9", "a3.tiff")


def test_of_an_animation_the_first_frame_is_read() -> None:
    told = said(ask(skill({1: HELLO}, format="GIF"), "", "a4.gif"))
    assert told == "Hello there\n\n*It is an animation of 4 frames; this is the first.*"


def test_stored_text_of_a_document_is_taken_and_scans_are_read() -> None:
    document = Pages(("Typed text.", ""))
    events = ask(skill({2: HELLO}, document), "transcribe", FileAttachment("report.pdf"))
    assert said(events) == "### Page 1\n\nTyped text.\n\n### Page 2\n\nHello there"
    assert not [event for event in events if isinstance(event, Picture)]


def test_a_page_that_cannot_be_drawn_does_not_stop_the_others() -> None:
    document = Pages(("", ""), broken=1)
    events = ask(skill({2: HELLO}, document), "", FileAttachment("scan.pdf"))
    assert Notice("Page 1 can't be drawn.", "Its text is left out.") in events
    assert said(events).endswith("### Page 2\n\nHello there")


def test_a_page_on_its_side_is_turned_and_read_again() -> None:
    reader = TurnedReader({1: HELLO})
    told = said(ask(skill({}, reader=reader), "", "a1.png"))
    assert reader.turned == [(30, 40), (40, 30)]
    assert told == "Hello there\n\n*The page was turned upright before reading.*"


def test_several_files_are_named_and_a_broken_one_told() -> None:
    events = ask(skill({1: HELLO}), "transcribe", "a1.png", "missing.png", "b1.png")
    assert said(events) == "### `a1.png`\n\nHello there\n\n### `b1.png`\n\nHello there"
    assert Notice("There is no file missing.png.", "Check the path.") in events


def test_files_that_can_none_be_read_fail() -> None:
    with pytest.raises(DocumentError, match="None of the 2 files"):
        ask(skill({}), "", "missing1.png", "missing2.png")


def test_an_image_without_text_says_so() -> None:
    assert said(ask(skill({1: ()}), "", "a1.png")) == "*I found no text in it.*"
    assert said(ask(skill({1: ()}), "抄下来，谢谢　", "a1.png")) == "*图里没有找到文字。*"


def test_a_file_that_is_no_document_may_be_an_image_under_another_name() -> None:
    assert said(ask(skill({1: HELLO}), "", FileAttachment("scan1.dat"))) == "Hello there"
    with pytest.raises(DocumentError, match=r"scan\.pdf: damaged"):
        ask(skill({}), "", FileAttachment("scan.pdf"))


def test_the_image_of_the_message_before_is_read() -> None:
    before = Message("user", "what is this", (ImageAttachment("a1.png"),))
    assert said(ask(skill({1: HELLO}), "now transcribe it", history=(before,))) == "Hello there"


def test_nothing_attached_is_foreseen() -> None:
    request = SkillRequest(Message("user", "transcribe"), (), Params(), lambda: False)
    assert isinstance(skill({}).obstacle(request), UsageError)
    with pytest.raises(UsageError, match="nothing to read"):
        ask(skill({}), "transcribe")


def test_it_stops_between_pages_when_cancelled() -> None:
    asked = iter([False, False, False, True, True, True])
    pages = {n: (line(f"page {n}", 0, 0),) for n in (1, 2, 3)}
    events = ask(skill(pages), "", "a3.tiff", cancelled=lambda: next(asked))
    assert said(events) == "### Page 1\n\npage 1"


def test_escape_sequences_read_from_a_page_do_not_reach_the_terminal() -> None:
    reader = PageReader({1: (line("\x1b[31mred\x07", 0, 0, score=0.6),)})
    told = said(ask(skill({}, reader=reader), "", "a1.png"))
    assert "\x1b" not in told.split("doubtful")[1]


def test_json_has_every_line_with_its_score_and_place() -> None:
    found = json.loads(json.dumps(as_json("a.png", laid_out(1, TABLE, 1, 40, 30))))
    assert found["tables"] == [CELLS]
    assert found["lines"][0] == {
        "text": "Item", "score": 0.99, "box": [0, 0, 40, 20], "angle": 0.0,
    }  # fmt: skip
    assert (found["turned"], found["width"], found["height"]) == (90, 40, 30)


def test_csv_holds_no_formula() -> None:
    assert tables_csv([laid_out(1, TABLE)]).splitlines()[2] == "A|B,'=1+1,-2.00"
    assert [tame(cell) for cell in ("@x", "+1 200,50", "-", "-5%", "a")] == [
        "'@x", "+1 200,50", "'-", "-5%", "a",
    ]  # fmt: skip


def test_a_stroke_in_a_cell_does_not_part_it() -> None:
    assert "| A\\|B |" in markdown([laid_out(1, TABLE)])


def test_stored_text_keeps_its_paragraphs() -> None:
    page = stored(1, "One\ntwo\n\n\n\nThree")
    assert page.parts == (Paragraph(("One", "two")), Paragraph(("Three",)))
    assert plain([page]) == "One\ntwo\n\nThree"


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("read page 3", {3}),
        ("pages 1 to 3 and 7, please", {1, 2, 3, 7}),
        ("转录第2页", {2}),
        ("转录第三页", {3}),
        ("第1-3页", {1, 2, 3}),
        ("nur die Seiten 2 bis 4", {2, 3, 4}),
        ("páginas 2 a 3", {2, 3}),
        ("a picture of 3 pages? no: 5 dogs", set()),
        ("page 1-999999999999", {1}),
    ],
)
def test_pages_are_read_from_the_wording(text: str, pages: set[int]) -> None:
    assert pages_named(text) >= pages if "999" in text else pages_named(text) == pages


def test_a_hostile_range_of_pages_is_bounded() -> None:
    assert len(parse_pages("1-99999")) == 10_000


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("turn the table into csv", True),
        ("把表格转成csv", True),
        ("extract the text and the tables", False),
        ("transcribe the page", False),
        ("extrae la tabla", True),
    ],
)
def test_tables_alone_are_asked_for_by_naming_nothing_else(text: str, alone: bool) -> None:
    assert wants_tables(text) is alone


def test_more_pages_than_an_answer_holds_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skills.read.MOST_TOLD", 2)
    pages = {n: (line(f"page {n}", 0, 0),) for n in (1, 2, 3)}
    events = ask(skill(pages), "", "a3.tiff")
    assert "page 3" not in said(events)
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert notice.text == "Only the first 2 of 3 pages of a3.tiff were read."


def test_paths_may_begin_with_a_tilde(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    events = ask(skill({1: HELLO}), "", "~/a1.png")
    assert events[0] == Picture(str(tmp_path / "a1.png"), "a1.png")


def test_the_home_of_nobody_is_no_fault_of_the_program() -> None:
    events = ask(skill({1: HELLO}), "", "~nobody-of-this-name/a1.png")
    assert events[0] == Picture("~nobody-of-this-name/a1.png", "a1.png")


def test_how_far_it_is_among_several_files_is_told_and_it_stops_between_them() -> None:
    told: list[Event] = []

    def two_begun() -> bool:
        return Progress("Reading files", 1, 3, "files") in told

    paths = tuple(ImageAttachment(f"{name}1.png") for name in "abc")
    request = SkillRequest(Message("user", "read", paths), (), Params(), two_begun)
    for event in skill({1: HELLO}).run(request):
        told += [event]
    assert [e.done for e in told if isinstance(e, Progress)] == [0, 1]
    assert [e.path for e in told if isinstance(e, Picture)] == ["a1.png", "b1.png"]


def test_a_page_that_was_stopped_in_its_midst_is_not_told_as_an_empty_one() -> None:
    @dataclass
    class Stopping(PageReader):
        stopped: bool = False

        @contextmanager
        def stopping(self, cancelled: Cancelled) -> Iterator[None]:
            self.stopped = True
            yield

    reader = Stopping({1: HELLO})
    events = ask(skill({}, reader=reader), "", "a1.png", cancelled=lambda: reader.stopped)
    assert said(events) == ""
    assert [type(event) for event in events] == [Picture]
