"""Reads filters out of a question: `in:report.pdf`, "according to handbook.md", "in my PDFs"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from assistant.core.documents import Filters
from skills.filter_dates import find_days
from skills.filter_values import KINDS, checked, kind_pattern, make_filters
from skills.question_terms import matched_forms

FileNames = Callable[[], Sequence[str]]
"""Names (or paths) of the files there are; asked only when a question seems to name one."""

_KEYED = re.compile(
    r"(?<![\w:/.])(in|type|after|before)[:：](?:\"([^\"\n]+)\"|“([^”\n]+)”|([^\s\"“”/][^\s\"“”]*))",
    re.IGNORECASE,
)
_LONGEST_QUESTION = 500
"""Characters within which plain wording is read: in a long text it would be anybody's."""
_MARKS = ",;?!。，；？！、)）"
"""Marks after a value that belong to the sentence."""
_DOCUMENT_ENDINGS = (
    r"pdf|docx?|docm|odt|rtf|pptx?|pptm|ppsx|odp|xlsx?|xlsm|ods|csv|tsv|txt|text|log|md|markdown"
    r"|rst|org|tex|html?|xhtml|epub|eml|mbox|ipynb|srt|vtt|png|jpe?g|webp|gif|bmp|tiff?"
)
_ENDINGS = rf"(?:{_DOCUMENT_ENDINGS}|[a-z][a-z0-9+]{{0,7}})"
_NAME = (
    rf"(?:[\"“«「《](?P<quoted{{n}}>[^\"”»」》\n]{{{{1,120}}}})[\"”»」》]"
    rf"|(?P<plain{{n}}>[\w(][\w()+~.-]*?\.{_ENDINGS})(?![A-Za-z0-9_]|\.[A-Za-z0-9]))"
).replace("{{1,120}}", "{1,120}")


def _name(n: int) -> str:
    return _NAME.replace("{n}", str(n))


