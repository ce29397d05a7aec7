"""How well pages are read: pictures drawn here, in Chinese and English, upright and not.

    python -m benchmarks.reading [--seed 1] [--show]

Each page is drawn from a text that is known, with a font of this machine that has Chinese (Noto
Sans CJK, WenQuanYi, Droid Sans Fallback or Arial Unicode), blurred and specked as named, and read
by the whole chain: reader, turning, reading order, paragraphs, tables. What is reported:

- characters: 1 - edit distance / length, spaces and line breaks left out, over the page's text in
  reading order; a page read in the wrong order loses most of it;
- the same over the lines as the reader gives them, in the best of orders (sorted), which is
  what recognition alone is worth;
- cells: part of a table's cells that stand in their row and column, exactly;
- doubt: part of the lines with an error that were told to be doubtful, and of the right ones.
"""

from __future__ import annotations

import argparse
import random
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from assistant.core.protocols import FilePages, TextReader
from assistant.core.skills import Cancelled
from assistant.files.images import PillowOpener
from assistant.models.rapidocr_reader import RapidOcrReader
from skills.reading.page import DOUBTFUL, Page
from skills.reading.scanning import Scanner
from skills.reading.tables import Table
from skills.reading.writing import plain

FONTS = (
    ("noto/NotoSansCJK-Regular.ttc", 2), ("NotoSansCJK-Regular.ttc", 2), ("wqy/wqy-zenhei.ttc", 0),
    ("wqy-zenhei.ttc", 0), ("DroidSansFallbackFull.ttf", 0), ("Arial Unicode.ttf", 0),
)  # fmt: skip
ENGLISH = (  # noqa: SIM905
    "harbour morning boats pier fishermen nets gulls water tide noon town market baskets bread "
    "children stalls square bells church wedding letter window garden river bridge winter lamp "
    "carried quiet turned opened between under before after slowly often never small large early"
).split()
CHINESE = (
    "春天的早晨河边很安静渔船停在码头旁老人修补渔网孩子们跑过石桥市场八点开门人们提着篮子买面包"
    "和水果钟声响起时广场上已经挤满了人大家都在等待婚礼开始窗外的花园里梧桐树下有一盏旧灯照亮小路"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page drawn, with what stands on it in the order it is read, and its table, if any."""

    kind: str
    image: Image.Image
    text: str
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(slots=True)
class Score:
    """What pages of a kind came to."""

    characters: list[float] = field(default_factory=list)
    recognised: list[float] = field(default_factory=list)
    cells: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def font(size: int) -> ImageFont.FreeTypeFont:
    """A font with Latin and Chinese letters.

    Raises:
        SystemExit: there is none here.
    """
    for name, index in FONTS:
        for place in ("", "/usr/share/fonts/opentype/", "/usr/share/fonts/truetype/droid/",
                      "/usr/share/fonts/truetype/"):  # fmt: skip
            try:
                return ImageFont.truetype(place + name, size, index=index)
            except OSError:
                continue
    raise SystemExit("No font with Chinese letters here (fonts-noto-cjk has one).")


class Artist:
    """Draws pages from words chosen by a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  # drawings, not secrets

    def english(self, words: int) -> str:
        chosen = self._random.choices(ENGLISH, k=words)
        chosen[0] = chosen[0].capitalize()
        for at in range(9, words, 11):
            chosen[at - 1] += "."
            chosen[at] = chosen[at].capitalize()
        return " ".join(chosen) + "."

    def chinese(self, letters: int) -> str:
        start = [self._random.randrange(len(CHINESE) - 12) for _ in range(letters // 12 + 1)]
        return "，".join(CHINESE[at : at + 11] for at in start)[: letters - 1] + "。"

    def rows(self) -> tuple[tuple[str, ...], ...]:
        head = ("Item 品名", "Qty", "Price")
        goods = self._random.sample(
            ["Green tea", "苹果汁", "Bread", "Paper A4", "铅笔", "Lamp", "面条", "Ink"], k=6
        )
        body = [
            (g, str(self._random.randint(1, 99)), f"{self._random.uniform(1, 300):.2f}")
            for g in goods
        ]
        return (head, *body)

    def block(self, text: str, width: int, size: int) -> list[str]:
        """The text in lines that fit a width in pixels."""
        face = font(size)
        lines, line = [], ""
        for piece in text.split(" ") if " " in text else text:
            gap = " " if " " in text and line else ""
            if line and face.getlength(line + gap + piece) > width:
                lines.append(line)
                line, gap = "", ""
            line += gap + piece
        return [*lines, line]


def written(draw: ImageDraw.ImageDraw, lines: Sequence[str], at: tuple[int, int], size: int,
            ink: str = "black") -> int:  # fmt: skip
    """Draw lines one under the other; the height below the last."""
    left, top = at
    for line in lines:
        draw.text((left, top), line, font=font(size), fill=ink)
        top += round(size * 1.5)
    return top


def page(artist: Artist, kind: str, *, size: int = 28, ink: str = "black", paper: str = "white",
         chinese: bool = False) -> Sheet:  # fmt: skip
    """A title and two paragraphs."""
    image = Image.new("RGB", (1240, 900), paper)
    draw = ImageDraw.Draw(image)
    title = "春日的码头" if chinese else "A morning at the pier"
    texts = [artist.chinese(110) if chinese else artist.english(42) for _ in range(2)]
    top = written(draw, [title], (90, 60), round(size * 1.5), ink) + size
    for text in texts:
        top = written(draw, artist.block(text, 1060, size), (90, top), size, ink) + size
    return Sheet(kind, image, title + "".join(texts))


def columns(artist: Artist, *, chinese: bool = False) -> Sheet:
    """A title over two columns."""
    image = Image.new("RGB", (1400, 900), "white")
    draw = ImageDraw.Draw(image)
    title = "两栏的报纸：今日要闻" if chinese else "Two columns under one title"
    texts = [artist.chinese(120) if chinese else artist.english(40) for _ in range(2)]
    written(draw, [title], (430, 40), 44)
    for text, left in zip(texts, (80, 740), strict=True):
        written(draw, artist.block(text, 570, 26), (left, 150), 26)
    return Sheet("two columns", image, title + "".join(texts))


def table(artist: Artist) -> Sheet:
    """A table between two lines of text; numbers are set to the right."""
    image = Image.new("RGB", (1100, 760), "white")
    draw = ImageDraw.Draw(image)
    rows = artist.rows()
    written(draw, ["Price list 价目表"], (80, 40), 36)
    for number, row in enumerate(rows):
        for column, (cell, edge) in enumerate(zip(row, (80, 640, 960), strict=True)):
            shift = font(28).getlength(cell) if column else 0
            draw.text((edge - shift, 150 + 66 * number), cell, font=font(28), fill="black")
    written(draw, ["All prices include tax."], (80, 680), 26)
    text = "Price list 价目表" + "".join("".join(row) for row in rows) + "All prices include tax."
    return Sheet("table", image, text, rows)


def receipt(artist: Artist) -> Sheet:
    """A narrow slip of names and sums in small, pale letters."""
    image = Image.new("RGB", (520, 760), "#f4f1e8")
    draw = ImageDraw.Draw(image)
    rows = tuple((row[0], row[2]) for row in artist.rows()[1:])
    written(draw, ["CORNER SHOP 小店", "2024-03-05 18:22"], (120, 30), 24, "#333333")
    for number, (name, price) in enumerate(rows):
        top = 170 + 52 * number
        draw.text((40, top), name, font=font(22), fill="#333333")
        draw.text((480 - font(22).getlength(price), top), price, font=font(22), fill="#333333")
    text = "CORNER SHOP 小店2024-03-05 18:22" + "".join(a + b for a, b in rows)
    return Sheet("receipt", image, text, rows)


def vertical(artist: Artist) -> Sheet:
    """Chinese from top to bottom, columns from the right."""
    image = Image.new("RGB", (760, 700), "white")
    draw = ImageDraw.Draw(image)
    lines = [artist.chinese(24).replace("，", "的").replace("。", "人")[:14] for _ in range(7)]
    for number, line in enumerate(lines):
        for at, letter in enumerate(line):
            draw.text((640 - 90 * number, 40 + 44 * at), letter, font=font(36), fill="black")
    return Sheet("vertical", image, "".join(lines))


def turned(sheet: Sheet, angle: float, kind: str) -> Sheet:
    """The sheet turned counterclockwise by degrees."""
    image = sheet.image.rotate(
        angle, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC
    )
    return Sheet(kind, image, sheet.text, sheet.table)


def photographed(sheet: Sheet, seed: int) -> Sheet:
    """The sheet blurred, unevenly lit and specked."""
    pixels = np.asarray(sheet.image.filter(ImageFilter.GaussianBlur(1.1)), np.float32)
    height, width = pixels.shape[:2]
    light = (
        np.linspace(0.65, 1.0, width)[None, :, None] * np.linspace(1, 0.85, height)[:, None, None]
    )
    noise = np.random.default_rng(seed).normal(0, 9, pixels.shape)
    image = Image.fromarray(np.clip(pixels * light + noise, 0, 255).astype(np.uint8))
    return Sheet("photographed", image, sheet.text, sheet.table)


def sheets(seed: int) -> list[Sheet]:
    """Two or more of every kind."""
    artist = Artist(seed)
    both = (False, True)
    found = [page(artist, "page zh" if zh else "page en", chinese=zh) for zh in both for _ in both]
    found += [columns(artist, chinese=zh) for zh in both for _ in both]
    found += [table(artist) for _ in range(3)] + [receipt(artist) for _ in range(3)]
    found += [vertical(artist) for _ in both]
    for zh in both:
        plain_page = page(artist, "", chinese=zh)
        found += [turned(plain_page, angle, "skewed 3-8°") for angle in (-3, 8)]
        found += [turned(plain_page, angle, "on its side or head") for angle in (90, 180, 270)]
        found.append(page(artist, "low contrast", chinese=zh, ink="#8a8a8a", paper="#b4b4b4"))
        found.append(page(artist, "small type", chinese=zh, size=13))
        found.append(photographed(page(artist, "", chinese=zh), seed))
    found += [turned(table(artist), angle, "table, skewed") for angle in (-4, 5)]
    found += [turned(table(artist), 90, "table, on its side")]
    return found


def distance(one: str, other: str) -> int:
    """Levenshtein's edit distance."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        last, row[0] = row[0], at
        for to, wanted in enumerate(other, 1):
            last, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, last + (letter != wanted))
    return row[-1]


def squeezed(text: str) -> str:
    """The text without spaces, in one form of punctuation, for which fonts give no hint."""
    return "".join(text.split()).translate(str.maketrans("，。：；！？（）", ",.:;!?()"))


def accuracy(read: str, wanted: str) -> float:
    """1 - edit distance / length, at least 0."""
    return max(0.0, 1 - distance(squeezed(read), squeezed(wanted)) / max(1, len(squeezed(wanted))))


def bag(read: str, wanted: str) -> float:
    """Part of the wanted letters that were read, wherever they stand."""
    have: dict[str, int] = {}
    for letter in squeezed(read):
        have[letter] = have.get(letter, 0) + 1
    hits = 0
    for letter in squeezed(wanted):
        if have.get(letter, 0):
            have[letter] -= 1
            hits += 1
    return hits / max(1, len(squeezed(wanted)))


def right_cells(found: Sequence[Table], wanted: Sequence[Sequence[str]]) -> float:
    """Part of the cells that are where they should be, in the best of the tables."""

    def share(one: Table) -> float:
        hits = sum(
            squeezed(have) == squeezed(want)
            for row, wanted_row in zip(one.cells, wanted, strict=False)
            for have, want in zip(row, wanted_row, strict=False)
        )
        return hits / max(sum(map(len, wanted)), sum(map(len, one.cells)))

    return max(map(share, found), default=0.0)


def doubts(pages: Sequence[tuple[Page, Sheet]]) -> str:
    """Whether the lines said to be doubtful are those with errors."""
    wrong: list[bool] = []
    right: list[bool] = []
    for read, sheet in pages:
        for line in read.lines:
            exact = squeezed(line.text) in squeezed(sheet.text)
            (right if exact else wrong).append(line.score < DOUBTFUL)
    return (
        f"lines with an error: {len(wrong)}, told doubtful {sum(wrong) / max(1, len(wrong)):.2f}; "
        f"right lines: {len(right)}, told doubtful {sum(right) / max(1, len(right)):.3f}"
    )


def measure(
    reader: TextReader, drawn: Sequence[Sheet], show: Callable[[Sheet, Page], None]
) -> None:
    """Read every sheet and report by kind."""
    scanner = Scanner(lambda: PillowOpener(10**8), _no_documents, lambda: reader)
    scores: dict[str, Score] = {}
    pages: list[tuple[Page, Sheet]] = []
    for sheet in drawn:
        started = perf_counter()
        read = scanner.recognised(1, np.asarray(sheet.image.convert("RGB")), lambda: False)
        score = scores.setdefault(sheet.kind, Score())
        score.seconds.append(perf_counter() - started)
        score.characters.append(accuracy(plain([read]), sheet.text))
        score.recognised.append(bag(plain([read]), sheet.text))
        if sheet.table:
            score.cells.append(right_cells(read.tables, sheet.table))
        pages.append((read, sheet))
        show(sheet, read)
    print(f"{'kind':22}{'pages':>6}{'in order':>10}{'letters':>10}{'cells':>8}{'s/page':>8}")
    for kind, score in scores.items():
        cells = f"{np.mean(score.cells):8.3f}" if score.cells else f"{'-':>8}"
        print(f"{kind:22}{len(score.characters):6}{np.mean(score.characters):10.3f}"
              f"{np.mean(score.recognised):10.3f}{cells}{np.mean(score.seconds):8.2f}")  # fmt: skip
    every = [one for score in scores.values() for one in score.characters]
    cells_all = [one for score in scores.values() for one in score.cells]
    print(f"all: characters in order {np.mean(every):.3f} of {len(every)} pages, "
          f"cells {np.mean(cells_all):.3f} of {len(cells_all)} tables")  # fmt: skip
    print(doubts(pages))


def _no_documents(path: Path, _cancelled: Cancelled) -> FilePages:
    raise AssertionError(path)


def main() -> None:
    """Draw, read, report."""
    parser = argparse.ArgumentParser(description=textwrap.dedent(__doc__ or ""),
                                     formatter_class=argparse.RawTextHelpFormatter)  # fmt: skip
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="print what was read of each page")
    options = parser.parse_args()

    def show(sheet: Sheet, read: Page) -> None:
        if options.show:
            print(f"--- {sheet.kind}\n{plain([read])}\n")

    measure(RapidOcrReader(threads=options.threads), sheets(options.seed), show)


if __name__ == "__main__":
    main()
