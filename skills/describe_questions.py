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


def asks_for_text(message: str) -> bool:
    """Whether the person wants to know what is written in the image, first of all."""
    return _READ.search(message) is not None
