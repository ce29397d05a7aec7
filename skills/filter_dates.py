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


def find_days_of_pictures(text: str, today: date) -> Days | None:
    """When pictures asked for were taken: "from 2023", "in May 2022", "last year", 去年, 2023年的.

    Any date counts here, for a request for pictures names no other.
    """
    lowered = text.casefold()
    if len(lowered) != len(text):  # folded letters would shift the offsets
        lowered = text
    for relation, pattern in _PICTURE_PATTERNS:
        if found := pattern.search(lowered):
            days = _days(relation, found)
            if days is not None:
                return days
    for pattern, (first, last) in zip(_RECENT, _recent(today), strict=True):
        if found := pattern.search(lowered):
            return Days(first.isoformat(), last.isoformat(), found.start(), found.end())
    return None


def _recent(today: date) -> list[tuple[date, date]]:
    """First and last day of what `_RECENT` names."""
    one = timedelta(days=1)
    last_month = today.replace(day=1) - one
    monday = today - timedelta(days=today.weekday())
    return [
        span_of(today.year - 1),
        (date(today.year, 1, 1), today),
        (last_month.replace(day=1), last_month),
        (today.replace(day=1), today),
        (monday - 7 * one, monday - one),
        (monday, today),
        (today - one, today - one),
        (today, today),
    ]


def _days(relation: str, found: re.Match[str]) -> Days | None:
    part = found.groupdict()
    year = int(_first(part, "y1", "y2", "y3", "y4"))
    month = _first(part, "m1", "m2")
    number = int(month) if month else _MONTH.get(_first(part, "n3"))
    day = _first(part, "d1", "d2", "d3", "d4")
    try:
        first, last = span_of(year, number, int(day) if day else None)
        after, before = _bounds(relation, first, last)
    except (ValueError, OverflowError):
        return None
    if year < _OLDEST:
        return None
    return Days(after, before, found.start("when"), found.end("when"))


def _first(part: Mapping[str, str | None], *names: str) -> str:
    return next((found for name in names if (found := part.get(name))), "")


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
_FROM = r"(?:\b(?:from|of|in|on|during|dated|de|del|em|en|no|na|im|in|aus|von|vom|à|d['’])\s*)?"
_TAKEN = (
    r"(?:(?:that|which|were|was|i|we|taken|shot|made|photographed|tomadas?|hechas?|tiradas?|feitas?"
    r"|aufgenommen|gemacht|die|wurden|prises?|faites?)\s+)*"
)
_RECENT = tuple(
    re.compile(rf"{_FROM}\b(?:{words})\b|(?:{chinese})(?:拍摄?|照)?的?")
    for words, chinese in (
        (
            r"last year|(?:el )?año pasado|(?:o )?ano passado|letzte[nsm]? jahr|l['’]an dernier"
            r"|l['’]année dernière",
            "去年",
        ),
        (r"this year|este año|este ano|diese[ms] jahr|cette année", "今年"),
        (
            r"last month|(?:el )?mes pasado|(?:o )?mês passado|letzte[nmr]? monat"
            r"|(?:le )?mois dernier",
            "上个?月",
        ),
        (r"this month|este mes|este mês|diese[mn] monat|ce mois(?:-ci)?", "这个月|本月"),
        (
            r"last week|(?:la )?semana pasada|(?:a )?semana passada|letzte[rn]? woche"
            r"|(?:la )?semaine dernière",
            "上个?(?:周|星期)",
        ),
        (r"this week|esta semana|diese[r]? woche|cette semaine", "这个?(?:周|星期)|本周"),
        (r"yesterday|ayer|ontem|gestern|hier", "昨天"),
        (r"today|hoy|hoje|heute|aujourd['’]hui", "今天"),
    )
)
"""In the order of `_recent`."""
_PICTURE_PATTERNS = [
    *(
        (
            relation,
            re.compile(
                rf"(?P<when>(?:^|(?<=[\s,]))(?:{_TAKEN})(?:{words})\s+"
                rf"(?:(?:the|el|o|dem|le)\s+)?(?:year\s+|año\s+|ano\s+|jahr\s+)?{_DATE})"
            ),
        )
        for relation, words in _RELATIONS.items()
    ),
    ("within", re.compile(rf"(?P<when>\b(?:en|em|im|in|on|during)\s+(?:jahr\s+)?{_DATE})")),
    *(
        (relation, re.compile(rf"(?P<when>{_DATE}\s?(?:{words})(?:拍摄?|照)?过?的?)"))
        for relation, words in _CHINESE_RELATIONS.items()
        if words
    ),
    (
        "within",
        re.compile(
            r"(?P<when>(?P<y1>\d{4})\s?年(?:(?P<m1>\d{1,2})\s?月)?"
            r"(?:(?P<d1>\d{1,2})\s?[日号])?(?:拍摄?|照)?的?)"
        ),
    ),
    ("within", re.compile(rf"(?P<when>^{_DATE}(?=\s))")),
]
