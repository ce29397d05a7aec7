"""Reads questions that go on about an image: why it is called so, what else is in it."""

from __future__ import annotations

import re

from assistant.language.choices import read_choices, without_article

_IT = r"(?:it|this|that|they|these|there)"
_WHY = re.compile(
    r"^\W*(?:and |but |so )?why(?: (?:do you (?:say|think|believe|see)|(?:would|did) you say))?"
    rf"(?: that)?(?: {_IT}(?:'s|'re)?)?(?: (?:is|are|was|should|would)(?: {_IT})?(?: be)?)?"
    r"(?: not)?\s*(?P<en>[^?!.]{0,60})"
    r"|^\W*what makes (?:you (?:think|say) )?(?:that )?(?:it|this)(?:'s| is)?"
    r"(?: look(?:s)? like| seem(?: like)?| be)?\s*(?P<makes>[^?!.]{0,60})"
    r"|\b(?:show|point|mark|highlight)(?: me)?(?: out)? where\b\s*(?:you see )?"
    r"(?P<where>[^?!.]{0,60})"
    r"|^\W*where (?:do|did|can) you see (?P<see>[^?!.]{1,60})"
    r"|\bheat ?map(?: (?:for|of))?\s*(?P<map>[^?!.]{0,60})"
    r"|为(?:什么|何)(?:你)?(?:会)?(?:觉得|认为|说)?(?:它|这|那|图里|图中)?(?:个)?(?:就)?(?:是|像|有)?"
    r"(?P<zh>[^？?。！!]{0,30})"
    r"|哪里(?:看出|像|是|有)(?:来)?(?:它|这)?(?:是|像)?(?P<nali>[^？?。！!]{0,30})"
    r"|(?:指出|标出|显示)(?P<zhi>[^？?。！!]{0,20}?)(?:在哪|的位置)"
    r"|(?P<retu>[^？?。！!\s]{0,20}?)的?热(?:力)?图"
    r"|^\W*por ?qu[eé](?: (?:dices|crees|piensas|você diz|você acha|diz|acha))?(?: que)?"
    r"(?: (?:es|é|ser[ií]a))?\s*(?P<pt>[^?!.]{0,60})"
    r"|^\W*(?:warum|wieso)(?: (?:glaubst|denkst|meinst) du)?(?:,? dass)?"
    r"(?: (?:ist|soll) (?:das|es|dies))?\s*(?P<de>[^?!.]{0,60})"
    r"|^\W*pourquoi(?: (?:dis-tu|penses-tu|tu dis))?(?: que)?(?: (?:c['’]est|ce serait))?"
    r"\s*(?P<fr>[^?!.]{0,60})",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"(?:^|\s+)(?:is|are|was|it|this|that|so|呢|吗|啊|的|ist|es|das"
    r"|in (?:the|this) (?:picture|image|photo))$",
    re.IGNORECASE,
)
_LONGEST = 120  # characters
_SHORT_LABEL = 30  # characters; "why is the sky blue at noon" is no label
_POINTS = re.compile(
    r"\b(?:it|its|this|that|these|those|they|them|he|she|his|her|there|picture|photo|image"
    r"|background|foreground|how many|what colou?r|wearing|holding|doing)\b"
    r"|它|他|她|这|那|图|照片|背景|多少|几[个只条辆]|颜色|穿|拿"
    r"|\b(?:foto|imagen|imagem|bild|esto|eso|isto|isso|das|dies\w*|ça|cela|photo|cu[aá]nt\w*"
    r"|quant\w*|wie viele|combien|color|cor|farbe|couleur|hay|há|y a-t-il|gibt es)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"[?？]|^\W*(?:who|what|when|where|which|how|is|are|does|do|can you see)\b"
    r"|什么|哪|谁|几|多少|吗",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:translat\w*|summari\w*|rewrite|write|shorter|longer|rephrase|poem|story|email|documents?"
    r"|files?|traduc\w*|traduz\w*|übersetz\w*|tradui\w*|resum\w*)\b|翻译|总结|写|文档|文件|短一点|长一点",
    re.IGNORECASE,
)
_WORLD = re.compile(
    r"^\W*why (?:is|are|was|were|do|does|did|can|can't|should|would|have|has)(?:n't)? "
    r"(?!you (?:say|think|believe|see))(?:the|my|your|our|some|we|you|i|people|all|most)\b",
    re.IGNORECASE,
)
"""Asks why something in the world is as it is: "why is the sky blue?"."""


def asks_on(text: str) -> bool:
    """Whether a message right after an image asks on about it, by its wording alone."""
    if len(text) > _LONGEST or _ELSEWHERE.search(text) or _WORLD.match(text):
        return False
    if why_asked(text) is not None:
        return len(why_asked(text) or "") <= _SHORT_LABEL
    points = _POINTS.search(text) is not None and _ASKS.search(text) is not None
    return points or (len(read_choices(text)) > 1 and _ASKS.search(text) is not None)


def why_asked(message: str) -> str | None:
    """The label a message asks the reason of; "" where it names none ("why?"), None where it asks
    something else."""
    found = _WHY.search(message.strip())
    if found is None:
        return None
    label = next((part for part in found.groups() if part is not None), "").strip(" ,，\"'“”")
    while (shorter := _ENDS.sub("", label)) != label:
        label = shorter
    return without_article(label)
