"""Reads from a message what is to be found in its images: "how many dogs are there?"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.core.text import one_line

MOST_LABELS = 40
_LONGEST = 60  # characters of a label
_FLAGS = re.IGNORECASE

Aim = Literal["count", "find"]

_COUNT = re.compile(
    r"\bhow many\b|\bcount\b|\bnumber of\b|\bhow much people\b|几|多少|数一?[数下]|数数|统计|数出"
    r"|\bcu[áa]nt[oa]s\b|\bcuenta\b|\bcontar\b|\bquant[oa]s\b|\bcont[ea]\b|\bconta[rm]?\b"
    r"|\bwie ?viele?\b|\bzähl\w*|\banzahl\b|\bcombien\b|\bcompte[rz]?\b|\bnombre de\b",
    _FLAGS,
)
_LEADS = tuple(
    re.compile(pattern, _FLAGS)
    for pattern in (
        # English
        r"\bhow many (?:different |more )?(.+)",
        r"\bnumber of (.+)",
        r"\bcount(?: up)? (.+)",
        r"\b(?:box(?:es)?|rectangles?|frames?|circles?|bounding box(?:es)?) (?:around|round|on"
        r"|for) (.+)",
        r"\b(?:find|detect|locate|spot|mark|highlight|circle|outline|segment|box|tag"
        r"|point (?:out|to)"
        r"|show me|look for|search for|localis?ze?)(?: me| us)? (.+)",
        r"\bwhere(?:'s| is| are|'re| can i see| do you see)? (.+)",
        r"\b(?:is|are) there (?:any |an? |some )?(.+)",
        r"\b(?:do|can) you (?:see|spot|find) (?:any |an? |some )?(.+)",
        r"\b(?:cut|crop|clip|pull|take) out (.+)",
        r"\b(?:cut|clip|separate|extract|isolate|mask)(?: out)? (.+)",
        r"\b(?:how much of|what (?:share|part|percent(?:age)?|fraction) of) .*?\b(?:is|are)"
        r"(?: covered (?:by|in|with)| made up of| taken up by)? (.+)",
        r"\b(?:area|size|mask|outline|silhouette|shape)s? of (.+)",
        r"\bremove (?!the background|background)(.+)",
        # Chinese
        r"(?:有|共有|一共有|总共有|里有|上有|中有)(?:几|多少)[个只条辆人张名位匹头架艘本把台部棵朵处]?(.*)",
        r"(?:几|多少)[个只条辆张名位匹头架艘本把台部棵朵]?(.+)",
        r"(?:数一?[数下]|数数|数出|统计一?下?|清点一?下?)(?:这|图|照片|图片|画面)?[里中上]?(?:有几[个只条辆]?)?(.+)",
        r"(?:找出|找到|找一?[找下]|框出|框选|框住|标出|标注|标记|圈出|圈起|检测|识别出|定位|指出|抠出|分割|勾出)(?:来|一下)?(.+)",
        r"把(.+?)(?:都|全)?(?:框|标|圈|找|抠|分割|剪|扣|勾|挖|截)",
        r"(.+?)(?:在哪|在什么地方|在什么位置|的位置|的坐标|占|的面积)",
        r"(?:有没有|是否有|能看到|看得到)(.+)",
        r"^(.+?)(?:抠图|抠像)",
        # Spanish, Portuguese
        r"\bcu[áa]nt[oa]s (.+)",
        r"\bquant[oa]s (.+)",
        r"\b(?:cuenta|contar|conte|conta|contem)(?: me)? (.+)",
        r"\b(?:encuentra|busca|detecta|localiza|marca|señala|encierra|recorta|encontre|encontra"
        r"|ache"
        r"|procure|detecte|localize|marque|assinale|circule|destaque|recorte|resalta|segmenta"
        r"|segmente"
        r"|separa|separe|extrae|extraia)(?:me)? (.+)",
        r"\bd[óo]nde (?:est[áa]n?|hay|se ven?) (.+)",
        r"\bonde (?:est[áa]o?|est[ãa]o|há|fica|ficam) (.+)",
        r"\b(?:recuadros?|cajas?|caixas?|retângulos?|rectángulos?) (?:alrededor de|en torno a"
        r"|em volta d[eoa]s?"
        r"|ao redor d[eoa]s?|a|nos|nas) (.+)",
        # German
        r"\bwie ?viele? (.+)",
        r"\b(?:zähle?|finde?|such[e]?|markiere?|erkenne?|umrande|kreise?|zeige?|rahme|schneide?"
        r"|stelle?"
        r"|segmentiere?)(?: mir| bitte)? (.+)",
        r"\bwo (?:ist|sind|steht|stehen|befinde[nt] sich) (.+)",
        r"\b(?:kästen|rahmen|rechtecke?|boxen) um (.+)",
        r"\banzahl (?:der |von )?(.+)",
        # French
        r"\bcombien (?:y a-t-il )?(?:de |d['’])(.+)",
        r"\b(?:compte[rz]?|trouve[rz]?|cherche[rz]?|repère[rz]?|détecte[rz]?|localise[rz]?"
        r"|entoure[rz]?"
        r"|encadre[rz]?|marque[rz]?|montre[rz]?|découpe[rz]?|détoure[rz]?|isole[rz]?|segmente[rz]?)"
        r"(?:-moi| moi)? (.+)",
        r"\boù (?:est|sont|se trouve(?:nt)?) (.+)",
        r"\bnombre (?:de |d['’])(.+)",
        r"\b(?:cadres?|boîtes?|rectangles?) autour (?:de |des |du |d['’])(.+)",
    )
)
_END = re.compile(
    r"[?!.;:。？！；：\n]"
    r"|\b(?:in|on|at|from|within|inside|across|are|is|do|does|can|could|did|there|here|you|that"
    r"|which|who"
    r"|visible|shown|with|and (?:count|tell|draw|mark|how|show|give|box)|please|for me"
    r"|from the background"
    r"|out|as|please)\b"
    r"|(?:在|吗|呢|吧|的数量|出来|起来|框|标|圈|一共|有几|有多少|用|和它|并|然后|给我|，|,?(?:并且|再))"
    r"|\b(?:en (?:la|el|esta|este|las|los|una?)|hay|están?|aparecen?|se ven?|de (?:la"
    r"|esta) (?:foto|imagen)"
    r"|por favor|del fondo|na|no|nesta|neste|nessa|há|tem|aparecem|existem|da (?:foto|imagem)"
    r"|nas? fotos?"
    r"|do fundo|por favor)\b"
    r"|\b(?:auf|im|in|gibt|sind|ist|siehst|zu sehen|sieht|bitte|vom hintergrund|aus|ein|frei)\b"
    r"|\b(?:sur|dans|y a|il y a|sont|est|vois|voit|visibles?|s['’]il|de (?:la photo|l['’]image)"
    r"|du fond)\b",
    _FLAGS,
)
_JOINTS = re.compile(
    r"\s*(?:,|，|、|/|\+|&|\band\b|\bor\b|\bplus\b|和|与|或者?|以及|还有|\by\b|\bo\b|\be\b|\bou\b|\bund\b"
    r"|\boder\b|\bet\b)\s*",
    _FLAGS,
)
_DETERMINERS = re.compile(
    r"^(?:(?:all|every|each|any|some|the|an?|my|your|his|her|our|their|these|those|this|that|of|me"
    r"|different|visible|single|main|only|just|whole|many|where|both"
    r"|todos?|todas?|l[oa]s?|el|un[oa]?s?|os?|as?|um(?:as?)?|uns|cada|de|d[oa]s?|del|al"
    r"|alle[ns]?|jede[nrs]?|d(?:ie|er|as|en|em|es)|eine?[nrms]?|mir"
    r"|tou(?:s|tes?)|chaque|les?|une?|des|du|l['’])(?:\s+|(?<=['’])))+",
    _FLAGS,
)
_ZH_HEAD = re.compile(
    r"^(?:请|帮我|帮忙|麻烦|一下|下|出|所有的?|全部的?|每一?个|每一?[只条辆]|这些|那些|这个|那个|这|那|图中的?|图里的?"
    r"|图上的?|图片[里中上]的?|照片[里中上]的?|画面[里中]的?|里面的?|里的?|中的?|上的?|都|把|一共|总共|有|的|几|多少"
    r"|[个只条辆张名位匹头架艘本把台部棵朵块](?!\b$))+"
)
_ZH_TAIL = re.compile(r"(?:来|都|全部|全都|分别|到底|究竟|的|了|在)+$")
_NOTHING = re.compile(
    r"(?:it|them|this|that|these|those|things?|objects?|everything|all|items?|stuff|boxes|box"
    r"|what|here"
    r"|there|pictures?|photos?|images?|the|any|one|ones|something|anything|background|see"
    r"|东西|物体|物品|对象|目标|什么|一切|全部|图|图片|照片|画面|它|他们|背景|这里"
    r"|objetos?|cosas?|coisas?|todo|tudo|foto|fotos|imagen|imagem|fondo|fundo|algo"
    r"|objekte?|dinge?|alles|bild|bilder|foto|fotos|hintergrund|etwas|sachen"
    r"|objets?|choses?|tout|photo|photos|images?|fond|arrière-plan)?",
    _FLAGS,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message wants to know of its images; no labels: whatever is there."""

    aim: Aim
    labels: tuple[str, ...]


