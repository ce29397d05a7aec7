"""What a message about an image asks for, as far as its wording says."""

from __future__ import annotations

import re

_READ = re.compile(
    r"\bwhat(?:'s| is)? (?:does |do )?(?:it|this|that|the [\w ]{1,30}?) says?\b"
    r"|\bwhat (?:is|'s) (?:written|printed)\b|\bwhat['’]s (?:written|printed)\b"
    r"|\bread (?:me |out |aloud )?(?:the |this |that |all |any |its )?"
    r"(?:text|words|sign|label|writing)"
    r"|\b(?:transcribe|ocr)\b|\b(?:extract|copy|get) (?:the |all )?(?:text|words)\b"
    r"|写了什么|写着什么|写的是?什么|写的啥|写了啥|上面的字|里的字|读出|念出"
    r"|(?:识别|提取|读取|抄下).{0,6}(?:文字|字)"
    r"|(?:有|是)(?:什么|哪些)(?:文字|字)"
    r"|\bqué (?:dice|pone)\b|\bqué (?:está|hay) escrito\b|\blee (?:el|este) texto\b"
    r"|\bo que (?:diz|está escrito)\b|\bleia o texto\b|\blê o texto\b"
    r"|\bwas steht\b|\blies (?:den|diesen) text\b"
    r"|\bque dit\b|\bqu['’]est-ce qui est écrit\b|\bqu['’]est-ce qu['’]il y a d['’]écrit\b"
    r"|\blis(?:ez)? (?:le|ce) texte\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"^\s*(?:is|are) (?:it|this|that|these|those|he|she) "
    r"(?P<en>[^?.!]{1,80}? or [^?.!]{1,40})\s*\??\s*$"
    r"|(?:这|那|它|图里|图中|图片)(?:个|张图|里|中)?(?:里|中)?"
    r"是(?P<zh>[^？?。，]{1,20}还是[^？?。，]{1,20}?)[？?。]?\s*$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:an?|the|一只|一个|一辆|一张|一朵|一种|一条)\s*", re.IGNORECASE)


def asks_for_text(message: str) -> bool:
    """Whether the person wants to know what is written in the image, first of all."""
    return _READ.search(message) is not None


def labels_asked(message: str) -> tuple[str, ...]:
    """The choices of a question like "is this a cat or a dog?" or 这是猫还是狗？; else none."""
    match = _CHOICE.search(message)
    if match is None:
        return ()
    choices = re.split(r"\s*,?\s+or\s+|\s*,\s*|还是|、", match["en"] or match["zh"])
    labels = tuple(_ARTICLE.sub("", choice.strip()) for choice in choices)
    return tuple(label for label in labels if label)
