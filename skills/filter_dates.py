"""Reads when files were changed from plain words: "files changed since January 2024"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from skills.filter_values import span_of

_MONTHS = (
    "january jan enero janeiro januar janvier",
    "february feb febrero fevereiro februar février",
    "march mar marzo março märz mars",
    "april apr abril avril",
    "may mayo maio mai",
    "june jun junio junho juni juin",
    "july jul julio julho juli juillet",
    "august aug agosto août",
    "september sept sep septiembre setembro septembre",
    "october oct octubre outubro oktober octobre",
    "november nov noviembre novembro novembre",
    "december dec diciembre dezembro dezember décembre",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_OLDEST = 1980
"""Years before are no dates of files."""

_WORD = "|".join(sorted(_MONTH, key=len, reverse=True))
_DATE = (
    r"(?:(?P<y1>\d{4})[-/.](?P<m1>\d{1,2})(?:[-/.](?P<d1>\d{1,2}))?(?![\d/.-])"
    r"|(?P<y2>\d{4})\s?年(?:(?P<m2>\d{1,2})\s?月)?(?:(?P<d2>\d{1,2})\s?[日号])?"
    rf"|(?:(?P<d3>\d{{1,2}})(?:st|nd|rd|th|º|er|\.)?\s+(?:de\s+|of\s+)?)?(?P<n3>{_WORD})\.?"
    r"(?:\s+(?P<d4>\d{1,2})(?:st|nd|rd|th)?,)?,?\s+(?:de\s+|del\s+)?(?P<y3>\d{4})(?!\d)"
    r"|(?P<y4>\d{4})(?![\d年/.-]\d?))"
)
_DOCUMENTS = (
    r"(?:files?|documents?|notes|pdfs?|archivos|documentos|notas|arquivos|ficheiros"
    r"|dateien|dokumenten?|notizen|fichiers)"
)
_CHANGED = (
    r"(?:\s+(?:that|which|were|was|have|been|i|last|changed|modified|edited|updated|saved|created"
    r"|que|fueron|foram|modificados|modificadas|cambiados|alterados|alteradas|atualizados|criados"
    r"|die|wurden|geändert|geänderten|ont|été|qui|modifiés|modifiées|créés))*"
)
_RELATIONS: Mapping[str, str] = {
    "since": r"since|starting from|desde|a partir de|ab|seit|depuis|à partir d[eu]",
    "after": r"after|newer than|later than|después de|depois de|após|nach|après",
    "before": r"before|older than|earlier than|antes de|vor|avant",
    "until": r"until|till|up to|hasta|até|bis|jusqu['’]en|jusqu['’]au",
    "within": r"from|of|in|dated|de|del|aus|von|vom",
}
_CHINESE_RELATIONS: Mapping[str, str] = {
    "since": "以来|以后|起|开始",
    "after": "之后|后",
    "before": "以前|之前|前",
    "until": "为止",
    "within": "",
}
_ZH_DOCUMENTS = r"(?:所有)?(?P<documents>文件|文档|资料|笔记|pdf)"


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of days named in a text: first and last as ISO dates, "" where open."""

    after: str
    before: str
    start: int
    end: int
    """`text[start:end]` says so and nothing else."""


def find_days(text: str) -> Days | None:
    """When files a question is about were changed; None where it names no such time.

    Only a date that follows a word for files, or for changing them, counts: "what happened
    after 2024?" is about what the files say.
    """
    lowered = text.casefold()
    if len(lowered) != len(text):  # folded letters would shift the offsets
        lowered = text
    for relation, pattern in _PATTERNS:
        if found := pattern.search(lowered):
            days = _days(relation, found)
            if days is not None:
                return days
    return None


def _days(relation: str, found: re.Match[str]) -> Days | None:
    part = found.groupdict()
    year = int(part["y1"] or part["y2"] or part["y3"] or part["y4"])
    month = part["m1"] or part["m2"]
    number = int(month) if month else _MONTH.get(part["n3"] or "")
    day = part["d1"] or part["d2"] or part["d3"] or part["d4"]
    try:
        first, last = span_of(year, number, int(day) if day else None)
        after, before = _bounds(relation, first, last)
    except (ValueError, OverflowError):
        return None
    if year < _OLDEST:
        return None
    return Days(after, before, found.start("when"), found.end("when"))


def _bounds(relation: str, first: date, last: date) -> tuple[str, str]:
    one = timedelta(days=1)
    match relation:
        case "since":
            return first.isoformat(), ""
        case "after":
            return (last + one).isoformat(), ""
        case "before":
            return "", (first - one).isoformat()
        case "until":
            return "", last.isoformat()
        case _:
            return first.isoformat(), last.isoformat()


def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    found = [
        (
            relation,
            re.compile(
                rf"\b{_DOCUMENTS}(?P<when>{_CHANGED}\s+(?:{words})\s+(?:(?:the|el|o|dem|le)\s+)?{_DATE})"
            ),
        )
        for relation, words in _RELATIONS.items()
    ]
    found += [
        (relation, re.compile(rf"(?P<when>{_DATE}\s?(?:{words}){_ZH_CHANGED}的){_ZH_DOCUMENTS}"))
        for relation, words in _CHINESE_RELATIONS.items()
    ]
    return found


_ZH_CHANGED = r"(?:修改|更新|保存|创建|编辑|改动)?过?"
_PATTERNS = _patterns()
