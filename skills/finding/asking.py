"""Reads what a message asks of pictures: what they show, from when, like which, taken where."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from assistant.core.documents import Filters
from skills.filter_dates import find_days_of_pictures
from skills.filter_values import checked, combined
from skills.filter_words import read_filters

_LONGEST = 300
"""Characters of a request; in a long text the wording would be anybody's."""
_PICTURE_NOUNS = (
    r"(?:photographs?|photos?|pictures?|images?|pics?|snapshots?|shots|screenshots?|fotografías?"
    r"|fotografias?|fotos?|imágenes|imagen|imagens|imagem|bilder[n]?|bild|fotografien"
    r"|photographies?|clichés?)"
)
_HAN_NOUNS = r"(?:照片|图片|相片|图像|影像|截图|图)"
_GOES_ON = re.compile(
    r"^[\s¿¡]*(?:(?:and|or|but|what about|how about|only|just|now|also|y|o|pero|solo|sólo|ahora|e"
    r"|mas|só|apenas|agora|und|oder|aber|nur|jetzt|et|ou|mais|seulement)(?=[\s,:]|$)"
    r"|(?:那么?|还有|再|只要?|以及|和))",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:[\s,:：,，.!?¿¡]+"
    r"|(?:please|can you|could you|would you|i(?:'d| would)? (?:want|like|need|love)(?: to see)?"
    r"|show|find|search|look|get|give|list|display|bring up|pull up|open|fetch|see|do (?:i|we) have"
    r"|have (?:i|we)(?: got)?|are there|is there|which|what|where are|me|us|out|up|through|for|all"
    r"|any|some|every|an?|the|my|our|of|"
    r"por favor|muéstrame|muestra|enséñame|enseña|búscame|busca|buscar|encuentra|encuéntrame|dame"
    r"|quiero ver|hay|tengo|las?|los|mis|mi|todas?|todos?|alguna?s?|"
    r"mostre-me|mostre|mostra-me|mostra|me mostre|procure|procura|procurar|encontre|encontra|ache"
    r"|quero ver|tenho|há|as?|os|uma?|minhas|meus|"
    r"bitte|zeige?(?: mir)?|finde?|suche?(?: mir)?(?: nach)?|gib mir|ich möchte|hast du|gibt es"
    r"|habe ich|alle|die|eine[mnr]?|meine|nach|mir|"
    r"s['’]il (?:te|vous) plaît|montre(?:z)?(?:-moi)?|affiche(?:z)?|trouve(?:z)?(?:-moi)?"
    r"|cherche(?:z)?(?:-moi)?|je veux voir|y a-t-il|ai-je|toutes|tous|les|mes|une?|des)(?=[\s,:]|$)"
    r"|(?:请|麻烦|帮我|给我|帮忙|我想看|我想要|我想找|我要|有没有|找出来?|找到|找一下|找找|找|搜索一下"
    r"|搜索|搜一下|搜|查找|查一下|显示|展示|看看|看一下|看|列出|把|所有|全部|我的|我|关于|那些|哪些|一些))",
    re.IGNORECASE,
)
_NOUN = re.compile(
    rf"(?:^|(?<=\s)){_PICTURE_NOUNS}(?=[\s,.!?]|$)(?:\s+(?:that|which|que|qui|die|auf denen"
    r"|in which|where|donde|onde|où|sur lesquelles))?(?:\s+(?:i|we)\s+(?:have|took))?"
    r"(?:\s+(?:of|with|showing|shows?|containing|contains?|depicting|featuring|about|have|has|there"
    r"|is|are|de|del|do|da|dos|das|con|com|avec|du|des|von|mit|zeigen|zeigt|muestran|muestra"
    r"|mostram|mostra|montrent|montre|hay|há|y a|ist|sind|zu sehen|aparece[mn]?)(?=[\s,.!?]|$))*"
    r"(?:\s*d['’])?",
    re.IGNORECASE,
)
_HAN_NOUN = re.compile(rf"(?:里面?|中|上)?(?:有|含有?|包含)?的?{_HAN_NOUNS}(?:里面?|中|上)?(?:有)?")
_HAN_LEAD = re.compile(r"^(?:[在从]?)(?:有|含有?|包含|带有?|拍摄?[了到]?|显示)(?=.)")
_TAIL = re.compile(
    r"(?:[\s,.;:!?。，！？]+|\s+(?:in|from|of|among) (?:my|our|the) (?:collection|library|folder"
    r"|album|index|pictures|photos)|\s+(?:i (?:have|took|made)|please|for me|taken|shot|zu sehen"
    r"|por favor|bitte|aufgenommen|tomadas|tiradas|prises)|(?:出来|给我看看?|吗|呢|吧|的))$",
    re.IGNORECASE,
)
_SIMILAR = re.compile(
    r"\b(?:similar(?:es)?|alike|resembl\w*|look(?:s|ing)? like|like (?:this|that|it|these)"
    r"|same (?:kind|sort|style)|parecid[oa]s?|semejantes?|semelhantes?|como (?:est[ae]|isto)"
    r"|ähnlich\w*|wie diese[sr]?|similaires?|ressembl\w*|comme (?:celle|celui|ça))\b"
    r"|相似|类似|相像|差不多|像这|像它|同类|长得像|一样的",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\bwhere (?:was|were|did (?:i|we)|is)\b[^.]{0,40}?\b(?:taken|shot|take|photographed|made)\b"
    r"|\b(?:gps|coordinates|location) of (?:this|the|that)\b"
    r"|\bgps[ -]?(?:coordinates|position|location|koordinaten)\b|\bcoord\w+ gps\b"
    r"|(?:在|是)?(?:哪里|哪儿|什么地方|何处|什么位置)[^。]{0,4}(?:拍|照)|拍摄(?:地点|位置)"
    r"|\bd[óo]nde (?:se |fue |fueron )?(?:tom|hic|hech|sac)\w*"
    r"|\bonde (?:foi|foram) (?:tirad|feit)\w*|\bonde tirei\b"
    r"|\bwo (?:wurden?|ist|sind|habe ich)\b[^.]{0,40}?(?:aufgenommen|gemacht|fotografiert)"
    r"|\boù (?:a|ont|est|sont|ai)\b[^.]{0,40}?\b(?:pris|faite?|photographi)\w*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """What is asked for; `topic` is "" where only the time or nothing is named."""

    topic: str
    filters: Filters
    similar: bool
    """Pictures like the one attached."""
    where: bool
    """The place where a picture was taken."""


def read_request(text: str, named: Filters, today: date, *, has_image: bool) -> PictureRequest:
    """
    Args:
        named: filters given with flags, which overrule the wording.
        has_image: whether a picture is attached, without which none can be like it.

    Raises:
        UsageError: a filter in its written form can't be read, or no day is between two dates.
    """
    asked = text.strip()[:_LONGEST]
    where = _WHERE.search(asked) is not None
    similar = has_image and _SIMILAR.search(asked) is not None
    read = read_filters(asked, lambda: ())
    rest, filters = (asked, Filters()) if _only_kinds(read.filters) else (read.text, read.filters)
    days = find_days_of_pictures(rest, today)
    if days is not None:
        rest = f"{rest[: days.start]} {rest[days.end :]}"
        own = Filters(paths=filters.paths, types=filters.types)
        filters = combined(Filters(after=days.after, before=days.before), own)
    topic = "" if where or similar else topic_of(rest)
    return PictureRequest(topic, checked(combined(filters, named)), similar, where)


def _only_kinds(filters: Filters) -> bool:
    """ "in my photos" names no type of file here: pictures are all there is."""
    return not (filters.paths or filters.after or filters.before)


def goes_on(text: str) -> bool:
    """Whether a request is one more of the kind before it: "and cats?", "only from 2022"."""
    return _GOES_ON.match(text) is not None


def continued(asked: PictureRequest, before: PictureRequest) -> PictureRequest:
    """The request, with the topic or the time of the one before where it names none."""
    if asked.where or asked.similar:
        return asked
    days = asked.filters.after or asked.filters.before
    filters = asked.filters if days else combined(before.filters, asked.filters)
    return replace(asked, topic=asked.topic or before.topic, filters=filters)


def topic_of(text: str) -> str:
    """What pictures are to show, without the words of asking: "dogs" of "find pictures of dogs"."""
    rest = " ".join(text.split())
    rest = _repeated(_LEAD, _repeated(_GOES_ON, rest))
    rest = _NOUN.sub(" ", rest, count=1) if _NOUN.search(rest) else _HAN_NOUN.sub(" ", rest, 1)
    rest = _repeated(_LEAD, rest.strip())
    rest = _HAN_LEAD.sub("", _repeated(_TAIL, " ".join(rest.split())))
    return rest.strip()


def _repeated(pattern: re.Pattern[str], text: str) -> str:
    while (shorter := pattern.sub("", text, count=1).strip()) != text:
        text = shorter
    return text
