"""Pictures and scanned pages are read with the models at hand, or say what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import pytest

from assistant.core.documents import Label, TextLine
from assistant.core.errors import DocumentError, ModelMissingError
from assistant.core.heat import Heat
from assistant.core.protocols import Pixels, TextReader
from index.loaders.document import Document, Limits, from_pages
from index.loaders.errors import ReadingStoppedError
from index.loaders.recognition import Readers, recognise
from index.loaders.registry import load, read_file, render
from tests.index.documents import make_pdf
from tests.index.formats import make_picture, make_scan


class FixedReader:
    """Reads the same lines in every picture, one below the other."""

    name = "fixed"

    def __init__(self, *lines: str, score: float = 0.9) -> None:
        self._lines = lines
        self._score = score
        self.shapes: list[tuple[int, ...]] = []

    def read(self, image: Pixels) -> tuple[TextLine, ...]:
        self.shapes.append(image.shape)
        return tuple(
            TextLine(line, self._score, (0, 20 * n, 100, 20 * n + 10))
            for n, line in enumerate(self._lines)
        )


class TurningReader(FixedReader):
    """Reads a page that lies on its side from the last line to the first."""

    def read(self, image: Pixels) -> tuple[TextLine, ...]:
        height, width = image.shape[:2]
        found = super().read(image)
        if height <= width:
            return found
        texts = [line.text for line in reversed(found)]
        return tuple(
            msgspec.structs.replace(line, text=text)
            for line, text in zip(found, texts, strict=True)
        )

    def quarter_turns(self, image: Pixels, lines: Sequence[TextLine]) -> int:
        height, width = image.shape[:2]
        return 1 if height > width else 0


class FixedLabeler:
    name = "fixed"

    def label(self, images: Sequence[Pixels], top: int) -> list[tuple[Label, ...]]:
        return [(Label("tabby cat", 0.7), Label("sofa", 0.1))[:top] for _ in images]

    def heat(self, image: Pixels, classes: Mapping[str, float]) -> Heat:
        raise NotImplementedError


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_page_on_its_side_is_set_upright_before_its_lines_are_put_in_order(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "side.png", make_picture(size=(60, 120)))
    reader = TurningReader("关于放假的通知", "放假时间为三天。", "请做好值班工作。")
    text = load(path, Limits(), Readers(lambda: reader)).text
    assert text.startswith("关于放假的通知")
    assert reader.shapes == [(120, 60, 3), (60, 120, 3)]


def test_a_picture_becomes_the_text_on_it_and_what_it_shows(tmp_path: Path) -> None:
    path = write(tmp_path / "a.PNG", make_picture())
    readers = Readers(lambda: FixedReader("SALE", "半价"), FixedLabeler)
    assert load(path, Limits(), readers).text == "SALE 半价\n\nPicture: tabby cat"


@pytest.mark.parametrize(
    ("content", "reason"),
    [(make_picture()[:60], "damaged"), (make_picture(size=(64, 16)), "too small")],
)
def test_what_shows_nothing_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    path = write(tmp_path / "a.png", content)
    with pytest.raises(DocumentError, match=reason):
        load(path, Limits(), Readers(lambda: FixedReader("x")))


def test_guesses_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "a.png", make_picture())
    with pytest.raises(DocumentError, match="Nothing was recognised"):
        load(path, Limits(), Readers(lambda: FixedReader("|||", score=0.2)))


def test_scanned_pages_are_read_and_pages_with_text_are_not(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", make_scan(2))
    reader = FixedReader("Page text.\x1b[31m")
    document = load(path, Limits(), Readers(lambda: reader))
    assert document.text == "Page text.\n\nPage text."
    assert document.place(12).page == 2
    assert len(reader.shapes) == 2
    path.write_bytes(make_pdf([["A page of text that is long enough."]]))
    load(path, Limits(), Readers(lambda: reader))
    assert len(reader.shapes) == 2


def test_a_page_is_drawn_at_the_size_text_recognition_wants(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", make_pdf([["x"]]))
    height, width, channels = render(path, 1).shape
    assert (height, channels) == (2000, 3)
    assert abs(width - 2000 * 595 / 842) < 2


def test_a_blank_page_is_not_recognised(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", make_pdf([[], ["Some text."]]))
    assert read_file(path, Limits()).scans == ()


def recognised(document: Document, reader: TextReader) -> Document:
    import numpy as np

    pixels: Pixels = np.zeros((9, 9, 3), np.uint8)
    return recognise(document, lambda page: pixels, Readers(lambda: reader), Limits())


def test_what_is_recognised_takes_the_place_of_a_stamp_only_where_it_says_more() -> None:
    document = from_pages(["Text.", "7", "No. 1234"], scans=[2, 3])
    assert recognised(document, FixedReader("Read")).text == "Text.\n\nRead\n\nNo. 1234"


def test_a_page_that_can_not_be_drawn_leaves_the_others() -> None:
    def drawn(page: int) -> Pixels:
        raise DocumentError("broken")

    document = from_pages(["Text.", ""], scans=[2])
    readers = Readers(lambda: FixedReader("x"))
    assert recognise(document, drawn, readers, Limits()).text.strip() == "Text."


def test_without_the_model_a_scan_says_which_is_missing(tmp_path: Path) -> None:
    def missing() -> TextReader:
        raise ModelMissingError("The reader is not on this machine.", "Pull it.")

    path = write(tmp_path / "a.pdf", make_scan())
    with pytest.raises(DocumentError, match=r"It is a scan\. The reader is not on this machine"):
        load(path, Limits(), Readers(missing))


def test_a_long_scan_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", make_scan(3))
    with pytest.raises(DocumentError, match="3 of its pages are scanned; the limit is 2"):
        load(path, Limits(scanned_pages=2), Readers(lambda: FixedReader("x")))


def test_recognition_stops_between_pages() -> None:
    reader = FixedReader("x")
    document = from_pages(["", ""], scans=[1, 2])
    with pytest.raises(ReadingStoppedError):
        recognise(
            document,
            lambda page: render_blank(),
            Readers(lambda: reader),
            Limits(),
            cancelled=lambda: len(reader.shapes) == 1,
        )
    assert len(reader.shapes) == 1


def render_blank() -> Pixels:
    import numpy as np

    return np.zeros((9, 9, 3), np.uint8)
