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
    r"(?!you (?:say|think|believe|see))(?:the|my|your|our|some|we|you|i|people|all|most)\b"
    r"|^\W*how many [\w ]{1,30} (?:are|is)(?: there)? in an? (?!picture|photo|image)",
    re.IGNORECASE,
)
"""Asks of something in the world: "why is the sky blue?", "how many days are in a year?"."""
_COUNTED_IN_THE_WORLD = re.compile(
    r"\b(?:planets?|moons|galaxies|continents?|countries|nations|oceans|seas|provinces|states"
    r"|capitals|languages|religions|days|weeks|months|hours|minutes|seconds|years|centuries|bones"
    r"|chromosomes|elements|vowels|consonants|people (?:live|speak)|kilomet\w+|miles|calories)\b"
    r"|行星|卫星|星系|大洲|国家|大洋|省份?|个州|首都|种?语言|宗教|[天周月年]|小时|分钟|秒|世纪|骨头|染色体|元素"
    r"|元音|公里|卡路里"
    r"|\b(?:planetas?|lunas|luas|galaxias|galáxias|continentes?|países|océanos|oceanos|mares"
    r"|provincias|províncias|estados|capitales|capitais|idiomas|lenguas|línguas|religiones|religiões"
    r"|días|dias|semanas|meses|horas|minutos|segundos|años|anos|siglos|séculos|huesos|ossos"
    r"|cromosomas|cromossomos|elementos|vocales|vogais|kilómetros|quilômetros|calorías|calorias)\b"
    r"|\b(?:planeten?|monde|galaxien|kontinente|länder|staaten|ozeane|meere|bundesländer|provinzen"
    r"|hauptstädte|sprachen|religionen|tage|wochen|monate|stunden|minuten|sekunden|jahre"
    r"|jahrhunderte|knochen|chromosomen|elemente|vokale|kilometer|kalorien)\b"
    r"|\b(?:planètes?|lunes|galaxies|continents?|pays|océans|mers|provinces|états|capitales|langues"
    r"|religions|jours|semaines|mois|heures|minutes|secondes|ans|années|siècles|chromosomes"
    r"|éléments|voyelles|kilomètres|calories)\b",
    re.IGNORECASE,
)
""" "How many …?" of these asks a fact; nobody counts them in a picture unless it is named."""
_IN_IT = re.compile(
    r"\b(?:here|this|that|these|it|picture|photo|image|map|chart|diagram|drawing|you see|shown)\b"
    r"|图|照片|画|这|里面|看到"
    r"|\b(?:aquí|aqui|foto|imagen|imagem|mapa|dibujo|desenho|est[ea]|ness?[ea]|ves|vê|aparecen?|sale[n]?"
    r"|hier|bild|karte|zeichnung|siehst|dies\w*|ici|image|carte|dessin|cette|ce|vois|voit)\b",
    re.IGNORECASE,
)


def asks_on(text: str) -> bool:
    """Whether a message right after an image asks on about it, by its wording alone."""
    if len(text) > _LONGEST or _ELSEWHERE.search(text) or _asks_of_world(text):
        return False
    if why_asked(text) is not None:
        return len(why_asked(text) or "") <= _SHORT_LABEL
    points = _POINTS.search(text) is not None and _ASKS.search(text) is not None
    return points or (len(read_choices(text)) > 1 and _ASKS.search(text) is not None)


def _asks_of_world(text: str) -> bool:
    if _WORLD.match(text):
        return True
    counted = _COUNTED_IN_THE_WORLD.search(count_asked(text))
    return counted is not None and _IN_IT.search(text) is None


_GENERAL = re.compile(
    r"^\W*(?:(?:and|so|please|hey|ok|can you|could you)\W+)*"
    r"(?:what(?:'s| is| are| does)?(?: (?:this|that|it|these|those|the (?:picture|photo|image)))?"
    r"(?: (?:show|shows|of|about|here))?"
    r"|what(?:'s| is| are| do you see| can you see)?(?: there)? (?:in|on) (?:the |this |that )?"
    r"(?:picture|photo|image|it)s?"
    r"|what (?:do|can) you see(?: here)?"
    r"|describe.*|tell me.*|look at.*"
    r"|(?:这|那|它|图里|图中|照片里?)?(?:张图|张图片|个)?(?:里)?(?:是|有)什么"
    r"|(?:请|帮我)?(?:描述|看看|说说).*"
    r"|(?:¿)?qu[eé] (?:es (?:esto|eso)|hay en (?:la|esta) (?:foto|imagen)|ves)"
    r"|o que (?:é (?:isto|isso)|há n[ae]\w* (?:foto|imagem)|você vê)|descr[ei].*"
    r"|was (?:ist (?:das|dies)|siehst du|ist auf dem (?:bild|foto)(?: zu sehen)?)|beschreib.*"
    r"|qu['’]est[- ]ce que c['’]est|que vois-tu|d[ée]cri.*)[\s?？!.。]*$",
    re.IGNORECASE,
)
"""Asks what an image shows, and nothing in particular."""
_THERE = re.compile(
    r"^\W*(?:is|are) (?:there|it|this|that|they|these)(?: (?:really|also))?\s+"
    r"(?P<en>(?:an?|any|some|the)?\s*[^?.!]{2,50}?)(?: (?:in|on) (?:it|(?:the|this) "
    r"(?:picture|photo|image))| there| here)?\s*\??$"
    r"|^\W*(?:do|can) you see (?P<see>(?:an?|any|some|the)\s+[^?.!]{2,50}?)\s*\??$"
    r"|^\W*(?:这|那|它|图里|图中|照片里|里面)*(?:张图|张照片)?(?:里)?(?:有没有|是不是|有|是)"
    r"(?P<zh>[^？?。什么哪多几]{1,20}?)(?:吗|么)?[？?]?$"
    r"|^\W*(?:hay|há|gibt es|y a-t-il|est-ce que c['’]est|es esto|isto é|ist das)\s+"
    r"(?P<other>[^?.!]{2,50}?)(?: (?:aqu[ií]|hier|ici|en la foto|na foto|auf dem bild))?\s*\??$",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\bhow many (?P<en>[\w -]{2,40}?)(?: (?:are|is|can|do|does|in|on|there)\b|\s*\?|$)"
    r"|(?:多少|几)(?:[个只条辆张朵名位头匹])?(?P<zh>[^？?。有在是]{1,15})"
    r"|\b(?:cu[aá]nt[oa]s|quant[oa]s|wie viele|combien d['’e])\s*(?P<other>[\w -]{2,40}?)"
    r"(?: (?:hay|há|gibt|sind|ves|y a)\b|\s*\?|$)",
    re.IGNORECASE,
)


def asks_particular(text: str) -> bool:
    """Whether a message asks something in particular about an image, not just what it shows."""
    return bool(text.strip()) and _ASKS.search(text) is not None and not _GENERAL.match(text)


def presence_asked(text: str) -> str:
    """What "is there a dog?" or 有狗吗？ asks the presence of; "" where it asks another thing."""
    return _first(_THERE.match(text.strip()))


def count_asked(text: str) -> str:
    """What "how many dogs are there?" asks the number of; "" where it asks another thing."""
    return _first(_COUNT.search(text))


def _first(found: re.Match[str] | None) -> str:
    named = next((part for part in found.groups() if part), "") if found else ""
    return without_article(re.sub(r"^(?:any|some) ", "", named.strip()))


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
