"""Reads the choices of a question such as "is it a cat, a dog or a fox?", in six languages."""

from __future__ import annotations

import re

_READ = 4_000  # characters a choice is looked for in
_LONGEST_CHOICE = 60  # characters
_MOST_WORDS = 7
_LONGEST_QUESTION = 8  # words of "which of these is it, …"

_OR = r"[,;]?\s+(?:or|o|u|ou|oder)(?:\s+(?:rather|just))?\s+|\s*[，、]?(?:还是|或者|或是|或)\s*"
_HAS_OR = re.compile(_OR, re.IGNORECASE)
_BETWEEN = re.compile(rf"{_OR}|\s*[,，、;；|]\s*|\s+/\s+|(?<=[一-鿿])/(?=[一-鿿])", re.IGNORECASE)
_ARTICLES = r"an?|the|some|uma?|un[ae]?|una|unos|eine?[nmrs]?|der|die|das|den|l[ae]|el|les|des|du"
_ARTICLE = re.compile(
    rf"^(?:(?:either\s+)?(?:{_ARTICLES}|o|os|as)\s+|l['’]|一[只个辆张朵种条棵匹头]|(?:of|as)\s+)(?=\S)",
    re.IGNORECASE,
)
_LEADS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf".*\b(?:{_ARTICLES})\s+(?=\S)",
        r".*\b(?:is|are|was|were|be|does|do|es|son|é|são|ist|sind|est|sont|est-ce|c['’]est)\b"
        r"(?:\s*-?(?:it|this|that|these|those|he|she|they|there|isto|isso|esto|eso|das|dies|es"
        r"|ce)\b)?(?:\s+(?:picture|photo|image|animal|thing|object|show|shows|mostly|more like"
        r"|rather|que))*\s*",
        r".*\b(?:as|into|between|among|como|entre|als|zwischen|comme)\s+",
    )
)
"""What may stand before the first choice; its longest match is cut off."""
_LEAD_ZH = re.compile(r".*(?:是|像|属于|为|成)(?:一[只个辆张朵种条棵匹头])?")
_FROM_ZH = re.compile(r"(?:从|在)(.+?)(?:中|里|之间|当中)(?:选|挑|选择)")
_FROM = re.compile(
    r"\b(?:one of|between|among|from|out of|entre|zwischen|parmi)\b"
    r"(?:\s+(?:the following|these|them))?"
    r"(?:\s+(?:labels|categories|classes|options|words))?\s+(.+)$",
    re.IGNORECASE,
)
_BETWEEN_AND = re.compile(
    rf"{_OR}|\s*[,，、;；|]\s*(?:and\s+)?|\s+(?:/|and|y|e|und|et)\s+", re.IGNORECASE
)
_AFTER = re.compile(
    r"\s+(?:(?:in|on|en|na|no|auf|im|dans|sur) (?:the|this|that|la|el|esta?|foto|dem|diesem|l['’])?"
    r"\s*(?:picture|photo|image|foto|imagen|imagem|bild)|here|there|shown|depicted)$",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"^\W*(?:(?:it|this|that) (?:is|could|may|might|must)|is|are|was|were|does|do"
    r"|which|what|what's|can|could|would"
    r"|classify|label|sort|choose|select"
    r"|pick|decide|categori[sz]e|tell|say|whether|es|son|hay|cu[aá]l|qu[eé]|clasifica|elige|dime"
    r"|é|são|há|qual|classifi\w+|escolh\w+|o que|isto|isso|esto|ist|sind|zeigt|welche\w*|was"
    r"|wähle|est|est-ce|sont|c['’]est|quel\w*|choisi\w*|qu['’]est-ce|y a-t-il|labels?"
    r"|options?|choices|categor\w+|one of|so)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"\b(?:which|what|label\w*|choose|select|pick|classif\w+|categor\w+|options?|choices?|one of"
    r"|among|sort|decide|is (?:it|this|that)|cu[aá]l|etiquetas?|elige|opciones|qual|rótulos|escolha"
    r"|welche\w*|wähle|kategorien?|quel\w*|étiquettes?|choisi\w*|catégories?)\b"
    r"|标签|哪|选|分类|类别|是什么|属于",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^\W*(?:what|which|who|where|how|qu[eé]|cu[aá]l|o que|qual|was|welche\w*|quel\w*|qu['’])\b"
    r"|什么|哪",
    re.IGNORECASE,
)
_IMPERATIVE = re.compile(
    r"^(?:please\s+)?(?:describe|read|show|write|find|list|explain|count|translate|give|make|look"
    r"|summari[sz]e|help|compare)\b",
    re.IGNORECASE,
)


def read_choices(text: str) -> tuple[str, ...]:
    """The choices a question offers, without their articles; none where it offers none.

    Read are lists with "or" ("is it a dog or a cat?", 这是猫还是狗？) and lists behind a colon
    ("which fits: dog, cat, bird?").
    """
    text = " ".join(text[:_READ].split()).strip(" ?？!！.。\"“”'")
    before, colon, after = _at_colon(text)
    if colon and (_LISTED.search(before) or _HAS_OR.search(after)):
        return _choices(re.split(r"[.?!。？！]\s*", after)[0], first_is_bare=True)
    if listed := _FROM_ZH.search(text):
        return _choices(listed[1], first_is_bare=True)
    if not _HAS_OR.search(text) and _LISTED.search(text) and (listed := _FROM.search(text)):
        return _choices(" , ".join(_BETWEEN_AND.split(listed[1])), first_is_bare=True)
    asking = [part for part in re.split(r"[.?!。？！]\s*|\s[-–—]\s", text) if _HAS_OR.search(part)]
    if not asking or _IMPERATIVE.match(asking[-1]):
        return ()
    return _choices(asking[-1], first_is_bare=False)


def without_article(name: str) -> str:
    """A name without the articles and measure words before it, in six languages."""
    while (shorter := _ARTICLE.sub("", name)) != name:
        name = shorter
    return name.strip()


def _at_colon(text: str) -> tuple[str, str, str]:
    found = re.search(r"[:：]\s*|\s[-–—]\s", text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _choices(text: str, *, first_is_bare: bool) -> tuple[str, ...]:
    first, *others = _BETWEEN.split(text)
    if not first_is_bare:
        if _ASKS.search(first) and len(others) > 1:
            if len(first.split()) > _LONGEST_QUESTION:
                return ()
            first, *others = others  # "what is it, a cat or a dog"
        else:
            lead = _without_lead(first, text)
            if lead is None:
                return ()
            first = lead
    found = [_bare(part) for part in (first, *others)]
    found = [part for part in dict.fromkeys(found) if part]
    fit = all(len(p) <= _LONGEST_CHOICE and len(p.split()) <= _MOST_WORDS for p in found)
    return tuple(found) if fit and len(found) > 1 else ()


def _bare(part: str) -> str:
    """A choice without quotation marks, articles and "in the picture"."""
    return without_article(_AFTER.sub("", part.strip(" \"'“”")))


def _without_lead(first: str, text: str) -> str | None:
    """The first choice without the beginning of the question; None where this is no question."""
    if han := _LEAD_ZH.match(first):
        return first[han.end() :]
    if _CUE.match(text):
        leads = (lead.match(first) for lead in _LEADS)
        return first[max((lead.end() for lead in leads if lead), default=0) :]
    bare = len(first.split()) <= 3  # "cat or dog"
    return first if bare else None