_THE_FILE = (
    r"(?:(?:the|my|our|this|file|document|el|la|mi|archivo|documento|o|a|meu|minha|arquivo"
    r"|ficheiro|der|dem|die|das|meiner?|meinem|datei|dokument|le|mon|ma|fichier)\s+){0,2}"
)
_AND = r"\s*(?:,|、|，|;|\b(?:and|or|y|e|o|u|ou|und|oder|et)\b|和|与|或|及)\s*"
_WITHIN = (
    r"(?:\b(?:in|inside|within|from|per|according to|based on|look in|look into|search"
    r"|en|dentro de|según|de|em|no|na|do|da|segundo|conforme|de acordo com"
    r"|im|aus|laut|gemäß|nach|dans|selon|d['’]après)\s+"
    r"|(?:在|根据|按照|依据|据|从|查一?下|看看)\s*)"
)
_INSIDE = r"(?:\s*(?:这[个份])?(?:文件|文档)?(?:里面|里头|当中|之中|里|中|内|上)?)"
_IN_FILES = re.compile(
    rf"{_WITHIN}{_THE_FILE}{_name(1)}(?:{_AND}{_THE_FILE}{_name(2)})?{_INSIDE}", re.IGNORECASE
)
_LEADING = re.compile(rf"^\s*{_name(1)}\s*(?:[,，:：]|里面?|中)", re.IGNORECASE)
_SAYS = re.compile(
    rf"(?:\b(?:does|do|did)\s+{_THE_FILE}{_name(1)}(?=\s+(?:say|mention|state|tell|contain|list))"
    rf"|\b(?:dicen?|menciona|diz|dizem|sagt|dit|mentionne)\s+{_THE_FILE}{_name(2)}"
    rf"|{_name(3)}(?:里面?|中)?(?=是?怎么|如何|说|提到|写|讲|规定|有没有))",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"(?:\b(?:according to|según|segundo|de acordo com|laut|selon|d['’]après)\s+"
    r"(?:(?:the|my|our|el|la|mi|o|a|meu|minha|der|dem|meinem|meiner|le|mon|ma)\s+)?"
    r"|(?:根据|按照)\s*)(?P<title>[^,，;:：?？!！。\n]{3,60}?)\s*(?=[,，;:：?？]|$)"
    r"|\b(?:in|from)\s+(?:the\s+|my\s+)?(?P<called>[\w -]{3,60}?)\s+(?:file|document|pdf)\b"
    r"|在(?P<named>[^,，;:：?？!！。\n]{2,40}?)(?:这[个份])?(?:文件|文档)(?:里面?|中)",
    re.IGNORECASE,
)
_OWN = (
    r"(?:(?:all\s+)?(?:of\s+)?(?:my|our)|(?:tod[oa]s\s+)?(?:mis|nuestr[oa]s|(?:as?\s+|os?\s+)?"
    r"(?:meus|minhas|nossos|nossas))|(?:allen?\s+)?(?:meinen?|unseren?)"
    r"|(?:tou(?:s|tes)\s+)?(?:mes|nos))"
)
_ARTICLE = r"(?:(?:all\s+)?the|los|las|os|as|den|les)"
_ENDS = r"(?=\s*(?:[,，:：;?!.]|$))"
_NEAR = r"(?:in|across|among|within|from|through|search|en|em|nos|nas|dans)"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question without its filters."""

    text: str
    filters: Filters


def read_filters(question: str, file_names: FileNames) -> Asked:
    """Take the filters out of a question.

    Plain wording counts only where it can't be about the subject: a name with an ending, or
    one of a file there is; dates only of files ("files changed since May 2024").

    Raises:
        UsageError: what follows `type:`, `after:` or `before:` can't be read.
    """
    text, keyed = _keyed(question)
    if len(text) > _LONGEST_QUESTION:
        return Asked(_tidied(text) if keyed else question.strip(), keyed)
    text, paths = _named_files(text, file_names)
    text, types = _named_types(text)
    days = find_days(text)
    if days is not None:
        text = f"{text[: days.start]} {text[days.end :]}"
    filters = Filters(
        paths=keyed.paths or tuple(paths),
        types=keyed.types or types,
        after=keyed.after or (days.after if days else ""),
        before=keyed.before or (days.before if days else ""),
    )
    return Asked(_tidied(text) if filters else question.strip(), checked(filters))


def without_written_filters(question: str) -> str:
    """The question without filters in their written form, whether they can be read or not."""
    return _tidied(_KEYED.sub(" ", question))


def names_filter(question: str) -> bool:
    """Whether a question holds a filter in its written form, such as `type:pdf`."""
    return _KEYED.search(question) is not None


def _keyed(question: str) -> tuple[str, Filters]:
    values: dict[str, list[str]] = {"in": [], "type": [], "after": [], "before": []}
    pieces: list[str] = []
    end = 0
    for found in _KEYED.finditer(question):
        quoted = found[2] or found[3]
        value = quoted or found[4].rstrip(_MARKS) or found[4]
        values[found[1].casefold()].append(value)
        pieces.append(question[end : found.start()])
        end = found.end() if quoted else found.start(4) + len(value)
    filters = make_filters(
        values["in"],
        _split(values["type"]),
        *("".join(values[k][-1:]) for k in ("after", "before")),
    )
    return " ".join([*pieces, question[end:]]) if end else question, filters


def _split(types: Sequence[str]) -> list[str]:
    return [part for value in types for part in re.split(r"[,，、|]", value) if part.strip()]


def _named_files(text: str, file_names: FileNames) -> tuple[str, list[str]]:
    """The text without what names files, and their names."""
    for pattern, whole in ((_IN_FILES, True), (_LEADING, True), (_SAYS, False)):
        for found in pattern.finditer(text):
            groups = {n: v for n, v in found.groupdict().items() if v}
            names = [name for n, v in groups.items() if (name := _known(n, v, file_names))]
            if len(names) == len(groups):
                start, end = found.span() if whole else found.span(next(iter(groups)))
                return f"{text[:start]} {text[end:]}", names
    for found in _TITLED.finditer(text):
        title = next(v for v in found.groups() if v)
        if name := _by_title(title, file_names()):
            return f"{text[: found.start()]} {text[found.end() :]}", [name]
    return text, []


def _known(group: str, name: str, file_names: FileNames) -> str | None:
    """The name where it is one: of a document by its ending, else of a file there is."""
    name = name.strip()
    if group.startswith("plain") and re.search(rf"\.(?:{_DOCUMENT_ENDINGS})$", name, re.IGNORECASE):
        return name
    return _by_name(name, file_names())


def file_called(name: str, file_names: FileNames) -> str | None:
    """The file a person means by a name or a title, as a filter names it; None where it is
    none, or more than one."""
    plain = name.strip()
    if re.search(rf"^[^\s]+\.(?:{_DOCUMENT_ENDINGS})$", plain, re.IGNORECASE):
        return plain
    paths = file_names()
    return _by_name(plain, paths) or _by_title(plain, paths) or _by_words(plain, paths)


def _by_words(title: str, paths: Sequence[str]) -> str | None:
    """Name of the one file whose name holds every word of a title ("the lease": lease-2024.pdf)."""
    wanted = matched_forms(title)
    names = {PurePath(p).name for p in paths}
    found = [name for name in names if wanted and wanted <= matched_forms(PurePath(name).stem)]
    return found[0] if len(found) == 1 else None


def _by_name(name: str, paths: Sequence[str]) -> str | None:
    """The full name of the file with that name or, without its ending, of the only one."""
    wanted = name.casefold()
    names = {PurePath(path).name for path in paths}
    called = [n for n in names if n.casefold() == wanted]
    stems = [n for n in names if PurePath(n).stem.casefold() == wanted]
    return called[0] if called else stems[0] if len(stems) == 1 else None


def _by_title(title: str, paths: Sequence[str]) -> str | None:
    """Name of the one file called like that ("employee handbook": employee_handbook.md)."""
    wanted = _letters(title)
    found = {PurePath(p).name for p in paths if wanted and _letters(PurePath(p).stem) == wanted}
    return found.pop() if len(found) == 1 else None


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _named_types(text: str) -> tuple[str, tuple[str, ...]]:
    for endings, within, mentioned in _TYPES:
        if found := within.search(text):
            return f"{text[: found.start()]} {text[found.end() :]}", endings
        if mentioned.search(text):
            return text, endings
    return text, ()


def _type_patterns() -> list[tuple[tuple[str, ...], re.Pattern[str], re.Pattern[str]]]:
    """By endings: what names a type as a place to look in, and what only mentions it."""
    found = []
    for endings in KINDS:
        kind = rf"(?:{kind_pattern(endings)})"
        own = rf"{_OWN}\s+{kind}\b(?:\s+(?:files|documents))?"
        within = (
            rf"\b{_NEAR}\s+{own}|\b{_NEAR}\s+{_ARTICLE}\s+{kind}\b(?:\s+(?:files|documents))?{_ENDS}"
            rf"|(?:在(?:我们?的?)?|我们?的)(?:所有|全部)?的?{kind}(?:文件|文档)?(?:里面|里头|当中|里|中|内)"
        )
        mentioned = (
            rf"\b(?:which|what|any) of {own}|\b(?:do|does)\s+{own}\s+(?:say|mention|contain|state)"
            rf"|\b(?:dicen|mencionan|dizem|mencionam|disent|mentionnent)\s+{own}"
            rf"|我们?的?哪[些个份](?:个|份)?{kind}|哪[些个份]{kind}"
        )
        flags = re.IGNORECASE
        found.append((endings, re.compile(within, flags), re.compile(mentioned, flags)))
    return found


_TYPES = _type_patterns()
_LEFT_OVER = re.compile(r"^[\s,，:：;；、.]+|\s+(?=[,，?？.。!！;；])")
_SPACES = re.compile(r"\s{2,}")


def _tidied(text: str) -> str:
    return _SPACES.sub(" ", _LEFT_OVER.sub("", text)).strip()
