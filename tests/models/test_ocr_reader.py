"""Reading text in images with the real reader, on images drawn here."""

from __future__ import annotations

import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from assistant.core.documents import TextLine
from assistant.core.errors import ModelError
from assistant.core.layout import in_reading_order
from assistant.models.rapidocr_reader import RapidOcrReader


@pytest.fixture(scope="module")
def reader() -> RapidOcrReader:
    return RapidOcrReader(threads=1)


def drawn(*lines: tuple[int, int, str], size: tuple[int, int] = (640, 240)) -> np.ndarray:
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for left, top, text in lines:
        draw.text((left, top), text, fill="black", font=ImageFont.load_default(36))
    return np.asarray(image)


def test_lines_are_read_from_top_to_bottom(reader: RapidOcrReader) -> None:
    lines = reader.read(drawn((20, 120, "Platform 4"), (20, 30, "The train leaves at nine")))
    assert [line.text for line in lines] == ["The train leaves at nine", "Platform 4"]
    assert all(line.score > 0.8 for line in lines)


def test_reading_ends_between_two_runs_of_a_network_and_goes_on_as_before(
    reader: RapidOcrReader,
) -> None:
    page = drawn(*((20, 10 + 45 * row, f"Platform {row}") for row in range(5)))
    whole = reader.read(page)
    asked = 0

    def soon() -> bool:
        nonlocal asked
        asked += 1
        return asked > 1

    with reader.stopping(soon):
        assert reader.read(page) == ()
        assert asked == 2, "the lines were found, and none was read"
        assert reader.quarter_turns(page, whole) == 0
    assert reader.read(page) == whole


def test_boxes_are_where_the_text_stands(reader: RapidOcrReader) -> None:
    (line,) = reader.read(drawn((300, 100, "Exit")))
    left, top, right, bottom = line.box
    assert 280 < left < 320
    assert 80 < top < 120
    assert 350 < right < 400
    assert 120 < bottom < 160


def test_a_large_image_is_read_with_boxes_in_its_own_pixels(reader: RapidOcrReader) -> None:
    small = Image.fromarray(drawn((20, 30, "Departures"), size=(800, 600)))
    large = np.asarray(small.resize((3200, 2400)))
    (line,) = reader.read(large)
    assert line.text == "Departures"
    assert line.box[2] > 800


def test_a_long_screenshot_is_read_to_its_end(reader: RapidOcrReader) -> None:
    lines = [(20, 40 + 120 * i, f"Message number {i}") for i in range(50)]
    found = reader.read(drawn(*lines, size=(500, 6000)))
    assert [line.text for line in found] == [text for _, _, text in lines]
    assert found[-1].box[1] == pytest.approx(40 + 120 * 49, abs=20)


def test_an_image_without_text_gives_no_lines(reader: RapidOcrReader) -> None:
    assert reader.read(np.full((100, 100, 3), 200, np.uint8)) == ()


def test_the_smallest_image_gives_no_lines(reader: RapidOcrReader) -> None:
    assert reader.read(np.zeros((1, 1, 3), np.uint8)) == ()


def test_a_very_long_strip_gives_no_failure(reader: RapidOcrReader) -> None:
    assert reader.read(np.full((14, 4000, 3), 255, np.uint8)) == ()


@pytest.mark.parametrize("shape", [(1, 10_000_000, 3), (100_000, 1, 3)])
def test_a_thread_of_pixels_holds_no_letters_and_fills_no_memory(
    reader: RapidOcrReader, shape: tuple[int, int, int]
) -> None:
    assert reader.read(np.zeros(shape, np.uint8)) == ()


def test_reading_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the reader reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert RapidOcrReader(threads=1).read(drawn((20, 30, "Hello")))[0].text == "Hello"


def test_reading_writes_nothing_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    reader = RapidOcrReader(threads=1)
    reader.read(drawn((20, 30, "Hello")))
    reader.read(np.full((100, 100, 3), 200, np.uint8))
    logging.getLogger("RapidOCR").warning("a later warning")
    assert capfd.readouterr() == ("", "")


