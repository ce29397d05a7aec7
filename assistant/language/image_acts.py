"""Reads what a short message tells to do with the image before it: cut out, find, read."""

from __future__ import annotations

import re

_LONGEST = 60  # characters; a longer message is about something else
_LEAD = (
    r"^\W*(?:(?:and|now|then|so|ok|please|just|can you|could you|i want you to|also|por favor"
    r"|bitte|jetzt|maintenant|ahora|agora|puedes|kannst du|peux-tu)\b\W*)*"
)
_ZH_LEAD = r"^\W*(?:那|再|请|现在|帮我|给我|能不能|可以|然后)*"
_CUTS_OUT = re.compile(
    rf"{_LEAD}(?:"
    r"(?:remove|erase|delete|drop|strip|get rid of|take (?:away|out|off)) "
    r"(?:the |its |this |that )?background\b"
    r"|make (?:the |its )?background (?:transparent|white)\b"
    r"|(?:cut|crop) (?:it|them|him|her|this|that|(?:the|that) [\w -]{2,20}) out\b"
    r"|cut out (?:it|them|him|her|this|that|the [\w -]{2,20})$"
    r"|(?:quit[ae]r?|elimin[ae]r?|borr[ae]r?) el fondo\b|rec[oó]rta(?:lo|la)\b"
    r"|(?:tir[ae]r?|remov[ae]r?|apag(?:a|ar|ue)) o fundo\b|recort[ae]-[oa]\b"
    r"|entfern\w* den hintergrund\b|(?:den )?hintergrund (?:entfernen|weg)\b|stell\w* \w+ frei\b"
    r"|(?:enl[eè]v\w*|supprim\w*|retir\w*) l['’]arri[eè]re-plan\b|d[ée]toure\w*"
    r")"
    rf"|{_ZH_LEAD}(?:把)?(?:它的|这张图的|图片的|图里的|照片的|图的)?背景(?:给)?"
    r"(?:去掉|去除|删掉|移除|抠掉|抠了|弄掉|变透明|变成透明)"
    rf"|{_ZH_LEAD}(?:去掉|去除|删掉|移除|抠掉|去)(?:它的|这张图的|图片的|图里的|照片的)?背景"
    rf"|{_ZH_LEAD}抠图|{_ZH_LEAD}(?:把.{{1,10}})?抠(?:出来|下来|一下|出)",
    re.IGNORECASE,
)
_FINDS = re.compile(
    rf"{_LEAD}(?:count|find|mark|box|locate|circle|highlight|detect|point out)"
    r"(?: me)?(?: all)? (?:the|all|every|each|it|them)\b[\w -]{0,20}"
    r"(?: (?:in|on) (?:it|(?:the|this) (?:picture|photo|image)))?\W*$"
    rf"|{_ZH_LEAD}(?:把.{{1,10}})?(?:框|圈|标)(?:出来?|一下|起来).{{0,10}}$"
    rf"|{_ZH_LEAD}(?:数一?数|数一下|检测一?下?|定位).{{0,10}}$"
    rf"|{_ZH_LEAD}找(?:出|到)(?:图里|图中|所有|全部|那|这).{{1,10}}$",
    re.IGNORECASE,
)

_THING = r"(?-i:[a-zà-ÿ][a-zà-ÿ -]{1,24}?)"
"""What stands in a picture; a name ("the Louvre", "the Nile") stands in the world."""
_IN_IT = (
    r"(?: (?:here|in (?:it|(?:the|this) (?:picture|photo|image))|en la (?:foto|imagen)"
    r"|na (?:foto|imagem)|auf dem (?:bild|foto)|(?:sur|dans) (?:la photo|l['’]image)))?"
)
_SEEKS = re.compile(
    rf"{_LEAD}(?:where(?:['’]s| is| are| was) "
    rf"(?:the|that|this|those|these|its|his|her|their) {_THING}"
    rf"|d[oó]nde est[aá]n? (?:el|la|los|las) {_THING}"
    rf"|(?:onde est[aáã]o?|cad[eê]) (?:o|a|os|as) {_THING}"
    r"|wo (?:ist|sind) (?:der|die|das) [^\W\d_]{2,24}"
    rf"|o[uù] (?:est|sont) (?:le |la |les |l['’]){_THING}"
    rf"){_IN_IT}\W*$"
    r"|^\W*(?:那么?)?(?:图里|图中|照片里|里面)?的?(?:[\u3400-\u9fff]{1,6}?)(?:是)?"
    r"在(?:图里|图中|照片里)?(?:的)?(?:哪里?|哪儿|什么地方|什么位置|哪个位置)[呢啊呀]?\W*$",
    re.IGNORECASE,
)
_NOT_IN_PICTURES = re.compile(
    r"\b(?:nearest|closest|capital|files?|folder|documents?|settings?|button|option|menu)\b"
    r"|我|你|您|首都|最近|文件|文档|设置|按钮|(?:国|省|市|县|州|洲|城|岛|京|海|江|河|山)(?:是)?在",
    re.IGNORECASE,
)
"""Places in the world, and in programs."""

_READS = re.compile(
    rf"{_LEAD}(?:(?:read|extract|copy|get|transcribe)(?: me)?(?: out)?(?: aloud)? "
    r"(?:all |all of )?(?:the|its|this|that) (?:text|words|writing|sign|label|receipt|table)\b"
    r"|(?:transcribe|ocr|read) (?:it|this|that)(?: out| aloud)?\W*$"
    r"|lee (?:el|este) texto\b|(?:leia|lê) o texto\b|lies (?:den|diesen) text\b"
    r"|lis(?:ez)? (?:le|ce) texte\b)"
    rf"|{_ZH_LEAD}(?:把)?(?:图里|图中|图上|上面|里面)?的?(?:文字|字)(?:都)?(?:读|念|抄|提取|识别)(?:出来|下来|一下)"
    rf"|{_ZH_LEAD}(?:识别|提取|读取|读出|念出|抄下)(?:一下)?(?:图里|图中|图上|上面|里面|所有)?的?(?:文字|字)",
    re.IGNORECASE,
)


def reads(text: str) -> bool:
    """Whether the text in the image is to be read: "read the text", 识别文字."""
    return len(text) <= _LONGEST and _READS.search(text) is not None


def cuts_out(text: str) -> bool:
    """Whether something is to be cut out, or its background to go: "remove the background"."""
    return len(text) <= _LONGEST and _CUTS_OUT.search(text) is not None


def finds(text: str) -> bool:
    """Whether certain things are to be found or counted: "mark it", 框出狗, "where is the dog?"."""
    if len(text) > _LONGEST:
        return False
    return _FINDS.search(text) is not None or _seeks(text)


def _seeks(text: str) -> bool:
    """Whether it asks where something is that may stand in a picture."""
    return _SEEKS.search(text) is not None and _NOT_IN_PICTURES.search(text) is None
