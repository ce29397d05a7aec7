"""What is said beside the text: titles, doubtful lines, which model read it; in two languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.core.documents import TextLine
from assistant.core.text import one_line
from skills.attached_images import shown_name
from skills.quote_markdown import escaped
from skills.reading.page import Page
from skills.reading.scanning import Sheets

MOST_DOUBTS = 12
"""Doubtful lines quoted; the others are counted."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Sentences with holes; `many` forms in English are for more than one."""

    page: str
    nothing: str
    no_table: str
    doubtful: str
    one_doubtful: str
    more: str
    faint: str
    one_faint: str
    frames: str
    turned: str
    line: str

    def title(self, path: Path, number: int, count: int, *, named: bool) -> str:
        """A heading for a page; "" where one page is all there is."""
        name = f"`{shown_name(path)}`" if named else ""
        page = self.page.format(number) if count > 1 else ""
        told = " · ".join(filter(None, [name, page]))
        return f"### {told}" if told else ""

    def remarks(self, pages: Sequence[Page], sheets: Sheets, *, tables: bool) -> str:
        """What a person should know of the text; "" where there is nothing."""
        told = []
        if pages and not any(page.parts for page in pages):
            told.append(self.nothing)
        elif tables and pages and not any(page.tables for page in pages):
            told.append(self.no_table)
        turned = [page for page in pages if page.turns]
        if turned:
            told.append(self.turned)
        if sheets.skipped:
            told.append(self.frames.format(sheets.skipped + 1))
        faint = sum(page.faint for page in pages)
        if faint:
            told.append(self.one_faint if faint == 1 else self.faint.format(faint))
        sentence = " ".join(told)
        return "\n\n".join(filter(None, [f"*{sentence}*" if told else "", self._doubts(pages)]))

    def _doubts(self, pages: Sequence[Page]) -> str:
        """The doubtful lines, least sure first."""
        found = sorted(
            ((line, page.number) for page in pages for line in page.doubtful),
            key=lambda doubt: doubt[0].score,
        )
        if not found:
            return ""
        total = sum(len(page.lines) for page in pages)
        head = self.one_doubtful if len(found) == 1 else self.doubtful
        several = len(pages) > 1
        lines = [head.format(len(found), total)]
        lines += [self._doubt(line, n if several else 0) for line, n in found[:MOST_DOUBTS]]
        if len(found) > MOST_DOUBTS:
            lines.append(f"- {self.more.format(len(found) - MOST_DOUBTS)}")
        return f"{lines[0]}\n\n" + "\n".join(lines[1:])

    def _doubt(self, line: TextLine, page: int) -> str:
        where = f" · {self.page.format(page)}" if page else ""
        return f"- {self.line.format(escaped(one_line(line.text)), f'{line.score:.0%}')}{where}"


_ENGLISH = Telling(
    page="Page {}",
    nothing="I found no text in it.",
    no_table="I found no table in it; the above is all the text.",
    doubtful="{} of {} lines are doubtful:",
    one_doubtful="{} of {} lines is doubtful:",
    more="and {} more",
    faint="{} marks too unclear to read were left out.",
    one_faint="One mark too unclear to read was left out.",
    frames="It is an animation of {} frames; this is the first.",
    turned="The page was turned upright before reading.",
    line="“{}” ({})",
)
_CHINESE = Telling(
    page="第 {} 页",
    nothing="图里没有找到文字。",
    no_table="没有找到表格；以上是全部文字。",
    doubtful="有 {} 行（共 {} 行）可能有误：",
    one_doubtful="有 {} 行（共 {} 行）可能有误：",
    more="另有 {} 行",
    faint="有 {} 处看不清的痕迹没有写出来。",
    one_faint="有 1 处看不清的痕迹没有写出来。",
    frames="这是有 {} 帧的动画，这里读的是第一帧。",
    turned="读之前已把页面转正。",
    line="“{}”（{}）",
)


def telling_in(language: str) -> Telling:
    """The sentences in a language, "en" or "zh"."""
    return _CHINESE if language == "zh" else _ENGLISH
