"""Reads what a filter names – files, types of file, days – wherever it was written."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from datetime import date

from assistant.core.documents import Filters
from assistant.core.errors import UsageError
from assistant.core.text import one_line

KINDS: Mapping[tuple[str, ...], str] = {
    ("pdf",): "pdfs? 文档?pdf",
    ("docx", "doc", "odt", "rtf"): "word",
    ("pptx", "ppt", "odp"): (
        "slides? slide-?decks? presentations? powerpoints? ppts? 幻灯片 演示文稿 演示 "
        "presentaci(?:ón|ones) diapositivas? apresenta(?:ção|ções) folien präsentation(?:en)? "
        "présentations? diapositives? diapos?"
    ),
    ("xlsx", "xls", "csv", "tsv", "ods"): (
        "spreadsheets? excels? 电子表格 表格 hojas?-de-cálculo planilhas? folhas?-de-cálculo "
        "tabellen tabellenblätter[n]? tableurs? feuilles?-de-calcul"
    ),
    ("eml", "mbox"): (
        "e-?mails? mails? 电子邮件 邮件 correos?(?:-electrónicos?)? courriels? e-?mails?"
    ),
    ("epub",): "e-?books? 电子书 libros?-electrónicos? e-?bücher[n]? livres?-numériques?",
    ("html", "htm", "xhtml"): "web-?pages? 网页 páginas?-web webseiten pages?-web",
    ("md", "markdown"): "markdowns?",
    ("txt",): "text-?files? 文本文件 textdateien",
    ("ipynb",): "jupyters? (?:jupyter-)?notebooks?",
    ("srt", "vtt"): "subtitles? 字幕 subtítulos? legendas? untertiteln? sous-titres?",
    ("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp"): (
        "pictures? images? photos? scans? 图片 照片 imágenes imagens bilder[n]? fotos?"
    ),
}
"""Endings by what people call the files, as patterns; a hyphen stands for a space too."""

_ENDING = re.compile(r"\.?[a-z0-9][a-z0-9_+-]{0,11}")
_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")


def kind_pattern(endings: tuple[str, ...]) -> str:
    """The pattern of the names for files with these endings."""
    return "|".join(name.replace("-", r"[-\s]?") for name in KINDS[endings].split())


_KINDS = [(endings, re.compile(kind_pattern(endings))) for endings in KINDS]


def endings_of(name: str) -> tuple[str, ...]:
    """File name endings meant by "pdf", ".md", "slides" or "表格".

    Raises:
        UsageError: it is no ending and no word for a kind of file.
    """
    asked = " ".join(name.casefold().split())
    for endings, words in _KINDS:
        if words.fullmatch(asked):
            return endings
    if not _ENDING.fullmatch(asked):
        raise UsageError(
            f"“{one_line(name, 40)}” is no type of file.",
            "Name an ending, such as type:pdf or type:md, or slides, spreadsheets, e-mails.",
        )
    return (asked.removeprefix("."),)


def first_day(written: str) -> str:
    """The first day of `2024`, `2024-01` or `2024-01-31`, as ISO 8601.

    Raises:
        UsageError: there is no such day.
    """
    return _span(written, "after")[0].isoformat()


def last_day(written: str) -> str:
    """The last day of a year, month or day; see `first_day`."""
    return _span(written, "before")[1].isoformat()


def span_of(year: int, month: int | None = None, day: int | None = None) -> tuple[date, date]:
    """First and last day of a year, a month or a day.

    Raises:
        ValueError: there is no such day.
    """
    if day is not None and month is not None:
        return date(year, month, day), date(year, month, day)
    first, last = (month, month) if month is not None else (1, 12)
    start = date(year, first, 1)
    return start, date(year, last, calendar.monthrange(year, last)[1])


def make_filters(
    paths: Iterable[str] = (), types: Iterable[str] = (), after: str = "", before: str = ""
) -> Filters:
    """Filters from what a person wrote in flags, in JSON or after `in:`, `type:` and the like.

    Raises:
        UsageError: a type or a date can't be read, or no day is between the two.
    """
    endings = dict.fromkeys(ending for name in types for ending in endings_of(name))
    filters = Filters(
        paths=tuple(dict.fromkeys(p.strip() for p in paths if p.strip())),
        types=tuple(endings),
        after=first_day(after) if after else "",
        before=last_day(before) if before else "",
    )
    return checked(filters)


def checked(filters: Filters) -> Filters:
    """The filters themselves, where some day can pass.

    Raises:
        UsageError: the first day is after the last.
    """
    if filters.after and filters.before and filters.after > filters.before:
        raise UsageError(
            f"No day is after {filters.after} and before {filters.before}.",
            "Name the earlier day with after: and the later one with before:.",
        )
    return filters


def combined(read: Filters, named: Filters) -> Filters:
    """What was read from a question, overruled field by field by what was named with flags.

    Raises:
        UsageError: no day is between the two dates.
    """
    return checked(
        Filters(
            paths=named.paths or read.paths,
            types=named.types or read.types,
            after=named.after or read.after,
            before=named.before or read.before,
        )
    )


def written(filters: Filters) -> str:
    """The filters as one would write them: `in:report.pdf type:pdf after:2024-01-01`."""
    parts = [f"in:{_quoted(one_line(path, 80))}" for path in filters.paths]
    parts += [f"type:{one_line(ending, 12)}" for ending in filters.types]
    parts += [f"after:{filters.after}"] if filters.after else []
    parts += [f"before:{filters.before}"] if filters.before else []
    return " ".join(parts)


def _quoted(name: str) -> str:
    return f'"{name}"' if re.search(r"\s", name) else name


def _span(text: str, filter_name: str) -> tuple[date, date]:
    found = _DATE.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError(text)
        year, month, day = (None if part is None else int(part) for part in found.groups())
        return span_of(year or 0, month, day)
    except ValueError:
        name = filter_name
        raise UsageError(
            f"“{one_line(text, 40)}” is no date for {name}:.",
            f"Write a year, a month or a day: {name}:2024, {name}:2024-06 or {name}:2024-06-30.",
        ) from None