def read_asked(text: str) -> Asked:
    """What is to be found, in the message's own words, singular or plural as it has them."""
    said = one_line(text, 400).strip()
    return Asked("count" if _COUNT.search(said) else "find", _labels(said))


def tidy(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Labels of a flag: on one line each, without repeats, `MOST_LABELS` at most."""
    told = (one_line(label, _LONGEST).strip() for label in labels)
    return tuple(dict.fromkeys(filter(None, told)))[:MOST_LABELS]


def _labels(said: str) -> tuple[str, ...]:
    """The things named by the first wording that names any."""
    for lead in _LEADS:
        for found in lead.finditer(said):
            named = _split(found[1])
            if named:
                return named
    return ()


def _split(named: str) -> tuple[str, ...]:
    parts = (_bare(part) for part in _JOINTS.split(_cut(named)))
    return tidy(tuple(part for part in parts if not _NOTHING.fullmatch(part)))


def _cut(named: str) -> str:
    """As far as the things named go; determiners in front are no end."""
    start = _DETERMINERS.match(named)
    offset = start.end() if start else 0
    end = _END.search(named, max(offset, 1)) if named else None
    return named[: end.start()] if end else named


def _bare(part: str) -> str:
    """A thing without its articles."""
    before = ""
    while part != before:
        before = part
        part = _ZH_HEAD.sub("", _DETERMINERS.sub("", part.strip(" \"'“”‘’()（）*"))).strip()
        part = _ZH_TAIL.sub("", part)
    return part
