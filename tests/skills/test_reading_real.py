"""Pages drawn here, read with the real reader."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from assistant.core.protocols import FilePages
from assistant.core.skills import Cancelled
from assistant.files.images import PillowOpener
from assistant.models.rapidocr_reader import RapidOcrReader
from skills.reading.page import Page, Paragraph
from skills.reading.scanning import Scanner

CELLS = (("Item", "Pieces", "Price"), ("Apples", "12", "3.50"), ("Bread", "4", "12.25"))
LEFT = ("The bridge over the river", "is closed until the end of", "March for repairs.")
RIGHT = ("The market opens at eight", "on Saturdays and closes in", "the early afternoon.")


def no_documents(path: Path, cancelled: Cancelled) -> FilePages:
    raise AssertionError(path)


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    reader = RapidOcrReader(threads=1)
    return Scanner(lambda: PillowOpener(10**8), no_documents, lambda: reader)


def sheet(*pieces: tuple[int, int, str], size: tuple[int, int] = (900, 320)) -> Image.Image:
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for left, top, text in pieces:
        draw.text((left, top), text, fill="black", font=ImageFont.load_default(28))
    return image


def read(scanner: Scanner, image: Image.Image) -> Page:
    return scanner.recognised(1, np.asarray(image), lambda: False)


@pytest.fixture(scope="module")
def table() -> Image.Image:
    return sheet(
        *((x, 40 + 70 * n, cell) for n, row in enumerate(CELLS)
          for x, cell in zip((40, 400, 700), row, strict=True))
    )  # fmt: skip


@pytest.mark.parametrize("angle", [0, 5, 90])
def test_a_table_is_found_however_the_page_lies(
    scanner: Scanner, table: Image.Image, angle: int
) -> None:
    turned = table.rotate(angle, expand=True, fillcolor="white")
    (found,) = read(scanner, turned).tables
    assert found.cells == CELLS


def test_columns_are_read_one_after_the_other(scanner: Scanner) -> None:
    both = ((20, LEFT), (480, RIGHT))
    pieces = [(left, 40 + 60 * n, text) for left, lines in both for n, text in enumerate(lines)]
    page = sheet(*pieces)
    assert read(scanner, page).parts == (
        Paragraph((" ".join(LEFT),)),
        Paragraph((" ".join(RIGHT),)),
    )


def test_every_page_of_a_scan_is_read_from_its_file(scanner: Scanner, tmp_path: Path) -> None:
    first, second = sheet((20, 40, "The first page")), sheet((20, 40, "The second page"))
    first.save(tmp_path / "scan.tif", save_all=True, append_images=[second])
    sheets = scanner.open(tmp_path / "scan.tif", lambda: False)
    assert sheets.count == 2
    assert sheets.read(2).parts == (Paragraph(("The second page",)),)