def test_missing_weights_are_an_error_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import rapidocr

    monkeypatch.setattr(rapidocr, "__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(ModelError, match="missing") as caught:
        RapidOcrReader(threads=1)
    assert "pip install" in caught.value.hint


def piece(text: str, left: int, top: int) -> TextLine:
    return TextLine(text, 1.0, (left, top, left + 80, top + 20))


def test_pieces_of_one_row_are_read_from_left_to_right_though_they_are_not_quite_level() -> None:
    pieces = [piece("2", 100, 8), piece("1", 0, 10), piece("3", 0, 40), piece("4", 100, 44)]
    assert [line.text for line in in_reading_order(pieces)] == ["1", "2", "3", "4"]


def test_a_tall_letter_beside_two_rows_does_not_join_them() -> None:
    tall = TextLine("tall", 1.0, (0, 0, 30, 60))
    pieces = [piece("second", 100, 40), piece("first", 100, 0), tall]
    found = [line.text for line in in_reading_order(pieces)]
    assert found.index("first") < found.index("second")


def test_chinese_is_read_too(reader: RapidOcrReader) -> None:
    # Drawn once with Noto Serif CJK, so that no Chinese font is needed here.
    image = Image.open(Path(__file__).parent / "data" / "chinese.png").convert("RGB")
    assert [line.text for line in reader.read(np.asarray(image))] == ["火车九点钟出发"]


LETTER = ("Dear neighbours, the bridge is closed", "from Monday until the end of March.",
          "Please take the road along the river.")  # fmt: skip


def a_page(*lines: str) -> np.ndarray:
    return drawn(*((30, 30 + 60 * n, text) for n, text in enumerate(lines)), size=(800, 260))


@pytest.mark.parametrize(("quarters", "back"), [(0, 0), (1, 3), (2, 2), (3, 1)])
def test_it_tells_which_way_up_a_page_lies(
    reader: RapidOcrReader, quarters: int, back: int
) -> None:
    page = np.ascontiguousarray(np.rot90(a_page(*LETTER), quarters))
    assert reader.quarter_turns(page, reader.read(page)) == back


def test_a_leaning_page_lies_the_right_way_up_and_its_lines_say_how_far_they_lean(
    reader: RapidOcrReader,
) -> None:
    image = Image.fromarray(a_page(*LETTER)).rotate(-6, expand=True, fillcolor="white")
    lines = reader.read(np.asarray(image))
    assert [line.text for line in lines] == list(LETTER)
    assert all(line.angle == pytest.approx(6, abs=1) for line in lines)
    assert reader.quarter_turns(np.asarray(image), lines) == 0


def test_a_page_without_text_lies_as_it_lies(reader: RapidOcrReader) -> None:
    blank = np.full((100, 100, 3), 255, np.uint8)
    assert reader.quarter_turns(blank, ()) == 0


def test_a_line_that_was_taken_to_stand_on_its_head_is_read_once_more() -> None:
    class Engine:
        """Says nonsense of whole pages, with little confidence, and the truth of one line."""

        asked: ClassVar[list[dict[str, bool]]] = []

        def __call__(self, image: np.ndarray, **steps: bool) -> SimpleNamespace:
            self.asked.append(steps)
            corners = np.array([[[10, 10], [90, 10], [90, 30], [10, 30]]], float)
            if steps["use_det"]:
                return SimpleNamespace(txts=("ʇxǝʇ",), scores=(0.6,), boxes=corners)
            return SimpleNamespace(txts=("text",), scores=(0.98,))

    reader = RapidOcrReader(threads=1)
    reader._engine = Engine()
    (line,) = reader.read(np.zeros((100, 100, 3), np.uint8))
    assert (line.text, line.score) == ("text", 0.98)
    assert Engine.asked[1] == {"use_det": False, "use_cls": False, "use_rec": True}


def test_two_callers_at_once_do_not_change_each_others_steps(reader: RapidOcrReader) -> None:
    page = a_page(*LETTER)
    lines = reader.read(page)

    def work(number: int) -> object:
        return reader.read(page) if number % 2 else reader.quarter_turns(page, lines)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(work, range(8)))
    assert found == [0, lines] * 4


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (300, 2)])
def test_the_smallest_lines_can_be_looked_at(reader: RapidOcrReader, size: tuple[int, int]) -> None:
    height, width = size
    image = np.zeros((height, width, 3), np.uint8)
    line = TextLine("ab", 0.9, (0, 0, width, height), 5.0)
    assert reader.quarter_turns(image, (line,)) in range(4)
