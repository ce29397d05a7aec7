"""Reads from a message what is to be outlined, measured or cut out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.core.text import one_line
from skills.detection.wording import read_asked

Aim = Literal["cut out", "measure", "outline"]

_CUT_OUT = re.compile(
    r"\b(?:remove|delete|erase|drop|strip|clear|get rid of|take (?:away|out|off)|without|no"
    r"|knock out"
    r"|transparent|change|replace|isolate|white out)\b.{0,25}\bback ?ground\b"
    r"|\bback ?ground\b.{0,25}\b(?:remov\w+|transparent|away|gone|off|out|erased?|deleted?)\b"
    r"|\b(?:cut|clip|crop|take|lift|extract|isolate)\b.{0,40}\bout\b|\bcut ?-?outs?\b|\bstickers?\b"
    r"|\b(?:extract|isolate|cut out|separate)\b|\btransparent (?:png|background)\b"
    r"|抠|扣出|扣图|去掉?背景|去除背景|移除背景|删[掉除]?背景|背景.{0,6}(?:去|透明|删|移除|消除|换)|透明背景"
    r"|换.{0,3}背景|剪出|剪下来|裁出|贴纸|提取|扣下来|不要背景|去底|免抠"
    r"|\b(?:quita\w*|elimina\w*|borra\w*|sin|remov\w+|remova|tire|tira[rl]?|apag\w+|sem"
    r"|exclu\w+)\b.{0,20}"
    r"\bfundo\b|\b(?:quita\w*|elimina\w*|borra\w*|sin|suprim\w+|saca)\b.{0,20}\bfondo\b"
    r"|\bfond?o transparente\b"
    r"|\brecort[aeo]\w*\b|\bfundo transparente\b|\bextra[ei]\w*\b|\bsepar[ae]\b|\bpegatina\b"
    r"|\bfigurinha\b"
    r"|\bhintergrund\b.{0,25}\b(?:entfern\w+|weg|lösch\w+|transparent|raus)\b|\bfreistell\w*\b"
    r"|\bfrei\b"
    r"|\b(?:entfern\w*|lösch\w*|ohne|mach\w*)\b.{0,20}\bhintergrund\b|\bausschneiden\b"
    r"|\bschneid\w*\b.*\baus\b"
    r"|\b(?:supprim\w+|enlèv\w+|retir\w+|effac\w+|sans|ôte[rz]?)\b.{0,20}\b(?:fond|arrière-plan)\b"
    r"|\bfond transparent\b|\bdétour\w+\b|\bdécoup\w+\b|\bextrai\w+\b|\bisole\w*\b",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"\bhow (?:much|large|big)\b|\bwhat (?:share|part|percent\w*|fraction|proportion)\b|\bareas?\b"
    r"|\bpercent\w*\b|\bproportion\b|多大|面积|占比|比例|百分|占.{0,6}多少|多少.{0,4}面积"
    r"|\bqu[ée] (?:parte|porcentaje|porcentagem|proporci[óo]n|proporção)\b|\bcuánto\b"
    r"|\bquanto\b|\b[áa]rea\b"
    r"|\bwie ?viel\b|\banteil\b|\bfläche\b|\bprozent\b|\bquelle (?:part|proportion|surface)\b"
    r"|\bpourcentage\b|\bsurface\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a message wants of its images; no labels: the whole image, or its foreground."""

    aim: Aim
    labels: tuple[str, ...]


def read_wish(text: str) -> Wish:
    """The aim by tell-tale words, and the things named."""
    said = one_line(text, 400)
    aim: Aim = "outline"
    if _CUT_OUT.search(said):
        aim = "cut out"
    elif _MEASURE.search(said):
        aim = "measure"
    return Wish(aim, read_asked(said).labels)
